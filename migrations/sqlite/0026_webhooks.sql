-- Events that other systems are told of, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- Where a study's events go. Whoever sends holds the whole row for a while, so that one
-- address gets its events one after the other; takes counts who held it, and whoever was
-- overtaken finds another number there. The secret is sealed.
CREATE TABLE webhook (
    study_id      TEXT    NOT NULL REFERENCES study (id) ON DELETE RESTRICT,
    id            TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    address       TEXT    NOT NULL CHECK (length(address) BETWEEN 1 AND 500),
    kinds         TEXT    NOT NULL CHECK (length(kinds) BETWEEN 3 AND 400), -- with a space around each
    key_id        TEXT    NOT NULL,
    sealed        BLOB    NOT NULL,
    made_by       TEXT    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    made_at       INTEGER NOT NULL,
    sequence      INTEGER NOT NULL CHECK (sequence >= 0), -- the last that was given
    takes         INTEGER NOT NULL CHECK (takes >= 0),
    next_at       INTEGER NOT NULL, -- not before
    leased_to_at  INTEGER,
    tries         INTEGER NOT NULL CHECK (tries >= 0), -- that failed, one after the other
    failing_at    INTEGER, -- since when
    paused_at     INTEGER,
    pause_reason  TEXT    NOT NULL,
    ended_at      INTEGER,
    PRIMARY KEY (study_id, id)
) STRICT;

-- An event for one address: written with what it is about, without an answer. Its
-- number is given by whoever sends next, in the order in which events are found: 0: it
-- has none yet.
CREATE TABLE webhook_delivery (
    study_id     TEXT    NOT NULL,
    webhook_id   TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    kind         TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    enrolment_id TEXT, -- whom it is about; empty: nobody
    about        TEXT    NOT NULL,
    detail       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    sequence     INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    tried_at     INTEGER,
    status       INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 999), -- of HTTP; 0: no answer
    last_error   TEXT    NOT NULL DEFAULT '',
    ended_at     INTEGER,
    PRIMARY KEY (study_id, webhook_id, id),
    FOREIGN KEY (study_id, webhook_id) REFERENCES webhook (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (study_id, webhook_id, sequence) WHERE ended_at IS NULL;
CREATE INDEX webhook_delivery_made ON webhook_delivery (study_id, webhook_id, created_at);
CREATE INDEX webhook_delivery_enrolment ON webhook_delivery (study_id, enrolment_id) WHERE enrolment_id IS NOT NULL;
