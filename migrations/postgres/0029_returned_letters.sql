-- Letters that come back after a mail server had taken them, on PostgreSQL. The file of
-- the same name for SQLite makes the same change and explains it.

-- +goose Up
ALTER TABLE outbox_message ADD COLUMN letter text COLLATE "C" CHECK (length(letter) = 32);
ALTER TABLE outbox_message ADD COLUMN sent_to text NOT NULL DEFAULT '' CHECK (length(sent_to) <= 32);
CREATE UNIQUE INDEX outbox_message_letter ON outbox_message (letter) WHERE letter IS NOT NULL;
