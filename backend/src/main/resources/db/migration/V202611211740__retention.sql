-- Retention: when a trace may go, what may not go, what went, and the numbers that reports keep of it (README, decision 14).

ALTER TABLE trace
    ADD COLUMN top_tier smallint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN latest_critical IS NOT NULL THEN 3
             WHEN latest_compliance IS NOT NULL THEN 2
             WHEN latest_info IS NOT NULL THEN 1
             ELSE 0 END) STORED,
    ADD COLUMN top_at timestamptz GENERATED ALWAYS AS (
        coalesce(latest_critical, latest_compliance, latest_info, latest_debug)) STORED;
COMMENT ON COLUMN trace.top_tier IS 'longest-lived tier among its events: 0 DEBUG, 1 INFO, 2 COMPLIANCE, 3 CRITICAL';
COMMENT ON COLUMN trace.top_at IS 'latest of occurred_at and received_at over the events of that tier';
CREATE INDEX trace_expiry ON trace (top_tier, top_at, trace_id);
COMMENT ON INDEX trace_expiry IS 'traces that may have expired, oldest first; check retention_enforced';

ALTER TABLE agent_run ADD COLUMN kept boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN agent_run.kept IS 'true: its events have expired, so it is never settled again';
ALTER TABLE trace_gap ADD COLUMN kept boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN trace_gap.kept IS 'true: its event has expired, so it is never settled again';

CREATE TABLE retention_hold (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind           text COLLATE "C" NOT NULL CHECK (kind IN ('TRACE', 'AGENT', 'PERIOD')),
    target         text COLLATE "C" CHECK ((kind = 'PERIOD') = (target IS NULL)),
    period_from    timestamptz CHECK ((kind = 'PERIOD') = (period_from IS NOT NULL)),
    period_to      timestamptz CHECK ((kind = 'PERIOD') = (period_to IS NOT NULL) AND period_to > period_from),
    reason         text NOT NULL,
    placed_by      text NOT NULL,
    placed_at      timestamptz NOT NULL,
    release_reason text,
    released_by    text,
    released_at    timestamptz CHECK ((released_at IS NULL) = (released_by IS NULL))
);
COMMENT ON TABLE retention_hold IS 'legal holds: whole traces that stay, events and content, whatever their age';
COMMENT ON COLUMN retention_hold.kind IS 'TRACE: this one; AGENT: traces with an event of the agent; PERIOD: traces whose time span touches [period_from, period_to)';
COMMENT ON COLUMN retention_hold.target IS 'trace id or agent id; null for a period';
COMMENT ON COLUMN retention_hold.reason IS 'why, in words';
COMMENT ON COLUMN retention_hold.placed_by IS 'user name, or "command line"';
COMMENT ON COLUMN retention_hold.released_at IS 'from then on it holds nothing; null while it stands';

CREATE TABLE retention_policy (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since           timestamptz NOT NULL,
    debug_days      integer NOT NULL,
    info_days       integer NOT NULL,
    compliance_days integer NOT NULL,
    critical_days   integer NOT NULL,
    content_days    integer NOT NULL,
    sources         text NOT NULL
);
COMMENT ON TABLE retention_policy IS 'policies in force, one row per change; the last one is compared with the settings at start';
COMMENT ON COLUMN retention_policy.debug_days IS 'days that events of tier DEBUG live, floors applied; so for the other tiers';
COMMENT ON COLUMN retention_policy.content_days IS 'days that content lives';
COMMENT ON COLUMN retention_policy.sources IS 'profiles and floors that applied, in words';

CREATE TABLE retention_run (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    username    text,
    state       text COLLATE "C" NOT NULL
                CHECK (state IN ('RUNNING', 'DONE', 'OUT_OF_TIME', 'STOPPED', 'INTERRUPTED', 'FAILED')),
    traces      bigint NOT NULL DEFAULT 0,
    events      bigint NOT NULL DEFAULT 0,
    contents    bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    partitions  bigint NOT NULL DEFAULT 0,
    held        bigint NOT NULL DEFAULT 0,
    message     text
);
COMMENT ON TABLE retention_run IS 'runs of retention and how far each got; counters change in the transaction of each step';
COMMENT ON COLUMN retention_run.username IS 'who started it; null: the schedule';
COMMENT ON COLUMN retention_run.state IS 'OUT_OF_TIME: the next run goes on; STOPPED: the portal stopped; INTERRUPTED: the portal was killed';
COMMENT ON COLUMN retention_run.contents IS 'events whose content went while the envelope stayed';
COMMENT ON COLUMN retention_run.quarantined IS 'quarantined items removed';
COMMENT ON COLUMN retention_run.partitions IS 'months whose tables were dropped because nothing was left in them';
COMMENT ON COLUMN retention_run.held IS 'expired traces that a hold kept';
COMMENT ON COLUMN retention_run.message IS 'why it failed; null otherwise';
CREATE INDEX retention_run_time ON retention_run (started_at);
COMMENT ON INDEX retention_run_time IS 'last runs, and whether today''s is done';

CREATE TABLE erasure (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    ended_at     timestamptz,
    username     text NOT NULL,
    reason       text NOT NULL,
    person       bytea NOT NULL CHECK (octet_length(person) = 32),
    whole_traces boolean NOT NULL,
    contents     bigint NOT NULL DEFAULT 0,
    quarantined  bigint NOT NULL DEFAULT 0,
    held         bigint NOT NULL DEFAULT 0,
    later        bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE erasure IS 'orders to erase one person''s content; the person is not named';
COMMENT ON COLUMN erasure.ended_at IS 'null: not finished, to be ordered again';
COMMENT ON COLUMN erasure.person IS 'HMAC-SHA-256 of the user id under a key outside the database (keys/erasure.key): tells whether later events are the same person''s';
COMMENT ON COLUMN erasure.whole_traces IS 'true: content of every event in the person''s traces, not only of their own events';
COMMENT ON COLUMN erasure.contents IS 'events whose content was erased';
COMMENT ON COLUMN erasure.quarantined IS 'quarantined items that named the person, erased';
COMMENT ON COLUMN erasure.held IS 'events whose content a hold kept';
COMMENT ON COLUMN erasure.later IS 'events of the person that are stored although they were erased: arrived later or kept by a hold; counted by each run of retention';
CREATE INDEX erasure_person ON erasure (person);
COMMENT ON INDEX erasure_person IS 'was this person erased';

ALTER TABLE deletion DROP CONSTRAINT deletion_kind_check,
    ADD CONSTRAINT deletion_kind_check CHECK (kind IN ('EVENT', 'CONTENT', 'QUARANTINE'));
COMMENT ON COLUMN deletion.kind IS 'EVENT: envelope and content went; CONTENT: the envelope stays; QUARANTINE: items that never became events, times are those of receipt';

-- ---------------------------------------------------------------- what reports keep of expired events

CREATE TABLE expired_quarter (
    quarter timestamptz PRIMARY KEY,
    events  bigint NOT NULL
);
COMMENT ON TABLE expired_quarter IS 'quarter hours of occurred_at from which events, or their content, have gone: a report counts them whole';
COMMENT ON COLUMN expired_quarter.events IS 'events that went; 0 when only content did';

CREATE TABLE expired_call (
    quarter    timestamptz NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    action     text COLLATE "C" NOT NULL,
    admin      boolean NOT NULL,
    calls      bigint NOT NULL,
    errors     bigint NOT NULL,
    able       bigint NOT NULL,
    approved   bigint NOT NULL,
    timed      bigint NOT NULL,
    sum_ms     double precision NOT NULL,
    max_ms     double precision NOT NULL,
    latency    bytea,
    PRIMARY KEY (quarter, agent_id, event_type, action, admin)
);
COMMENT ON TABLE expired_call IS 'expired calls of tools, skills and external systems by quarter hour';
COMMENT ON COLUMN expired_call.admin IS 'permission level ADMIN';
COMMENT ON COLUMN expired_call.errors IS 'tool calls whose own or paired outcome is FAILURE';
COMMENT ON COLUMN expired_call.able IS 'calls in traces that could carry approvals';
COMMENT ON COLUMN expired_call.approved IS 'of these, calls with an approval in their trace not later than the call';
COMMENT ON COLUMN expired_call.timed IS 'tool calls with an own or paired duration';
COMMENT ON COLUMN expired_call.sum_ms IS 'sum of these durations, milliseconds';
COMMENT ON COLUMN expired_call.latency IS 'DDSketch of these durations in milliseconds, relative accuracy 0.005, in its own encoding; null when timed is 0';
CREATE INDEX expired_call_agent ON expired_call (agent_id, quarter);
COMMENT ON INDEX expired_call_agent IS 'tools of one agent';

CREATE TABLE expired_tally (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    property text COLLATE "C" NOT NULL
             CHECK (property IN ('MODEL', 'RESOURCE', 'PERMISSION_LEVEL', 'HANDOFF_DEPTH')),
    value    text COLLATE "C" NOT NULL,
    events   bigint NOT NULL,
    PRIMARY KEY (agent_id, quarter, property, value)
);
COMMENT ON TABLE expired_tally IS 'how often a property had a value among expired events';
CREATE INDEX expired_tally_depth ON expired_tally (quarter) WHERE property = 'HANDOFF_DEPTH';
COMMENT ON INDEX expired_tally_depth IS 'check delegation_depth';

CREATE TABLE expired_run_quarter (
    trace_id text COLLATE "C" NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    quarter  timestamptz NOT NULL,
    PRIMARY KEY (trace_id, agent_id, quarter)
);
COMMENT ON TABLE expired_run_quarter IS 'quarter hours with an expired event of an agent in a trace, where the agent''s events spread over more than two';
