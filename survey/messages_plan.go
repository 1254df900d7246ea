package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey/reminding"
)

// PlannedMessage is a message that somebody of a run gets who never answers.
type PlannedMessage struct {
	At   time.Time
	Slot reminding.Slot
	Wave Wave // zero: the message before the first meeting
	// ArmID: only people of this arm get it; empty: everybody, or, before the
	// first meeting, whoever takes the course.
	ArmID ArmID
}

// PlannedMessages lists, in order of time, what a person of a run gets who was there
// from since on, is where the run is, and never answers: by the rules as they would
// be if messages were on. Waves that depend on what a person does are not in it, and
// reminders by hand, which nobody can know. It is pure, for a look ahead before a run
// is made; nothing is stored of it.
func PlannedMessages(run CourseRun, waves []Wave, rules reminding.Rules, since time.Time) []PlannedMessage {
	rules.On = true
	person := reminding.Person{Zone: run.Zone(), Since: since, Reachable: true, Linked: true}
	var all []PlannedMessage
	add := func(o reminding.Occasion, w Wave, kind reminding.Kind) {
		for _, s := range reminding.Timeline(rules, person, o, kind) {
			all = append(all, PlannedMessage{At: s.At, Slot: s.Slot, Wave: w, ArmID: w.ArmID})
		}
	}
	meeting := run.FirstMeeting()
	add(reminding.Occasion{Opens: meeting.Add(-meetingAhead), Closes: meeting, Theirs: true}, Wave{}, reminding.Meeting)
	t := run.Timetable(waves)
	for _, w := range waves {
		if window := t.Window(w.ID, Enrolment{EnrolledAt: since}, nil); !window.IsZero() && !w.Rule.Anchor.OfPerson() {
			add(reminding.Occasion{Opens: window.Opens, Closes: window.Closes, Theirs: true}, w, reminding.Invitation)
		}
	}
	slices.SortStableFunc(all, func(a, b PlannedMessage) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(string(a.Slot.Kind), string(b.Slot.Kind))
	})
	return all
}

// RunPlan is PlannedMessages of a run that there is, from now on. Facilitators of the
// run may ask.
func (u *Messages) RunPlan(ctx context.Context, a Actor, study StudyID, run RunID) ([]PlannedMessage, error) {
	if !a.MayRun(study, run) {
		return nil, ErrNotFound
	}
	r, err := u.env.Store.Run(ctx, study, run)
	if err != nil {
		return nil, fmt.Errorf("plan of run %s: %w", run, err)
	}
	waves, err := u.env.Store.WavesOfStudies(ctx, []StudyID{study})
	if err != nil {
		return nil, fmt.Errorf("plan of run %s: %w", run, err)
	}
	m, err := u.env.Store.Messaging(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("plan of run %s: %w", run, err)
	}
	return PlannedMessages(r, waves, m.Rules, u.env.now()), nil
}
