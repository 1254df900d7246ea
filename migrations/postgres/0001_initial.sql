-- The first schema, on PostgreSQL. The file of the same name for SQLite makes
-- the same tables and explains them; a test compares the two. Keys sort by code
-- point (COLLATE "C"), as on SQLite, whatever the locale of the server.

-- +goose Up
CREATE TABLE study (
    id              text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    key             text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    title           text             NOT NULL,
    state           text             NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
    simulated       boolean          NOT NULL,
    language        text             NOT NULL,
    time_zone       text             NOT NULL,
    consent_version integer          NOT NULL CHECK (consent_version >= 0),
    trend_minimum   integer          NOT NULL CHECK (trend_minimum >= 5),
    primary_scale   text             NOT NULL,
    created_at      timestamptz      NOT NULL,
    CONSTRAINT study_key_unique UNIQUE (key)
);

CREATE TABLE arm (
    study_id text COLLATE "C" NOT NULL,
    id       text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    key      text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    name     text             NOT NULL,
    position integer          NOT NULL CHECK (position >= 0),
    control  boolean          NOT NULL,
    share    integer          NOT NULL CHECK (share >= 1),
    PRIMARY KEY (study_id, id),
    CONSTRAINT arm_key_unique UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE instrument_version (
    id         text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    key        text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    version    text COLLATE "C" NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    hash       text             NOT NULL,
    definition text             NOT NULL,
    created_at timestamptz      NOT NULL,
    CONSTRAINT instrument_version_key_unique UNIQUE (key, version)
);

CREATE TABLE wave (
    study_id   text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    key        text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    name       text             NOT NULL,
    short_name text             NOT NULL,
    kind       text             NOT NULL CHECK (kind IN ('pre', 'during', 'post', 'followup')),
    position   integer          NOT NULL CHECK (position >= 0),
    opens_day  integer          NOT NULL,
    closes_day integer          NOT NULL,
    arm_id     text COLLATE "C", -- only this arm answers; null: every arm
    PRIMARY KEY (study_id, id),
    CHECK (closes_day >= opens_day),
    CONSTRAINT wave_key_unique UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE wave_set (
    study_id      text COLLATE "C" NOT NULL,
    wave_id       text COLLATE "C" NOT NULL,
    position      integer          NOT NULL CHECK (position >= 0),
    instrument_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (study_id, wave_id, position),
    CONSTRAINT wave_set_instrument_unique UNIQUE (study_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT
);

CREATE TABLE consent_text (
    study_id   text COLLATE "C" NOT NULL,
    version    integer          NOT NULL CHECK (version >= 1),
    language   text             NOT NULL,
    title      text             NOT NULL,
    body       text             NOT NULL,
    created_at timestamptz      NOT NULL,
    PRIMARY KEY (study_id, version),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE course_run (
    study_id       text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    name           text             NOT NULL,
    course_key     text COLLATE "C" NOT NULL,
    course_version text             NOT NULL,
    starts_on      text             NOT NULL CHECK (length(starts_on) = 10 AND starts_on >= '0001-01-01'),
    meeting_time   text             NOT NULL,
    time_zone      text             NOT NULL,
    location       text             NOT NULL,
    created_at     timestamptz      NOT NULL,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE participant (
    study_id   text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    code       text COLLATE "C" NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    created_at timestamptz      NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT participant_code_unique UNIQUE (study_id, code),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE contact (
    study_id       text COLLATE "C" NOT NULL,
    participant_id text COLLATE "C" NOT NULL,
    name           text             NOT NULL,
    email          text COLLATE "C" NOT NULL,
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE enrolment (
    study_id       text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    participant_id text COLLATE "C" NOT NULL,
    run_id         text COLLATE "C" NOT NULL,
    arm_id         text COLLATE "C" NOT NULL,
    assigned       boolean          NOT NULL, -- to the arm by hand, not by lot
    enrolled_at    timestamptz      NOT NULL,
    withdrawn_at   timestamptz,
    PRIMARY KEY (study_id, id),
    CONSTRAINT enrolment_participant_unique UNIQUE (study_id, participant_id),
    CONSTRAINT enrolment_run_unique UNIQUE (study_id, run_id, id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE personal_link (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    generation   integer          NOT NULL CHECK (generation >= 0),
    token_hash   text COLLATE "C" NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    expires_at   timestamptz      NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (study_id, enrolment_id, generation),
    CONSTRAINT personal_link_token_unique UNIQUE (token_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE consent (
    study_id     text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id text COLLATE "C" NOT NULL,
    version      integer          NOT NULL,
    language     text             NOT NULL,
    given_at     timestamptz      NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
);
-- One standing consent to each version.
CREATE UNIQUE INDEX consent_standing ON consent (study_id, enrolment_id, version) WHERE withdrawn_at IS NULL;

CREATE TABLE assessment (
    study_id      text COLLATE "C" NOT NULL,
    id            text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id  text COLLATE "C" NOT NULL,
    wave_id       text COLLATE "C" NOT NULL,
    instrument_id text COLLATE "C" NOT NULL,
    position      integer          NOT NULL CHECK (position >= 0),
    started_at    timestamptz,
    saved_at      timestamptz,
    submitted_at  timestamptz,
    PRIMARY KEY (study_id, id),
    CONSTRAINT assessment_once UNIQUE (study_id, enrolment_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT
);
CREATE INDEX assessment_wave ON assessment (study_id, wave_id, id);

-- A value, or the reason why there is none: missing is never 0. The range keeps
-- infinities and not-a-number out.
CREATE TABLE response (
    study_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    item          text COLLATE "C" NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    value         double precision CHECK (value BETWEEN -1e300 AND 1e300),
    missing       text             CHECK (missing IN ('skipped')),
    answered_at   timestamptz      NOT NULL,
    PRIMARY KEY (study_id, assessment_id, item),
    CHECK ((value IS NULL) <> (missing IS NULL)),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE score (
    study_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    scale         text COLLATE "C" NOT NULL CHECK (length(scale) BETWEEN 1 AND 64),
    value         double precision CHECK (value BETWEEN -1e300 AND 1e300),
    reason        text             NOT NULL, -- why there is no value; empty when there is
    answered      integer          NOT NULL CHECK (answered >= 0),
    items         integer          NOT NULL CHECK (items >= answered),
    rule          text             NOT NULL,
    scored_at     timestamptz      NOT NULL,
    PRIMARY KEY (study_id, assessment_id, scale),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE attendance (
    study_id     text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    meeting      integer          NOT NULL CHECK (meeting >= 1),
    present      boolean          NOT NULL,
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id, enrolment_id) REFERENCES enrolment (study_id, run_id, id) ON DELETE RESTRICT
);

CREATE TABLE user_account (
    id            text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    email         text COLLATE "C" NOT NULL CHECK (length(email) BETWEEN 1 AND 320 AND email = lower(email)),
    name          text             NOT NULL,
    password_hash text             NOT NULL,
    created_at    timestamptz      NOT NULL,
    disabled_at   timestamptz,
    CONSTRAINT user_account_email_unique UNIQUE (email)
);

CREATE TABLE role_grant (
    user_id  text COLLATE "C" NOT NULL,
    role     text COLLATE "C" NOT NULL CHECK (role IN ('administrator', 'researcher', 'facilitator')),
    study_id text COLLATE "C",
    run_id   text COLLATE "C",
    CHECK ((role = 'administrator') = (study_id IS NULL)),
    CHECK (run_id IS NULL OR role = 'facilitator'),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX role_grant_once ON role_grant (user_id, role, coalesce(study_id, ''), coalesce(run_id, ''));

CREATE TABLE sign_in (
    token_hash   text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(token_hash) BETWEEN 1 AND 256),
    kind         text             NOT NULL CHECK (kind IN ('participant', 'user')),
    user_id      text COLLATE "C",
    study_id     text COLLATE "C",
    enrolment_id text COLLATE "C",
    created_at   timestamptz      NOT NULL,
    expires_at   timestamptz      NOT NULL,
    CHECK ((kind = 'user') = (user_id IS NOT NULL)),
    CHECK ((kind = 'participant') = (study_id IS NOT NULL)),
    CHECK ((kind = 'participant') = (enrolment_id IS NOT NULL)),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX sign_in_expiry ON sign_in (expires_at);
CREATE INDEX sign_in_user ON sign_in (user_id);
CREATE INDEX sign_in_enrolment ON sign_in (study_id, enrolment_id);

CREATE TABLE staff_link (
    token_hash text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(token_hash) BETWEEN 1 AND 256),
    user_id    text COLLATE "C" NOT NULL,
    reusable   boolean          NOT NULL,
    expires_at timestamptz      NOT NULL,
    used_at    timestamptz,
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT
);

-- The trail refers to nothing, so that it outlives what it tells of. An empty
-- study_id concerns the installation.
CREATE TABLE audit_event (
    study_id    text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    at          timestamptz      NOT NULL,
    actor_kind  text             NOT NULL CHECK (actor_kind IN ('participant', 'user', 'system')),
    actor_id    text COLLATE "C" NOT NULL,
    action      text             NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    object_kind text             NOT NULL,
    object_id   text COLLATE "C" NOT NULL,
    detail      text             NOT NULL,
    PRIMARY KEY (study_id, id)
);
CREATE INDEX audit_event_at ON audit_event (at, id);
CREATE INDEX audit_event_study ON audit_event (study_id, at, id);
-- The times a run was moved; see Runs.Trend.
CREATE INDEX audit_event_moves ON audit_event (study_id, object_id, at) WHERE action = 'run.moved';

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION refuse_simulated_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'whether a study is simulated never changes';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER instrument_version_no_change BEFORE UPDATE OR DELETE ON instrument_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER instrument_version_no_truncate BEFORE TRUNCATE ON instrument_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER study_simulated_fixed BEFORE UPDATE OF simulated ON study
    FOR EACH ROW WHEN (NEW.simulated IS DISTINCT FROM OLD.simulated)
    EXECUTE FUNCTION refuse_simulated_change();
