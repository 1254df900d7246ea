package reminding_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"tidemark/survey/reminding"
)

// histories is how many are generated; TIDEMARK_HISTORIES asks for more.
func histories(t *testing.T) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("TIDEMARK_HISTORIES")); err == nil {
		return n
	}
	return 12000
}

// Zones with a summer time of an hour, of half an hour, one that changes at
// midnight, one on the southern half, and ones without.
var zones = []string{
	"Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Australia/Sydney", "Asia/Kolkata", "UTC",
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// history is one person and one wave, played in small steps: messages are put in
// an outbox, lie there for a while, and are decided on again when they are sent.
type history struct {
	random *rand.Rand
	rules  reminding.Rules
	person reminding.Person
	wave   reminding.Occasion
	past   []reminding.Past
	now    time.Time
	calm   bool // nothing happens to the person
	sent   []reminding.Step
	faults []string
	counts map[string]int
}

func newHistory(seed uint64) *history {
	h := &history{random: rand.New(rand.NewPCG(seed, 14)), counts: map[string]int{}}
	r := h.random
	h.rules = reminding.DefaultRules()
	h.rules.On = true
	h.rules.Thanks = r.IntN(2) == 0
	switch r.IntN(4) {
	case 0:
		h.rules.Quiet = reminding.Quiet{From: r.IntN(24 * 60), To: r.IntN(24 * 60)}
	case 1:
		h.rules.Quiet = reminding.Quiet{From: 60, To: 150} // over the hour that is missing or comes twice
	}
	if r.IntN(3) == 0 {
		h.rules.ReminderDays, h.rules.Cap = []int{1, 2, 3, 4, 6}, 1+r.IntN(4)
	}
	// Around the changes of the clocks of 2026, and elsewhere.
	days := []string{"2026-03-05", "2026-03-26", "2026-04-02", "2026-10-01", "2026-10-22", "2026-10-29", "2026-06-01", "2028-02-26", "2026-09-03"}
	day, err := time.ParseInLocation(time.DateOnly, days[r.IntN(len(days))], zone(zones[r.IntN(len(zones))]))
	if err != nil {
		panic(err)
	}
	h.wave = reminding.Occasion{Opens: day, Closes: day.AddDate(0, 0, 1+r.IntN(13)), Theirs: true}
	h.person = reminding.Person{
		Zone: zone(zones[r.IntN(len(zones))]), Since: day.AddDate(0, 0, -20), Reachable: true, Linked: true,
	}
	if r.IntN(3) == 0 { // comes late
		h.person.Since = h.wave.Opens.Add(time.Duration(r.Int64N(int64(h.wave.Closes.Sub(h.wave.Opens)))))
	}
	if h.calm = r.IntN(4) == 0; h.calm { // played in steps of ten minutes, which must meet every limit
		h.person.Since = h.person.Since.Truncate(10 * time.Minute)
		h.rules.Quiet.From -= h.rules.Quiet.From % 10
		h.rules.Quiet.To -= h.rules.Quiet.To % 10
	}
	return h
}

func (h *history) play() {
	for h.now = h.wave.Opens.Add(-30 * time.Hour); h.now.Before(h.wave.Closes.Add(100 * time.Hour)); {
		if !h.calm {
			h.happen()
		}
		h.plan()
		if h.calm || h.random.IntN(4) > 0 { // else the mail server is away
			h.dispatch()
		}
		step := 10 * time.Minute
		if !h.calm {
			step = time.Duration(1+h.random.IntN(120)) * time.Minute
		}
		h.now = h.now.Add(step)
	}
}

// happen lets something happen to the person, the study or the run.
func (h *history) happen() {
	r := h.random
	if h.now.Before(h.person.Since) {
		return
	}
	switch r.IntN(160) {
	case 0:
		h.person.Left = true
	case 1, 2:
		h.person.Paused = !h.person.Paused
	case 3:
		h.person.Declined = !h.person.Declined
	case 4, 5:
		if h.wave.DoneAt.IsZero() && !h.now.Before(h.wave.Opens) && h.now.Before(h.wave.Closes) {
			h.wave.DoneAt = h.now
		}
	case 6:
		h.person.Bounced = !h.person.Bounced
	case 7:
		h.person.Zone = zone(zones[r.IntN(len(zones))])
	case 8:
		by := r.IntN(9) - 4
		h.wave.Opens, h.wave.Closes = h.wave.Opens.AddDate(0, 0, by), h.wave.Closes.AddDate(0, 0, by)
	case 9:
		h.rules.On = !h.rules.On
	case 10:
		h.rules.Cap = r.IntN(5)
	case 11:
		h.rules.Quiet = reminding.Quiet{From: r.IntN(24 * 60), To: r.IntN(24 * 60)}
	case 12:
		h.person.Linked = !h.person.Linked
	case 13, 14, 15, 16, 17, 18, 19, 20, 21, 22:
		h.nudge()
	}
}

// nudge is somebody who asks for a reminder by hand.
func (h *history) nudge() {
	s := reminding.Slot{Kind: reminding.Nudge, Number: reminding.NextNudge(h.past)}
	d := reminding.Decide(h.rules, h.person, h.wave, h.past, s, h.now)
	switch {
	case d.Verdict == reminding.Send:
		h.past = append(h.past, reminding.Past{Slot: s, State: reminding.Waiting, At: h.now})
	case d.Verdict == reminding.Wait && !d.At.IsZero():
		h.past = append(h.past, reminding.Past{Slot: s, State: reminding.Waiting, At: d.At})
	}
}

func (h *history) plan() {
	if h.now.Before(h.person.Since) {
		return
	}
	for _, s := range reminding.Slots(h.rules, h.past) {
		if s.Kind == reminding.Nudge {
			continue
		}
		d := reminding.Decide(h.rules, h.person, h.wave, h.past, s, h.now)
		if d.Verdict == reminding.Send {
			h.past = append(h.past, reminding.Past{Slot: s, State: reminding.Waiting, At: h.now})
		}
	}
}

func (h *history) dispatch() {
	for _, b := range slices.Clone(h.past) {
		if b.State != reminding.Waiting || b.At.After(h.now) || !h.calm && h.random.IntN(3) == 0 {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(h.past), func(x reminding.Past) bool { return x.Slot == b.Slot })
		d := reminding.Decide(h.rules, h.person, h.wave, others, b.Slot, h.now)
		switch {
		case d.Verdict == reminding.Send && !h.calm && h.random.IntN(20) == 0:
			h.past = append(others, reminding.Past{Slot: b.Slot, State: reminding.Failed, At: h.now})
		case d.Verdict == reminding.Send:
			h.judge(b.Slot, others)
			h.sent = append(h.sent, reminding.Step{Slot: b.Slot, At: h.now})
			h.past = append(others, reminding.Past{Slot: b.Slot, State: reminding.Sent, At: h.now})
		case d.Verdict == reminding.Wait && !d.At.IsZero():
			h.past = append(others, reminding.Past{Slot: b.Slot, State: reminding.Waiting, At: d.At})
		default: // dropped; may be planned again
			h.past = others
		}
	}
}

// judge holds a sending to what was promised, reckoned in another way than the
// package does.
func (h *history) judge(s reminding.Slot, others []reminding.Past) {
	fault := func(format string, args ...any) {
		h.faults = append(h.faults, fmt.Sprintf("%s %d at %s: ", s.Kind, s.Number, h.now.In(h.person.Zone))+fmt.Sprintf(format, args...))
	}
	p, asks := h.person, s.Kind != reminding.Thanks
	switch {
	case p.Left:
		fault("the person has left")
	case p.Declined, p.Paused, p.Bounced, !p.Linked, !h.rules.On:
		fault("nothing may be sent to %+v", p)
	case asks && !h.wave.DoneAt.IsZero():
		fault("everything was answered")
	case !asks && h.wave.DoneAt.IsZero():
		fault("there is nothing to thank for")
	case asks && (h.now.Before(h.wave.Opens) || !h.now.Before(h.wave.Closes)):
		fault("the wave is not open")
	}
	from, to := clock(h.rules.Quiet.From), clock(h.rules.Quiet.To)
	at := h.now.In(p.Zone).Format("15:04")
	if from < to && at >= from && at < to || from > to && (at >= from || at < to) {
		fault("quiet hours are from %s to %s", from, to)
	}
	reminders := 0
	for _, x := range h.sent {
		if x.Slot == s {
			fault("sent before, at %s", x.At)
		}
		if asks && x.Kind != reminding.Thanks && h.now.Sub(x.At) < 20*time.Hour {
			fault("the last one was at %s", x.At)
		}
		if x.Kind == reminding.Reminder || x.Kind == reminding.Nudge {
			reminders++
			if s.Kind == reminding.Invitation {
				fault("an invitation after a reminder")
			}
		}
	}
	if (s.Kind == reminding.Reminder || s.Kind == reminding.Nudge) && reminders+1 > h.rules.Cap {
		fault("%d reminders were sent, the cap is %d", reminders, h.rules.Cap)
	}
	h.counts[string(s.Kind)]++
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func TestNoGeneratedHistoryBreaksAPromise(t *testing.T) {
	t.Parallel()
	n, counts, late, calm := histories(t), map[string]int{}, 0, 0
	for seed := range n {
		h := newHistory(uint64(seed))
		h.play()
		for _, f := range h.faults {
			t.Errorf("history %d: %s", seed, f)
		}
		if len(h.faults) > 0 && t.Failed() && seed > 50 {
			t.Fatal("enough")
		}
		for k, v := range h.counts {
			counts[k] += v
		}
		if h.person.Since.After(h.wave.Opens) {
			late += len(h.sent)
		}
		if h.calm {
			calm++
			calmHistory(t, seed, h)
		}
	}
	t.Logf("%d histories, %d of them calm; sent: %v, %d of them to people who came late", n, calm, counts, late)
	for _, k := range []reminding.Kind{reminding.Invitation, reminding.Reminder, reminding.Nudge, reminding.Thanks} {
		if counts[string(k)] < n/100 {
			t.Errorf("only %d of kind %s were sent: the histories do not try it", counts[string(k)], k)
		}
	}
}

// calmHistory: whoever never answers and to whom nothing happens gets exactly what
// the timeline says, so that the promises are not kept by silence.
func calmHistory(t *testing.T, seed int, h *history) {
	t.Helper()
	want := reminding.Timeline(h.rules, h.person, h.wave, reminding.Invitation)
	if len(want) != len(h.sent) {
		t.Errorf("history %d: sent %v, want %v", seed, h.sent, want)
		return
	}
	for i, w := range want {
		got := h.sent[i]
		if got.Slot != w.Slot || got.At.Before(w.At) || got.At.Sub(w.At) > 0 {
			t.Errorf("history %d: sent %v, want %v", seed, got, w)
		}
	}
}
