-- The first schema, on SQLite. The file of the same name for PostgreSQL makes
-- the same tables; a test compares them.
--
-- Keys are UUIDv7 as text, made by the application. Instants are integer
-- milliseconds since 1970 in UTC, civil days are text as 2026-03-02, truth is 0
-- or 1. Tables that grow with a study begin their primary key with study_id,
-- and refer to each other with it, so that a row of one study can never belong
-- to another. Nothing cascades: removing data is an act of its own.

-- +goose Up
CREATE TABLE study (
    id              TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    key             TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    title           TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
    simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    language        TEXT    NOT NULL,
    time_zone       TEXT    NOT NULL,
    consent_version INTEGER NOT NULL CHECK (consent_version >= 0),
    trend_minimum   INTEGER NOT NULL CHECK (trend_minimum >= 5),
    primary_scale   TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    CONSTRAINT study_key_unique UNIQUE (key)
) STRICT;

CREATE TABLE arm (
    study_id TEXT    NOT NULL,
    id       TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    key      TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    name     TEXT    NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    control  INTEGER NOT NULL CHECK (control IN (0, 1)),
    share    INTEGER NOT NULL CHECK (share >= 1),
    PRIMARY KEY (study_id, id),
    CONSTRAINT arm_key_unique UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE instrument_version (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    key        TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    version    TEXT    NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    hash       TEXT    NOT NULL,
    definition TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT instrument_version_key_unique UNIQUE (key, version)
) STRICT;

CREATE TABLE wave (
    study_id   TEXT    NOT NULL,
    id         TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    key        TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    name       TEXT    NOT NULL,
    short_name TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('pre', 'during', 'post', 'followup')),
    position   INTEGER NOT NULL CHECK (position >= 0),
    opens_day  INTEGER NOT NULL,
    closes_day INTEGER NOT NULL,
    arm_id     TEXT, -- only this arm answers; null: every arm
    PRIMARY KEY (study_id, id),
    CHECK (closes_day >= opens_day),
    CONSTRAINT wave_key_unique UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE wave_set (
    study_id      TEXT    NOT NULL,
    wave_id       TEXT    NOT NULL,
    position      INTEGER NOT NULL CHECK (position >= 0),
    instrument_id TEXT    NOT NULL,
    PRIMARY KEY (study_id, wave_id, position),
    CONSTRAINT wave_set_instrument_unique UNIQUE (study_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE consent_text (
    study_id   TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    language   TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (study_id, version),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE course_run (
    study_id       TEXT    NOT NULL,
    id             TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    name           TEXT    NOT NULL,
    course_key     TEXT    NOT NULL,
    course_version TEXT    NOT NULL,
    starts_on      TEXT    NOT NULL CHECK (length(starts_on) = 10 AND starts_on >= '0001-01-01'),
    meeting_time   TEXT    NOT NULL,
    time_zone      TEXT    NOT NULL,
    location       TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE participant (
    study_id   TEXT    NOT NULL,
    id         TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    code       TEXT    NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT participant_code_unique UNIQUE (study_id, code),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE contact (
    study_id       TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE enrolment (
    study_id       TEXT    NOT NULL,
    id             TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    participant_id TEXT    NOT NULL,
    run_id         TEXT    NOT NULL,
    arm_id         TEXT    NOT NULL,
    assigned       INTEGER NOT NULL CHECK (assigned IN (0, 1)), -- to the arm by hand, not by lot
    enrolled_at    INTEGER NOT NULL,
    withdrawn_at   INTEGER,
    PRIMARY KEY (study_id, id),
    CONSTRAINT enrolment_participant_unique UNIQUE (study_id, participant_id),
    CONSTRAINT enrolment_run_unique UNIQUE (study_id, run_id, id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE personal_link (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    generation   INTEGER NOT NULL CHECK (generation >= 0),
    token_hash   TEXT    NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    PRIMARY KEY (study_id, enrolment_id, generation),
    CONSTRAINT personal_link_token_unique UNIQUE (token_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE consent (
    study_id     TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    language     TEXT    NOT NULL,
    given_at     INTEGER NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
) STRICT;
-- One standing consent to each version.
CREATE UNIQUE INDEX consent_standing ON consent (study_id, enrolment_id, version) WHERE withdrawn_at IS NULL;

CREATE TABLE assessment (
    study_id      TEXT    NOT NULL,
    id            TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id  TEXT    NOT NULL,
    wave_id       TEXT    NOT NULL,
    instrument_id TEXT    NOT NULL,
    position      INTEGER NOT NULL CHECK (position >= 0),
    started_at    INTEGER,
    saved_at      INTEGER,
    submitted_at  INTEGER,
    PRIMARY KEY (study_id, id),
    CONSTRAINT assessment_once UNIQUE (study_id, enrolment_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX assessment_wave ON assessment (study_id, wave_id, id);

-- A value, or the reason why there is none: missing is never 0. The range keeps
-- infinities and not-a-number out.
CREATE TABLE response (
    study_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    item          TEXT    NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    value         REAL    CHECK (value BETWEEN -1e300 AND 1e300),
    missing       TEXT    CHECK (missing IN ('skipped')),
    answered_at   INTEGER NOT NULL,
    PRIMARY KEY (study_id, assessment_id, item),
    CHECK ((value IS NULL) <> (missing IS NULL)),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

CREATE TABLE score (
    study_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    scale         TEXT    NOT NULL CHECK (length(scale) BETWEEN 1 AND 64),
    value         REAL    CHECK (value BETWEEN -1e300 AND 1e300),
    reason        TEXT    NOT NULL, -- why there is no value; empty when there is
    answered      INTEGER NOT NULL CHECK (answered >= 0),
    items         INTEGER NOT NULL CHECK (items >= answered),
    rule          TEXT    NOT NULL,
    scored_at     INTEGER NOT NULL,
    PRIMARY KEY (study_id, assessment_id, scale),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

CREATE TABLE attendance (
    study_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    meeting      INTEGER NOT NULL CHECK (meeting >= 1),
    present      INTEGER NOT NULL CHECK (present IN (0, 1)),
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id, enrolment_id) REFERENCES enrolment (study_id, run_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

CREATE TABLE user_account (
    id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    email         TEXT    NOT NULL CHECK (length(email) BETWEEN 1 AND 320 AND email = lower(email)),
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    CONSTRAINT user_account_email_unique UNIQUE (email)
) STRICT;

CREATE TABLE role_grant (
    user_id  TEXT NOT NULL,
    role     TEXT NOT NULL CHECK (role IN ('administrator', 'researcher', 'facilitator')),
    study_id TEXT,
    run_id   TEXT,
    CHECK ((role = 'administrator') = (study_id IS NULL)),
    CHECK (run_id IS NULL OR role = 'facilitator'),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX role_grant_once ON role_grant (user_id, role, coalesce(study_id, ''), coalesce(run_id, ''));

CREATE TABLE sign_in (
    token_hash   TEXT    NOT NULL PRIMARY KEY CHECK (length(token_hash) BETWEEN 1 AND 256),
    kind         TEXT    NOT NULL CHECK (kind IN ('participant', 'user')),
    user_id      TEXT,
    study_id     TEXT,
    enrolment_id TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    CHECK ((kind = 'user') = (user_id IS NOT NULL)),
    CHECK ((kind = 'participant') = (study_id IS NOT NULL)),
    CHECK ((kind = 'participant') = (enrolment_id IS NOT NULL)),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX sign_in_expiry ON sign_in (expires_at);
CREATE INDEX sign_in_user ON sign_in (user_id);
CREATE INDEX sign_in_enrolment ON sign_in (study_id, enrolment_id);

CREATE TABLE staff_link (
    token_hash TEXT    NOT NULL PRIMARY KEY CHECK (length(token_hash) BETWEEN 1 AND 256),
    user_id    TEXT    NOT NULL,
    reusable   INTEGER NOT NULL CHECK (reusable IN (0, 1)),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT
) STRICT;

-- The trail refers to nothing, so that it outlives what it tells of. An empty
-- study_id concerns the installation.
CREATE TABLE audit_event (
    study_id    TEXT    NOT NULL,
    id          TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    at          INTEGER NOT NULL,
    actor_kind  TEXT    NOT NULL CHECK (actor_kind IN ('participant', 'user', 'system')),
    actor_id    TEXT    NOT NULL,
    action      TEXT    NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    object_kind TEXT    NOT NULL,
    object_id   TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    PRIMARY KEY (study_id, id)
) STRICT;
CREATE INDEX audit_event_at ON audit_event (at, id);
CREATE INDEX audit_event_study ON audit_event (study_id, at, id);
-- The times a run was moved; see Runs.Trend.
CREATE INDEX audit_event_moves ON audit_event (study_id, object_id, at) WHERE action = 'run.moved';

-- +goose StatementBegin
CREATE TRIGGER instrument_version_no_update BEFORE UPDATE ON instrument_version
BEGIN
    SELECT RAISE(ABORT, 'instrument versions never change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER instrument_version_no_delete BEFORE DELETE ON instrument_version
BEGIN
    SELECT RAISE(ABORT, 'instrument versions are never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'the audit trail never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never shortened');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER study_simulated_fixed BEFORE UPDATE OF simulated ON study
WHEN NEW.simulated <> OLD.simulated
BEGIN
    SELECT RAISE(ABORT, 'whether a study is simulated never changes');
END;
-- +goose StatementEnd
