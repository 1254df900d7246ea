-- More roles, sign-in by a provider (OpenID Connect), letters about accounts, and pauses
-- between wrong passwords, on SQLite. The file of the same name for PostgreSQL makes the
-- same tables.

-- +goose Up
-- An auditor's role is for one study or for the installation; a lead's and a data
-- manager's are for a study. Nobody's rights change: the rows are kept as they are.
CREATE TABLE role_grant_wider (
    user_id  TEXT NOT NULL,
    role     TEXT NOT NULL CHECK (role IN ('administrator', 'auditor', 'lead', 'researcher', 'data_manager', 'facilitator')),
    study_id TEXT,
    run_id   TEXT,
    CHECK (study_id IS NULL OR role <> 'administrator'),
    CHECK (study_id IS NOT NULL OR role IN ('administrator', 'auditor')),
    CHECK (run_id IS NULL OR role = 'facilitator'),
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;
INSERT INTO role_grant_wider (user_id, role, study_id, run_id) SELECT user_id, role, study_id, run_id FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_wider RENAME TO role_grant;
CREATE UNIQUE INDEX role_grant_once ON role_grant (user_id, role, coalesce(study_id, ''), coalesce(run_id, ''));

-- A provider is a further way in. What a provider has said of a second factor counts as
-- one where the installation says so. A sign-in whose person was given or lost a role is
-- to be given another token.
ALTER TABLE sign_in ADD COLUMN came_by TEXT CHECK (came_by IN ('password', 'link', 'passkey', 'provider'));
UPDATE sign_in SET came_by = way;
ALTER TABLE sign_in DROP COLUMN way;
ALTER TABLE sign_in RENAME COLUMN came_by TO way;
ALTER TABLE sign_in ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0 CHECK (vouched IN (0, 1));
ALTER TABLE sign_in ADD COLUMN renew INTEGER NOT NULL DEFAULT 0 CHECK (renew IN (0, 1));

-- Who somebody is at a provider. One person there is one account here, and the reverse.
CREATE TABLE user_identity (
    user_id   TEXT    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    issuer    TEXT    NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject   TEXT    NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, issuer),
    CONSTRAINT user_identity_subject_unique UNIQUE (issuer, subject)
) STRICT;

-- Letters about accounts, which belong to no study: what about and to whom, never the
-- text or the address.
CREATE TABLE staff_message (
    key          TEXT    NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    kind         TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    to_id        TEXT    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    about        TEXT    NOT NULL CHECK (length(about) <= 200),
    created_at   INTEGER NOT NULL,
    send_at      INTEGER NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    leased_to_at INTEGER,
    ended_at     INTEGER, -- null: still to be sent
    outcome      TEXT    NOT NULL CHECK (outcome IN ('', 'sent', 'dropped', 'failed')),
    last_error   TEXT    NOT NULL,
    reason       TEXT    NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (outcome = ''))
) STRICT;
CREATE INDEX staff_message_due ON staff_message (send_at) WHERE ended_at IS NULL;

-- When it was tried last, for pauses that grow with each try; null: before there were any.
ALTER TABLE attempt_count ADD COLUMN tried_at INTEGER;
