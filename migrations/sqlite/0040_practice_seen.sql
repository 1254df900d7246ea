-- Practice that facilitators may see the minutes of, on SQLite. The file of the same
-- name for PostgreSQL makes the same change.

-- +goose Up
-- Whoever noted something before this was told that only the sum of the group is seen,
-- and so it stays.
ALTER TABLE practice_log ADD COLUMN seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1));
