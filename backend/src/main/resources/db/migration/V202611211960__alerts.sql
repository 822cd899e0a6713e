-- Alert rules, alerts, and what is sent about them.

CREATE TABLE alert_rule (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text NOT NULL,
    condition         text NOT NULL,
    time_window       text NOT NULL,
    action            text NOT NULL,
    enabled           boolean NOT NULL,
    severity          text COLLATE "C" NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    built_in          boolean NOT NULL,
    agent_scope       text[] NOT NULL,
    changed_at        timestamptz NOT NULL,
    changed_by        text NOT NULL,
    next_at           timestamptz NOT NULL,
    looked_until      timestamptz NOT NULL,
    resumed_at        timestamptz NOT NULL,
    last_evaluated_at timestamptz,
    last_error        text
);
COMMENT ON TABLE  alert_rule                   IS 'conditions that are evaluated on time';
COMMENT ON COLUMN alert_rule.condition         IS 'as written; grammar: alert.ConditionParser';
COMMENT ON COLUMN alert_rule.time_window       IS 'ISO 8601 duration, 1 minute to 30 days';
COMMENT ON COLUMN alert_rule.action            IS 'targets as written, separated by commas';
COMMENT ON COLUMN alert_rule.built_in          IS 'made by the portal at its first start';
COMMENT ON COLUMN alert_rule.agent_scope       IS 'patterns of agent ids the rule is limited to, sorted: the scope of who made it; empty: all agents';
COMMENT ON COLUMN alert_rule.changed_by        IS 'username';
COMMENT ON COLUMN alert_rule.next_at           IS 'when it is due; moved by the one portal that evaluates it, which holds the row';
COMMENT ON COLUMN alert_rule.looked_until      IS 'windows that ended up to here were evaluated a second time, with events that came late';
COMMENT ON COLUMN alert_rule.resumed_at        IS 'since when it has been evaluated without a long gap';
COMMENT ON COLUMN alert_rule.last_evaluated_at IS 'null: not yet';
COMMENT ON COLUMN alert_rule.last_error        IS 'why the latest evaluation failed or is incomplete; null: it is neither';
CREATE INDEX alert_rule_due ON alert_rule (next_at) WHERE enabled;
COMMENT ON INDEX alert_rule_due IS 'rules to evaluate now';

CREATE TABLE alert_rule_default (
    name    text PRIMARY KEY,
    made_at timestamptz NOT NULL
);
COMMENT ON TABLE alert_rule_default IS 'built-in rules that were made once, so that a deleted one does not come back';

CREATE TABLE alert (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id         bigint REFERENCES alert_rule (id) ON DELETE SET NULL,
    rule_name       text NOT NULL,
    rule_scope      text[] NOT NULL,
    severity        text COLLATE "C" NOT NULL,
    key_id          text COLLATE "C" NOT NULL,
    key             text,
    state           text COLLATE "C" NOT NULL CHECK (state IN ('FIRING', 'ACKNOWLEDGED', 'RESOLVED')),
    fired_at        timestamptz NOT NULL,
    clear_since     timestamptz,
    resolved_at     timestamptz CHECK ((resolved_at IS NOT NULL) = (state = 'RESOLVED')),
    acknowledged_by text,
    acknowledged_at timestamptz,
    note            text,
    value           double precision NOT NULL,
    description     text NOT NULL,
    evidence        uuid[] NOT NULL,
    agents          text[] NOT NULL,
    agents_complete boolean NOT NULL
);
COMMENT ON TABLE  alert                 IS 'one row per rule and key from firing to recovery; stays when its rule is deleted';
COMMENT ON COLUMN alert.rule_id         IS 'null: the rule was deleted';
COMMENT ON COLUMN alert.rule_scope      IS 'agent scope of the rule when it fired';
COMMENT ON COLUMN alert.key_id          IS 'SHA-256 of the key''s values, hexadecimal; empty without a key';
COMMENT ON COLUMN alert.key             IS 'the key for people; null without one';
COMMENT ON COLUMN alert.fired_at        IS 'end of the window that fired';
COMMENT ON COLUMN alert.clear_since     IS 'end of the first window of the present run of windows that did not fire; null: the latest fired';
COMMENT ON COLUMN alert.acknowledged_by IS 'username; null: nobody did';
COMMENT ON COLUMN alert.value           IS 'first measure of the window that fired; its number of events when there was nothing to measure';
COMMENT ON COLUMN alert.evidence        IS 'newest events of that window and key, at most 20; some may have expired';
COMMENT ON COLUMN alert.agents          IS 'agents whose events the numbers rest on, at most 100';
COMMENT ON COLUMN alert.agents_complete IS 'false: there were more';
CREATE UNIQUE INDEX alert_open ON alert (rule_id, key_id) WHERE state <> 'RESOLVED';
COMMENT ON INDEX alert_open IS 'one alert per rule and key while it fires';
CREATE INDEX alert_of_rule ON alert (rule_id, key_id, fired_at);
COMMENT ON INDEX alert_of_rule IS 'did this rule fire for this key at that time';
CREATE INDEX alert_time ON alert (fired_at, id);
COMMENT ON INDEX alert_time IS 'pages of alerts, by keyset';
CREATE INDEX alert_state ON alert (state, fired_at, id);
COMMENT ON INDEX alert_state IS 'the same for one state';

CREATE TABLE alert_change (
    change_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id      bigint NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    changed_at    timestamptz NOT NULL
);
COMMENT ON TABLE  alert_change               IS 'changes of state in the order in which they became visible';
COMMENT ON COLUMN alert_change.change_number IS 'given under a lock that lasts until the commit, so a lower number never appears after a higher one';

CREATE TABLE alert_delivery (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id        bigint NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    transition      text COLLATE "C" NOT NULL CHECK (transition IN ('FIRED', 'RESOLVED')),
    channel         text COLLATE "C" NOT NULL CHECK (channel IN ('MAIL', 'WEBHOOK')),
    target          text NOT NULL,
    body            text NOT NULL,
    state           text COLLATE "C" NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'SENT', 'FAILED')),
    attempts        integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    sent_at         timestamptz,
    last_error      text,
    UNIQUE (alert_id, transition, channel, target)
);
COMMENT ON TABLE  alert_delivery                 IS 'outbox: what is to be sent about an alert, written with the change it tells of';
COMMENT ON COLUMN alert_delivery.channel         IS 'MAIL: delivered by the mail work; WEBHOOK: by alert.WebhookDeliveries';
COMMENT ON COLUMN alert_delivery.target          IS 'mail address or URL';
COMMENT ON COLUMN alert_delivery.body            IS 'JSON, the same at every attempt; holds no event content';
COMMENT ON COLUMN alert_delivery.attempts        IS 'begun so far';
COMMENT ON COLUMN alert_delivery.next_attempt_at IS 'while PENDING; beyond the longest attempt while one is under way';
COMMENT ON COLUMN alert_delivery.last_error      IS 'why the latest attempt failed; null: none did';
CREATE INDEX alert_delivery_due ON alert_delivery (channel, next_attempt_at) WHERE state = 'PENDING';
COMMENT ON INDEX alert_delivery_due IS 'what to send now';
