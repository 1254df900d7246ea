-- Figures of groups as they were told, addresses of calendars, and the steps of an alert, on PostgreSQL. The file of the same name for
-- SQLite makes the same tables.

-- +goose Up
-- What was decided to tell of a group, blurred, once and for good. Occasion is the wave,
-- or the number of the course week. Number counts the decisions on one thing. Counted is
-- how many people are behind it, exactly: for the next decision, never to be shown.
CREATE TABLE group_release (
    study_id    text COLLATE "C" NOT NULL,
    run_id      text COLLATE "C" NOT NULL,
    figure      text COLLATE "C" NOT NULL CHECK (figure IN ('trend', 'change', 'unwanted', 'practice')),
    occasion    text COLLATE "C" NOT NULL CHECK (length(occasion) BETWEEN 1 AND 64),
    number      integer NOT NULL CHECK (number >= 1),
    outcome     text    NOT NULL CHECK (outcome IN ('told', 'withheld', 'few', 'most')),
    counted     integer NOT NULL CHECK (counted >= 5),
    people      integer NOT NULL CHECK (people >= 5), -- rounded
    value       double precision,
    low         double precision,
    high        double precision,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (study_id, run_id, figure, occasion, number),
    CHECK ((outcome = 'told') = (value IS NOT NULL)),
    CHECK ((low IS NULL) = (high IS NULL)),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);

-- Who is behind a figure. Whoever is erased leaves this list; the figure stays.
CREATE TABLE group_release_member (
    study_id     text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    figure       text COLLATE "C" NOT NULL,
    occasion     text COLLATE "C" NOT NULL,
    number       integer NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (study_id, run_id, figure, occasion, number, enrolment_id),
    FOREIGN KEY (study_id, run_id, figure, occasion, number)
        REFERENCES group_release (study_id, run_id, figure, occasion, number) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX group_release_member_enrolment ON group_release_member (study_id, enrolment_id);

-- Addresses at which people follow their meetings in a calendar of their own. Only
-- keyed hashes are kept. surveys: with the last days of questionnaires; titles: with
-- what they are about.
CREATE TABLE calendar_feed (
    study_id     text COLLATE "C"    NOT NULL,
    enrolment_id text COLLATE "C"    NOT NULL,
    token_hash   text COLLATE "C"    NOT NULL UNIQUE CHECK (length(token_hash) BETWEEN 1 AND 128),
    surveys      boolean NOT NULL,
    titles       boolean NOT NULL,
    made_at      timestamptz NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

-- The same for facilitators: of one run, or of all that they may manage.
CREATE TABLE staff_calendar_feed (
    user_id    text COLLATE "C"    NOT NULL,
    scope      text COLLATE "C"    NOT NULL CHECK (length(scope) BETWEEN 1 AND 64), -- of the run, or "all"
    study_id   text COLLATE "C",
    run_id     text COLLATE "C",
    token_hash text COLLATE "C"    NOT NULL UNIQUE CHECK (length(token_hash) BETWEEN 1 AND 128),
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (user_id, scope),
    CHECK ((study_id IS NULL) = (run_id IS NULL)),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);

-- What was done about alerts, in order: nothing changes a row. note is what somebody
-- wrote, to_name to whom an alert was handed.
CREATE TABLE alert_step (
    study_id text COLLATE "C"  NOT NULL,
    alert_id text COLLATE "C"  NOT NULL,
    id       text COLLATE "C"  NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    step     text    NOT NULL CHECK (step IN ('acknowledged', 'noted', 'handed_over', 'raised', 'reopened')),
    at       timestamptz NOT NULL,
    by_kind  text    NOT NULL CHECK (by_kind IN ('participant', 'user', 'system')),
    by_id    text    NOT NULL,
    by_name  text    NOT NULL,
    to_name  text    NOT NULL,
    note     text    NOT NULL,
    PRIMARY KEY (study_id, alert_id, id),
    FOREIGN KEY (study_id, alert_id) REFERENCES risk_alert (study_id, id) ON DELETE RESTRICT
);

-- How often an alert was handed over or opened again: its messages are sent anew.
ALTER TABLE risk_alert ADD COLUMN round integer NOT NULL DEFAULT 0;
