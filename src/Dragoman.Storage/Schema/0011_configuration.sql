-- What was configured through the API: entries that are in force, and after each change the whole as one document, so that it can be
-- compared and gone back to. Times are microseconds since 1970.
CREATE TABLE configuration_entry (
    kind          TEXT NOT NULL,
    id            TEXT NOT NULL,
    json          TEXT NOT NULL,
    version       INTEGER NOT NULL,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE configuration_version (
    number    INTEGER PRIMARY KEY NOT NULL,
    made_at_us INTEGER NOT NULL,
    made_by   TEXT,
    what      TEXT NOT NULL,
    document  TEXT NOT NULL
);

-- Secrets, encrypted: nonce, ciphertext and tag of AES-256-GCM with the id as associated data. The fingerprint tells under which
-- master key, and nothing about it.
CREATE TABLE secret (
    id            TEXT PRIMARY KEY NOT NULL,
    sealed        BLOB NOT NULL,
    last_four     TEXT,
    master_key    TEXT NOT NULL,
    created_at_us INTEGER NOT NULL
);
