-- Passkeys of staff (WebAuthn), on SQLite. The file of the same name for PostgreSQL makes
-- the same tables.

-- +goose Up
-- What a device has shown of a passkey, public key, flags and counter among it, as JSON.
CREATE TABLE passkey (
    user_id       TEXT    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    id            TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    name          TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    credential_id TEXT    NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 2048), -- base64url
    credential    TEXT    NOT NULL CHECK (length(credential) BETWEEN 2 AND 65536),
    created_at    INTEGER NOT NULL,
    used_at       INTEGER,
    PRIMARY KEY (user_id, id),
    CONSTRAINT passkey_credential_unique UNIQUE (credential_id)
) STRICT;

-- Questions to a device that were answered: none is answered twice.
CREATE TABLE passkey_challenge (
    hash       TEXT    NOT NULL PRIMARY KEY CHECK (length(hash) BETWEEN 1 AND 256),
    expires_at INTEGER NOT NULL
) STRICT;
