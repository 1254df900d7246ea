-- Practice that facilitators may see the minutes of, on PostgreSQL. The file of the same
-- name for SQLite makes the same change and explains it.

-- +goose Up
ALTER TABLE practice_log ADD COLUMN seen boolean NOT NULL DEFAULT false;
