-- Lost links, on PostgreSQL: people are found by the address that they type. The file
-- of the same name for SQLite makes the same index.

-- +goose Up
CREATE INDEX contact_email ON contact (email);
