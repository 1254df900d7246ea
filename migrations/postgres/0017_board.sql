-- What facilitators note of people, and what a board watches, on PostgreSQL. The file
-- of the same name for SQLite makes the same tables and explains them.

-- +goose Up
CREATE INDEX assessment_started ON assessment (study_id, started_at) WHERE started_at IS NOT NULL;
CREATE INDEX audit_event_transfers ON audit_event (study_id, object_id, at) WHERE action = 'run.transferred';

ALTER TABLE enrolment ADD COLUMN withdrawn_for text CHECK (withdrawn_for IN ('asked', 'unreachable', 'mistake', 'course'));

CREATE TABLE attendance_new (
    study_id     text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    meeting      integer          NOT NULL CHECK (meeting >= 1),
    present      boolean          NOT NULL,
    noted_at     timestamptz, -- when it was tapped; null: that was not kept
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
INSERT INTO attendance_new (study_id, run_id, enrolment_id, meeting, present)
    SELECT study_id, run_id, enrolment_id, meeting, present FROM attendance;
DROP TABLE attendance;
ALTER TABLE attendance_new RENAME TO attendance;
ALTER TABLE attendance RENAME CONSTRAINT attendance_new_pkey TO attendance_pkey;
CREATE INDEX attendance_person ON attendance (study_id, enrolment_id);

CREATE TABLE person_note (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       text COLLATE "C" NOT NULL, -- whose facilitators may read it
    author_id    text             NOT NULL,
    author_name  text             NOT NULL,
    written_at   timestamptz      NOT NULL,
    text         text             NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);

CREATE TRIGGER person_note_no_update BEFORE UPDATE ON person_note
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
