-- Quarantine that can be worked through, and the places events are copied to.

ALTER TABLE quarantine
    ADD COLUMN digest        bytea,
    ADD COLUMN source_format text COLLATE "C",
    ADD COLUMN complete      boolean NOT NULL DEFAULT true,
    ADD COLUMN seen          bigint NOT NULL DEFAULT 1,
    ADD COLUMN last_seen_at  timestamptz,
    ADD COLUMN tries         integer NOT NULL DEFAULT 0,
    ADD COLUMN tried_at      timestamptz;

UPDATE quarantine
   SET last_seen_at = received_at,
       complete = body !~ '… \[[0-9]+ characters left out\]$' AND position('�' IN body) = 0,
       digest = sha256(convert_to(body, 'UTF8'));
UPDATE quarantine q
   SET seen = s.seen, last_seen_at = s.last_seen_at
  FROM (SELECT min(id) AS id, count(*) AS seen, max(received_at) AS last_seen_at
          FROM quarantine GROUP BY digest HAVING count(*) > 1) s
 WHERE q.id = s.id;
DELETE FROM quarantine q USING quarantine first WHERE first.digest = q.digest AND first.id < q.id;
ALTER TABLE quarantine
    ALTER COLUMN digest SET NOT NULL,
    ALTER COLUMN last_seen_at SET NOT NULL;

COMMENT ON COLUMN quarantine.received_at IS 'first time, our clock; an event made of the item later keeps it as its received_at';
COMMENT ON COLUMN quarantine.origin IS 'where it came from the first time: http, or a file name';
COMMENT ON COLUMN quarantine.reason IS 'of the latest try, for people';
COMMENT ON COLUMN quarantine.digest IS 'SHA-256 of the body after redaction and the shape its sender named, 32 bytes: the same item sent again is the same row';
COMMENT ON COLUMN quarantine.source_format IS 'the shape its sender named; null: recognised by content';
COMMENT ON COLUMN quarantine.complete IS 'false: cut at the longest kept length, or not UTF-8, so that it cannot be tried again';
COMMENT ON COLUMN quarantine.seen IS 'how often it was received';
COMMENT ON COLUMN quarantine.last_seen_at IS 'last time it was received';
COMMENT ON COLUMN quarantine.tries IS 'how often it was tried again and not understood';
COMMENT ON COLUMN quarantine.tried_at IS 'last of these; null: never';

CREATE UNIQUE INDEX quarantine_digest ON quarantine (digest);
COMMENT ON INDEX quarantine_digest IS 'is this item here already';

CREATE INDEX audit_event_arrival ON audit_event USING brin (arrival) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON INDEX audit_event_arrival IS 'events in order of arrival, for destinations; small, since rows lie in that order';

CREATE TABLE destination (
    name          text COLLATE "C" PRIMARY KEY,
    sent_arrival  bigint NOT NULL,
    sent          bigint NOT NULL DEFAULT 0,
    refused       bigint NOT NULL DEFAULT 0,
    missed        bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    last_sent_at  timestamptz,
    last_error    text,
    last_error_at timestamptz
);
COMMENT ON TABLE destination IS 'where accepted events are copied to, and how far the copy has come: the log itself is the outbox';
COMMENT ON COLUMN destination.sent_arrival IS 'every event up to this arrival was acknowledged, refused or gone; moved only afterwards';
COMMENT ON COLUMN destination.sent IS 'events acknowledged; one that had to be sent again counts once';
COMMENT ON COLUMN destination.refused IS 'events the destination did not take for what they are, see destination_refusal';
COMMENT ON COLUMN destination.missed IS 'events that retention removed before they could be sent';
COMMENT ON COLUMN destination.last_sent_at IS 'last acknowledgement; null: none yet';
COMMENT ON COLUMN destination.last_error IS 'why the latest attempt failed; null: it did not';

CREATE TABLE destination_refusal (
    name     text COLLATE "C" NOT NULL REFERENCES destination,
    arrival  bigint NOT NULL,
    event_id uuid NOT NULL,
    at       timestamptz NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (name, arrival)
);
COMMENT ON TABLE destination_refusal IS 'events a destination did not take, so that the others could go on; the events themselves stay in the log';
