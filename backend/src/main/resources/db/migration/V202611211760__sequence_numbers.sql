-- Which sequence numbers a producer gave, so that one number given twice does not hide another that never came.
-- Numbers lie in blocks of 4096: a row stays small whatever numbers a producer chooses, and one that counts up has one row
-- with one range per block and quarter hour.

CREATE TABLE rollup_sequence (
    quarter  timestamptz NOT NULL,
    producer text COLLATE "C" NOT NULL,
    block    bigint NOT NULL,
    numbers  int4multirange NOT NULL,
    PRIMARY KEY (quarter, producer, block)
);
COMMENT ON TABLE rollup_sequence IS 'sequence numbers of the events of a quarter hour of occurred_at by producer, whatever agent they are about';
COMMENT ON COLUMN rollup_sequence.block IS 'the number divided by 4096, rounded down';
COMMENT ON COLUMN rollup_sequence.numbers IS 'the numbers of the block that were given, less 4096 times the block: 0 to 4095';
CREATE INDEX rollup_sequence_block ON rollup_sequence (producer, block);
COMMENT ON INDEX rollup_sequence_block IS 'numbers missing in a trace';

INSERT INTO rollup_sequence (quarter, producer, block, numbers)
SELECT date_bin('15 minutes', occurred_at, '2000-01-01 00:00:00+00'), producer, seq >> 12,
       range_agg(int4range(CAST(seq & 4095 AS integer), CAST(seq & 4095 AS integer), '[]'))
  FROM audit_event
 WHERE producer IS NOT NULL AND seq IS NOT NULL
 GROUP BY 1, 2, 3;

ALTER TABLE rollup_producer DROP COLUMN numbered, DROP COLUMN min_seq, DROP COLUMN max_seq;
COMMENT ON TABLE rollup_producer IS 'senders that name themselves';
