-- How people come in, on PostgreSQL: tries that are counted, and codes that can be
-- typed. The file of the same name for SQLite makes the same tables.

-- +goose Up
-- Tries at something within a window of time, counted for all servers together.
-- key_hash is a keyed hash of what is counted, for whom and in which window: no
-- address can be read from it, nor two windows of one be told to belong together.
CREATE TABLE attempt_count (
    key_hash   text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(key_hash) BETWEEN 1 AND 256),
    n          integer          NOT NULL CHECK (n >= 0),
    expires_at timestamptz      NOT NULL -- end of the window
);
CREATE INDEX attempt_count_expiry ON attempt_count (expires_at);

-- The keyed hash of the code that can be typed in place of the link; null: none was
-- handed out yet.
ALTER TABLE personal_link ADD COLUMN code_hash text COLLATE "C" CHECK (length(code_hash) BETWEEN 1 AND 256);
CREATE UNIQUE INDEX personal_link_code ON personal_link (code_hash);
