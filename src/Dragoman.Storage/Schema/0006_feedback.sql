-- What people think of answers: one row at most for each request, which a later word replaces. Who answered and at which task is
-- kept with it, so that qualities can be counted at the start without a look at the records. Scores are 0 to 1.
CREATE TABLE feedback (
    request    INTEGER PRIMARY KEY NOT NULL,
    given_at_us INTEGER NOT NULL,
    score      REAL NOT NULL,
    comment    TEXT,
    deployment TEXT NOT NULL,
    task       TEXT
);

CREATE INDEX feedback_by_age ON feedback (given_at_us);
