-- How people want messages to reach them, on SQLite. The file of the same name for
-- PostgreSQL makes the same change.

-- +goose Up
-- The person's address at a push service, sealed under their key; null: none was given.
ALTER TABLE contact ADD COLUMN push BLOB;
-- What the person has chosen; empty: nothing, and letters come before short messages.
ALTER TABLE contact ADD COLUMN channel TEXT NOT NULL DEFAULT '' CHECK (channel IN ('', 'email', 'sms', 'push'));
