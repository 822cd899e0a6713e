-- Leaves are written from here on (README, decision 11).

CREATE TABLE proof_start (
    only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    batch_number bigint NOT NULL,
    since        timestamptz NOT NULL
);
COMMENT ON TABLE proof_start IS 'one row: which batches have leaves';
COMMENT ON COLUMN proof_start.batch_number IS 'first batch that must have a row in leaf_batch; earlier ones were stored without leaves';
COMMENT ON COLUMN proof_start.since IS 'no event received later may be without a leaf';

INSERT INTO proof_start (batch_number, since)
SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END, now() FROM ingest_batch_number;

-- Hashes do not compress, and verification reads slices.
ALTER TABLE leaf_batch ALTER COLUMN leaves SET STORAGE EXTERNAL;
ALTER TABLE audit_event ALTER COLUMN commitments SET STORAGE EXTERNAL;
