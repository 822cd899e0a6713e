-- Who may use the portal, who is signed in, and who looked at what.

CREATE TABLE user_account (
    username      text COLLATE "C" PRIMARY KEY
                  CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
    password_hash text NOT NULL,
    roles         text[] NOT NULL
                  CHECK (cardinality(roles) > 0
                     AND roles <@ ARRAY['ADMIN', 'COMPLIANCE_OFFICER', 'SECURITY_ANALYST', 'AUDITOR', 'INGESTOR']),
    agent_scope   text[] NOT NULL DEFAULT '{}',
    disabled      boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL
);
COMMENT ON TABLE  user_account               IS 'people who sign in with a password';
COMMENT ON COLUMN user_account.username      IS 'lower case; the name in the access log, never used again for somebody else';
COMMENT ON COLUMN user_account.password_hash IS 'Argon2id in its standard text form, parameters and salt included';
COMMENT ON COLUMN user_account.roles         IS 'what the user may do; read at every request, so a change bites at once';
COMMENT ON COLUMN user_account.agent_scope   IS 'patterns of agent ids (* stands for any characters) the user is limited to; empty: all agents';
COMMENT ON COLUMN user_account.disabled      IS 'true: cannot sign in, and every session of the user is refused';
COMMENT ON COLUMN user_account.created_at    IS 'when the account was made';
COMMENT ON COLUMN user_account.changed_at    IS 'last change of password, roles, scope or disabled';

CREATE TABLE user_session (
    id          uuid PRIMARY KEY,
    username    text COLLATE "C" NOT NULL REFERENCES user_account (username),
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('BROWSER', 'API')),
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);
COMMENT ON TABLE  user_session             IS 'one row per sign-in; every access token and every cookie belongs to one and is checked against it at each request';
COMMENT ON COLUMN user_session.id          IS 'claim sid of access tokens, first part of refresh tokens; never in a browser';
COMMENT ON COLUMN user_session.username    IS 'who signed in';
COMMENT ON COLUMN user_session.kind        IS 'BROWSER: cookie; API: access and refresh token. One kind is never accepted in place of the other';
COMMENT ON COLUMN user_session.secret_hash IS 'SHA-256 of the cookie value, or of the refresh token that is valid now (each works once)';
COMMENT ON COLUMN user_session.created_at  IS 'time of sign-in';
COMMENT ON COLUMN user_session.expires_at  IS 'end of the session whatever happens; refreshing does not move it';
COMMENT ON COLUMN user_session.revoked_at  IS 'sign-out, password change, account disabled, or an old refresh token used again; null: not revoked';
CREATE UNIQUE INDEX user_session_secret ON user_session (secret_hash);
COMMENT ON INDEX user_session_secret IS 'who does this cookie belong to, at each request of a browser';
CREATE INDEX user_session_of_user ON user_session (username) WHERE revoked_at IS NULL;
COMMENT ON INDEX user_session_of_user IS 'end all sessions of a user';
CREATE INDEX user_session_expiry ON user_session (expires_at);
COMMENT ON INDEX user_session_expiry IS 'removal of sessions that are long over';

CREATE TABLE api_key (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}$'),
    prefix       text COLLATE "C" NOT NULL,
    token_hash   bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    role         text NOT NULL
                 CHECK (role IN ('ADMIN', 'COMPLIANCE_OFFICER', 'SECURITY_ANALYST', 'AUDITOR', 'INGESTOR')),
    created_at   timestamptz NOT NULL,
    created_by   text NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
COMMENT ON TABLE  api_key              IS 'keys of programs; sent only in the Authorization header';
COMMENT ON COLUMN api_key.id           IS 'number in lists';
COMMENT ON COLUMN api_key.name         IS 'what the key is for; key:<name> in the access log';
COMMENT ON COLUMN api_key.prefix       IS 'first 12 characters of the key, to recognise it by';
COMMENT ON COLUMN api_key.token_hash   IS 'SHA-256 of the key (256 random bits, so no slow hash is needed)';
COMMENT ON COLUMN api_key.role         IS 'the one role the key has';
COMMENT ON COLUMN api_key.created_at   IS 'when the key was made';
COMMENT ON COLUMN api_key.created_by   IS 'who made it';
COMMENT ON COLUMN api_key.expires_at   IS 'from then on refused; null: does not expire';
COMMENT ON COLUMN api_key.revoked_at   IS 'from then on refused; null: not revoked';
COMMENT ON COLUMN api_key.last_used_at IS 'last use, within a minute; null: never used';
CREATE UNIQUE INDEX api_key_token ON api_key (token_hash);
COMMENT ON INDEX api_key_token IS 'whose key is this, at each request of a program';

CREATE TABLE access_log (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    username       text NOT NULL,
    action         text COLLATE "C" NOT NULL,
    target         text,
    reason         text,
    remote_address text
);
COMMENT ON TABLE  access_log                IS 'who looked at what, signed in or changed a setting; append only';
COMMENT ON COLUMN access_log.id             IS 'order of entry';
COMMENT ON COLUMN access_log.at             IS 'when';
COMMENT ON COLUMN access_log.username       IS 'who, as typed for a failed sign-in; key:<name> for an API key, "command line" for a command';
COMMENT ON COLUMN access_log.action         IS 'see AccessAction';
COMMENT ON COLUMN access_log.target         IS 'what was read or changed';
COMMENT ON COLUMN access_log.reason         IS 'why, when one was given';
COMMENT ON COLUMN access_log.remote_address IS 'address the request came from; null without a request';
CREATE INDEX access_log_time ON access_log (at, id);
COMMENT ON INDEX access_log_time IS 'pages of the access log in a period, by keyset';
CREATE INDEX access_log_user ON access_log (username, at, id);
COMMENT ON INDEX access_log_user IS 'what one user did in a period, by keyset';

CREATE FUNCTION access_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION access_log_is_append_only() IS 'refuses whatever would change or remove entries of the access log';
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_is_append_only();
