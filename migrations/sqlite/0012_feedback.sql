-- Whether people see their own scores, on SQLite. The file of the same name for
-- PostgreSQL makes the same column.

-- +goose Up
ALTER TABLE study ADD COLUMN feedback TEXT NOT NULL DEFAULT 'never' CHECK (feedback IN ('never', 'after_each', 'at_end'));
