-- The audit log and everything derived from it in the same transaction.
-- Text sorts by code point (COLLATE "C") so that reports order keys the same way on every server.
-- Every key of an event table contains trace_id and occurred_at (README, decision 6).

CREATE SEQUENCE ingest_batch_number;
COMMENT ON SEQUENCE ingest_batch_number IS 'one number per commit; orders the arrival of batches';

CREATE TABLE audit_event (
    trace_id         text COLLATE "C" NOT NULL,
    occurred_at      timestamptz NOT NULL,
    event_id         uuid NOT NULL,
    arrival          bigint NOT NULL,
    received_at      timestamptz NOT NULL,
    event_type       text COLLATE "C" NOT NULL,
    type_name        text COLLATE "C" NOT NULL,
    agent_id         text COLLATE "C" NOT NULL,
    trace_derived    boolean NOT NULL,
    parent_event_id  uuid,
    session_id       text COLLATE "C",
    conversation_id  text COLLATE "C",
    task_id          text COLLATE "C",
    source           text COLLATE "C" NOT NULL,
    action           text COLLATE "C" NOT NULL,
    param_count      integer NOT NULL,
    confidence       double precision,
    handoff_from     text COLLATE "C",
    handoff_to       text COLLATE "C",
    handoff_depth    integer,
    intervention     text COLLATE "C",
    outcome          text COLLATE "C" NOT NULL,
    errored          boolean NOT NULL,
    error_type       text COLLATE "C",
    duration_ms      double precision,
    input_tokens     bigint,
    output_tokens    bigint,
    cached_tokens    bigint,
    cost_usd         numeric,
    model            text COLLATE "C",
    version          text COLLATE "C",
    permission_level text COLLATE "C",
    resources        text COLLATE "C",
    sensitive        boolean,
    tier             text COLLATE "C" NOT NULL,
    summary          text COLLATE "C" NOT NULL,
    redactions       text COLLATE "C",
    source_format    text COLLATE "C" NOT NULL,
    producer         text COLLATE "C",
    seq              bigint,
    PRIMARY KEY (trace_id, occurred_at, event_id)
) PARTITION BY RANGE (occurred_at);
COMMENT ON TABLE audit_event IS 'envelope of every event: what stays when content has expired; one partition per UTC month';
COMMENT ON COLUMN audit_event.trace_id IS 'the producer''s, else derived';
COMMENT ON COLUMN audit_event.occurred_at IS 'the producer''s claim, UTC';
COMMENT ON COLUMN audit_event.arrival IS 'batch number times 2^20 plus position among the batch''s stored events: arrival order, position of the leaf';
COMMENT ON COLUMN audit_event.received_at IS 'our clock, UTC';
COMMENT ON COLUMN audit_event.type_name IS 'the producer''s own word for the type';
COMMENT ON COLUMN audit_event.confidence IS 'as stated, usually 0 to 1';
COMMENT ON COLUMN audit_event.duration_ms IS 'milliseconds; null when not stated';
COMMENT ON COLUMN audit_event.input_tokens IS 'tokens, cached ones included; null when not stated';
COMMENT ON COLUMN audit_event.cost_usd IS 'US dollars, stated or computed; null when neither is possible';
COMMENT ON COLUMN audit_event.resources IS 'JSON array of {type, identifier}; null when empty';
COMMENT ON COLUMN audit_event.sensitive IS 'three-valued: null when the producer did not say';
COMMENT ON COLUMN audit_event.summary IS 'one line for people with content masked';
COMMENT ON COLUMN audit_event.redactions IS 'JSON array of {pointer, detector}; null when empty';

CREATE INDEX audit_event_time ON audit_event (occurred_at, arrival);
COMMENT ON INDEX audit_event_time IS 'event explorer, reports over part of a quarter hour';
CREATE INDEX audit_event_agent ON audit_event (agent_id, occurred_at, arrival);
COMMENT ON INDEX audit_event_agent IS 'recent activity of one agent (checklist Y1, Y7)';
CREATE INDEX audit_event_errored ON audit_event (occurred_at, arrival) WHERE errored;
COMMENT ON INDEX audit_event_errored IS 'failed actions (checklist Y2), recent errors';
CREATE INDEX audit_event_sensitive ON audit_event (occurred_at, arrival) WHERE sensitive;
COMMENT ON INDEX audit_event_sensitive IS 'security audit (checklist Y4)';
CREATE INDEX audit_event_admin ON audit_event (occurred_at) WHERE permission_level = 'ADMIN';
COMMENT ON INDEX audit_event_admin IS 'calls that need approval (check tool_approval_rate)';

CREATE TABLE event_content (
    trace_id      text COLLATE "C" NOT NULL,
    occurred_at   timestamptz NOT NULL,
    event_id      uuid NOT NULL,
    params        text,
    result        text,
    reasoning     text,
    decision      text,
    error_message text,
    user_id       text COLLATE "C",
    summary       text,
    unmapped      text,
    words         tsvector,
    salt          bytea,
    PRIMARY KEY (trace_id, occurred_at, event_id)
) PARTITION BY RANGE (occurred_at);
COMMENT ON TABLE event_content IS 'personal and free content of an event: expires and is erased apart from the envelope';
COMMENT ON COLUMN event_content.params IS 'JSON text after redaction';
COMMENT ON COLUMN event_content.result IS 'JSON text after redaction';
COMMENT ON COLUMN event_content.decision IS 'JSON of question, options, chosen, confidence';
COMMENT ON COLUMN event_content.summary IS 'one line for people in clear; null when equal to the envelope''s';
COMMENT ON COLUMN event_content.unmapped IS 'JSON of members of the line that have no place in an event';
COMMENT ON COLUMN event_content.words IS 'distinct words of action, summary, decision and content, for the text filter';
COMMENT ON COLUMN event_content.salt IS 'key of the commitments in the event''s leaf; goes with the content';

CREATE INDEX event_content_words ON event_content USING gin (words);
COMMENT ON INDEX event_content_words IS 'filter text';
CREATE INDEX event_content_user ON event_content (user_id, occurred_at) WHERE user_id IS NOT NULL;
COMMENT ON INDEX event_content_user IS 'filter userId';

-- Partitions are made on demand, under a lock that lets readers and writers of other partitions go on.
CREATE FUNCTION ensure_partition(month date) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    child  text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('agent-audit-portal:partition'));
    FOREACH parent IN ARRAY ARRAY['audit_event', 'event_content'] LOOP
        child := parent || '_' || to_char(month, 'YYYY_MM');
        IF to_regclass(child) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
                           to_char(month, 'YYYY-MM-01') || ' 00:00:00+00',
                           to_char(month + interval '1 month', 'YYYY-MM-01') || ' 00:00:00+00');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION ensure_partition IS 'makes the partitions of a UTC month, given as its first day, unless they exist';

CREATE TABLE event_key (
    event_id        uuid PRIMARY KEY,
    trace_id        text COLLATE "C" NOT NULL,
    occurred_at     timestamptz NOT NULL,
    digest          bytea NOT NULL,
    redaction_rules smallint NOT NULL
);
COMMENT ON TABLE event_key IS 'decides whether an event id is new: a partitioned table cannot (README, decision 7)';
COMMENT ON COLUMN event_key.digest IS 'SHA-256 of the RFC 8785 form of the line after redaction';
COMMENT ON COLUMN event_key.redaction_rules IS 'version of the rules the digest was made with';

CREATE TABLE trace (
    trace_id          text COLLATE "C" PRIMARY KEY,
    first_at          timestamptz NOT NULL,
    last_at           timestamptz NOT NULL,
    derived           boolean NOT NULL,
    events            bigint NOT NULL,
    latest_debug      timestamptz,
    latest_info       timestamptz,
    latest_compliance timestamptz,
    latest_critical   timestamptz
);
COMMENT ON TABLE trace IS 'bounds of every trace, to find its partitions, and what its retention needs';
COMMENT ON COLUMN trace.latest_debug IS 'latest of occurred_at and received_at over the trace''s events of this tier';

CREATE TABLE trace_link (
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('task', 'session', 'conversation')),
    value    text COLLATE "C" NOT NULL,
    trace_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, value, trace_id)
);
COMMENT ON TABLE trace_link IS 'traces that have an event of a task, session or conversation';

CREATE TABLE trace_touched (
    trace_id text COLLATE "C" PRIMARY KEY,
    version  bigint NOT NULL
);
COMMENT ON TABLE trace_touched IS 'traces with events that the settled tables do not show yet';
COMMENT ON COLUMN trace_touched.version IS 'grows with every batch that touches the trace';

CREATE TABLE agent (
    agent_id   text COLLATE "C" PRIMARY KEY,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL
);
COMMENT ON COLUMN agent.first_seen IS 'occurred_at of its earliest event';
COMMENT ON COLUMN agent.last_seen IS 'occurred_at of its latest event';

-- ---------------------------------------------------------------- counters that add up, per quarter hour

CREATE TABLE rollup_event (
    quarter             timestamptz NOT NULL,
    agent_id            text COLLATE "C" NOT NULL,
    event_type          text COLLATE "C" NOT NULL,
    events              bigint NOT NULL,
    errors              bigint NOT NULL,
    escalations         bigint NOT NULL,
    unnamed             bigint NOT NULL,
    late                bigint NOT NULL,
    redactions          bigint NOT NULL,
    sensitive           bigint NOT NULL,
    sensitive_audited   bigint NOT NULL,
    reasoned            bigint NOT NULL,
    with_depth          bigint NOT NULL,
    max_depth           integer NOT NULL,
    trace_expected      bigint NOT NULL,
    trace_stated        bigint NOT NULL,
    input_tokens        bigint NOT NULL,
    output_tokens       bigint NOT NULL,
    cached_tokens       bigint NOT NULL,
    costed              bigint NOT NULL,
    cost_usd            numeric NOT NULL,
    first_at            timestamptz NOT NULL,
    last_at             timestamptz NOT NULL,
    PRIMARY KEY (quarter, agent_id, event_type)
);
COMMENT ON TABLE rollup_event IS 'events of a quarter hour of occurred_at by agent and type';
COMMENT ON COLUMN rollup_event.escalations IS 'human interventions of kind ESCALATION';
COMMENT ON COLUMN rollup_event.unnamed IS 'events whose sender gave no producer name';
COMMENT ON COLUMN rollup_event.late IS 'received more than an hour after they occurred';
COMMENT ON COLUMN rollup_event.redactions IS 'values redacted';
COMMENT ON COLUMN rollup_event.sensitive_audited IS 'sensitive accesses that name a resource and a permission level';
COMMENT ON COLUMN rollup_event.reasoned IS 'decisions with reasoning of their own or of the chosen option';
COMMENT ON COLUMN rollup_event.with_depth IS 'handoffs that state a depth';
COMMENT ON COLUMN rollup_event.max_depth IS 'deepest handoff; 0 when none states a depth';
COMMENT ON COLUMN rollup_event.trace_expected IS 'events whose format can carry a trace id or that carry one (check trace_completeness)';
COMMENT ON COLUMN rollup_event.trace_stated IS 'of these, events with a producer''s trace id';
COMMENT ON COLUMN rollup_event.costed IS 'events with a cost';
COMMENT ON COLUMN rollup_event.cost_usd IS 'US dollars';

CREATE INDEX rollup_event_agent ON rollup_event (agent_id, quarter);
COMMENT ON INDEX rollup_event_agent IS 'agent audit';

CREATE TABLE rollup_error (
    quarter    timestamptz NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    error_type text COLLATE "C" NOT NULL,
    errors     bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id, error_type)
);
COMMENT ON TABLE rollup_error IS 'errored events by type; unspecified stands for a missing type';

CREATE TABLE rollup_producer (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    producer text COLLATE "C" NOT NULL,
    events   bigint NOT NULL,
    numbered bigint NOT NULL,
    min_seq  bigint,
    max_seq  bigint,
    PRIMARY KEY (quarter, agent_id, producer)
);
COMMENT ON TABLE rollup_producer IS 'senders that name themselves, and the sequence numbers they gave';

CREATE TABLE rollup_derived_trace (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    trace_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (quarter, agent_id, trace_id)
);
COMMENT ON TABLE rollup_derived_trace IS 'traces whose id was derived and that have an event in the quarter hour';

CREATE TABLE rollup_handoff (
    quarter  timestamptz NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    target   text COLLATE "C" NOT NULL,
    handoffs bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id, target)
);
COMMENT ON TABLE rollup_handoff IS 'handoffs that name their target';

CREATE TABLE rollup_ingest (
    quarter    timestamptz PRIMARY KEY,
    stored     bigint NOT NULL,
    duplicates bigint NOT NULL,
    rejected   bigint NOT NULL
);
COMMENT ON TABLE rollup_ingest IS 'items received in a quarter hour of received_at, and what became of them';

CREATE TABLE rollup_redaction (
    quarter    timestamptz NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    redactions bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id)
);
COMMENT ON TABLE rollup_redaction IS 'values redacted in events received in a quarter hour of received_at';

-- ---------------------------------------------------------------- settled per trace

CREATE TABLE agent_run (
    trace_id       text COLLATE "C" NOT NULL,
    agent_id       text COLLATE "C" NOT NULL,
    run_number     integer NOT NULL,
    invoked_at     timestamptz,
    started_at     timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    duration_ms    double precision,
    errors         bigint NOT NULL,
    iterations     bigint NOT NULL,
    over_limit_at  timestamptz,
    PRIMARY KEY (trace_id, agent_id, run_number)
);
COMMENT ON TABLE agent_run IS 'metrics "Run": events of an agent in a trace from one of its invocations until its next';
COMMENT ON COLUMN agent_run.run_number IS '0 for events before the first invocation, or without any; else the invocation''s place';
COMMENT ON COLUMN agent_run.invoked_at IS 'occurred_at of the invocation; null for run 0';
COMMENT ON COLUMN agent_run.duration_ms IS 'milliseconds: the invocation''s duration, else first event to latest end; null when 0';
COMMENT ON COLUMN agent_run.errors IS 'errored events of the run';
COMMENT ON COLUMN agent_run.iterations IS 'LLM_RESPONSE events of the run';
COMMENT ON COLUMN agent_run.over_limit_at IS 'occurred_at of the LLM_RESPONSE that went over the iteration limit; null when none did';
CREATE INDEX agent_run_invoked ON agent_run (invoked_at) WHERE invoked_at IS NOT NULL;
COMMENT ON INDEX agent_run_invoked IS 'failed invocations and mean durations of a period';
CREATE INDEX agent_run_time ON agent_run (started_at, last_at);
COMMENT ON INDEX agent_run_time IS 'runs with an event in a period';

CREATE TABLE trace_gap (
    trace_id     text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('UNPAIRED_CALL', 'MISSING_PARENT')),
    event_id     uuid NOT NULL,
    occurred_at  timestamptz NOT NULL,
    agent_id     text COLLATE "C" NOT NULL,
    trace_stated boolean NOT NULL,
    PRIMARY KEY (trace_id, kind, event_id)
);
COMMENT ON TABLE trace_gap IS 'events whose result or parent is missing in their trace';
COMMENT ON COLUMN trace_gap.trace_stated IS 'the event''s trace id is its producer''s, not derived';
CREATE INDEX trace_gap_time ON trace_gap (occurred_at);
COMMENT ON INDEX trace_gap_time IS 'completeness of a period';

-- ---------------------------------------------------------------- beside the events

CREATE TABLE quarantine (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    origin      text NOT NULL,
    position    bigint NOT NULL,
    event_id    text,
    reason      text NOT NULL,
    body        text NOT NULL
);
COMMENT ON TABLE quarantine IS 'items that could not be understood as events';
COMMENT ON COLUMN quarantine.position IS 'index in the request, or line number in the file';
COMMENT ON COLUMN quarantine.body IS 'the item after redaction, cut to a bounded length';

CREATE TABLE leaf_batch (
    batch_number bigint PRIMARY KEY,
    committed_at timestamptz NOT NULL,
    leaves       bytea NOT NULL
);
COMMENT ON TABLE leaf_batch IS 'leaf hashes of a batch, 32 bytes each in order of arrival (README, decision 8)';

CREATE TABLE day_review (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day      date NOT NULL,
    at       timestamptz NOT NULL,
    username text NOT NULL,
    comment  text
);
COMMENT ON TABLE day_review IS 'who confirmed having examined a day''s summary';
CREATE INDEX day_review_day ON day_review (day, at DESC);
COMMENT ON INDEX day_review_day IS 'reviews of a day, newest first';
