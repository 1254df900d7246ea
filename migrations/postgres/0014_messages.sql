-- Messages about waves: what a study sends, in which words, to whom in which time
-- zone, and why one was not sent. On PostgreSQL; the file of the same name for
-- SQLite makes the same tables and explains them.

-- +goose Up
CREATE TABLE messaging (
    study_id      text COLLATE "C" NOT NULL PRIMARY KEY,
    enabled       boolean          NOT NULL,
    reminder_days text             NOT NULL,
    most          integer          NOT NULL CHECK (most BETWEEN 0 AND 5),
    quiet_from    integer          NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to      integer          NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
    thanks        boolean          NOT NULL,
    meeting       boolean          NOT NULL,
    revision      integer          NOT NULL CHECK (revision >= 1),
    changed_at    timestamptz      NOT NULL,
    changed_name  text             NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE message_text (
    study_id     text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    language     text COLLATE "C" NOT NULL CHECK (length(language) BETWEEN 1 AND 35),
    revision     integer          NOT NULL CHECK (revision >= 1),
    subject      text             NOT NULL,
    body         text             NOT NULL,
    written_at   timestamptz      NOT NULL,
    written_name text             NOT NULL,
    PRIMARY KEY (study_id, kind, language, revision),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

ALTER TABLE enrolment ADD COLUMN time_zone text CHECK (length(time_zone) BETWEEN 1 AND 64);
ALTER TABLE enrolment ADD COLUMN time_zone_chosen boolean NOT NULL DEFAULT false;

ALTER TABLE contact ADD COLUMN bounced_at timestamptz;
ALTER TABLE contact ADD COLUMN phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 32);

ALTER TABLE outbox_message ADD COLUMN number integer NOT NULL DEFAULT 0;
ALTER TABLE outbox_message ADD COLUMN reason text NOT NULL DEFAULT '';
CREATE INDEX outbox_message_person ON outbox_message (study_id, to_id);
