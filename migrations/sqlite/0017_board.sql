-- What facilitators note of people, and what a board watches, on SQLite. The file of
-- the same name for PostgreSQL makes the same tables. A foreign key cannot be changed
-- here, so the table of attendance is written anew; nothing refers to it.

-- +goose Up
-- Boards ask every second whether anything has begun since.
CREATE INDEX assessment_started ON assessment (study_id, started_at) WHERE started_at IS NOT NULL;
-- The times somebody came into a run or went to another; see Runs.Trend.
CREATE INDEX audit_event_transfers ON audit_event (study_id, object_id, at) WHERE action = 'run.transferred';

-- Who ended a part in the study for its person, and why; null: the person did.
ALTER TABLE enrolment ADD COLUMN withdrawn_for TEXT CHECK (withdrawn_for IN ('asked', 'unreachable', 'mistake', 'course'));

-- Attendance stays with the run whose meeting it was, wherever the person is now.
CREATE TABLE attendance_new (
    study_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    meeting      INTEGER NOT NULL CHECK (meeting >= 1),
    present      INTEGER NOT NULL CHECK (present IN (0, 1)),
    noted_at     INTEGER, -- when it was tapped; null: that was not kept
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
INSERT INTO attendance_new (study_id, run_id, enrolment_id, meeting, present)
    SELECT study_id, run_id, enrolment_id, meeting, present FROM attendance;
DROP TABLE attendance;
ALTER TABLE attendance_new RENAME TO attendance;
CREATE INDEX attendance_person ON attendance (study_id, enrolment_id);

-- Notes of facilitators about organisation: never about health, and never exported.
-- They are added to and not changed.
CREATE TABLE person_note (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       TEXT    NOT NULL, -- whose facilitators may read it
    author_id    TEXT    NOT NULL,
    author_name  TEXT    NOT NULL,
    written_at   INTEGER NOT NULL,
    text         TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER person_note_no_update BEFORE UPDATE ON person_note
BEGIN
    SELECT RAISE(ABORT, 'notes about people are added to and not changed');
END;
-- +goose StatementEnd
