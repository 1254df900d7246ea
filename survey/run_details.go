package survey

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// RunDetails are what can be changed of a run besides its days.
type RunDetails struct {
	Name        string
	MeetingTime string // 15:04
	TimeZone    string // empty: as it is
	Location    string
}

// Details are those of a run.
func (r CourseRun) Details() RunDetails {
	return RunDetails{Name: r.Name, MeetingTime: r.MeetingTime, TimeZone: r.TimeZone, Location: r.Location}
}

// apply is the run with the details; faults are FieldErrors.
func (d RunDetails) apply(run CourseRun) (CourseRun, error) {
	faults := FieldErrors{}
	run.Name, run.MeetingTime, run.Location = strings.TrimSpace(d.Name), strings.TrimSpace(d.MeetingTime), strings.TrimSpace(d.Location)
	if zone := strings.TrimSpace(d.TimeZone); zone != "" {
		run.TimeZone = zone
	}
	checkText(faults, "name", run.Name, 120)
	if run.Name == "" {
		faults["name"] = "run.name_missing"
	}
	checkText(faults, "location", run.Location, 200)
	if !clockTime.MatchString(run.MeetingTime) {
		faults["meeting_time"] = "run.bad_time"
	}
	if _, err := time.LoadLocation(run.TimeZone); err != nil {
		faults["time_zone"] = "time_zone.unknown"
	}
	return run, faults.OrNil()
}

// PreviewDetails tells what other details would move. Nothing is written. Faults are
// FieldErrors.
func (u *Runs) PreviewDetails(ctx context.Context, a Actor, id StudyID, run RunID, d RunDetails) (ChangePreview, error) {
	if !a.MayRun(id, run) {
		return ChangePreview{}, ErrNotFound
	}
	p, err := u.previewOf(ctx, a, id, run, func(now RunCalendar) (CourseRun, error) { return d.apply(now.Run) })
	if err != nil {
		return ChangePreview{}, fmt.Errorf("preview details of run %s: %w", run, err)
	}
	return p, nil
}

// ChangeDetails changes what a run is called, at what hour and where it meets. Days
// stay; what depends on the hour or the place's clock moves with them, and messages
// that are not sent yet say and follow what is new. It is audited; a change that
// changes nothing is not noted. Faults are FieldErrors.
func (u *Runs) ChangeDetails(ctx context.Context, a Actor, id StudyID, run RunID, d RunDetails) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockRun(ctx, id, run); err != nil {
			return err
		}
		old, err := tx.Run(ctx, id, run)
		if err != nil {
			return err
		}
		changed, err := d.apply(old)
		if err != nil {
			return err
		}
		moved, named := detailsMoved(old, changed), detailsNamed(old, changed)
		if moved == "" && named == "" {
			return nil
		}
		if err := tx.SetRunDetails(ctx, id, run, changed.Details()); err != nil {
			return err
		}
		var events []AuditEvent
		for action, detail := range map[Action]string{ActionRunMoved: moved, ActionRunNamed: named} {
			if detail != "" {
				e := u.env.event(a, id, now, action, "run", string(run))
				e.Detail = detail
				events = append(events, e)
			}
		}
		return tx.AppendAudit(ctx, events...)
	})
	if err != nil {
		return fmt.Errorf("change details of run %s: %w", run, err)
	}
	return nil
}

// detailsMoved says what moves meetings or windows, for the audit trail.
func detailsMoved(old, changed CourseRun) string {
	var parts []string
	if old.MeetingTime != changed.MeetingTime {
		parts = append(parts, "meets at "+old.MeetingTime+" → "+changed.MeetingTime)
	}
	if old.TimeZone != changed.TimeZone {
		parts = append(parts, "time zone "+old.TimeZone+" → "+changed.TimeZone)
	}
	return strings.Join(parts, "; ")
}

// detailsNamed says the same of what moves nothing. A place may be a link that is
// nobody else's business.
func detailsNamed(old, changed CourseRun) string {
	var parts []string
	if old.Name != changed.Name {
		parts = append(parts, "name "+old.Name+" → "+changed.Name)
	}
	if old.Location != changed.Location {
		parts = append(parts, "another place")
	}
	return strings.Join(parts, "; ")
}
