-- Alert rules over findings (README, decision 25).

CREATE INDEX finding_detected ON finding (detected_at);
COMMENT ON INDEX finding_detected IS 'findings that became known in a window of an alert rule';
