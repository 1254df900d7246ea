package store

import (
	"context"

	"tidemark/survey"
)

func (r reader) calendarFeed(ctx context.Context, rest string, args ...any) (survey.CalendarFeed, error) {
	var f survey.CalendarFeed
	var study, enrolment string
	var at instant
	err := r.one(ctx, []any{&study, &enrolment, &f.TokenHash, &f.Choice.Surveys, &f.Choice.Titles, &at},
		`SELECT study_id, enrolment_id, token_hash, surveys, titles, made_at FROM calendar_feed `+rest, args...)
	f.StudyID, f.EnrolmentID, f.MadeAt = survey.StudyID(study), survey.EnrolmentID(enrolment), at.time()
	return f, err
}

// CalendarFeed is a participant's address.
func (r reader) CalendarFeed(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (survey.CalendarFeed, error) {
	f, err := r.calendarFeed(ctx, `WHERE study_id = ? AND enrolment_id = ?`, string(study), string(id))
	return f, wrap(err, "calendar of %s", id)
}

// CalendarFeedByToken finds a participant's address.
func (r reader) CalendarFeedByToken(ctx context.Context, tokenHash string) (survey.CalendarFeed, error) {
	f, err := r.calendarFeed(ctx, `WHERE token_hash = ?`, tokenHash)
	return f, wrap(err, "calendar by its address")
}

func (r reader) staffFeeds(ctx context.Context, rest string, args ...any) ([]survey.StaffFeed, error) {
	feeds := []survey.StaffFeed{}
	var user, hash string
	var study, run optional
	var at instant
	err := r.each(ctx, []any{&user, &study, &run, &hash, &at}, func() error {
		feeds = append(feeds, survey.StaffFeed{
			UserID: survey.UserID(user), StudyID: survey.StudyID(study), RunID: survey.RunID(run), TokenHash: hash, MadeAt: at.time(),
		})
		return nil
	}, `SELECT user_id, study_id, run_id, token_hash, made_at FROM staff_calendar_feed `+rest, args...)
	return feeds, err
}

// StaffFeeds lists the addresses of a member of staff.
func (r reader) StaffFeeds(ctx context.Context, id survey.UserID) ([]survey.StaffFeed, error) {
	feeds, err := r.staffFeeds(ctx, `WHERE user_id = ? ORDER BY CASE WHEN run_id IS NULL THEN 0 ELSE 1 END, scope`, string(id))
	return feeds, wrap(err, "calendars of %s", id)
}

// StaffFeedByToken finds the address of a member of staff.
func (r reader) StaffFeedByToken(ctx context.Context, tokenHash string) (survey.StaffFeed, error) {
	feeds, err := r.staffFeeds(ctx, `WHERE token_hash = ?`, tokenHash)
	if err == nil && len(feeds) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.StaffFeed{}, wrap(err, "calendar by its address")
	}
	return feeds[0], nil
}

// PutCalendarFeed writes an address in place of the person's last.
func (t *transaction) PutCalendarFeed(ctx context.Context, f survey.CalendarFeed) error {
	_, err := t.change(ctx, `INSERT INTO calendar_feed (study_id, enrolment_id, token_hash, surveys, titles, made_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (study_id, enrolment_id) DO UPDATE
		SET token_hash = excluded.token_hash, surveys = excluded.surveys, titles = excluded.titles, made_at = excluded.made_at`,
		string(f.StudyID), string(f.EnrolmentID), f.TokenHash, f.Choice.Surveys, f.Choice.Titles, t.at(f.MadeAt))
	return wrap(err, "make a calendar of %s", f.EnrolmentID)
}

// RemoveCalendarFeed ends a participant's address.
func (t *transaction) RemoveCalendarFeed(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM calendar_feed WHERE study_id = ? AND enrolment_id = ?`, string(study), string(id))
	return n > 0, wrap(err, "end the calendar of %s", id)
}

// allRuns is the scope of an address that is for all runs.
const allRuns = "all"

func scopeOf(run survey.RunID) string {
	if run == "" {
		return allRuns
	}
	return string(run)
}

// PutStaffFeed writes an address in place of the last for the same.
func (t *transaction) PutStaffFeed(ctx context.Context, f survey.StaffFeed) error {
	_, err := t.change(ctx, `INSERT INTO staff_calendar_feed (user_id, scope, study_id, run_id, token_hash, made_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, scope) DO UPDATE
		SET token_hash = excluded.token_hash, made_at = excluded.made_at`,
		string(f.UserID), scopeOf(f.RunID), optional(f.StudyID), optional(f.RunID), f.TokenHash, t.at(f.MadeAt))
	return wrap(err, "make a calendar of %s", f.UserID)
}

// RemoveStaffFeed ends the address of a member of staff.
func (t *transaction) RemoveStaffFeed(ctx context.Context, id survey.UserID, run survey.RunID) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM staff_calendar_feed WHERE user_id = ? AND scope = ?`, string(id), scopeOf(run))
	return n > 0, wrap(err, "end a calendar of %s", id)
}
