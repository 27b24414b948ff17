-- What the request was about and what was weighed for it, as JSON; the last columns, since few questions need them. NULL is "nothing to tell".
ALTER TABLE usage ADD COLUMN profile  TEXT;
ALTER TABLE usage ADD COLUMN decision TEXT;
