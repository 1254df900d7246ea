-- The questionnaires of an installation, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- Where a version of a questionnaire came from. A version without a row came with
-- the program. Only retired_at ever changes.
CREATE TABLE library_entry (
    instrument_id TEXT    NOT NULL PRIMARY KEY,
    origin        TEXT    NOT NULL CHECK (origin IN ('builtin', 'catalogue', 'import', 'own', 'edited')),
    source        TEXT    NOT NULL, -- id in the catalogue, or name of a file; may be empty
    note          TEXT    NOT NULL, -- what was corrected or changed; may be empty
    correction_of TEXT, -- the version whose wording it corrects
    edited_from   TEXT, -- the version of another questionnaire that it began as
    added_at      INTEGER NOT NULL,
    added_kind    TEXT    NOT NULL CHECK (added_kind IN ('participant', 'user', 'system')),
    added_id      TEXT    NOT NULL,
    added_name    TEXT    NOT NULL,
    retired_at    INTEGER, -- null: new studies may use it
    CHECK (correction_of IS NULL OR edited_from IS NULL),
    CHECK ((origin = 'edited') = (edited_from IS NOT NULL)),
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (correction_of) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (edited_from) REFERENCES instrument_version (id) ON DELETE RESTRICT
) STRICT;

-- Who accepted on what terms the wording of a questionnaire is used. Nothing here
-- ever changes.
CREATE TABLE instrument_terms (
    id             TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    instrument_key TEXT    NOT NULL CHECK (length(instrument_key) BETWEEN 1 AND 64),
    terms          TEXT    NOT NULL, -- as they were shown
    licence        TEXT    NOT NULL, -- number or letter of a licence; may be empty
    accepted_name  TEXT    NOT NULL CHECK (length(accepted_name) >= 1),
    accepted_on    TEXT    NOT NULL CHECK (length(accepted_on) = 10 AND accepted_on >= '0001-01-01'),
    noted_at       INTEGER NOT NULL,
    noted_kind     TEXT    NOT NULL CHECK (noted_kind IN ('participant', 'user', 'system')),
    noted_id       TEXT    NOT NULL,
    noted_name     TEXT    NOT NULL
) STRICT;
CREATE INDEX instrument_terms_key ON instrument_terms (instrument_key, id);

-- What a wave asked before a questionnaire was replaced in a study that had people:
-- who had begun the former version keeps it.
CREATE TABLE wave_set_former (
    study_id      TEXT    NOT NULL,
    wave_id       TEXT    NOT NULL,
    instrument_id TEXT    NOT NULL,
    replaced_by   TEXT    NOT NULL,
    replaced_at   INTEGER NOT NULL,
    PRIMARY KEY (study_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (replaced_by) REFERENCES instrument_version (id) ON DELETE RESTRICT
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER library_entry_no_update BEFORE UPDATE ON library_entry
WHEN (NEW.instrument_id, NEW.origin, NEW.source, NEW.note, NEW.correction_of, NEW.edited_from,
      NEW.added_at, NEW.added_kind, NEW.added_id, NEW.added_name)
    IS NOT (OLD.instrument_id, OLD.origin, OLD.source, OLD.note, OLD.correction_of, OLD.edited_from,
      OLD.added_at, OLD.added_kind, OLD.added_id, OLD.added_name)
BEGIN
    SELECT RAISE(ABORT, 'where a questionnaire came from never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER library_entry_no_delete BEFORE DELETE ON library_entry
BEGIN
    SELECT RAISE(ABORT, 'where a questionnaire came from is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER instrument_terms_no_update BEFORE UPDATE ON instrument_terms
BEGIN
    SELECT RAISE(ABORT, 'accepted terms never change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER instrument_terms_no_delete BEFORE DELETE ON instrument_terms
BEGIN
    SELECT RAISE(ABORT, 'accepted terms are never removed');
END;
-- +goose StatementEnd
