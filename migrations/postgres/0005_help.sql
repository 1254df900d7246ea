-- Help and safety: what a study declares, whom people can turn to, answers that
-- somebody should know of, and messages on their way. On PostgreSQL; the file
-- of the same name for SQLite makes the same tables.

-- +goose Up
-- What a study declares before it opens: whether its answers belong to people
-- who can be reached (linked) or nobody can be sent (anonymous), and who reads
-- them within how many hours. 0 hours: nobody was named.
CREATE TABLE safety (
    study_id      text COLLATE "C" NOT NULL PRIMARY KEY,
    shape         text NOT NULL CHECK (shape IN ('linked', 'anonymous')),
    responder_id  text COLLATE "C",
    deputy_id     text COLLATE "C",
    office_hours  text NOT NULL,
    time_zone     text NOT NULL,
    window_hours  integer NOT NULL CHECK (window_hours BETWEEN 0 AND 168),
    revision      integer NOT NULL CHECK (revision >= 1),
    declared_at   timestamptz NOT NULL,
    declared_kind text NOT NULL CHECK (declared_kind IN ('participant', 'user', 'system')),
    declared_id   text NOT NULL,
    declared_name text NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (responder_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (deputy_id) REFERENCES user_account (id) ON DELETE RESTRICT
);

-- What people are told about who reads their answers, in each language.
CREATE TABLE safety_wording (
    study_id text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL CHECK (length(language) BETWEEN 1 AND 35),
    body     text NOT NULL,
    PRIMARY KEY (study_id, language),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- Whom people of a study can turn to, by country.
CREATE TABLE help_resource (
    study_id text COLLATE "C" NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    country  text NOT NULL CHECK (length(country) = 2), -- ISO 3166-1
    language text COLLATE "C" NOT NULL, -- BCP 47, that is spoken there; may be empty
    name     text NOT NULL,
    phone    text NOT NULL,
    message  text NOT NULL, -- how to write there: a number, a word to send
    web      text NOT NULL,
    hours    text NOT NULL,
    PRIMARY KEY (study_id, position),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- Answers that met a rule of their questionnaire. A row stays when the answer is
-- changed. It holds no answer. shown_at is when the page about help was first
-- shown because of it, shown_again_at when it was at the end.
CREATE TABLE risk_flag (
    study_id       text COLLATE "C" NOT NULL,
    assessment_id  text COLLATE "C" NOT NULL,
    item           text COLLATE "C" NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    enrolment_id   text COLLATE "C" NOT NULL,
    flagged_at     timestamptz NOT NULL,
    shown_at       timestamptz,
    shown_again_at timestamptz,
    PRIMARY KEY (study_id, assessment_id, item),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

-- What the named people of a linked study have to look at. Level 1 is reached
-- when half of the window has passed unacknowledged, level 2 at its end.
CREATE TABLE risk_alert (
    study_id          text COLLATE "C" NOT NULL,
    id                text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    assessment_id     text COLLATE "C" NOT NULL,
    item              text COLLATE "C" NOT NULL,
    opened_at         timestamptz NOT NULL,
    level             integer NOT NULL CHECK (level BETWEEN 0 AND 2),
    next_at           timestamptz, -- of the next level; null: there is none
    due_at            timestamptz NOT NULL, -- the end of the window
    acknowledged_at   timestamptz,
    acknowledged_by   text COLLATE "C",
    acknowledged_name text NOT NULL,
    note              text NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT risk_alert_once UNIQUE (study_id, assessment_id, item),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    FOREIGN KEY (study_id, assessment_id, item) REFERENCES risk_flag (study_id, assessment_id, item) ON DELETE RESTRICT,
    FOREIGN KEY (acknowledged_by) REFERENCES user_account (id) ON DELETE RESTRICT
);
CREATE INDEX risk_alert_next ON risk_alert (next_at) WHERE acknowledged_at IS NULL AND next_at IS NOT NULL;

-- Messages to be sent: what about and to whom, never the text or the address,
-- which are found when a message is sent. The key says what must not be sent
-- twice.
CREATE TABLE outbox_message (
    study_id     text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    kind         text NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    to_kind      text NOT NULL CHECK (to_kind IN ('participant', 'user')),
    to_id        text COLLATE "C" NOT NULL, -- enrolment or account; empty: found when it is sent
    about        text NOT NULL,
    created_at   timestamptz NOT NULL,
    send_at      timestamptz NOT NULL,
    attempts     integer NOT NULL CHECK (attempts >= 0),
    leased_to_at timestamptz,
    ended_at     timestamptz, -- null: still to be sent
    outcome      text NOT NULL CHECK (outcome IN ('', 'sent', 'dropped', 'failed')),
    last_error   text NOT NULL,
    PRIMARY KEY (study_id, key),
    CHECK ((ended_at IS NULL) = (outcome = '')),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);
CREATE INDEX outbox_message_due ON outbox_message (send_at) WHERE ended_at IS NULL;
