package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey/schedule"
)

// ChangeWave changes what a wave is called and when it is open. Researchers of the
// study and administrators may.
//
// While the study is a draft, everything of a WaveForm may change. Once it is open,
// the names may always change; when and whom the wave asks may change only while
// that affects nobody: it has not opened for anyone enrolled, nobody has given
// anything, and with its new days it would not be over for anyone. For whom it is,
// and what for, is settled once somebody is enrolled, since people get their
// questionnaires when they are. Faults are FieldErrors; changing nothing is not
// noted.
func (u *Studies) ChangeWave(ctx context.Context, a Actor, id StudyID, wave WaveID, f WaveForm) error {
	if !a.MayAnalyse(id) && !a.IsAdministrator() {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		design, err := tx.Design(ctx, id)
		if err != nil {
			return err
		}
		place := slices.IndexFunc(design.Waves, func(w Wave) bool { return w.ID == wave })
		if place < 0 {
			return ErrNotFound
		}
		old := design.Waves[place]
		changed, err := f.wave(design, old)
		if err != nil {
			return err
		}
		design.Waves[place] = changed
		action := ActionWaveNamed
		if changed.Rule != old.Rule || changed.ArmID != old.ArmID || changed.Kind != old.Kind {
			action = ActionWaveChanged
			if err := u.fits(ctx, tx, design, old); err != nil {
				return err
			}
			if err := affectsNobody(ctx, tx, design, old, changed, now); err != nil {
				return err
			}
		}
		e := u.env.event(a, id, now, action, "study", string(id))
		if e.Detail = changesOf(design, old, changed); e.Detail == "" {
			return nil
		}
		if err := tx.ChangeWave(ctx, changed); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("change wave %s: %w", wave, err)
	}
	return nil
}

// fits holds a design to the courses of its runs: a rule may not hang on a meeting
// or a wave that there is not, nor on itself.
func (u *Studies) fits(ctx context.Context, r Reader, d StudyDesign, changed Wave) error {
	runs, err := r.Runs(ctx, d.Study.ID)
	if err != nil {
		return err
	}
	meetings := maxMeetings
	for _, run := range runs {
		c, err := u.env.course(ctx, r, run.Run)
		if err != nil {
			return err
		}
		meetings = min(meetings, len(c.Weeks))
	}
	faults := FieldErrors{}
	for _, clash := range (schedule.Calendar{Start: anyStart}).Outline(d.ScheduleWaves(), meetings, 0).Clashes {
		if clash.Wave != changed.Key && clash.Other != changed.Key {
			continue
		}
		switch clash.Kind {
		case schedule.ClashNoMeeting:
			faults["meeting"] = "rule.unknown_meeting"
		case schedule.ClashNoWave:
			faults["follows"] = "rule.unknown_wave"
		case schedule.ClashCircle:
			faults["follows"] = "rule.circle"
		case schedule.ClashOtherArm:
			faults["arm"] = "rule.other_arm"
		default: // may be meant, or is a fault of the form
		}
	}
	return faults.OrNil()
}

// maxMeetings bounds the number of a meeting while there is no run to tell.
const maxMeetings = 52

// anyStart is a start where only the order of days matters.
var anyStart = schedule.Date{Year: 2026, Month: time.March, Day: 2}

// affectsNobody refuses a change by which somebody would be asked at another time
// than they were told, or would lose what they have begun.
func affectsNobody(ctx context.Context, r Reader, d StudyDesign, old, changed Wave, now time.Time) error {
	people, err := r.Enrolments(ctx, d.Study.ID)
	if err != nil || len(people) == 0 {
		return err
	}
	switch {
	case changed.ArmID != old.ArmID:
		return FieldErrors{"arm": "wave.has_people"}
	case changed.Kind != old.Kind:
		return FieldErrors{"kind": "wave.has_people"}
	}
	runs, err := r.Runs(ctx, d.Study.ID)
	if err != nil {
		return err
	}
	progress, err := r.StudyProgress(ctx, d.Study.ID)
	if err != nil {
		return err
	}
	begun := map[EnrolmentID]bool{}
	asked := map[EnrolmentID]bool{}
	for _, p := range progress {
		if p.WaveID == old.ID {
			asked[p.EnrolmentID], begun[p.EnrolmentID] = true, p.Started > 0
		}
	}
	after := Timetables(runs, d.Waves)
	done := CompletedIn(progress, append(slices.Clone(d.Waves), old))
	waves := slices.Clone(d.Waves)
	waves[slices.IndexFunc(waves, func(w Wave) bool { return w.ID == old.ID })] = old
	before := Timetables(runs, waves)
	for _, e := range people {
		if !asked[e.ID] || e.Withdrawn() {
			continue
		}
		was, will := before[e.RunID].Window(old.ID, e, done), after[e.RunID].Window(old.ID, e, done)
		switch {
		case begun[e.ID], !was.IsZero() && was.At(now) != schedule.Before:
			return FieldErrors{"wave": "wave.affected"}
		case will.At(now) == schedule.After, !was.IsZero() && will.IsZero() && !changed.Rule.Anchor.OfPerson():
			return FieldErrors{"wave": "wave.would_be_over"}
		}
	}
	return nil
}

// changesOf says what changes, for the audit trail.
func changesOf(d StudyDesign, old, changed Wave) string {
	arm := func(id ArmID) string {
		if a, ok := d.Arm(id); ok {
			return a.Key
		}
		return "everyone"
	}
	var parts []string
	note := func(what string, was, is any) {
		if was != is {
			parts = append(parts, fmt.Sprintf("%s %v → %v", what, was, is))
		}
	}
	note("name", old.Name, changed.Name)
	note("short name", old.ShortName, changed.ShortName)
	note("kind", old.Kind, changed.Kind)
	note("group", arm(old.ArmID), arm(changed.ArmID))
	was, is := old.Rule, changed.Rule
	anchor := func(r schedule.Rule) string {
		switch r.Anchor {
		case schedule.AnchorMeeting:
			return fmt.Sprintf("meeting %d", r.Meeting)
		case schedule.AnchorWave:
			return r.Wave
		case schedule.AnchorEnrolment:
			return "enrolment"
		default:
			return "start"
		}
	}
	note("counted from", anchor(was), anchor(is))
	note("months", was.Months, is.Months)
	note("by the clock", was.Timed, is.Timed)
	note("first day", was.OpensDay, is.OpensDay)
	note("last day", was.ClosesDay, is.ClosesDay)
	note("first minute", was.OpensMinute, is.OpensMinute)
	note("last minute", was.ClosesMinute, is.ClosesMinute)
	note("days of grace", was.GraceDays, is.GraceDays)
	note("minutes of grace", was.GraceMinutes, is.GraceMinutes)
	note("days for late joiners", was.LateDays, is.LateDays)
	if len(parts) == 0 {
		return ""
	}
	return old.Key + ": " + strings.Join(parts, ", ")
}
