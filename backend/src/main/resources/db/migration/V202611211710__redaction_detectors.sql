CREATE TABLE rollup_redaction_detector (
    quarter    timestamptz NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    detector   text COLLATE "C" NOT NULL,
    redactions bigint NOT NULL,
    PRIMARY KEY (quarter, agent_id, detector)
);
COMMENT ON TABLE rollup_redaction_detector IS 'values redacted in events received in a quarter hour of received_at; sums to rollup_redaction';
COMMENT ON COLUMN rollup_redaction_detector.detector IS 'name of the rule that fired';
COMMENT ON TABLE rollup_redaction IS 'values redacted in events received in a quarter hour of received_at; what was minimised, shortened or written out is not counted';

-- What was counted before has no detector.
INSERT INTO rollup_redaction_detector (quarter, agent_id, detector, redactions)
SELECT quarter, agent_id, 'unspecified', redactions
  FROM rollup_redaction;
