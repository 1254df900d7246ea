-- The schedule as data, on SQLite. The file of the same name for PostgreSQL makes
-- the same columns.
--
-- What a wave's days are counted from, and for how long answers are taken. The
-- breaks of a run and the meetings that are held on another day are one text of
-- JSON in its row, which every request of a participant reads anyway; empty: none.

-- +goose Up
ALTER TABLE wave ADD COLUMN anchor TEXT NOT NULL DEFAULT 'start' CHECK (anchor IN ('start', 'meeting', 'enrolment', 'wave'));
ALTER TABLE wave ADD COLUMN meeting INTEGER NOT NULL DEFAULT 0 CHECK (meeting >= 0);
ALTER TABLE wave ADD COLUMN follows TEXT NOT NULL DEFAULT '' CHECK (length(follows) <= 64);
ALTER TABLE wave ADD COLUMN months INTEGER NOT NULL DEFAULT 0 CHECK (months >= 0);
ALTER TABLE wave ADD COLUMN timed INTEGER NOT NULL DEFAULT 0 CHECK (timed IN (0, 1));
ALTER TABLE wave ADD COLUMN opens_minute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wave ADD COLUMN closes_minute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wave ADD COLUMN grace_days INTEGER NOT NULL DEFAULT 0 CHECK (grace_days >= 0);
ALTER TABLE wave ADD COLUMN grace_minutes INTEGER NOT NULL DEFAULT 0 CHECK (grace_minutes >= 0);
ALTER TABLE wave ADD COLUMN late_days INTEGER NOT NULL DEFAULT 0 CHECK (late_days >= 0);
ALTER TABLE course_run ADD COLUMN calendar TEXT NOT NULL DEFAULT '';

-- The instants at which windows may have moved are more than before.
DROP INDEX audit_event_moves;
CREATE INDEX audit_event_moves ON audit_event (study_id, object_id, at)
    WHERE action IN ('run.moved', 'run.paused', 'run.meeting_moved', 'study.wave_changed');
