-- How people want messages to reach them, on PostgreSQL. The file of the same name for
-- SQLite makes the same change and explains it.

-- +goose Up
ALTER TABLE contact ADD COLUMN push bytea;
ALTER TABLE contact ADD COLUMN channel text COLLATE "C" NOT NULL DEFAULT '' CHECK (channel IN ('', 'email', 'sms', 'push'));
