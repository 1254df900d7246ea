-- People who go on in another course run of their study, on SQLite. The file of the
-- same name for PostgreSQL makes the same change.

-- +goose Up
-- Since when somebody is in the run that they are in; null: since they enrolled.
ALTER TABLE enrolment ADD COLUMN run_joined_at INTEGER;
