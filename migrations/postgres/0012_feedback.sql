-- Whether people see their own scores, on PostgreSQL. The file of the same name for
-- SQLite makes the same column.

-- +goose Up
ALTER TABLE study ADD COLUMN feedback text NOT NULL DEFAULT 'never' CHECK (feedback IN ('never', 'after_each', 'at_end'));
