package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/reminding"
)

// LateList is who has not answered an open wave.
type LateList struct {
	Study Study
	Run   CourseRun
	Rules reminding.Rules
	Waves []LateWave // in order; those that nobody is late for are not in it
}

// LateWave is a wave that can be answered now.
type LateWave struct {
	Wave   Wave
	People []LatePerson // in order of enrolment
}

// LatePerson is somebody who has not answered.
type LatePerson struct {
	Enrolment Enrolment
	Name      string
	Address   AddressState
	Started   bool // has answered something
	Opens     time.Time
	Closes    time.Time
	Reminded  int // reminders sent or waiting
	// LastAt is when the last message that asks was sent or is to be; zero: none.
	LastAt time.Time
	// Reminder says what would become of a reminder asked for now.
	Reminder reminding.Decision
	slot     reminding.Slot
	person   Recipient
	about    string
}

// Remindable reports whether a reminder can be asked for: it is sent at once, or
// when the quiet hours are over.
func (p LatePerson) Remindable() bool {
	return p.Reminder.Verdict == reminding.Send || p.Reminder.Verdict == reminding.Wait && p.Reminder.Reason == reminding.QuietHours
}

// Remindable counts the reminders that can be asked for.
func (l LateList) Remindable() int {
	n := 0
	for _, w := range l.Waves {
		for _, p := range w.People {
			if p.Remindable() {
				n++
			}
		}
	}
	return n
}

// Late lists who has not answered a wave that is open, in a constant number of
// queries. Facilitators of the run may.
func (u *Messages) Late(ctx context.Context, a Actor, study Study, run RunID) (LateList, error) {
	if !a.MayRun(study.ID, run) {
		return LateList{}, ErrNotFound
	}
	l, err := u.late(ctx, u.env.Store, study, run, u.env.now())
	if err != nil {
		return LateList{}, fmt.Errorf("late list of run %s: %w", run, err)
	}
	return l, nil
}

func (u *Messages) late(ctx context.Context, r Reader, study Study, run RunID, now time.Time) (LateList, error) {
	k, err := correspondenceIn(ctx, r, study, MessageScope{Runs: []RunID{run}})
	if err != nil {
		return LateList{}, err
	}
	of, ok := k.runs[run]
	if !ok {
		return LateList{}, ErrNotFound
	}
	l := LateList{Study: study, Run: of, Rules: k.rules(study.ID)}
	byWave := map[WaveID][]LatePerson{}
	for _, p := range k.people {
		if p.Enrolment.Stopped() {
			continue
		}
		person := k.person(p, now)
		for _, o := range k.occasions(p) {
			if o.Wave.ID == "" || now.Before(o.Opens) || !now.Before(o.Closes) || !o.DoneAt.IsZero() {
				continue
			}
			late := LatePerson{
				Enrolment: p.Enrolment, Name: p.Name, Address: p.address(), Started: o.Started, Opens: o.Opens, Closes: o.Closes,
				Reminded: reminding.Reminded(o.Past), person: p, about: o.About,
				slot: reminding.Slot{Kind: reminding.Nudge, Number: reminding.NextNudge(o.Past)},
			}
			for _, b := range o.Past {
				if b.Kind.Asks() && b.At.After(late.LastAt) {
					late.LastAt = b.At
				}
			}
			late.Reminder = reminding.Decide(l.Rules, person, o.Occasion, o.Past, late.slot, now)
			byWave[o.Wave.ID] = append(byWave[o.Wave.ID], late)
		}
	}
	for _, w := range k.waves[study.ID] {
		if people := byWave[w.ID]; len(people) > 0 {
			l.Waves = append(l.Waves, LateWave{Wave: w, People: people})
		}
	}
	return l, nil
}

// LateCount is how many people of a run are late, and how many reminders can be asked
// for.
type LateCount struct{ People, Reminders int }

// CountLate counts who is late, in a constant number of queries: one when the study
// sends no messages, and then it counts nobody. Facilitators of the run may.
func (u *Messages) CountLate(ctx context.Context, a Actor, study Study, run RunID) (LateCount, error) {
	if !a.MayRun(study.ID, run) {
		return LateCount{}, ErrNotFound
	}
	m, err := u.env.Store.Messaging(ctx, study.ID)
	if err != nil {
		return LateCount{}, fmt.Errorf("count the late of run %s: %w", run, err)
	}
	if !m.Rules.On {
		return LateCount{}, nil
	}
	l, err := u.Late(ctx, a, study, run)
	if err != nil {
		return LateCount{}, err
	}
	late := map[EnrolmentID]bool{}
	for _, w := range l.Waves {
		for _, p := range w.People {
			late[p.Enrolment.ID] = true
		}
	}
	return LateCount{People: len(late), Reminders: l.Remindable()}, nil
}

// Pick names a late person and a wave.
type Pick struct {
	Enrolment EnrolmentID
	Wave      WaveID
}

// Reminded is what came of asking for reminders.
type Reminded struct {
	Now   int // are sent at once
	Later int // wait for the end of quiet hours
	// Until is when the last of those is sent.
	Until time.Time
	// Not are those that were not asked for, by reason.
	Not map[reminding.Reason]int
}

// Remind asks for reminders: of one person and wave, or of everybody who is late
// when picks is nil. The cap, pauses, bounces and quiet hours hold, now and when
// they are sent. Facilitators of the run may; a form sent a second time is
// ErrRepeated and changes nothing.
func (u *Messages) Remind(ctx context.Context, a Actor, study Study, run RunID, picks []Pick, once Once) (Reminded, error) {
	if !a.MayRun(study.ID, run) {
		return Reminded{}, ErrNotFound
	}
	now := u.env.now()
	var came Reminded
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		came = Reminded{Not: map[reminding.Reason]int{}}
		// Two who ask at the same moment ask one after the other.
		if err := tx.LockRun(ctx, study.ID, run); err != nil {
			return err
		}
		l, err := u.late(ctx, tx, study, run, now)
		if err != nil {
			return err
		}
		messages := l.ask(picks, &came, now)
		event := u.env.event(a, study.ID, now, ActionReminded, "run", string(run))
		event.Detail = fmt.Sprintf("%d reminders", len(messages))
		if err := noteOnce(ctx, tx, once, event); err != nil {
			return err
		}
		_, err = tx.PlanMessages(ctx, messages)
		return err
	})
	if err != nil {
		return Reminded{}, fmt.Errorf("remind people of run %s: %w", run, err)
	}
	return came, nil
}

// ask makes the messages of those who can be reminded.
func (l LateList) ask(picks []Pick, came *Reminded, now time.Time) []Message {
	var messages []Message
	found := 0
	for _, w := range l.Waves {
		for _, p := range w.People {
			if picks != nil && !slices.Contains(picks, Pick{p.Enrolment.ID, w.Wave.ID}) {
				continue
			}
			found++
			switch {
			case !p.Remindable():
				came.Not[p.Reminder.Reason]++
				continue
			case p.Reminder.Verdict == reminding.Send:
				came.Now++
			default:
				came.Later++
				if p.Reminder.At.After(came.Until) {
					came.Until = p.Reminder.At
				}
			}
			messages = append(messages, p.person.message(p.about, p.slot, now, p.Reminder.At))
		}
	}
	if missing := len(picks) - found; missing > 0 { // answered, left or closed meanwhile
		came.Not[reminding.Done] += missing
	}
	return messages
}
