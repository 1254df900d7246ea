-- The schedule as data, on PostgreSQL. The file of the same name for SQLite makes
-- the same columns.
--
-- What a wave's days are counted from, and for how long answers are taken. The
-- breaks of a run and the meetings that are held on another day are one text of
-- JSON in its row, which every request of a participant reads anyway; empty: none.

-- +goose Up
ALTER TABLE wave ADD COLUMN anchor text NOT NULL DEFAULT 'start' CHECK (anchor IN ('start', 'meeting', 'enrolment', 'wave'));
ALTER TABLE wave ADD COLUMN meeting integer NOT NULL DEFAULT 0 CHECK (meeting >= 0);
ALTER TABLE wave ADD COLUMN follows text NOT NULL DEFAULT '' CHECK (length(follows) <= 64);
ALTER TABLE wave ADD COLUMN months integer NOT NULL DEFAULT 0 CHECK (months >= 0);
ALTER TABLE wave ADD COLUMN timed boolean NOT NULL DEFAULT false;
ALTER TABLE wave ADD COLUMN opens_minute integer NOT NULL DEFAULT 0;
ALTER TABLE wave ADD COLUMN closes_minute integer NOT NULL DEFAULT 0;
ALTER TABLE wave ADD COLUMN grace_days integer NOT NULL DEFAULT 0 CHECK (grace_days >= 0);
ALTER TABLE wave ADD COLUMN grace_minutes integer NOT NULL DEFAULT 0 CHECK (grace_minutes >= 0);
ALTER TABLE wave ADD COLUMN late_days integer NOT NULL DEFAULT 0 CHECK (late_days >= 0);
ALTER TABLE course_run ADD COLUMN calendar text NOT NULL DEFAULT '';

-- The instants at which windows may have moved are more than before.
DROP INDEX audit_event_moves;
CREATE INDEX audit_event_moves ON audit_event (study_id, object_id, at)
    WHERE action IN ('run.moved', 'run.paused', 'run.meeting_moved', 'study.wave_changed');
