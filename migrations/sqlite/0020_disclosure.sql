-- Figures of groups as they were told, addresses of calendars, and the steps of an alert, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- What was decided to tell of a group, blurred, once and for good. Occasion is the wave,
-- or the number of the course week. Number counts the decisions on one thing. Counted is
-- how many people are behind it, exactly: for the next decision, never to be shown.
CREATE TABLE group_release (
    study_id    TEXT    NOT NULL,
    run_id      TEXT    NOT NULL,
    figure      TEXT    NOT NULL CHECK (figure IN ('trend', 'change', 'unwanted', 'practice')),
    occasion    TEXT    NOT NULL CHECK (length(occasion) BETWEEN 1 AND 64),
    number      INTEGER NOT NULL CHECK (number >= 1),
    outcome     TEXT    NOT NULL CHECK (outcome IN ('told', 'withheld', 'few', 'most')),
    counted     INTEGER NOT NULL CHECK (counted >= 5),
    people      INTEGER NOT NULL CHECK (people >= 5), -- rounded
    value       REAL,
    low         REAL,
    high        REAL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (study_id, run_id, figure, occasion, number),
    CHECK ((outcome = 'told') = (value IS NOT NULL)),
    CHECK ((low IS NULL) = (high IS NULL)),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- Who is behind a figure. Whoever is erased leaves this list; the figure stays.
CREATE TABLE group_release_member (
    study_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    figure       TEXT    NOT NULL,
    occasion     TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    enrolment_id TEXT    NOT NULL,
    PRIMARY KEY (study_id, run_id, figure, occasion, number, enrolment_id),
    FOREIGN KEY (study_id, run_id, figure, occasion, number)
        REFERENCES group_release (study_id, run_id, figure, occasion, number) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
CREATE INDEX group_release_member_enrolment ON group_release_member (study_id, enrolment_id);

-- Addresses at which people follow their meetings in a calendar of their own. Only
-- keyed hashes are kept. surveys: with the last days of questionnaires; titles: with
-- what they are about.
CREATE TABLE calendar_feed (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL UNIQUE CHECK (length(token_hash) BETWEEN 1 AND 128),
    surveys      INTEGER NOT NULL CHECK (surveys IN (0, 1)),
    titles       INTEGER NOT NULL CHECK (titles IN (0, 1)),
    made_at      INTEGER NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

-- The same for facilitators: of one run, or of all that they may manage.
CREATE TABLE staff_calendar_feed (
    user_id    TEXT    NOT NULL,
    scope      TEXT    NOT NULL CHECK (length(scope) BETWEEN 1 AND 64), -- of the run, or "all"
    study_id   TEXT,
    run_id     TEXT,
    token_hash TEXT    NOT NULL UNIQUE CHECK (length(token_hash) BETWEEN 1 AND 128),
    made_at    INTEGER NOT NULL,
    PRIMARY KEY (user_id, scope),
    CHECK ((study_id IS NULL) = (run_id IS NULL)),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;

-- What was done about alerts, in order: nothing changes a row. note is what somebody
-- wrote, to_name to whom an alert was handed.
CREATE TABLE alert_step (
    study_id TEXT    NOT NULL,
    alert_id TEXT    NOT NULL,
    id       TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    step     TEXT    NOT NULL CHECK (step IN ('acknowledged', 'noted', 'handed_over', 'raised', 'reopened')),
    at       INTEGER NOT NULL,
    by_kind  TEXT    NOT NULL CHECK (by_kind IN ('participant', 'user', 'system')),
    by_id    TEXT    NOT NULL,
    by_name  TEXT    NOT NULL,
    to_name  TEXT    NOT NULL,
    note     TEXT    NOT NULL,
    PRIMARY KEY (study_id, alert_id, id),
    FOREIGN KEY (study_id, alert_id) REFERENCES risk_alert (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- How often an alert was handed over or opened again: its messages are sent anew.
ALTER TABLE risk_alert ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
