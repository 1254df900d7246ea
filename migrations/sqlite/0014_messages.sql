-- Messages about waves: what a study sends, in which words, to whom in which time
-- zone, and why one was not sent. On SQLite; the file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- What a study has set; without a row it sends nothing. Quiet hours are minutes
-- after midnight where the person is.
CREATE TABLE messaging (
    study_id      TEXT    NOT NULL PRIMARY KEY,
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    reminder_days TEXT    NOT NULL, -- days after the opening, as "2,5,8"
    most          INTEGER NOT NULL CHECK (most BETWEEN 0 AND 5), -- reminders of one wave
    quiet_from    INTEGER NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to      INTEGER NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
    thanks        INTEGER NOT NULL CHECK (thanks IN (0, 1)),
    meeting       INTEGER NOT NULL CHECK (meeting IN (0, 1)),
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    changed_at    INTEGER NOT NULL,
    changed_name  TEXT    NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- A study's own words for a kind of message in a language. All revisions are kept;
-- the newest counts, and an empty one means the words of the program.
CREATE TABLE message_text (
    study_id     TEXT    NOT NULL,
    kind         TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    language     TEXT    NOT NULL CHECK (length(language) BETWEEN 1 AND 35),
    revision     INTEGER NOT NULL CHECK (revision >= 1),
    subject      TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    written_at   INTEGER NOT NULL,
    written_name TEXT    NOT NULL,
    PRIMARY KEY (study_id, kind, language, revision),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- Where the person is, as an IANA name; null: where the run is. What the person has
-- chosen, no browser replaces.
ALTER TABLE enrolment ADD COLUMN time_zone TEXT CHECK (length(time_zone) BETWEEN 1 AND 64);
ALTER TABLE enrolment ADD COLUMN time_zone_chosen INTEGER NOT NULL DEFAULT 0 CHECK (time_zone_chosen IN (0, 1));

-- Since when a mail server refuses the address for good; and where short messages
-- go, as +34600123123 or empty.
ALTER TABLE contact ADD COLUMN bounced_at INTEGER;
ALTER TABLE contact ADD COLUMN phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 32);

-- Which of several messages of a kind it is, and why one was not sent.
ALTER TABLE outbox_message ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox_message ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_message_person ON outbox_message (study_id, to_id);
