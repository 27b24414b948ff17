-- Who did what, chained: the mac of each entry is over it and the mac before. The end of the chain is kept beside it, sealed, so
-- that entries cannot be cut off unseen. Both are written in one transaction.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY NOT NULL,
    at_us      INTEGER NOT NULL,
    who        TEXT NOT NULL,
    name       TEXT,
    role       TEXT,
    address    TEXT,
    user_agent TEXT,
    action     TEXT NOT NULL,
    subject    TEXT,
    before     TEXT,
    after      TEXT,
    sealed_by  TEXT NOT NULL,
    mac        BLOB NOT NULL
);

CREATE INDEX audit_by_who ON audit (who, number);
CREATE INDEX audit_by_subject ON audit (subject, number);
CREATE INDEX audit_by_time ON audit (at_us);

CREATE TABLE audit_end (
    one       INTEGER PRIMARY KEY NOT NULL,
    count     INTEGER NOT NULL,
    mac       BLOB NOT NULL,
    sealed_by TEXT NOT NULL,
    seal      BLOB NOT NULL
);
