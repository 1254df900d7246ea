package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Part is what a wave is for in a course; the words are those of the kinds of
// waves.
type Part string

// The parts of a course that are asked about.
const (
	PartPre      Part = "pre"
	PartDuring   Part = "during"
	PartPost     Part = "post"
	PartFollowUp Part = "followup"
)

// Wave is a rule with what it is called.
type Wave struct {
	Key  string
	Name string
	Part Part
	Arm  string // key of the only arm that answers; empty: every arm
	Rule Rule
}

// EventKind says what happens in a run.
type EventKind string

// The kinds of events.
const (
	EventMeeting EventKind = "meeting"
	EventBreak   EventKind = "break"
	EventWave    EventKind = "wave"
	// EventPerson is a wave that each person has at a time of their own; it has no
	// instants and comes last.
	EventPerson EventKind = "person"
)

// Event is one line of an outline.
type Event struct {
	Kind    EventKind
	Meeting int // of a meeting; of a break, the meeting after it
	Moved   bool
	Wave    Wave      // of a wave
	Opens   time.Time // a meeting begins, a break's first midnight, a window opens
	Closes  time.Time // a meeting ends, the midnight after a break's last day, a window closes
	Expires time.Time // as Closes, and for a window with its grace
}

// Outline is a run in order of time, with what clashes.
type Outline struct {
	Events  []Event
	Clashes []Clash
}

// Outline lists all meetings, breaks and windows of a run, and finds what clashes.
// A meeting lasts length; meetings are numbered from 1.
func (c Calendar) Outline(waves []Wave, meetings int, length time.Duration) Outline {
	var o Outline
	for n := 1; n <= meetings; n++ {
		at := c.MeetingAt(n)
		o.Events = append(o.Events, Event{
			Kind: EventMeeting, Meeting: n, Moved: c.Moved[n] != 0, Opens: at, Closes: at.Add(length), Expires: at.Add(length),
		})
	}
	for _, b := range c.Breaks {
		if b.Before > meetings {
			continue
		}
		end := c.Regular(b.Before)
		e := Event{Kind: EventBreak, Meeting: b.Before, Opens: end.AddDays(-b.Days).At(0, 0, c.zone()), Closes: end.At(0, 0, c.zone())}
		e.Expires = e.Closes
		o.Events = append(o.Events, e)
	}
	for _, w := range waves {
		e := Event{Kind: EventPerson, Wave: w}
		if window, ok := c.Place(w.Rule).General(); ok {
			e = Event{Kind: EventWave, Wave: w, Opens: window.Opens, Closes: window.Closes, Expires: window.Expires}
		}
		o.Events = append(o.Events, e)
	}
	slices.SortStableFunc(o.Events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(late(a), late(b)), a.Opens.Compare(b.Opens), a.Closes.Compare(b.Closes))
	})
	o.Clashes = c.clashes(waves, meetings, length)
	return o
}

func late(e Event) int {
	if e.Kind == EventPerson {
		return 1
	}
	return 0
}

// Middle is the middle of a wave in days from the start of a course that meets week
// by week and whose people all join on its first day: where a wave stands on an
// axis of time. A month counts 365.25/12 days; a wave that follows another is
// counted from the middle of that.
func Middle(r Rule, waves []Wave) float64 { return middle(r, waves, len(waves)) }

func middle(r Rule, waves []Wave, depth int) float64 {
	day := float64(r.Months) * 365.25 / 12
	if r.Timed {
		day += float64(r.OpensMinute+r.ClosesMinute) / 2 / (24 * 60)
	} else {
		day += float64(r.OpensDay+r.ClosesDay) / 2
	}
	switch r.Anchor {
	case AnchorMeeting:
		day += float64(dayOf(r.Meeting))
	case AnchorWave:
		for _, w := range waves {
			if w.Key == r.Wave && depth > 0 {
				return day + middle(w.Rule, waves, depth-1)
			}
		}
	case AnchorStart, AnchorEnrolment:
	}
	return day
}

// Latest is the last instant at which a person may still have something to answer:
// of waves that follow the completion of another, as if that were completed at the
// last moment. The zero time when nothing can be placed.
func (c Calendar) Latest(waves []Wave, p Person) time.Time {
	byKey := make(map[string]Rule, len(waves))
	for _, w := range waves {
		byKey[w.Key] = w.Rule
	}
	var last time.Time
	for _, w := range waves {
		if e := c.expiry(w.Rule, p, byKey, len(waves)); e.After(last) {
			last = e
		}
	}
	return last
}

// expiry is the latest end of one wave; depth ends the search in a circle.
func (c Calendar) expiry(r Rule, p Person, byKey map[string]Rule, depth int) time.Time {
	if r.Anchor == AnchorWave && p.Submitted[r.Wave].IsZero() {
		earlier, ok := byKey[r.Wave]
		if !ok || depth == 0 {
			return time.Time{}
		}
		end := c.expiry(earlier, p, byKey, depth-1)
		if end.IsZero() {
			return end
		}
		p.Submitted = map[string]time.Time{r.Wave: end}
	}
	w, _ := c.Window(r, p)
	return w.Expires
}
