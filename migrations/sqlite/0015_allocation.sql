-- How a study allocates, its sealed seed, every draw, and people of a control arm
-- who come to a later run, on SQLite. The file of the same name for PostgreSQL
-- makes the same tables.

-- +goose Up
-- What was chosen while the study was a draft; without a row: the usual way.
CREATE TABLE allocation_setting (
    study_id TEXT    NOT NULL PRIMARY KEY,
    scheme   TEXT    NOT NULL, -- JSON, without the arms
    saved_at INTEGER NOT NULL,
    saved_by TEXT    NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- The seed, encrypted, and what was published of it, from the opening on.
CREATE TABLE allocation_seal (
    study_id   TEXT    NOT NULL PRIMARY KEY,
    scheme     TEXT    NOT NULL, -- JSON, with the arms
    commitment TEXT    NOT NULL CHECK (length(commitment) = 64),
    key_id     TEXT    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed     BLOB    NOT NULL,
    sealed_at  INTEGER NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- One arm given, to a person or to a whole course run. A draw outlives its person,
-- without them.
CREATE TABLE allocation_draw (
    study_id     TEXT    NOT NULL,
    seq          INTEGER NOT NULL CHECK (seq >= 1), -- among all of the study, without gaps
    unit         TEXT    NOT NULL CHECK (unit IN ('person', 'run')),
    kind         TEXT    NOT NULL CHECK (kind IN ('lot', 'hand', 'before')),
    stratum      TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 0), -- of a draw by lot in its stratum, without gaps
    levels       TEXT    NOT NULL, -- JSON, one for each factor of the scheme
    arm_id       TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    enrolment_id TEXT, -- null: the whole run, or the person's data were erased
    reason       TEXT    NOT NULL, -- of an arm given by hand
    drawn_at     INTEGER NOT NULL,
    chain        TEXT    NOT NULL CHECK (length(chain) = 64), -- SHA-256 of this row and all before
    PRIMARY KEY (study_id, seq),
    CHECK ((kind = 'lot') = (number > 0)),
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX allocation_draw_number ON allocation_draw (study_id, stratum, number) WHERE number > 0;
CREATE UNIQUE INDEX allocation_draw_enrolment ON allocation_draw (study_id, enrolment_id) WHERE enrolment_id IS NOT NULL;
CREATE UNIQUE INDEX allocation_draw_run ON allocation_draw (study_id, run_id) WHERE unit = 'run';

-- People of a control arm who take the course in a later run. Their arm stays.
CREATE TABLE crossover (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    run_id       TEXT    NOT NULL, -- the later one
    crossed_at   INTEGER NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT crossover_run_unique UNIQUE (study_id, run_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;

-- Who of them came to a meeting. It stands apart from attendance, because it tells
-- nothing of the arm that they were allocated to.
CREATE TABLE crossover_attendance (
    study_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    meeting      INTEGER NOT NULL CHECK (meeting >= 1),
    present      INTEGER NOT NULL CHECK (present IN (0, 1)),
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id, enrolment_id) REFERENCES crossover (study_id, run_id, enrolment_id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER allocation_seal_no_update BEFORE UPDATE ON allocation_seal
BEGIN
    SELECT RAISE(ABORT, 'a sealed seed never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER allocation_seal_no_delete BEFORE DELETE ON allocation_seal
BEGIN
    SELECT RAISE(ABORT, 'a sealed seed is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER allocation_draw_no_update BEFORE UPDATE ON allocation_draw
WHEN NEW.enrolment_id IS NOT NULL OR NEW.reason <> '' OR NEW.study_id <> OLD.study_id OR NEW.seq <> OLD.seq
    OR NEW.unit <> OLD.unit OR NEW.kind <> OLD.kind OR NEW.stratum <> OLD.stratum OR NEW.number <> OLD.number
    OR NEW.levels <> OLD.levels OR NEW.arm_id <> OLD.arm_id OR NEW.run_id <> OLD.run_id
    OR NEW.drawn_at <> OLD.drawn_at OR NEW.chain <> OLD.chain
BEGIN
    SELECT RAISE(ABORT, 'a draw never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER allocation_draw_no_delete BEFORE DELETE ON allocation_draw
BEGIN
    SELECT RAISE(ABORT, 'a draw is never removed');
END;
-- +goose StatementEnd
