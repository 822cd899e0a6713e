-- A digest of a line whose content is gone tells too much: who knows the line but for a few characters could try them.

UPDATE event_key k
   SET digest = '', redaction_rules = 0
 WHERE NOT EXISTS (SELECT FROM event_content c
                    WHERE c.trace_id = k.trace_id AND c.occurred_at = k.occurred_at AND c.event_id = k.event_id);
COMMENT ON COLUMN event_key.digest IS 'SHA-256 of the RFC 8785 form of the line after redaction; empty when the content is gone: then the id alone decides';
COMMENT ON COLUMN event_key.redaction_rules IS 'version of the rules the digest was made with; 0: no digest';

CREATE TABLE restored_batch (
    batch_number bigint PRIMARY KEY
);
COMMENT ON TABLE restored_batch IS 'batches of events that came back from an archive while reports still count them: what is read from events leaves them out';
