-- Searches of the event explorer that people keep (README, decision 33).

CREATE TABLE saved_search (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner      text COLLATE "C" NOT NULL,
    name       text NOT NULL,
    query      text NOT NULL,
    roles      text[] NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE  saved_search            IS 'searches of the event explorer that people keep';
COMMENT ON COLUMN saved_search.owner      IS 'username of who made it and may change it';
COMMENT ON COLUMN saved_search.name       IS 'one line of at most 80 characters; need not be unique';
COMMENT ON COLUMN saved_search.query      IS 'query of the explorer''s address, percent-encoded, at most 4,000 characters';
COMMENT ON COLUMN saved_search.roles      IS 'roles whose readers see it besides the owner, those the owner had; empty: private';
COMMENT ON COLUMN saved_search.created_at IS 'our clock';
CREATE INDEX saved_search_owner ON saved_search (owner);
COMMENT ON INDEX saved_search_owner IS 'searches of one person';
