-- Consent texts in several languages, their drafts, and what people decide, on
-- SQLite. The file of the same name for PostgreSQL makes the same tables.

-- +goose Up
-- A version marked as wording only asks nobody to agree again.
ALTER TABLE consent_text ADD COLUMN wording_only INTEGER NOT NULL DEFAULT 0 CHECK (wording_only IN (0, 1));
ALTER TABLE consent_text ADD COLUMN published_by TEXT NOT NULL DEFAULT '';
-- When the person said that they do not take part; null: they have not.
ALTER TABLE enrolment ADD COLUMN declined_at INTEGER;

-- A version's text in each of its languages, told element by element. Versions
-- from before have none: their text is the title and body of consent_text.
CREATE TABLE consent_text_language (
    study_id   TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    language   TEXT    NOT NULL CHECK (length(language) BETWEEN 1 AND 64),
    content    TEXT    NOT NULL, -- canonical JSON
    hash       TEXT    NOT NULL, -- SHA-256 of the content
    created_at INTEGER NOT NULL,
    PRIMARY KEY (study_id, version, language),
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
) STRICT;

-- A text being written: of the version to come, or a translation that the
-- version in force lacks.
CREATE TABLE consent_draft (
    study_id     TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    language     TEXT    NOT NULL CHECK (length(language) BETWEEN 1 AND 64),
    revision     INTEGER NOT NULL CHECK (revision >= 1),
    content      TEXT    NOT NULL, -- canonical JSON
    wording_only INTEGER NOT NULL CHECK (wording_only IN (0, 1)),
    saved_at     INTEGER NOT NULL,
    saved_by     TEXT    NOT NULL,
    PRIMARY KEY (study_id, version, language),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- What a person said to an optional consent, each time they said it; the last
-- counts.
CREATE TABLE consent_choice (
    study_id     TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id TEXT    NOT NULL,
    choice       TEXT    NOT NULL CHECK (length(choice) BETWEEN 1 AND 64),
    granted      INTEGER NOT NULL CHECK (granted IN (0, 1)),
    version      INTEGER NOT NULL, -- of the text that asked
    language     TEXT    NOT NULL, -- it was asked in
    decided_at   INTEGER NOT NULL,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
) STRICT;
CREATE INDEX consent_choice_enrolment ON consent_choice (study_id, enrolment_id, id);

-- +goose StatementBegin
CREATE TRIGGER consent_text_language_no_update BEFORE UPDATE ON consent_text_language
BEGIN
    SELECT RAISE(ABORT, 'a published consent text never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_text_language_no_delete BEFORE DELETE ON consent_text_language
BEGIN
    SELECT RAISE(ABORT, 'a published consent text is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_text_no_update BEFORE UPDATE ON consent_text
BEGIN
    SELECT RAISE(ABORT, 'a published consent text never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_text_no_delete BEFORE DELETE ON consent_text
BEGIN
    SELECT RAISE(ABORT, 'a published consent text is never removed');
END;
-- +goose StatementEnd
