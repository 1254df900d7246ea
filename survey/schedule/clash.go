package schedule

import (
	"cmp"
	"slices"
	"time"
)

// ClashKind says what does not fit in a run.
type ClashKind string

// What can clash. Stops are those with which a run cannot be held as it is; the
// others may be meant.
const (
	ClashRule         ClashKind = "rule"          // the rule is at fault by itself
	ClashNoMeeting    ClashKind = "no_meeting"    // it hangs on a meeting that the course has not
	ClashNoWave       ClashKind = "no_wave"       // it follows a wave that there is not
	ClashOtherArm     ClashKind = "other_arm"     // it follows a wave of another arm
	ClashCircle       ClashKind = "circle"        // waves follow each other in a circle
	ClashOrder        ClashKind = "order"         // a meeting is not after the one before it
	ClashOverlap      ClashKind = "overlap"       // a meeting begins before the one before it ends
	ClashZeroLength   ClashKind = "zero_length"   // a window opens and closes at once
	ClashPreLate      ClashKind = "pre_late"      // a wave before the course opens after the first meeting
	ClashPostEarly    ClashKind = "post_early"    // a wave after the course opens before the last meeting
	ClashFollowUp     ClashKind = "follow_up"     // a follow-up opens before a wave after the course
	ClashTogether     ClashKind = "together"      // two waves during the course are open at once
	ClashNoSuchTime   ClashKind = "no_such_time"  // clocks go forward over the hour of a meeting
	ClashUnknownPause ClashKind = "unknown_pause" // a break or a move is of a meeting that the course has not
)

// Stops reports whether a run should not be opened with such a clash.
func (k ClashKind) Stops() bool {
	switch k {
	case ClashRule, ClashNoMeeting, ClashNoWave, ClashOtherArm, ClashCircle, ClashOrder, ClashZeroLength, ClashFollowUp:
		return true
	default:
		return false
	}
}

// Clash is one thing that does not fit: a wave, or a meeting, and the other one.
type Clash struct {
	Kind           ClashKind
	Wave, Other    string // keys of waves
	Meeting        int    // of a meeting; 0: none
	At             time.Time
	Field, Message string // of ClashRule, see [Fault]
}

func (c Calendar) clashes(waves []Wave, meetings int, length time.Duration) []Clash {
	found := c.meetingClashes(meetings, length)
	byKey := make(map[string]Wave, len(waves))
	for _, w := range waves {
		byKey[w.Key] = w
	}
	for _, w := range waves {
		found = append(found, w.clashes(byKey, meetings)...)
	}
	return append(found, c.windowClashes(waves, meetings)...)
}

func (c Calendar) meetingClashes(meetings int, length time.Duration) []Clash {
	var found []Clash
	for n := 1; n <= meetings; n++ {
		at := c.MeetingAt(n)
		if !shows(at, c.Meeting(n), c.Hour, c.Minute) {
			found = append(found, Clash{Kind: ClashNoSuchTime, Meeting: n, At: at})
		}
		if n == 1 {
			continue
		}
		switch before := c.MeetingAt(n - 1); {
		case !at.After(before):
			found = append(found, Clash{Kind: ClashOrder, Meeting: n, At: at})
		case at.Before(before.Add(length)):
			found = append(found, Clash{Kind: ClashOverlap, Meeting: n, At: at})
		}
	}
	unknown := map[int]bool{}
	for n, days := range c.Moved {
		unknown[n] = days != 0 && (n < 1 || n > meetings)
	}
	for _, b := range c.Breaks {
		unknown[b.Before] = unknown[b.Before] || b.Before < 2 || b.Before > meetings
	}
	var numbers []int
	for n, is := range unknown {
		if is {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		found = append(found, Clash{Kind: ClashUnknownPause, Meeting: n})
	}
	return found
}

// clashes are what is wrong with a wave beside the others.
func (w Wave) clashes(byKey map[string]Wave, meetings int) []Clash {
	var found []Clash
	for _, f := range w.Rule.Faults() {
		found = append(found, Clash{Kind: ClashRule, Wave: w.Key, Field: f.Field, Message: f.Key})
	}
	if w.Rule.Anchor == AnchorMeeting && w.Rule.Meeting > meetings {
		found = append(found, Clash{Kind: ClashNoMeeting, Wave: w.Key, Meeting: w.Rule.Meeting})
	}
	if w.Rule.Anchor != AnchorWave || w.Rule.Wave == "" {
		return found
	}
	earlier, ok := byKey[w.Rule.Wave]
	switch {
	case !ok:
		return append(found, Clash{Kind: ClashNoWave, Wave: w.Key, Other: w.Rule.Wave})
	case earlier.Arm != "" && earlier.Arm != w.Arm:
		found = append(found, Clash{Kind: ClashOtherArm, Wave: w.Key, Other: earlier.Key})
	}
	for range byKey {
		if earlier.Key == w.Key {
			return append(found, Clash{Kind: ClashCircle, Wave: w.Key, Other: w.Rule.Wave})
		}
		if earlier.Rule.Anchor != AnchorWave {
			break
		}
		earlier = byKey[earlier.Rule.Wave]
	}
	return found
}

// windowClashes compares the windows that a run has for everybody.
func (c Calendar) windowClashes(waves []Wave, meetings int) []Clash {
	type placed struct {
		Wave
		Window
	}
	var all []placed
	var found []Clash
	for _, w := range waves {
		window, ok := c.Place(w.Rule).General()
		if !ok || w.Rule.Anchor == AnchorMeeting && (w.Rule.Meeting < 1 || w.Rule.Meeting > meetings) {
			continue
		}
		if !window.Opens.Before(window.Closes) {
			found = append(found, Clash{Kind: ClashZeroLength, Wave: w.Key, At: window.Opens})
		}
		all = append(all, placed{w, window})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Or(a.Opens.Compare(b.Opens), a.Closes.Compare(b.Closes)) })
	for i, w := range all {
		switch w.Part {
		case PartPre:
			if meetings > 0 && w.Opens.After(c.MeetingAt(1)) {
				found = append(found, Clash{Kind: ClashPreLate, Wave: w.Key, At: w.Opens})
			}
		case PartPost:
			if meetings > 0 && w.Opens.Before(c.MeetingAt(meetings)) {
				found = append(found, Clash{Kind: ClashPostEarly, Wave: w.Key, Meeting: meetings, At: w.Opens})
			}
		case PartFollowUp:
			for _, post := range all[i+1:] {
				if post.Part == PartPost && asksBoth(w.Wave, post.Wave) && post.Opens.After(w.Opens) {
					found = append(found, Clash{Kind: ClashFollowUp, Wave: w.Key, Other: post.Key, At: w.Opens})
				}
			}
		case PartDuring:
			for _, next := range all[i+1:] {
				if next.Part == PartDuring && asksBoth(w.Wave, next.Wave) && w.Rule.Timed == next.Rule.Timed && next.Opens.Before(w.Closes) {
					found = append(found, Clash{Kind: ClashTogether, Wave: next.Key, Other: w.Key, At: next.Opens})
				}
			}
		}
	}
	return found
}

// asksBoth reports whether somebody answers both waves.
func asksBoth(a, b Wave) bool { return a.Arm == "" || b.Arm == "" || a.Arm == b.Arm }
