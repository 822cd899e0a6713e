-- The page of users shows when each of them signed in last.

CREATE INDEX access_log_sign_in ON access_log (username, at) WHERE action = 'SIGN_IN';
COMMENT ON INDEX access_log_sign_in IS 'when did each user sign in last';

CREATE INDEX access_log_action ON access_log (action, at, id);
COMMENT ON INDEX access_log_action IS 'entries of one kind in a period, by keyset';
