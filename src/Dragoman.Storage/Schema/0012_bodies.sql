-- What guardrails found in an exchange: names, kinds and numbers as JSON, never the text. NULL is "nothing".
ALTER TABLE usage ADD COLUMN guardrails TEXT;

-- Prompts and answers of exchanges whose key or route wants them kept, redacted and encrypted (BodyVault); a row is deleted when its
-- time is over. NULL is "there was none".
CREATE TABLE bodies (
    request    INTEGER PRIMARY KEY NOT NULL,
    expires_us INTEGER NOT NULL,
    prompt     BLOB,
    answer     BLOB
);

CREATE INDEX bodies_by_expiry ON bodies (expires_us);
