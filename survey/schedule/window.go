package schedule

import "time"

// Window is the span in which a wave can be answered. Closes is what people are
// told; answers are taken until Expires. The zero Window is none: its anchor has
// not happened, or it is not for the person. Of any other, Opens ≤ Closes ≤
// Expires.
type Window struct {
	Opens, Closes, Expires time.Time
}

// IsZero reports whether there is no window.
func (w Window) IsZero() bool { return w == Window{} }

// Phase says where an instant lies relative to a window.
type Phase string

// The phases of a window, in order of time.
const (
	Before Phase = "before"
	During Phase = "during"
	After  Phase = "after"
)

// Valid reports whether p is one of the phases.
func (p Phase) Valid() bool { return p == Before || p == During || p == After }

// At is the phase of the window at instant t: During while answers are taken,
// Opens ≤ t < Expires. What has no window is still to come.
func (w Window) At(t time.Time) Phase {
	switch {
	case w.IsZero() || t.Before(w.Opens):
		return Before
	case t.Before(w.Expires):
		return During
	default:
		return After
	}
}

// Overdue reports whether t lies in the grace: people were told that the window
// has closed, and answers are still taken.
func (w Window) Overdue(t time.Time) bool { return !t.Before(w.Closes) && t.Before(w.Expires) }

// LastDay is the closing day as people say it ("open until Sunday"): the civil
// day of the last instant before the window closes.
func (w Window) LastDay() Date { return DateOf(w.Closes.Add(-time.Nanosecond)) }

// Person is what a window may depend on besides the run. The zero Person was there
// from the beginning and has completed nothing.
type Person struct {
	EnrolledAt time.Time
	// JoinedAt is when they came to this run from another; zero: with EnrolledAt.
	JoinedAt  time.Time
	Submitted map[string]time.Time // key of a wave → when it was completed
}

// Window is when a person can answer a wave. False with the zero Window: the
// anchor has not happened for them, or the window closed before they joined.
//
// Whoever joins after the window opened has it from that moment on, and, with
// LateDays, for so many days at least.
func (c Calendar) Window(r Rule, p Person) (Window, bool) { return c.Place(r).For(p) }

// Placed is a rule on a calendar. For one wave and many people it is made once.
type Placed struct {
	rule Rule
	c    Calendar
	// base is the window of those who were there from the beginning; none when
	// the anchor is a person's.
	base Window
}

// Place puts a rule on the calendar.
func (c Calendar) Place(r Rule) Placed {
	p := Placed{rule: r, c: c}
	switch r.Anchor {
	case AnchorStart:
		// Days are counted as if there were no breaks, and then pass over them.
		n := c.Start.DaysUntil(c.Start.AddMonths(r.Months))
		p.base = r.window(c.Start.At(c.Hour, c.Minute, c.zone()), func(days int) Date { return c.Day(n + days) }, c.zone())
	case AnchorMeeting:
		day := c.Meeting(r.Meeting).AddMonths(r.Months)
		p.base = r.window(c.MeetingAt(r.Meeting), day.AddDays, c.zone())
	case AnchorEnrolment, AnchorWave:
	}
	return p
}

// For is the window of one person; see [Calendar.Window].
func (p Placed) For(who Person) (Window, bool) {
	switch p.rule.Anchor {
	case AnchorEnrolment:
		return p.from(who.EnrolledAt)
	case AnchorWave:
		return p.from(who.Submitted[p.rule.Wave])
	case AnchorStart, AnchorMeeting:
	}
	w := p.base
	joined := who.EnrolledAt
	if !who.JoinedAt.IsZero() {
		joined = who.JoinedAt
	}
	if !joined.After(w.Opens) {
		return w, !w.IsZero()
	}
	joined = joined.In(p.c.zone())
	if p.rule.LateDays > 0 && !p.rule.Timed {
		if until := DateOf(joined).AddDays(p.rule.LateDays+1).At(0, 0, p.c.zone()); until.After(w.Closes) {
			w.Closes = until
			w.Expires = p.rule.expires(until)
		}
	}
	if !joined.Before(w.Closes) {
		return Window{}, false
	}
	w.Opens = joined
	return w, true
}

// General is the window of those who were there from the beginning; false when
// each person has a window of their own.
func (p Placed) General() (Window, bool) { return p.base, !p.base.IsZero() }

// from places a window that hangs on a person's own instant, and opens no earlier
// than that.
func (p Placed) from(at time.Time) (Window, bool) {
	if at.IsZero() {
		return Window{}, false
	}
	at = at.In(p.c.zone())
	w := p.rule.window(at, DateOf(at).AddMonths(p.rule.Months).AddDays, p.c.zone())
	if w.Opens.Before(at) {
		w.Opens = at
	}
	if w.Closes.Before(w.Opens) { // not by a valid rule
		return Window{}, false
	}
	return w, true
}

// window cuts the window by days, or by minutes from an instant.
func (r Rule) window(at time.Time, day func(int) Date, zone *time.Location) Window {
	var w Window
	if r.Timed {
		w.Opens = at.Add(time.Duration(r.OpensMinute) * time.Minute)
		w.Closes = at.Add(time.Duration(r.ClosesMinute) * time.Minute)
	} else {
		w.Opens = day(r.OpensDay).At(0, 0, zone)
		// The day after the last one, which a break may put off: the window ends
		// with the last day and not with the break.
		w.Closes = day(r.ClosesDay).AddDays(1).At(0, 0, zone)
	}
	w.Expires = r.expires(w.Closes)
	return w
}

// expires adds the grace: civil days, then minutes.
func (r Rule) expires(closes time.Time) time.Time {
	e := closes
	if r.GraceDays > 0 {
		e = DateOf(closes).AddDays(r.GraceDays).At(closes.Hour(), closes.Minute(), closes.Location())
		if e.Before(closes) {
			e = closes
		}
	}
	return e.Add(time.Duration(r.GraceMinutes) * time.Minute)
}
