package reminding

import (
	"slices"
	"time"
)

// Slots are the messages there can be about a wave, in order: what the rules send
// of themselves, and what the outbox has had besides.
func Slots(r Rules, past []Past) []Slot {
	slots := []Slot{{Invitation, 1}}
	for n := range r.ReminderDays {
		slots = append(slots, Slot{Reminder, n + 1})
	}
	if r.Thanks {
		slots = append(slots, Slot{Thanks, 1})
	}
	for _, b := range past {
		if !slices.Contains(slots, b.Slot) {
			slots = append(slots, b.Slot)
		}
	}
	slices.SortStableFunc(slots, func(a, b Slot) int {
		if a.Kind != b.Kind {
			return slices.Index(Kinds(), a.Kind) - slices.Index(Kinds(), b.Kind)
		}
		return a.Number - b.Number
	})
	return slots
}

// Step is a message and when it is sent.
type Step struct {
	Slot
	At time.Time
}

// Timeline is what somebody gets who never answers: the messages of an occasion in
// order of time. Thanks, which follow an answer, are not in it; for a meeting it is
// the message before it.
func Timeline(r Rules, p Person, o Occasion, kind Kind) []Step {
	slots := []Slot{{Meeting, 1}}
	if kind != Meeting {
		slots = Slots(r, nil)
	}
	var steps []Step
	var past []Past
	for _, s := range slots {
		if s.Kind == Thanks {
			continue
		}
		at := o.Opens
		if p.Since.After(at) {
			at = p.Since
		}
		d := Decide(r, p, o, past, s, at)
		for d.Verdict == Wait && d.At.After(at) {
			at = d.At
			d = Decide(r, p, o, past, s, at)
		}
		if d.Verdict == Send {
			steps = append(steps, Step{s, at})
			past = append(past, Past{s, Sent, at})
		}
	}
	return steps
}

// NextNudge is the number of the next reminder by hand.
func NextNudge(past []Past) int {
	n := 1
	for _, b := range past {
		if b.Kind == Nudge && b.Number >= n {
			n = b.Number + 1
		}
	}
	return n
}

// Reminded is how many reminders were sent or wait to be.
func Reminded(past []Past) int {
	n := 0
	for _, b := range past {
		if b.Kind.Reminds() && b.State != Failed {
			n++
		}
	}
	return n
}
