-- Sign-ins that their owner can tell apart, and second factors, on SQLite. The file of
-- the same name for PostgreSQL makes the same tables.

-- +goose Up
-- Of staff alone: a name that says nothing, by which an owner ends a sign-in; in what
-- browser it is; by what it began; when it was last used, to some minutes, and when its
-- person last showed who they are; and whether the second factor is still to come.
ALTER TABLE sign_in ADD COLUMN id TEXT CHECK (length(id) BETWEEN 1 AND 64);
ALTER TABLE sign_in ADD COLUMN browser TEXT CHECK (length(browser) <= 120);
ALTER TABLE sign_in ADD COLUMN way TEXT CHECK (way IN ('password', 'link', 'passkey'));
ALTER TABLE sign_in ADD COLUMN seen_at INTEGER;
ALTER TABLE sign_in ADD COLUMN proved_at INTEGER;
ALTER TABLE sign_in ADD COLUMN factor_due INTEGER NOT NULL DEFAULT 0 CHECK (factor_due IN (0, 1));
-- Those of staff who are signed in now have none of it: they sign in once more.
DELETE FROM sign_in WHERE kind = 'user';
CREATE UNIQUE INDEX sign_in_id ON sign_in (id);

-- The key of a program that makes codes of six digits, sealed. Of each code the step of
-- time is kept that it was for, so that none works twice.
CREATE TABLE user_totp (
    user_id      TEXT    NOT NULL PRIMARY KEY REFERENCES user_account (id) ON DELETE RESTRICT,
    key_id       TEXT    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       BLOB    NOT NULL CHECK (length(sealed) BETWEEN 16 AND 4096),
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER, -- by a first code; before that it counts for nothing
    last_step    INTEGER NOT NULL
) STRICT;

-- What opens an account once when its second factor is lost.
CREATE TABLE recovery_code (
    user_id   TEXT    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    code_hash TEXT    NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    used_at   INTEGER,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;
