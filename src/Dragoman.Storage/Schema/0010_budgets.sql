-- What was spent of budgets: a row for each period of each combination of values that a budget counts. Written behind, by adding up
-- what attempts cost; times are microseconds since 1970, amounts nano-dollars. A row whose time is over counts no more and is kept
-- to be looked at.
CREATE TABLE budget_period (
    budget            TEXT NOT NULL,
    counted           TEXT NOT NULL,
    start_us          INTEGER NOT NULL,
    expires_us        INTEGER NOT NULL,
    spent_nano_usd    INTEGER NOT NULL,
    calls             INTEGER NOT NULL,
    overrun_nano_usd  INTEGER NOT NULL,
    orphaned_nano_usd INTEGER NOT NULL,
    told              TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (budget, counted, start_us)
) WITHOUT ROWID;

CREATE INDEX budget_period_by_end ON budget_period (expires_us);

-- How far each journal of reservations has been added to them: a batch with a number no larger is in there, and not added again.
CREATE TABLE budget_batch (
    journal TEXT PRIMARY KEY NOT NULL,
    number  INTEGER NOT NULL
) WITHOUT ROWID;
