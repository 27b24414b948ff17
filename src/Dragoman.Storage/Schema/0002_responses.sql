-- Answers of OpenAI's responses that may be carried on from by their id. A caller is '' while the server is open, since NULL is
-- never equal to itself in a key. previous_id may name an answer that is gone: the conversation then cannot be carried on.
CREATE TABLE responses (
    caller        TEXT NOT NULL,
    id            TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    previous_id   TEXT,
    kept_by       TEXT,
    answered_by   TEXT,
    input         BLOB NOT NULL,
    response      BLOB NOT NULL,
    PRIMARY KEY (caller, id)
);

CREATE INDEX responses_by_age ON responses (created_at_us);
