-- An agent's tokens per session are compared with its history (README, decision 23).

CREATE INDEX session_part_agent ON session_part (agent_id, quarter) WHERE token_events > 0;
COMMENT ON INDEX session_part_agent IS 'sessions with tokens of an agent in a stretch of days';
