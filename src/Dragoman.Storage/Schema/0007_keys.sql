-- Keys that clients hold. Of a secret only its SHA-256 hash is kept, which no two keys share; former_hash is the secret before a
-- rotation, which counts until former_until_us. Lists and metadata are JSON; NULL is "not restricted" or "not said".
CREATE TABLE virtual_keys (
    id              TEXT PRIMARY KEY NOT NULL,
    version         INTEGER NOT NULL,
    name            TEXT NOT NULL,
    hash            BLOB NOT NULL UNIQUE,
    last_four       TEXT NOT NULL,
    former_hash     BLOB,
    former_until_us INTEGER,
    role            TEXT NOT NULL,
    user_id         TEXT,
    team_id         TEXT,
    workspace_id    TEXT,
    user_tier       TEXT,
    tags            TEXT,
    models          TEXT,
    providers       TEXT,
    routes          TEXT,
    addresses       TEXT,
    metadata        TEXT,
    expires_at_us   INTEGER,
    enabled         INTEGER NOT NULL,
    revoked_at_us   INTEGER,
    created_at_us   INTEGER NOT NULL,
    updated_at_us   INTEGER NOT NULL,
    created_by      TEXT,
    last_used_us    INTEGER
);
