-- Tokens for programs, on PostgreSQL. The file of the same name for SQLite makes the
-- same table.

-- +goose Up
-- What a program shows to act for a member of staff in one study. It never may more than
-- its person may when it is used. Of the token itself only a hash is kept, and its first
-- characters, so that people can tell their tokens apart.
CREATE TABLE api_token (
    study_id   text COLLATE "C"    NOT NULL REFERENCES study (id) ON DELETE RESTRICT,
    id         text COLLATE "C"    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    user_id    text COLLATE "C"    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    name       text    NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    shape      text    NOT NULL CHECK (shape IN ('bearer', 'redcap')),
    prefix     text    NOT NULL CHECK (length(prefix) BETWEEN 4 AND 16),
    token_hash text COLLATE "C"    NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    scopes     text    NOT NULL CHECK (length(scopes) BETWEEN 1 AND 200), -- with a space between
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz, -- the first time on the last day (UTC) of use
    PRIMARY KEY (study_id, id),
    CHECK (expires_at > created_at),
    CONSTRAINT api_token_hash_unique UNIQUE (token_hash)
);
CREATE INDEX api_token_user ON api_token (user_id, study_id, created_at);
