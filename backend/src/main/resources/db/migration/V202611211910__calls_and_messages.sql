-- Calls with what became of them, and messages of errors: settled per trace, counted per quarter hour and day (README, decision 20).

CREATE TABLE trace_call (
    trace_id    text COLLATE "C" NOT NULL,
    event_id    uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    event_type  text COLLATE "C" NOT NULL
                CHECK (event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL', 'DECISION')),
    action      text COLLATE "C" NOT NULL,
    outcome     text COLLATE "C" NOT NULL,
    duration_ms double precision,
    unpaired    boolean NOT NULL,
    PRIMARY KEY (trace_id, event_id)
);
COMMENT ON TABLE trace_call IS 'stored calls and decisions, tool calls with what their result adds; what rollup_call counts of events that are stored';
COMMENT ON COLUMN trace_call.outcome IS 'the event''s own when it states one, else its result''s, else UNKNOWN';
COMMENT ON COLUMN trace_call.duration_ms IS 'milliseconds, of a tool call: its own, else its result''s; null when neither has one above 0';
COMMENT ON COLUMN trace_call.unpaired IS 'a tool call without result and own outcome, in a trace whose shapes record results';
CREATE INDEX trace_call_time ON trace_call (occurred_at);
COMMENT ON INDEX trace_call_time IS 'reports over part of a quarter hour; longest call of a quarter hour';

CREATE TABLE rollup_call (
    span        text COLLATE "C" NOT NULL CHECK (span IN ('QUARTER', 'DAY')),
    start       timestamptz NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    event_type  text COLLATE "C" NOT NULL,
    action      text COLLATE "C" NOT NULL,
    part        smallint NOT NULL DEFAULT 0,
    calls       bigint NOT NULL,
    errors      bigint NOT NULL,
    successes   bigint NOT NULL,
    failures    bigint NOT NULL,
    partials    bigint NOT NULL,
    unpaired    bigint NOT NULL,
    timed       bigint NOT NULL,
    sum_ms      numeric NOT NULL,
    max_ms      double precision NOT NULL,
    gone_max_ms double precision NOT NULL DEFAULT 0,
    latency     bytea,
    PRIMARY KEY (span, start, agent_id, event_type, action, part)
);
COMMENT ON TABLE rollup_call IS 'calls and decisions by quarter hour and by day of UTC; changed by the difference whenever trace_call changes, kept when events expire';
COMMENT ON COLUMN rollup_call.start IS 'start of the quarter hour or day of the call''s occurred_at';
COMMENT ON COLUMN rollup_call.part IS '0; other numbers: of calls that had expired before this table was made, whose sketches SQL cannot merge';
COMMENT ON COLUMN rollup_call.errors IS 'tool calls whose own or paired outcome is FAILURE';
COMMENT ON COLUMN rollup_call.successes IS 'own or paired outcome SUCCESS; so failures and partials. All 0 for calls that had expired before this table was made';
COMMENT ON COLUMN rollup_call.timed IS 'tool calls with an own or paired duration';
COMMENT ON COLUMN rollup_call.sum_ms IS 'sum of these durations, milliseconds';
COMMENT ON COLUMN rollup_call.max_ms IS 'longest of these durations, milliseconds; 0 when timed is 0';
COMMENT ON COLUMN rollup_call.gone_max_ms IS 'of a quarter hour, longest duration among calls that are no longer in trace_call; 0 when there is none';
COMMENT ON COLUMN rollup_call.latency IS 'DDSketch of these durations in milliseconds, relative accuracy 0.005, in its own encoding; null when timed is 0';
CREATE INDEX rollup_call_agent ON rollup_call (agent_id, span, start);
COMMENT ON INDEX rollup_call_agent IS 'tools of one agent';

CREATE TABLE trace_message (
    trace_id    text COLLATE "C" NOT NULL,
    event_id    uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, event_id)
);
COMMENT ON TABLE trace_message IS 'stored errored events whose message is stored and counted in rollup_message; a row goes with the content';
COMMENT ON COLUMN trace_message.fingerprint IS '16 hexadecimal digits: what messages have in common that differ in numbers, ids, quoted text, paths and addresses only';
CREATE INDEX trace_message_time ON trace_message (occurred_at);
COMMENT ON INDEX trace_message_time IS 'reports over part of a quarter hour';
CREATE INDEX trace_message_group ON trace_message (fingerprint, occurred_at);
COMMENT ON INDEX trace_message_group IS 'one message as the sample of its group';

CREATE TABLE rollup_message (
    span        text COLLATE "C" NOT NULL CHECK (span IN ('QUARTER', 'DAY')),
    start       timestamptz NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    errors      bigint NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (span, start, agent_id, fingerprint)
);
COMMENT ON TABLE rollup_message IS 'errored events by the fingerprint of their message, by quarter hour and by day of UTC; kept when events or content expire';
COMMENT ON COLUMN rollup_message.start IS 'start of the quarter hour or day of occurred_at';
COMMENT ON COLUMN rollup_message.errors IS 'errored events with such a message';
COMMENT ON COLUMN rollup_message.last_at IS 'occurred_at of the last of them';
CREATE INDEX rollup_message_agent ON rollup_message (agent_id, span, start);
COMMENT ON INDEX rollup_message_agent IS 'messages of one agent';

-- What has expired is taken over, the rest is settled anew.
INSERT INTO rollup_call (span, start, agent_id, event_type, action, part, calls, errors, successes, failures, partials,
                         unpaired, timed, sum_ms, max_ms, gone_max_ms, latency)
SELECT s.span, s.start, c.agent_id, c.event_type, c.action, s.part + CAST(c.admin AS integer), c.calls, c.errors, 0, 0, 0,
       0, c.timed, CAST(c.sum_ms AS numeric), c.max_ms, 0, c.latency
  FROM expired_call c
 CROSS JOIN LATERAL (VALUES ('QUARTER', c.quarter, 1),
                            ('DAY', date_bin('1 day', c.quarter, TIMESTAMPTZ '2000-01-01 00:00:00+00'),
                             CAST(extract(epoch FROM c.quarter) AS bigint) % 86400 / 900 * 2 + 1)) s (span, start, part)
 WHERE c.event_type = 'TOOL_CALL';

ALTER TABLE expired_call DROP COLUMN errors, DROP COLUMN timed, DROP COLUMN sum_ms, DROP COLUMN max_ms, DROP COLUMN latency;
COMMENT ON TABLE expired_call IS 'expired calls of tools, skills and external systems by quarter hour, for the check tool_approval_rate';
DROP INDEX expired_call_agent;

INSERT INTO trace_touched (trace_id, version)
SELECT DISTINCT trace_id, 0
  FROM audit_event
 WHERE event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL', 'DECISION') OR errored
ON CONFLICT DO NOTHING;
