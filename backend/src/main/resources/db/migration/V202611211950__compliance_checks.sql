-- What compliance checks read instead of events, and the verdicts of past days (README, decision 24).

-- ---------------------------------------------------------------- runs, in the transaction that settles them

CREATE TABLE rollup_run (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    started  bigint NOT NULL,
    failed   bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id)
);
COMMENT ON TABLE rollup_run IS 'rows of agent_run by quarter hour (checks iteration_limit, error_rate); changes with them';
COMMENT ON COLUMN rollup_run.started IS 'runs whose first event lies in the quarter hour';
COMMENT ON COLUMN rollup_run.failed IS 'runs invoked in the quarter hour that hold an errored event';

INSERT INTO rollup_run (quarter, agent_id, started, failed)
SELECT quarter, agent_id, sum(started), sum(failed)
  FROM (SELECT date_bin('15 minutes', started_at, '2000-01-01 00:00:00+00') AS quarter, agent_id, 1 AS started, 0 AS failed
          FROM agent_run
        UNION ALL
        SELECT date_bin('15 minutes', invoked_at, '2000-01-01 00:00:00+00'), agent_id, 0, 1
          FROM agent_run
         WHERE invoked_at IS NOT NULL AND errors > 0) runs
 GROUP BY quarter, agent_id;

CREATE INDEX agent_run_over_limit ON agent_run (over_limit_at) WHERE over_limit_at IS NOT NULL;
COMMENT ON INDEX agent_run_over_limit IS 'check iteration_limit';
CREATE INDEX agent_run_long ON agent_run USING gist (tstzrange(started_at, last_at, '[]'))
    WHERE last_at - started_at >= interval '1 hour';
COMMENT ON INDEX agent_run_long IS 'runs that were under way when a period began, however long before they had started';
CREATE INDEX trace_gap_broken ON trace_gap (occurred_at) WHERE kind = 'MISSING_PARENT' AND trace_stated;
COMMENT ON INDEX trace_gap_broken IS 'check trace_completeness';

-- ---------------------------------------------------------------- calls and depths of handoffs, settled per trace

CREATE TABLE trace_check (
    trace_id text COLLATE "C" NOT NULL,
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('CALL', 'ADMIN_CALL', 'HANDOFF')),
    name     text COLLATE "C" NOT NULL,
    things   bigint NOT NULL,
    able     bigint NOT NULL,
    approved bigint NOT NULL,
    PRIMARY KEY (trace_id, quarter, agent_id, kind, name)
);
COMMENT ON TABLE trace_check IS 'what a trace with stored events adds to rollup_check: taken out again when it is settled anew';

CREATE TABLE rollup_check (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('CALL', 'ADMIN_CALL', 'HANDOFF')),
    name     text COLLATE "C" NOT NULL,
    things   bigint NOT NULL,
    able     bigint NOT NULL,
    approved bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id, kind, name)
);
COMMENT ON TABLE rollup_check IS 'calls and handoffs with a depth by quarter hour (checks tool_approval_rate, delegation_depth); outlives the events';
COMMENT ON COLUMN rollup_check.kind IS 'CALL: of a tool, skill or external system; ADMIN_CALL: one with permission level ADMIN; HANDOFF: one that states a depth';
COMMENT ON COLUMN rollup_check.name IS 'action of a call; depth of a handoff';
COMMENT ON COLUMN rollup_check.things IS 'events';
COMMENT ON COLUMN rollup_check.able IS 'calls in traces that can carry approvals';
COMMENT ON COLUMN rollup_check.approved IS 'of these, calls with an approval in their trace not later than the call';

-- of what has expired; what is stored is settled anew
INSERT INTO rollup_check (quarter, agent_id, kind, name, things, able, approved)
SELECT quarter, agent_id, CASE WHEN admin THEN 'ADMIN_CALL' ELSE 'CALL' END, action, sum(calls), sum(able), sum(approved)
  FROM expired_call
 GROUP BY quarter, agent_id, admin, action
UNION ALL
SELECT quarter, agent_id, 'HANDOFF', value, events, 0, 0
  FROM expired_tally
 WHERE property = 'HANDOFF_DEPTH';

INSERT INTO trace_touched (trace_id, version)
SELECT trace_id, 1 FROM trace
    ON CONFLICT DO NOTHING;

-- ---------------------------------------------------------------- verdicts of past days

CREATE TABLE check_day (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day          date NOT NULL,
    time_zone    text NOT NULL,
    check_id     text COLLATE "C" NOT NULL,
    agents       text COLLATE "C",
    verdict      text COLLATE "C" NOT NULL
                 CHECK (verdict IN ('PASS', 'WARN', 'FAIL', 'INSUFFICIENT_EVIDENCE', 'NOT_APPLICABLE')),
    measured     double precision,
    warn_at      double precision,
    fail_at      double precision,
    population   bigint NOT NULL,
    exceptions   bigint NOT NULL,
    settings     text NOT NULL,
    evaluated_at timestamptz NOT NULL
);
COMMENT ON TABLE check_day IS 'verdicts of complete days over all agents: appended when a day is evaluated and anew when one of its results has changed, never overwritten';
COMMENT ON COLUMN check_day.day IS 'calendar day in time_zone';
COMMENT ON COLUMN check_day.agents IS 'pattern of the agents that decided the verdict; null when limits are the same for all';
COMMENT ON COLUMN check_day.measured IS 'in the unit of the check; null when there was nothing to measure';
COMMENT ON COLUMN check_day.settings IS 'settings of the check in force, in words';
COMMENT ON COLUMN check_day.evaluated_at IS 'our clock, UTC; the latest row of a day and check is the valid one';
CREATE INDEX check_day_check ON check_day (check_id, day, id);
COMMENT ON INDEX check_day_check IS 'history of a check; latest verdicts of a day';
CREATE INDEX check_day_day ON check_day (day, check_id, id);
COMMENT ON INDEX check_day_day IS 'what is known of a day';

CREATE TABLE check_day_state (
    day               date PRIMARY KEY,
    version           bigint NOT NULL,
    evaluated_version bigint,
    evaluated_at      timestamptz
);
COMMENT ON TABLE check_day_state IS 'past days, and whether check_day has what their events give';
COMMENT ON COLUMN check_day_state.version IS 'grows with every settling of a trace that has an event on the day';
COMMENT ON COLUMN check_day_state.evaluated_version IS 'the version that was evaluated last; null: the day was never evaluated';
CREATE INDEX check_day_state_due ON check_day_state (day) WHERE evaluated_version IS NULL OR evaluated_version < version;
COMMENT ON INDEX check_day_state_due IS 'days to evaluate';

-- days from before the history
INSERT INTO check_day_state (day, version)
SELECT DISTINCT CAST(quarter AT TIME ZONE 'UTC' AS date), 1
  FROM rollup_event
 WHERE quarter < CAST(CAST(now() AT TIME ZONE 'UTC' AS date) AS timestamp) AT TIME ZONE 'UTC';
