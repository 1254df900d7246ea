-- Passkeys of staff (WebAuthn), on PostgreSQL. The file of the same name for SQLite makes
-- the same tables.

-- +goose Up
-- What a device has shown of a passkey, public key, flags and counter among it, as JSON.
CREATE TABLE passkey (
    user_id       text COLLATE "C" NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    id            text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    credential_id text COLLATE "C" NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 2048), -- base64url
    credential    text        NOT NULL CHECK (length(credential) BETWEEN 2 AND 65536),
    created_at    timestamptz NOT NULL,
    used_at       timestamptz,
    PRIMARY KEY (user_id, id),
    CONSTRAINT passkey_credential_unique UNIQUE (credential_id)
);

-- Questions to a device that were answered: none is answered twice.
CREATE TABLE passkey_challenge (
    hash       text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(hash) BETWEEN 1 AND 256),
    expires_at timestamptz      NOT NULL
);
