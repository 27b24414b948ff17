-- What accounts are grouped by beside model, provider and time, as the client said it. NULL is "not said", in rows from before too.
ALTER TABLE usage ADD COLUMN workspace TEXT;
ALTER TABLE usage ADD COLUMN execution TEXT;
ALTER TABLE usage ADD COLUMN user_tier TEXT;
ALTER TABLE usage ADD COLUMN tags      TEXT;
ALTER TABLE usage ADD COLUMN task      TEXT;
ALTER TABLE usage ADD COLUMN chain     TEXT;
