-- What verification needs of events whose content, or which themselves, have gone (README, decision 8).

ALTER TABLE audit_event ADD COLUMN commitments bytea;
COMMENT ON COLUMN audit_event.commitments IS '33 bytes for each stated part of the content: number of the part, salted commitment; null when no part was stated';

CREATE TABLE deletion (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('EVENT', 'CONTENT')),
    rule        text COLLATE "C" NOT NULL,
    reason      text NOT NULL,
    username    text COLLATE "C",
    events      bigint NOT NULL,
    earliest_at timestamptz NOT NULL,
    latest_at   timestamptz NOT NULL,
    archive     text
);
COMMENT ON TABLE deletion IS 'every removal of events or of content: one row per step, in the transaction that removes';
COMMENT ON COLUMN deletion.kind IS 'EVENT: envelope and content went; CONTENT: the envelope stays';
COMMENT ON COLUMN deletion.rule IS 'name of the rule that decided, for instance event-expiry';
COMMENT ON COLUMN deletion.username IS 'who ordered it; null: the portal''s own schedule';
COMMENT ON COLUMN deletion.events IS 'events removed, or whose content was removed';
COMMENT ON COLUMN deletion.earliest_at IS 'earliest occurred_at among them';
COMMENT ON COLUMN deletion.latest_at IS 'latest occurred_at among them';
COMMENT ON COLUMN deletion.archive IS 'name of the archive file that holds them; null when they were not archived';
CREATE INDEX deletion_time ON deletion (at);
COMMENT ON INDEX deletion_time IS 'deletions of a period';

CREATE TABLE deletion_leaf (
    deletion_id  bigint NOT NULL REFERENCES deletion,
    batch_number bigint NOT NULL,
    positions    bytea NOT NULL,
    PRIMARY KEY (batch_number, deletion_id)
);
COMMENT ON TABLE deletion_leaf IS 'leaves whose event, or content, a deletion removed: verification accounts for them';
COMMENT ON COLUMN deletion_leaf.positions IS 'bitmap: bit p mod 8 of byte p div 8 stands for position p of the batch';
