-- What model requests cost and how they went, per quarter hour of occurred_at (README, decision 21).

CREATE TABLE request_open (
    quarter       timestamptz NOT NULL,
    agent_id      text COLLATE "C" NOT NULL,
    model         text COLLATE "C",
    task_id       text COLLATE "C",
    session_id    text COLLATE "C",
    user_id       text COLLATE "C",
    outcome       text COLLATE "C" CHECK (outcome IN ('SUCCESS', 'FAILURE', 'OTHER')),
    error_type    text COLLATE "C",
    requests      bigint NOT NULL,
    costed        bigint NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    cost_usd      numeric NOT NULL,
    responses     bigint NOT NULL,
    durations     bytea,
    first_at      timestamptz,
    last_at       timestamptz
);
COMMENT ON TABLE request_open IS 'sums over the requests and responses of a commit, written with it, that are not in the roll-ups yet: a queue without an index, empty most of the time';
COMMENT ON COLUMN request_open.outcome IS 'of LLM_RESPONSE events, which all of the row are then; null: none of the row is one';
COMMENT ON COLUMN request_open.error_type IS 'of LLM_RESPONSE events with outcome FAILURE; null: not stated';
COMMENT ON COLUMN request_open.requests IS 'events with tokens or a cost (metrics "Cost")';
COMMENT ON COLUMN request_open.costed IS 'of these, events with a cost';
COMMENT ON COLUMN request_open.input_tokens IS 'tokens, cached ones included';
COMMENT ON COLUMN request_open.cost_usd IS 'US dollars';
COMMENT ON COLUMN request_open.responses IS 'LLM_RESPONSE events (metrics "Usage")';
COMMENT ON COLUMN request_open.durations IS 'their durations in milliseconds, 8 bytes each as float8send gives; null: none has one';
COMMENT ON COLUMN request_open.first_at IS 'occurred_at of the first request; null: the row has none';
COMMENT ON COLUMN request_open.last_at IS 'occurred_at of the last request';

CREATE TABLE rollup_request (
    dimension     text COLLATE "C" NOT NULL
                  CHECK (dimension IN ('MODEL', 'TASK', 'SESSION', 'USER', 'ERROR_TYPE')),
    quarter       timestamptz NOT NULL,
    agent_id      text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    requests      bigint NOT NULL,
    costed        bigint NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    cost_usd      numeric NOT NULL,
    responses     bigint NOT NULL,
    first_at      timestamptz,
    last_at       timestamptz,
    PRIMARY KEY (dimension, quarter, agent_id, key)
);
COMMENT ON TABLE rollup_request IS 'requests and responses of a quarter hour by agent and one more dimension; every one is in exactly one row of MODEL and of USER';
COMMENT ON COLUMN rollup_request.dimension IS 'TASK and SESSION: requests only; ERROR_TYPE: failed responses only';
COMMENT ON COLUMN rollup_request.key IS 'unspecified: the events have none; (removed): users whose ids have gone with the content of their events';
COMMENT ON COLUMN rollup_request.requests IS 'events with tokens or a cost';
COMMENT ON COLUMN rollup_request.costed IS 'of these, events with a cost';
COMMENT ON COLUMN rollup_request.cost_usd IS 'US dollars';
COMMENT ON COLUMN rollup_request.responses IS 'LLM_RESPONSE events';
COMMENT ON COLUMN rollup_request.first_at IS 'occurred_at of the first request ever counted in the row; null: none';
COMMENT ON COLUMN rollup_request.last_at IS 'of the last one';

CREATE TABLE rollup_response (
    span          text COLLATE "C" NOT NULL CHECK (span IN ('QUARTER', 'DAY')),
    starts_at     timestamptz NOT NULL,
    agent_id      text COLLATE "C" NOT NULL,
    outcome       text COLLATE "C" NOT NULL,
    responses     bigint NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    timed         bigint NOT NULL,
    sum_ms        double precision NOT NULL,
    max_ms        double precision NOT NULL,
    latency       bytea,
    PRIMARY KEY (span, starts_at, agent_id, outcome)
);
COMMENT ON TABLE rollup_response IS 'LLM_RESPONSE events by agent and outcome, per quarter hour and once more per UTC day, so that a month is read from days';
COMMENT ON COLUMN rollup_response.starts_at IS 'start of the quarter hour or UTC day';
COMMENT ON COLUMN rollup_response.outcome IS 'SUCCESS, FAILURE, or OTHER for the rest';
COMMENT ON COLUMN rollup_response.timed IS 'events with a duration';
COMMENT ON COLUMN rollup_response.sum_ms IS 'sum of these durations, milliseconds';
COMMENT ON COLUMN rollup_response.latency IS 'DDSketch of these durations in milliseconds, relative accuracy 0.005, in its own encoding; null when timed is 0';

CREATE VIEW request_count AS
SELECT dimension, quarter, agent_id, key, requests, costed, input_tokens, output_tokens, cached_tokens, cost_usd,
       responses, first_at, last_at
  FROM rollup_request
UNION ALL
SELECT k.dimension COLLATE "C", o.quarter, o.agent_id, k.key COLLATE "C", o.requests, o.costed, o.input_tokens,
       o.output_tokens, o.cached_tokens, o.cost_usd, o.responses, o.first_at, o.last_at
  FROM request_open o
 CROSS JOIN LATERAL (VALUES ('MODEL', coalesce(o.model, 'unspecified')),
                            ('TASK', CASE WHEN o.requests > 0 THEN coalesce(o.task_id, 'unspecified') END),
                            ('SESSION', CASE WHEN o.requests > 0 THEN coalesce(o.session_id, 'unspecified') END),
                            ('USER', coalesce(o.user_id, 'unspecified')),
                            ('ERROR_TYPE', CASE WHEN o.outcome = 'FAILURE' THEN coalesce(o.error_type, 'unspecified') END))
       AS k (dimension, key)
 WHERE k.key IS NOT NULL;
COMMENT ON VIEW request_count IS 'rollup_request with what is not in it yet: what reports and recounts read';

-- What was stored before. A user whose content has gone is not known any more.
INSERT INTO request_open
SELECT date_bin('15 minutes', e.occurred_at, '2000-01-01 00:00:00+00'), e.agent_id, e.model, e.task_id, e.session_id,
       CASE WHEN c.event_id IS NULL OR EXISTS (SELECT FROM restored_batch b WHERE b.batch_number = e.arrival >> 20)
            THEN '(removed)' ELSE c.user_id END,
       r.outcome,
       CASE WHEN r.outcome = 'FAILURE' THEN e.error_type END,
       q.requests,
       CASE WHEN e.cost_usd IS NULL THEN 0 ELSE 1 END,
       coalesce(e.input_tokens, 0), coalesce(e.output_tokens, 0), coalesce(e.cached_tokens, 0), coalesce(e.cost_usd, 0),
       CASE WHEN r.outcome IS NULL THEN 0 ELSE 1 END,
       CASE WHEN r.outcome IS NOT NULL AND e.duration_ms >= 0.000001
            THEN float8send(least(e.duration_ms, 3155760000000)) END,
       CASE WHEN q.requests > 0 THEN e.occurred_at END,
       CASE WHEN q.requests > 0 THEN e.occurred_at END
  FROM audit_event e
  LEFT JOIN event_content c USING (trace_id, occurred_at, event_id)
 CROSS JOIN LATERAL (SELECT CASE WHEN e.event_type = 'LLM_RESPONSE'
                                 THEN CASE WHEN e.outcome IN ('SUCCESS', 'FAILURE') THEN e.outcome ELSE 'OTHER' END
                            END AS outcome) r
 CROSS JOIN LATERAL (SELECT CASE WHEN e.input_tokens IS NOT NULL OR e.cost_usd IS NOT NULL THEN 1 ELSE 0 END AS requests) q
 WHERE r.outcome IS NOT NULL OR q.requests > 0;
