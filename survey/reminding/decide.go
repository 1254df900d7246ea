package reminding

import (
	"slices"
	"time"

	"tidemark/survey/schedule"
)

// Verdict says what is to be done about a message.
type Verdict string

// A message is sent now, or not yet, or not at all.
const (
	Send  Verdict = "send"
	Wait  Verdict = "wait"
	Never Verdict = "never"
)

// Reason is why.
type Reason string

// The reasons. Of a Wait, those with an instant end by the clock alone; the others
// last until somebody does something.
const (
	Due Reason = "due" // Send

	NotYet     Reason = "not_yet"     // Wait: its day has not come
	QuietHours Reason = "quiet_hours" // Wait: people sleep
	TooSoon    Reason = "too_soon"    // Wait: the last one was a short time ago
	Queued     Reason = "queued"      // Wait: it is in the outbox
	Uninvited  Reason = "uninvited"   // Wait: the invitation comes first
	Unanswered Reason = "unanswered"  // Wait: there is nothing to thank for
	Off        Reason = "off"         // Wait: the study sends no messages
	Paused     Reason = "paused"      // Wait: the person wants none for now
	Declined   Reason = "declined"    // Wait: the person does not take part
	NoAddress  Reason = "no_address"  // Wait: none is known
	Bounced    Reason = "bounced"     // Wait: the address takes no letters
	NoLink     Reason = "no_link"     // Wait: the personal link works no more

	AlreadySent Reason = "sent"       // Never again
	GivenUp     Reason = "given_up"   // Never: it could not be sent
	NotTheirs   Reason = "not_theirs" // Never: not asked of their group
	Left        Reason = "left"       // Never: they have left the study
	Unwanted    Reason = "unwanted"   // Never: the study does not send this kind
	Done        Reason = "done"       // Never: everything was answered
	Closed      Reason = "closed"     // Never: it can be answered no more
	TooLate     Reason = "too_late"   // Never: it would come after the end
	Overtaken   Reason = "overtaken"  // Never: another took its place
	CapReached  Reason = "cap"        // Never: no more reminders for this wave
)

// Decision is what is to be done about a message, and why.
type Decision struct {
	Verdict Verdict
	Reason  Reason
	// At is until when a Wait lasts, or when what the reason tells of was: the
	// sending, the answer, the end. Zero: no instant is known.
	At time.Time
}

func wait(r Reason, until time.Time) Decision { return Decision{Wait, r, until} }
func never(r Reason, at time.Time) Decision   { return Decision{Never, r, at} }

// Decide says what is to be done at an instant about one message of a person and
// an occasion. past is what the outbox has had of the same, in any order.
func Decide(r Rules, p Person, o Occasion, past []Past, s Slot, now time.Time) Decision {
	if d, settled := bySelf(past, s); settled {
		return d
	}
	switch {
	case !o.Theirs:
		return never(NotTheirs, time.Time{})
	case p.Left:
		return never(Left, time.Time{})
	case s.Kind == Thanks && !r.Thanks, s.Kind == Meeting && !r.Meeting:
		return never(Unwanted, time.Time{})
	case s.Kind == Reminder && s.Number > len(r.ReminderDays):
		return never(Unwanted, time.Time{})
	case s.Kind.Asks() && !o.DoneAt.IsZero():
		return never(Done, o.DoneAt)
	}
	due, end := dueAt(r, p, o, s), o.Closes
	if s.Kind == Thanks {
		end = o.DoneAt.Add(thanksWithin)
		if o.DoneAt.IsZero() {
			end = o.Closes
		}
	}
	switch {
	case !now.Before(end):
		return never(Closed, end)
	case s.Kind == Thanks && o.DoneAt.IsZero():
		return wait(Unanswered, time.Time{})
	case !r.Quiet.End(due, p.Zone).Before(end):
		return never(TooLate, end)
	}
	if d, held := byState(r, p); held {
		return d
	}
	if s.Kind.Asks() {
		if d, settled := byOthers(r, p, o, past, s, now); settled {
			return d
		}
	}
	at := now
	reason := QuietHours
	if due.After(at) {
		at, reason = due, NotYet
	}
	if last := lastAsked(past); s.Kind.Asks() && !last.IsZero() && last.Add(Gap).After(at) {
		at, reason = last.Add(Gap), TooSoon
	}
	switch at = r.Quiet.End(at, p.Zone); {
	case !at.After(now):
		return Decision{Send, Due, now}
	case !at.Before(end):
		return never(TooLate, end)
	default:
		return wait(reason, at)
	}
}

// bySelf is settled when the outbox has had the message itself.
func bySelf(past []Past, s Slot) (Decision, bool) {
	i := slices.IndexFunc(past, func(b Past) bool { return b.Slot == s })
	if i < 0 {
		return Decision{}, false
	}
	switch past[i].State {
	case Sent:
		return never(AlreadySent, past[i].At), true
	case Failed:
		return never(GivenUp, past[i].At), true
	case Waiting: // below
	}
	return wait(Queued, past[i].At), true
}

// byState is held while something about the study or the person must change.
func byState(r Rules, p Person) (Decision, bool) {
	var zero time.Time
	switch {
	case !r.On:
		return wait(Off, zero), true
	case p.Declined:
		return wait(Declined, zero), true
	case p.Paused:
		return wait(Paused, zero), true
	case !p.Reachable:
		return wait(NoAddress, zero), true
	case p.Bounced:
		return wait(Bounced, zero), true
	case !p.Linked:
		return wait(NoLink, zero), true
	}
	return Decision{}, false
}

// byOthers is settled by the other messages of the wave.
func byOthers(r Rules, p Person, o Occasion, past []Past, s Slot, now time.Time) (Decision, bool) {
	last := lastAsked(past)
	reminded := 0
	for _, b := range past {
		if b.Kind.Reminds() && b.State != Failed {
			reminded++
		}
	}
	switch {
	case s.Kind == Invitation && reminded > 0:
		return never(Overtaken, last), true
	case s.Kind.Reminds() && reminded >= r.Cap:
		return never(CapReached, last), true
	case s.Kind == Reminder && later(r, p, o, past, s, now):
		return never(Overtaken, last), true
	case s.Kind == Reminder && last.IsZero():
		return wait(Uninvited, time.Time{}), true
	}
	return Decision{}, false
}

// later reports whether a reminder with a higher number was sent, or is due as
// well: of several that were missed only the last is sent.
func later(r Rules, p Person, o Occasion, past []Past, s Slot, now time.Time) bool {
	if slices.ContainsFunc(past, func(b Past) bool { return b.Kind == Reminder && b.Number > s.Number }) {
		return true
	}
	for n := s.Number + 1; n <= len(r.ReminderDays); n++ {
		due := dueAt(r, p, o, Slot{Reminder, n})
		if !due.After(now) && r.Quiet.End(due, p.Zone).Before(o.Closes) {
			return true
		}
	}
	return false
}

// lastAsked is when the last message that asks was sent or is to be; one that was
// given up counts, so that reminders may follow it.
func lastAsked(past []Past) time.Time {
	var last time.Time
	for _, b := range past {
		if b.Kind.Asks() && b.At.After(last) {
			last = b.At
		}
	}
	return last
}

// dueAt is from when on a message may be sent, quiet hours aside.
func dueAt(r Rules, p Person, o Occasion, s Slot) time.Time {
	from := o.Opens
	if p.Since.After(from) {
		from = p.Since
	}
	switch {
	case s.Kind == Thanks:
		return o.DoneAt
	case s.Kind == Reminder && s.Number >= 1 && s.Number <= len(r.ReminderDays):
		return schedule.DateOf(from.In(p.Zone)).AddDays(r.ReminderDays[s.Number-1]).At(0, 0, p.Zone)
	}
	return from
}
