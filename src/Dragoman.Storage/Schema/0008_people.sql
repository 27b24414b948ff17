-- Users, teams and workspaces, and who is signed in. All of it is in memory while a server runs; a row's version says whether
-- another process was faster. Passwords and the secrets of sessions are kept as hashes only.
CREATE TABLE team (
    id            TEXT PRIMARY KEY NOT NULL,
    name          TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    version       INTEGER NOT NULL
);

CREATE TABLE person (
    id            TEXT PRIMARY KEY NOT NULL,
    name          TEXT NOT NULL,
    email         TEXT UNIQUE,
    role          TEXT NOT NULL,
    disabled      INTEGER NOT NULL,
    password_hash TEXT,
    stamp         TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    version       INTEGER NOT NULL
);

CREATE TABLE membership (
    person  TEXT NOT NULL,
    team    TEXT NOT NULL,
    manages INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    PRIMARY KEY (person, team)
);

CREATE INDEX membership_by_team ON membership (team);

CREATE TABLE workspace (
    id            TEXT PRIMARY KEY NOT NULL,
    name          TEXT NOT NULL,
    team          TEXT,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    version       INTEGER NOT NULL
);

CREATE TABLE sessions (
    id              TEXT PRIMARY KEY NOT NULL,
    hash            TEXT NOT NULL,
    caller          TEXT NOT NULL,
    stamp           TEXT NOT NULL,
    created_at_us   INTEGER NOT NULL,
    last_used_at_us INTEGER NOT NULL,
    address         TEXT,
    user_agent      TEXT
);
