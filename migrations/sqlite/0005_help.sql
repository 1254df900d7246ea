-- Help and safety: what a study declares, whom people can turn to, answers that
-- somebody should know of, and messages on their way. On SQLite; the file of the
-- same name for PostgreSQL makes the same tables.

-- +goose Up
-- What a study declares before it opens: whether its answers belong to people
-- who can be reached (linked) or nobody can be sent (anonymous), and who reads
-- them within how many hours. 0 hours: nobody was named.
CREATE TABLE safety (
    study_id      TEXT    NOT NULL PRIMARY KEY,
    shape         TEXT    NOT NULL CHECK (shape IN ('linked', 'anonymous')),
    responder_id  TEXT,
    deputy_id     TEXT,
    office_hours  TEXT    NOT NULL,
    time_zone     TEXT    NOT NULL,
    window_hours  INTEGER NOT NULL CHECK (window_hours BETWEEN 0 AND 168),
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    declared_at   INTEGER NOT NULL,
    declared_kind TEXT    NOT NULL CHECK (declared_kind IN ('participant', 'user', 'system')),
    declared_id   TEXT    NOT NULL,
    declared_name TEXT    NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (responder_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (deputy_id) REFERENCES user_account (id) ON DELETE RESTRICT
) STRICT;

-- What people are told about who reads their answers, in each language.
CREATE TABLE safety_wording (
    study_id TEXT NOT NULL,
    language TEXT NOT NULL CHECK (length(language) BETWEEN 1 AND 35),
    body     TEXT NOT NULL,
    PRIMARY KEY (study_id, language),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- Whom people of a study can turn to, by country.
CREATE TABLE help_resource (
    study_id TEXT    NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    country  TEXT    NOT NULL CHECK (length(country) = 2), -- ISO 3166-1
    language TEXT    NOT NULL, -- BCP 47, that is spoken there; may be empty
    name     TEXT    NOT NULL,
    phone    TEXT    NOT NULL,
    message  TEXT    NOT NULL, -- how to write there: a number, a word to send
    web      TEXT    NOT NULL,
    hours    TEXT    NOT NULL,
    PRIMARY KEY (study_id, position),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- Answers that met a rule of their questionnaire. A row stays when the answer is
-- changed. It holds no answer. shown_at is when the page about help was first
-- shown because of it, shown_again_at when it was at the end.
CREATE TABLE risk_flag (
    study_id       TEXT    NOT NULL,
    assessment_id  TEXT    NOT NULL,
    item           TEXT    NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    enrolment_id   TEXT    NOT NULL,
    flagged_at     INTEGER NOT NULL,
    shown_at       INTEGER,
    shown_again_at INTEGER,
    PRIMARY KEY (study_id, assessment_id, item),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- What the named people of a linked study have to look at. Level 1 is reached
-- when half of the window has passed unacknowledged, level 2 at its end.
CREATE TABLE risk_alert (
    study_id          TEXT    NOT NULL,
    id                TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    assessment_id     TEXT    NOT NULL,
    item              TEXT    NOT NULL,
    opened_at         INTEGER NOT NULL,
    level             INTEGER NOT NULL CHECK (level BETWEEN 0 AND 2),
    next_at           INTEGER, -- of the next level; null: there is none
    due_at            INTEGER NOT NULL, -- the end of the window
    acknowledged_at   INTEGER,
    acknowledged_by   TEXT,
    acknowledged_name TEXT    NOT NULL,
    note              TEXT    NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT risk_alert_once UNIQUE (study_id, assessment_id, item),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    FOREIGN KEY (study_id, assessment_id, item) REFERENCES risk_flag (study_id, assessment_id, item) ON DELETE RESTRICT,
    FOREIGN KEY (acknowledged_by) REFERENCES user_account (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX risk_alert_next ON risk_alert (next_at) WHERE acknowledged_at IS NULL AND next_at IS NOT NULL;

-- Messages to be sent: what about and to whom, never the text or the address,
-- which are found when a message is sent. The key says what must not be sent
-- twice.
CREATE TABLE outbox_message (
    study_id     TEXT    NOT NULL,
    key          TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    kind         TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    to_kind      TEXT    NOT NULL CHECK (to_kind IN ('participant', 'user')),
    to_id        TEXT    NOT NULL, -- enrolment or account; empty: found when it is sent
    about        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    send_at      INTEGER NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    leased_to_at INTEGER,
    ended_at     INTEGER, -- null: still to be sent
    outcome      TEXT    NOT NULL CHECK (outcome IN ('', 'sent', 'dropped', 'failed')),
    last_error   TEXT    NOT NULL,
    PRIMARY KEY (study_id, key),
    CHECK ((ended_at IS NULL) = (outcome = '')),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX outbox_message_due ON outbox_message (send_at) WHERE ended_at IS NULL;
