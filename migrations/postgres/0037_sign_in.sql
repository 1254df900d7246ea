-- More roles, sign-in by a provider (OpenID Connect), letters about accounts, and pauses
-- between wrong passwords, on PostgreSQL. The file of the same name for SQLite makes the
-- same tables.

-- +goose Up
-- An auditor's role is for one study or for the installation; a lead's and a data
-- manager's are for a study. Nobody's rights change: the rows are kept as they are.
CREATE TABLE role_grant_wider (
    user_id  text COLLATE "C" NOT NULL,
    role     text COLLATE "C" NOT NULL CHECK (role IN ('administrator', 'auditor', 'lead', 'researcher', 'data_manager', 'facilitator')),
    study_id text COLLATE "C",
    run_id   text COLLATE "C",
    CHECK (study_id IS NULL OR role <> 'administrator'),
    CHECK (study_id IS NOT NULL OR role IN ('administrator', 'auditor')),
    CHECK (run_id IS NULL OR role = 'facilitator'),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);
INSERT INTO role_grant_wider (user_id, role, study_id, run_id) SELECT user_id, role, study_id, run_id FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_wider RENAME TO role_grant;
CREATE UNIQUE INDEX role_grant_once ON role_grant (user_id, role, coalesce(study_id, ''), coalesce(run_id, ''));

-- A provider is a further way in. What a provider has said of a second factor counts as
-- one where the installation says so. A sign-in whose person was given or lost a role is
-- to be given another token.
ALTER TABLE sign_in ADD COLUMN came_by text CHECK (came_by IN ('password', 'link', 'passkey', 'provider'));
UPDATE sign_in SET came_by = way;
ALTER TABLE sign_in DROP COLUMN way;
ALTER TABLE sign_in RENAME COLUMN came_by TO way;
ALTER TABLE sign_in ADD COLUMN vouched boolean NOT NULL DEFAULT false;
ALTER TABLE sign_in ADD COLUMN renew boolean NOT NULL DEFAULT false;

-- Who somebody is at a provider. One person there is one account here, and the reverse.
CREATE TABLE user_identity (
    user_id   text COLLATE "C" NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    issuer    text COLLATE "C" NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject   text COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, issuer),
    CONSTRAINT user_identity_subject_unique UNIQUE (issuer, subject)
);

-- Letters about accounts, which belong to no study: what about and to whom, never the
-- text or the address.
CREATE TABLE staff_message (
    key          text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    kind         text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    to_id        text COLLATE "C" NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    about        text        NOT NULL CHECK (length(about) <= 200),
    created_at   timestamptz NOT NULL,
    send_at      timestamptz NOT NULL,
    attempts     integer     NOT NULL CHECK (attempts >= 0),
    leased_to_at timestamptz,
    ended_at     timestamptz, -- null: still to be sent
    outcome      text        NOT NULL CHECK (outcome IN ('', 'sent', 'dropped', 'failed')),
    last_error   text        NOT NULL,
    reason       text        NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (outcome = ''))
);
CREATE INDEX staff_message_due ON staff_message (send_at) WHERE ended_at IS NULL;

-- When it was tried last, for pauses that grow with each try; null: before there were any.
ALTER TABLE attempt_count ADD COLUMN tried_at timestamptz;
