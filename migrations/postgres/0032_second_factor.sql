-- Sign-ins that their owner can tell apart, and second factors, on PostgreSQL. The file
-- of the same name for SQLite makes the same tables.

-- +goose Up
-- Of staff alone: a name that says nothing, by which an owner ends a sign-in; in what
-- browser it is; by what it began; when it was last used, to some minutes, and when its
-- person last showed who they are; and whether the second factor is still to come.
ALTER TABLE sign_in ADD COLUMN id text COLLATE "C" CHECK (length(id) BETWEEN 1 AND 64);
ALTER TABLE sign_in ADD COLUMN browser text CHECK (length(browser) <= 120);
ALTER TABLE sign_in ADD COLUMN way text CHECK (way IN ('password', 'link', 'passkey'));
ALTER TABLE sign_in ADD COLUMN seen_at timestamptz;
ALTER TABLE sign_in ADD COLUMN proved_at timestamptz;
ALTER TABLE sign_in ADD COLUMN factor_due boolean NOT NULL DEFAULT false;
-- Those of staff who are signed in now have none of it: they sign in once more.
DELETE FROM sign_in WHERE kind = 'user';
CREATE UNIQUE INDEX sign_in_id ON sign_in (id);

-- The key of a program that makes codes of six digits, sealed. Of each code the step of
-- time is kept that it was for, so that none works twice.
CREATE TABLE user_totp (
    user_id      text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES user_account (id) ON DELETE RESTRICT,
    key_id       text        NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       bytea       NOT NULL CHECK (length(sealed) BETWEEN 16 AND 4096),
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz, -- by a first code; before that it counts for nothing
    last_step    bigint      NOT NULL
);

-- What opens an account once when its second factor is lost.
CREATE TABLE recovery_code (
    user_id   text COLLATE "C" NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    code_hash text COLLATE "C" NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    used_at   timestamptz,
    PRIMARY KEY (user_id, code_hash)
);
