package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/allocation"
	"tidemark/survey/reminding"
	"tidemark/survey/schedule"
)

// RehearsalPeople is how many simulated people play a course run.
const RehearsalPeople = 30

// RunRehearsal is a course run played through with simulated people: what its own
// schedule, rules, languages and words would send to whom, and what would come back.
// Nothing of it is stored and nothing is sent.
type RunRehearsal struct {
	RunCalendar
	Seed uint64
	// Begins and Ends are those of the story.
	Begins, Ends time.Time
	// Rules are those of the study, played as if messages were on; MessagesOn
	// tells whether they are.
	Rules      reminding.Rules
	MessagesOn bool
	People     []RehearsedPerson
	Waves      []RehearsedWave // the first meeting first, if anybody is told of it
	Messages   []RehearsedMessage
}

// RehearsedPerson is a simulated person.
type RehearsedPerson struct {
	Number   int // from 1
	Part     RehearsedPart
	Late     bool // joined when the first questionnaire was open already
	ArmID    ArmID
	Language string
	Zone     *time.Location
	Joined   time.Time
	Messages int // sent to them
	Answered int // waves
}

// RehearsedWave is what came of a wave, or of the word before the first meeting.
type RehearsedWave struct {
	Wave Wave // zero: the first meeting
	// Opens and Closes are the first and the last of all people who were asked.
	Opens, Closes time.Time
	Asked         int
	Answered      int
	Sent          map[reminding.Kind]int
	Bounced       int // of those sent, that no mail server took
	// MostReminders is how many reminders one person got.
	MostReminders int
	// Shifted are messages that waited for the end of quiet hours.
	Shifted int
	Held    []RehearsedHold
}

// RehearsedHold are messages that were not sent, and why.
type RehearsedHold struct {
	Reason reminding.Reason
	Count  int // messages
	People int
}

// RehearsedMessage is a message that would be sent.
type RehearsedMessage struct {
	At     time.Time
	Person int // its number
	Wave   int // index among the waves
	Slot   reminding.Slot
	Letter Letter
	// Bounced: the address takes no letters.
	Bounced bool
}

// Rehearse plays a run through with simulated people. What decides about messages
// and writes them is what decides about and writes the real ones; only people, clock
// and mail server are made up. The same run, seed and day give the same picture.
// Facilitators of the run may; nothing is written.
func (u *Runs) Rehearse(ctx context.Context, a Actor, id StudyID, runID RunID, seed uint64, letters Letters) (*RunRehearsal, error) {
	if !a.MayRun(id, runID) {
		return nil, ErrNotFound
	}
	r := u.env.Store
	cal, design, err := u.calendar(ctx, r, id, runID)
	if err != nil {
		return nil, fmt.Errorf("rehearse run %s: %w", runID, err)
	}
	m, err := r.Messaging(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("rehearse run %s: %w", runID, err)
	}
	words, err := u.env.waveWords(ctx, r, id, cal.Run)
	if err != nil {
		return nil, fmt.Errorf("rehearse run %s: %w", runID, err)
	}
	p := newRunPlay(cal.Run, design, m, words, seed, u.env.now())
	p.letters = letters
	if p.whole, p.drawn, err = wholeRun(ctx, r, design, runID); err != nil {
		return nil, fmt.Errorf("rehearse run %s: %w", runID, err)
	}
	if err := p.play(ctx); err != nil {
		return nil, fmt.Errorf("rehearse run %s: %w", runID, err)
	}
	return p.result(cal), nil
}

// wholeRun reports whether whole runs are allotted, and which arm was drawn for this
// one; none as long as nobody was added, when nobody can know it.
func wholeRun(ctx context.Context, r Reader, d StudyDesign, run RunID) (whole bool, drawn ArmID, err error) {
	seal, err := r.AllocationSeal(ctx, d.Study.ID)
	if errors.Is(err, ErrNotFound) {
		seal.Scheme, err = schemeOf(ctx, r, d)
	}
	if err != nil || seal.Scheme.Unit != allocation.ByRun {
		return false, "", err
	}
	draws, err := r.Draws(ctx, d.Study.ID)
	if err != nil {
		return true, "", err
	}
	drawn, _ = urn{past: draws}.runArm(run)
	return true, drawn, nil
}

// result is what was played, for a page.
func (p *runPlay) result(cal RunCalendar) *RunRehearsal {
	x := &RunRehearsal{
		RunCalendar: cal, Seed: p.seed, Begins: p.begins, Ends: p.now, Rules: p.rules, MessagesOn: p.on, Messages: p.messages,
	}
	for _, q := range p.cast {
		x.People = append(x.People, q.RehearsedPerson)
	}
	order := make([]string, 0, len(p.waves))
	for about := range p.waves {
		order = append(order, about)
	}
	slices.SortFunc(order, func(a, b string) int {
		v, w := p.waves[a], p.waves[b]
		return cmp.Or(v.Opens.Compare(w.Opens), cmp.Compare(v.Wave.Position, w.Wave.Position))
	})
	index := map[string]int{}
	for i, about := range order {
		w := p.waves[about]
		w.Held = p.heldOf(about)
		x.Waves, index[about] = append(x.Waves, *w), i
	}
	for i := range x.Messages {
		x.Messages[i].Wave = index[p.abouts[i]]
	}
	return x
}

// heldOf are the messages about a wave that were never sent, by reason, the most
// frequent first. What nobody asked for or nothing called for is not among them.
func (p *runPlay) heldOf(about string) []RehearsedHold {
	by := map[reminding.Reason]*RehearsedHold{}
	for _, q := range p.cast {
		seen := map[reminding.Reason]bool{}
		for place, reason := range q.last {
			if place.about != about || !holdsBack(reason) {
				continue
			}
			h := by[reason]
			if h == nil {
				h = &RehearsedHold{Reason: reason}
				by[reason] = h
			}
			h.Count++
			if !seen[reason] {
				h.People++
				seen[reason] = true
			}
		}
	}
	all := make([]RehearsedHold, 0, len(by))
	for _, h := range by {
		all = append(all, *h)
	}
	slices.SortFunc(all, func(a, b RehearsedHold) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}

// holdsBack reports whether a reason is one for which a message is held back.
func holdsBack(r reminding.Reason) bool {
	switch r {
	case reminding.AlreadySent, reminding.Due, reminding.Unwanted, reminding.NotTheirs, reminding.Unanswered, reminding.NotYet, reminding.Closed:
		return false
	default:
		return true
	}
}

// mark is the place of a message among those to one person.
type mark struct {
	about string
	slot  reminding.Slot
}

// rehearsedStudy is a study as it is when its run is held.
func rehearsedStudy(s Study, m Messaging) MessagingStudy {
	s.State, m.Rules.On = StudyOpen, true
	return MessagingStudy{Study: s, Messaging: m}
}

// firstOpening is when the first wave of a run opens for those who are there from
// the beginning; two weeks before the course when each person has windows of their
// own.
func firstOpening(run CourseRun, waves []Wave) time.Time {
	first := run.FirstMeeting().Add(-14 * 24 * time.Hour)
	t, found := run.Timetable(waves), false
	for _, w := range waves {
		if opens := t.General(w.ID).Opens; !opens.IsZero() && (!found || opens.Before(first)) {
			first, found = opens, true
		}
	}
	return first
}

// awake moves an instant into the day of a zone, between eight and half past nine in
// the evening.
func awake(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	day := schedule.DateOf(local)
	switch h := local.Hour(); {
	case h < 8:
		return day.At(8, local.Minute(), zone)
	case h >= 21:
		return day.AddDays(1).At(8, local.Minute(), zone)
	default:
		return t
	}
}
