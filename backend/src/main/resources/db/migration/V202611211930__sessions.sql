-- What reports say of sessions: settled per trace, since one session may span many traces and a trace several sessions.

CREATE TABLE session_part (
    trace_id      text COLLATE "C" NOT NULL,
    session_id    text COLLATE "C" NOT NULL,
    agent_id      text COLLATE "C" NOT NULL,
    quarter       timestamptz NOT NULL,
    kept          boolean NOT NULL DEFAULT false,
    events        bigint NOT NULL,
    errors        bigint NOT NULL,
    token_events  bigint NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    costed        bigint NOT NULL,
    cost_usd      numeric NOT NULL,
    first_at      timestamptz NOT NULL,
    last_at       timestamptz NOT NULL,
    ended_at      timestamptz NOT NULL,
    PRIMARY KEY (trace_id, session_id, agent_id, quarter, kept)
);
COMMENT ON TABLE session_part IS 'events of a session by trace, agent and quarter hour of occurred_at';
COMMENT ON COLUMN session_part.kept IS 'true: its events have expired, so it is never settled again';
COMMENT ON COLUMN session_part.errors IS 'errored events';
COMMENT ON COLUMN session_part.token_events IS 'events that state tokens';
COMMENT ON COLUMN session_part.input_tokens IS 'tokens, cached ones included';
COMMENT ON COLUMN session_part.costed IS 'events with a cost';
COMMENT ON COLUMN session_part.cost_usd IS 'US dollars';
COMMENT ON COLUMN session_part.first_at IS 'occurred_at of the earliest event';
COMMENT ON COLUMN session_part.last_at IS 'occurred_at of the latest event';
COMMENT ON COLUMN session_part.ended_at IS 'latest of occurred_at plus duration';
CREATE INDEX session_part_session ON session_part (session_id, agent_id);
COMMENT ON INDEX session_part_session IS 'a session with its numbers';
CREATE INDEX session_part_quarter ON session_part (quarter);
COMMENT ON INDEX session_part_quarter IS 'token profile of a period';

CREATE TABLE session_run (
    trace_id   text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    kept       boolean NOT NULL DEFAULT false,
    iterations bigint NOT NULL,
    retries    bigint NOT NULL,
    PRIMARY KEY (session_id, trace_id, agent_id, kept)
);
COMMENT ON TABLE session_run IS 'what an agent did over and over in the part of a trace that belongs to a session; no row: nothing';
COMMENT ON COLUMN session_run.kept IS 'true: its events have expired, so it is never settled again';
COMMENT ON COLUMN session_run.iterations IS 'most LLM_RESPONSE events of the session in one of the agent''s runs';
COMMENT ON COLUMN session_run.retries IS 'RETRY events, and calls repeated after a failed one (metrics "Excessive retries")';
CREATE INDEX session_run_trace ON session_run (trace_id);
COMMENT ON INDEX session_run_trace IS 'expiry of a trace';

CREATE TABLE agent_session (
    session_id    text COLLATE "C" PRIMARY KEY,
    started_at    timestamptz NOT NULL,
    last_at       timestamptz NOT NULL,
    ended_at      timestamptz NOT NULL,
    errors        bigint NOT NULL,
    token_events  bigint NOT NULL,
    input_tokens  numeric NOT NULL,
    cached_tokens numeric NOT NULL,
    total_tokens  numeric NOT NULL,
    costed        bigint NOT NULL,
    cost_usd      numeric NOT NULL,
    duration_us   bigint NOT NULL GENERATED ALWAYS AS (
        CAST(extract(epoch FROM ended_at - started_at) * 1000000 AS bigint)) STORED,
    token_bucket  integer GENERATED ALWAYS AS (
        CASE WHEN token_events = 0 THEN NULL
             WHEN total_tokens = 0 THEN -1
             ELSE CAST(floor(ln(CAST(total_tokens AS double precision)) / ln(CAST(1.005 AS double precision))) AS integer)
        END) STORED
);
COMMENT ON TABLE agent_session IS 'what sessions are listed by: sums over their parts, all agents together';
COMMENT ON COLUMN agent_session.last_at IS 'occurred_at of the latest event';
COMMENT ON COLUMN agent_session.ended_at IS 'latest of occurred_at plus duration';
COMMENT ON COLUMN agent_session.errors IS 'errored events';
COMMENT ON COLUMN agent_session.total_tokens IS 'input plus output tokens';
COMMENT ON COLUMN agent_session.token_events IS 'events that state tokens';
COMMENT ON COLUMN agent_session.input_tokens IS 'tokens, cached ones included';
COMMENT ON COLUMN agent_session.costed IS 'events with a cost';
COMMENT ON COLUMN agent_session.cost_usd IS 'US dollars';
COMMENT ON COLUMN agent_session.token_bucket IS 'total tokens from 1.005 to the power of this up to the next power; -1: none; null: no event states any';
COMMENT ON COLUMN agent_session.duration_us IS 'microseconds from the first event to the latest end';
CREATE INDEX agent_session_newest ON agent_session (started_at DESC, session_id);
COMMENT ON INDEX agent_session_newest IS 'sessions, newest first';
CREATE INDEX agent_session_slowest ON agent_session (duration_us DESC, session_id);
COMMENT ON INDEX agent_session_slowest IS 'sessions, slowest first';
CREATE INDEX agent_session_tokens ON agent_session (total_tokens DESC, session_id);
COMMENT ON INDEX agent_session_tokens IS 'sessions, most tokens first';
CREATE INDEX agent_session_errors ON agent_session (errors DESC, session_id);
COMMENT ON INDEX agent_session_errors IS 'sessions, most errors first';
CREATE INDEX agent_session_span ON agent_session USING gist (tstzrange(started_at, last_at, '[]'));
COMMENT ON INDEX agent_session_span IS 'sessions of a short period';

CREATE TABLE rollup_session (
    first_day     date NOT NULL,
    last_day      date NOT NULL,
    token_bucket  integer NOT NULL,
    sessions      bigint NOT NULL,
    input_tokens  numeric NOT NULL,
    cached_tokens numeric NOT NULL,
    total_tokens  numeric NOT NULL,
    costed        bigint NOT NULL,
    cost_usd      numeric NOT NULL,
    PRIMARY KEY (first_day, last_day, token_bucket)
);
COMMENT ON TABLE rollup_session IS 'sessions with tokens by the UTC days of their first and last event and by how many tokens they used: token profile of whole days';
COMMENT ON COLUMN rollup_session.token_bucket IS 'as in agent_session';
COMMENT ON COLUMN rollup_session.sessions IS '0: they have moved on';
COMMENT ON COLUMN rollup_session.cost_usd IS 'US dollars';

-- Everything stored so far is settled once more, so that its sessions are known.
INSERT INTO trace_touched AS n (trace_id, version)
SELECT trace_id, 1 FROM trace
ON CONFLICT (trace_id) DO UPDATE SET version = n.version + 1;
