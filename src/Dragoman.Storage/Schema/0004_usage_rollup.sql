-- Accounts over any span of time without reading every record. Sums are kept per hour and day in a few cuts: a cut is a choice of
-- what is told apart (RollupCuts.cs); what it does not tell apart, and what nobody said, is ''. Buckets are whole hours or days
-- since 1970. Where a database knows no WITHOUT ROWID, its runner leaves it out.

-- Ids of records that no sum holds yet.
CREATE TABLE usage_tail (id INTEGER PRIMARY KEY NOT NULL);
INSERT INTO usage_tail (id) SELECT id FROM usage;

-- All that is summed and grouped by, in the order of time: spans that are no whole hours or days are read from here alone.
CREATE INDEX usage_facts ON usage (
    started_at_us, deployment, task, workspace, caller, execution, outcome, input, cache_read, cache_write, cache_write_1h,
    output, reasoning, audio_input, audio_output, image_input, image_output, cost_nano_usd, total_us
);

CREATE TABLE usage_rollup (
    cut           INTEGER NOT NULL,
    grain         INTEGER NOT NULL,
    bucket        INTEGER NOT NULL,
    task          TEXT NOT NULL,
    workspace     TEXT NOT NULL,
    caller        TEXT NOT NULL,
    deployment    TEXT NOT NULL,
    calls         INTEGER NOT NULL,
    succeeded     INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL,
    priced        INTEGER NOT NULL,
    unpriced      INTEGER NOT NULL,
    counted       INTEGER NOT NULL,
    uncounted     INTEGER NOT NULL,
    input         INTEGER NOT NULL,
    cache_read    INTEGER NOT NULL,
    cache_write   INTEGER NOT NULL,
    output        INTEGER NOT NULL,
    reasoning     INTEGER NOT NULL,
    media         INTEGER NOT NULL,
    total_us      INTEGER NOT NULL,
    PRIMARY KEY (cut, grain, bucket, task, workspace, caller, deployment)
) WITHOUT ROWID;

-- The same for calls that belong to an execution. Clients invent those, as many as they like, so they have a table of their own.
CREATE TABLE usage_rollup_execution (
    cut           INTEGER NOT NULL,
    grain         INTEGER NOT NULL,
    bucket        INTEGER NOT NULL,
    deployment    TEXT NOT NULL,
    task          TEXT NOT NULL,
    workspace     TEXT NOT NULL,
    caller        TEXT NOT NULL,
    execution     TEXT NOT NULL,
    calls         INTEGER NOT NULL,
    succeeded     INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL,
    priced        INTEGER NOT NULL,
    unpriced      INTEGER NOT NULL,
    counted       INTEGER NOT NULL,
    uncounted     INTEGER NOT NULL,
    input         INTEGER NOT NULL,
    cache_read    INTEGER NOT NULL,
    cache_write   INTEGER NOT NULL,
    output        INTEGER NOT NULL,
    reasoning     INTEGER NOT NULL,
    media         INTEGER NOT NULL,
    total_us      INTEGER NOT NULL,
    PRIMARY KEY (cut, grain, bucket, deployment, task, workspace, caller, execution)
) WITHOUT ROWID;

CREATE INDEX usage_rollup_by_execution ON usage_rollup_execution (execution, cut, grain, bucket);
