-- Incidents that people work on, and who gets which report by mail.

CREATE TABLE incident (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title           text NOT NULL,
    status          text COLLATE "C" NOT NULL CHECK (status IN ('OPEN', 'INVESTIGATING', 'RESOLVED')),
    severity        text COLLATE "C" NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    trace_id        text COLLATE "C" NOT NULL,
    agent_ids       text[] NOT NULL,
    opened_at       timestamptz NOT NULL,
    opened_by       text NOT NULL,
    assignee        text,
    resolved_at     timestamptz,
    root_cause      text,
    recommendations text[] NOT NULL DEFAULT '{}',
    changed_at      timestamptz,
    CHECK ((status = 'RESOLVED') = (resolved_at IS NOT NULL))
);
COMMENT ON TABLE  incident                 IS 'what people found out about a trace that went wrong';
COMMENT ON COLUMN incident.trace_id        IS 'stays when the trace has expired';
COMMENT ON COLUMN incident.agent_ids       IS 'agents of the trace when it was opened: who may see the incident once the trace has expired';
COMMENT ON COLUMN incident.opened_by       IS 'user name';
COMMENT ON COLUMN incident.assignee        IS 'user name; null: nobody works on it';
COMMENT ON COLUMN incident.resolved_at     IS 'when it was resolved; null while it is not, or is open again';
COMMENT ON COLUMN incident.root_cause      IS 'as people state it; may quote content';
COMMENT ON COLUMN incident.recommendations IS 'as people state them; may quote content';
COMMENT ON COLUMN incident.changed_at      IS 'last change; null: none since it was opened';
CREATE INDEX incident_opened ON incident (opened_at, id);
COMMENT ON INDEX incident_opened IS 'pages of incidents, newest first, by keyset';

CREATE TABLE incident_note (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident,
    at          timestamptz NOT NULL,
    author      text NOT NULL,
    text        text NOT NULL
);
COMMENT ON TABLE  incident_note        IS 'what people added while working on an incident; notes are never changed';
COMMENT ON COLUMN incident_note.author IS 'user name';
COMMENT ON COLUMN incident_note.text   IS 'may quote content';
CREATE INDEX incident_note_incident ON incident_note (incident_id, id);
COMMENT ON INDEX incident_note_incident IS 'notes of an incident, oldest first';

CREATE TABLE report_subscription (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner      text NOT NULL,
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('DAILY_SUMMARY', 'COMPLIANCE', 'AGENT_AUDIT')),
    recipients text[] NOT NULL,
    send_at    time NOT NULL,
    time_zone  text NOT NULL,
    days       smallint[] NOT NULL,
    agent_id   text COLLATE "C",
    attach_pdf boolean NOT NULL,
    enabled    boolean NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CHECK ((kind = 'AGENT_AUDIT') = (agent_id IS NOT NULL))
);
COMMENT ON TABLE  report_subscription            IS 'who gets which report by mail, and when';
COMMENT ON COLUMN report_subscription.owner      IS 'user name of who made it; the reports are made with that user''s rights';
COMMENT ON COLUMN report_subscription.recipients IS 'mail addresses';
COMMENT ON COLUMN report_subscription.send_at    IS 'local time in time_zone, to the minute';
COMMENT ON COLUMN report_subscription.time_zone  IS 'zone id that decides when to send, not what a day is';
COMMENT ON COLUMN report_subscription.days       IS 'ISO weekdays, 1 is Monday, ascending';
COMMENT ON COLUMN report_subscription.agent_id   IS 'of an AGENT_AUDIT; null for the other kinds';
COMMENT ON COLUMN report_subscription.enabled    IS 'false: sent by hand only';
COMMENT ON COLUMN report_subscription.deleted_at IS 'when it was deleted; the row stays for the deliveries there were';
CREATE INDEX report_subscription_owner ON report_subscription (owner, id) WHERE deleted_at IS NULL;
COMMENT ON INDEX report_subscription_owner IS 'subscriptions of one user';

CREATE TABLE report_delivery (
    subscription_id bigint NOT NULL REFERENCES report_subscription,
    recipient       text NOT NULL,
    for_date        date NOT NULL,
    status          text COLLATE "C" NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED')),
    attempts        integer NOT NULL DEFAULT 0,
    queued_at       timestamptz NOT NULL,
    queued_by       text,
    sent_at         timestamptz,
    error           text,
    PRIMARY KEY (subscription_id, recipient, for_date)
);
COMMENT ON TABLE  report_delivery           IS 'outbox of report mails: the key lets each recipient get one mail per subscription and day, however many portals run';
COMMENT ON COLUMN report_delivery.for_date  IS 'last day that the report covers, in the report time zone';
COMMENT ON COLUMN report_delivery.attempts  IS 'deliveries tried so far';
COMMENT ON COLUMN report_delivery.queued_at IS 'when it was decided to send';
COMMENT ON COLUMN report_delivery.queued_by IS 'user name of who asked for it; null: the schedule';
COMMENT ON COLUMN report_delivery.sent_at   IS 'when the mail server took it; null before';
COMMENT ON COLUMN report_delivery.error     IS 'why the last attempt failed; null: none did, or it was sent';
CREATE INDEX report_delivery_pending ON report_delivery (queued_at) WHERE status = 'PENDING';
COMMENT ON INDEX report_delivery_pending IS 'mails to send, oldest first';
