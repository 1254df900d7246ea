-- Letters that come back after a mail server had taken them, and the people whom that
-- concerns. On SQLite; the file of the same name for PostgreSQL makes the same change.

-- +goose Up
-- What a letter was sent under: a keyed hash, also in its return address, so that what
-- comes back names its message; null: never tried. sent_to is a keyed hash of the
-- address, to tell whether it is still the person's.
ALTER TABLE outbox_message ADD COLUMN letter TEXT CHECK (length(letter) = 32);
ALTER TABLE outbox_message ADD COLUMN sent_to TEXT NOT NULL DEFAULT '' CHECK (length(sent_to) <= 32);
CREATE UNIQUE INDEX outbox_message_letter ON outbox_message (letter) WHERE letter IS NOT NULL;
