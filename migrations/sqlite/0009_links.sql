-- Lost links, on SQLite: people are found by the address that they type. The file
-- of the same name for PostgreSQL makes the same index.

-- +goose Up
CREATE INDEX contact_email ON contact (email);
