-- People who go on in another course run of their study, on PostgreSQL. The file of the
-- same name for SQLite makes the same change and explains it.

-- +goose Up
ALTER TABLE enrolment ADD COLUMN run_joined_at timestamptz;
