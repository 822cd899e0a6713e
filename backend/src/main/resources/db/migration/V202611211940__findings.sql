-- Findings: what detectors concluded, their work lists, and what they remember between passes (README, decision 23).

CREATE TABLE finding (
    finding_id  uuid PRIMARY KEY,
    kind        text COLLATE "C" NOT NULL,
    severity    text COLLATE "C" NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    agent_id    text COLLATE "C" NOT NULL,
    session_id  text COLLATE "C",
    trace_id    text COLLATE "C",
    occurred_at timestamptz NOT NULL,
    detected_at timestamptz NOT NULL,
    measured    double precision,
    limit_value double precision,
    description text NOT NULL,
    suggestion  text,
    evidence    uuid[] NOT NULL
);
COMMENT ON TABLE finding IS 'findings, each once; never changed or withdrawn, and kept when the events have expired. Holds no content of events';
COMMENT ON COLUMN finding.finding_id IS 'UUID v5 of kind and subject, so that a second detection is the same row';
COMMENT ON COLUMN finding.occurred_at IS 'occurred_at of the event that crossed the limit: the period it belongs to';
COMMENT ON COLUMN finding.measured IS 'what was held against limit_value at detection; null when nothing is counted';
COMMENT ON COLUMN finding.description IS 'made of numbers and of names from envelopes (tool, detector), never of content';
COMMENT ON COLUMN finding.evidence IS 'ids of events, at most 50, in order; those that have expired are left out when it is read';
CREATE INDEX finding_time ON finding (occurred_at, finding_id);
COMMENT ON INDEX finding_time IS 'findings of a period, newest first; counts of a day';
CREATE INDEX finding_agent ON finding (agent_id, occurred_at, finding_id);
COMMENT ON INDEX finding_agent IS 'findings of an agent; whether an agent has one of a kind';
CREATE INDEX finding_trace ON finding (trace_id) WHERE trace_id IS NOT NULL;
COMMENT ON INDEX finding_trace IS 'findings of a trace';
CREATE INDEX finding_session ON finding (session_id) WHERE session_id IS NOT NULL;
COMMENT ON INDEX finding_session IS 'findings of a session';

CREATE TABLE finding_due (
    trace_id   text COLLATE "C" PRIMARY KEY,
    version    bigint NOT NULL,
    first_at   timestamptz NOT NULL,
    failures   integer NOT NULL DEFAULT 0,
    not_before timestamptz
);
COMMENT ON TABLE finding_due IS 'settled traces that detectors have not seen as they are now';
COMMENT ON COLUMN finding_due.version IS 'grows whenever the trace is settled again';
COMMENT ON COLUMN finding_due.first_at IS 'occurred_at of the trace''s first event: the oldest are looked at first';
COMMENT ON COLUMN finding_due.failures IS 'times that detection failed on it';
COMMENT ON COLUMN finding_due.not_before IS 'after a failure: when it is tried again';
CREATE INDEX finding_due_order ON finding_due (first_at, trace_id);
COMMENT ON INDEX finding_due_order IS 'next traces to look at';

CREATE TABLE finding_agent_due (
    agent_id   text COLLATE "C" PRIMARY KEY,
    version    bigint NOT NULL,
    since      timestamptz NOT NULL,
    not_before timestamptz
);
COMMENT ON TABLE finding_agent_due IS 'agents whose runs are to be compared with their history';
COMMENT ON COLUMN finding_agent_due.since IS 'runs and calls before it were compared';
COMMENT ON COLUMN finding_agent_due.not_before IS 'set when only the end of a day is waited for, after which its week is compared';

CREATE TABLE finding_agent_tool (
    agent_id       text COLLATE "C" NOT NULL,
    tool           text COLLATE "C" NOT NULL,
    first_at       timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    first_event_id uuid NOT NULL,
    first_trace_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (agent_id, tool, first_at)
);
COMMENT ON TABLE finding_agent_tool IS 'spells in which an agent used a tool: between two calls of a spell lie at most as many days as an unusual tool was not used; stays when events expire';
CREATE INDEX finding_agent_tool_time ON finding_agent_tool (agent_id, first_at);
COMMENT ON INDEX finding_agent_tool_time IS 'spells that began since a moment';

CREATE TABLE finding_outside (
    trace_id        text COLLATE "C" PRIMARY KEY,
    scanned_arrival bigint NOT NULL,
    scanned         bigint NOT NULL,
    suspicious      uuid[] NOT NULL
);
COMMENT ON TABLE finding_outside IS 'how far the texts from outside in a trace were read for instructions to the agent';
COMMENT ON COLUMN finding_outside.scanned_arrival IS 'greatest arrival read';
COMMENT ON COLUMN finding_outside.scanned IS 'events read; when more are stored up to that arrival, all are read again';
COMMENT ON COLUMN finding_outside.suspicious IS 'events whose text looks like instructions, in order, at most 50';

CREATE TABLE secret_scan (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    rules       integer NOT NULL,
    trace_id    text COLLATE "C" NOT NULL,
    started_at  timestamptz NOT NULL,
    complete_at timestamptz,
    last_start  timestamptz
);
COMMENT ON TABLE secret_scan IS 'the search of stored events for secrets: how far it came and with which rules; one row';
COMMENT ON COLUMN secret_scan.rules IS 'version of the redaction rules; another version starts anew';
COMMENT ON COLUMN secret_scan.trace_id IS 'traces up to this one, in order of their ids, were searched';
COMMENT ON COLUMN secret_scan.started_at IS 'what was stored before is searched when complete_at is set';
COMMENT ON COLUMN secret_scan.complete_at IS 'when it had seen every trace; null: it goes on';
COMMENT ON COLUMN secret_scan.last_start IS 'when the last search that was completed started; null before the first';

CREATE TABLE secret_scan_count (
    started_at timestamptz NOT NULL,
    quarter    timestamptz NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    events     bigint NOT NULL,
    PRIMARY KEY (started_at, quarter, agent_id)
);
COMMENT ON TABLE secret_scan_count IS 'events searched, by quarter hour of occurred_at, of the search that goes on and of the last completed one';
COMMENT ON COLUMN secret_scan_count.started_at IS 'which search';

CREATE TABLE secret_scan_hit (
    trace_id    text COLLATE "C" NOT NULL,
    event_id    uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    in_envelope boolean NOT NULL,
    PRIMARY KEY (trace_id, event_id)
);
COMMENT ON TABLE secret_scan_hit IS 'stored events in which a secret detector fired when their trace was last searched; never the secret';
COMMENT ON COLUMN secret_scan_hit.in_envelope IS 'also without the content, which may have gone since';
CREATE INDEX secret_scan_hit_time ON secret_scan_hit (occurred_at);
COMMENT ON INDEX secret_scan_hit_time IS 'exposures of a period';

CREATE INDEX agent_run_agent ON agent_run (agent_id, started_at);
COMMENT ON INDEX agent_run_agent IS 'earlier runs of an agent';

-- Traces stored before there were findings.
INSERT INTO finding_due (trace_id, version, first_at) SELECT trace_id, 0, first_at FROM trace;
