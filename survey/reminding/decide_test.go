package reminding_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/reminding"
)

var madrid = zone("Europe/Madrid")

func at(text string) time.Time { return in(madrid, text) }

func in(z *time.Location, text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		panic(err)
	}
	return t
}

// usual is a wave of a week in June, and somebody who was there before it.
func usual() (reminding.Rules, reminding.Person, reminding.Occasion) {
	r := reminding.DefaultRules()
	r.On = true
	return r, reminding.Person{Zone: madrid, Since: at("2026-05-01 12:00"), Reachable: true, Linked: true},
		reminding.Occasion{Opens: at("2026-06-01 00:00"), Closes: at("2026-06-11 00:00"), Theirs: true}
}

func sent(k reminding.Kind, n int, text string) reminding.Past {
	return reminding.Past{Slot: reminding.Slot{Kind: k, Number: n}, State: reminding.Sent, At: at(text)}
}

func TestEveryReasonIsGiven(t *testing.T) {
	t.Parallel()
	invitation, second := reminding.Slot{Kind: reminding.Invitation, Number: 1}, reminding.Slot{Kind: reminding.Reminder, Number: 2}
	invited := sent(reminding.Invitation, 1, "2026-06-01 08:00")
	noon := "2026-06-06 12:00" // the day of the second reminder
	for _, c := range []struct {
		name   string
		change func(r *reminding.Rules, p *reminding.Person, o *reminding.Occasion)
		past   []reminding.Past
		slot   reminding.Slot
		now    string
		want   reminding.Decision
	}{
		{"due", nil, []reminding.Past{invited}, second, noon, reminding.Decision{Verdict: reminding.Send, Reason: reminding.Due, At: at(noon)}},
		{"its day has not come", nil, []reminding.Past{invited}, second, "2026-06-03 12:00", reminding.Decision{Verdict: reminding.Wait, Reason: reminding.NotYet, At: at("2026-06-06 08:00")}},
		{"at night", nil, []reminding.Past{invited}, second, "2026-06-06 21:30", reminding.Decision{Verdict: reminding.Wait, Reason: reminding.QuietHours, At: at("2026-06-07 08:00")}},
		{"shortly after another", nil, []reminding.Past{invited, sent(reminding.Nudge, 1, "2026-06-05 18:00")}, second, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.TooSoon, At: at("2026-06-06 14:00")}},
		{"in the outbox", nil, []reminding.Past{invited, {Slot: second, State: reminding.Waiting, At: at(noon)}}, second, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Queued, At: at(noon)}},
		{"not invited", nil, nil, second, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Uninvited}},
		{"off", func(r *reminding.Rules, _ *reminding.Person, _ *reminding.Occasion) { r.On = false }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Off}},
		{"paused", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Paused = true }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Paused}},
		{"declined", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Declined = true }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Declined}},
		{"no address", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Reachable = false }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.NoAddress}},
		{"bounced", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Bounced = true }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Bounced}},
		{"no link", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Linked = false }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.NoLink}},
		{"sent", nil, []reminding.Past{invited}, invitation, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.AlreadySent, At: at("2026-06-01 08:00")}},
		{"given up", nil, []reminding.Past{{Slot: invitation, State: reminding.Failed, At: at(noon)}}, invitation, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.GivenUp, At: at(noon)}},
		{"of another group", func(_ *reminding.Rules, _ *reminding.Person, o *reminding.Occasion) { o.Theirs = false }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.NotTheirs}},
		{"left", func(_ *reminding.Rules, p *reminding.Person, _ *reminding.Occasion) { p.Left = true }, nil, invitation, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.Left}},
		{"no thanks wanted", nil, nil, reminding.Slot{Kind: reminding.Thanks, Number: 1}, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.Unwanted}},
		{"no fourth reminder", nil, []reminding.Past{invited}, reminding.Slot{Kind: reminding.Reminder, Number: 4}, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.Unwanted}},
		{"done", func(_ *reminding.Rules, _ *reminding.Person, o *reminding.Occasion) {
			o.DoneAt = at("2026-06-02 09:00")
		}, []reminding.Past{invited}, second, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.Done, At: at("2026-06-02 09:00")}},
		{"closed", nil, []reminding.Past{invited}, second, "2026-06-11 00:00", reminding.Decision{Verdict: reminding.Never, Reason: reminding.Closed, At: at("2026-06-11 00:00")}},
		{"after the end", func(_ *reminding.Rules, _ *reminding.Person, o *reminding.Occasion) {
			o.Closes = at("2026-06-06 00:00")
		}, []reminding.Past{invited}, second, "2026-06-05 12:00", reminding.Decision{Verdict: reminding.Never, Reason: reminding.TooLate, At: at("2026-06-06 00:00")}},
		{"the next has taken its place", nil, []reminding.Past{invited}, reminding.Slot{Kind: reminding.Reminder, Number: 1}, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.Overtaken, At: at("2026-06-01 08:00")}},
		{"the cap is reached", func(r *reminding.Rules, _ *reminding.Person, _ *reminding.Occasion) { r.Cap = 1 }, []reminding.Past{invited, sent(reminding.Reminder, 1, "2026-06-03 08:00")}, second, noon, reminding.Decision{Verdict: reminding.Never, Reason: reminding.CapReached, At: at("2026-06-03 08:00")}},
		{"nothing to thank for yet", func(r *reminding.Rules, _ *reminding.Person, _ *reminding.Occasion) { r.Thanks = true }, nil, reminding.Slot{Kind: reminding.Thanks, Number: 1}, noon, reminding.Decision{Verdict: reminding.Wait, Reason: reminding.Unanswered}},
		{"thanks", func(r *reminding.Rules, _ *reminding.Person, o *reminding.Occasion) {
			r.Thanks, o.DoneAt = true, at("2026-06-06 11:00")
		}, nil, reminding.Slot{Kind: reminding.Thanks, Number: 1}, noon, reminding.Decision{Verdict: reminding.Send, Reason: reminding.Due, At: at(noon)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, p, o := usual()
			if c.change != nil {
				c.change(&r, &p, &o)
			}
			if diff := cmp.Diff(reminding.Decide(r, p, o, c.past, c.slot, at(c.now)), c.want); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestQuietHoursEndWhenTheClockSaysSo(t *testing.T) {
	t.Parallel()
	night := reminding.Quiet{From: 21 * 60, To: 8 * 60}
	for _, c := range []struct {
		name, zone string
		quiet      reminding.Quiet
		at, want   time.Time
	}{
		{"in the evening", "Europe/Madrid", night, at("2026-06-01 22:00"), at("2026-06-02 08:00")},
		{"in the morning", "Europe/Madrid", night, at("2026-06-02 07:59"), at("2026-06-02 08:00")},
		{"by day", "Europe/Madrid", night, at("2026-06-02 08:00"), at("2026-06-02 08:00")},
		{"where somebody else is awake", "America/New_York", night, at("2026-06-02 08:00"), at("2026-06-02 14:00")},
		{"a night of 7 hours less", "Europe/Madrid", night, at("2026-03-28 23:00"), at("2026-03-29 08:00")},
		{"until a time that does not come", "Europe/Madrid", reminding.Quiet{From: 60, To: 150}, at("2026-03-29 01:30"), at("2026-03-29 03:00")},
		{"until a time that comes twice", "Europe/Madrid", reminding.Quiet{From: 60, To: 150}, time.Date(2026, 10, 25, 1, 10, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)},
		{"none", "Europe/Madrid", reminding.Quiet{}, at("2026-06-02 03:00"), at("2026-06-02 03:00")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.quiet.End(c.at, zone(c.zone)); !got.Equal(c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheTimelineOfAWave(t *testing.T) {
	t.Parallel()
	step := func(k reminding.Kind, n int, text string) reminding.Step {
		return reminding.Step{Slot: reminding.Slot{Kind: k, Number: n}, At: at(text)}
	}
	r, p, o := usual()
	check := func(name string, got, want []reminding.Step) {
		t.Helper()
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	check("ten days", reminding.Timeline(r, p, o, reminding.Invitation), []reminding.Step{
		step(reminding.Invitation, 1, "2026-06-01 08:00"), step(reminding.Reminder, 1, "2026-06-03 08:00"),
		step(reminding.Reminder, 2, "2026-06-06 08:00"), step(reminding.Reminder, 3, "2026-06-09 08:00"),
	})
	week := o
	week.Closes = at("2026-06-08 00:00")
	check("a week: the last comes before it closes", reminding.Timeline(r, p, week, reminding.Invitation), []reminding.Step{
		step(reminding.Invitation, 1, "2026-06-01 08:00"), step(reminding.Reminder, 1, "2026-06-03 08:00"), step(reminding.Reminder, 2, "2026-06-06 08:00"),
	})
	late := p
	late.Since = at("2026-06-05 15:20")
	check("somebody who comes late", reminding.Timeline(r, late, o, reminding.Invitation), []reminding.Step{
		step(reminding.Invitation, 1, "2026-06-05 15:20"), step(reminding.Reminder, 1, "2026-06-07 08:00"), step(reminding.Reminder, 2, "2026-06-10 08:00"),
	})
	evening := reminding.Occasion{Opens: at("2026-05-31 18:30"), Closes: at("2026-06-01 18:30"), Theirs: true}
	check("a meeting nobody wants told of", reminding.Timeline(r, p, evening, reminding.Meeting), nil)
	r.Meeting = true
	check("a meeting", reminding.Timeline(r, p, evening, reminding.Meeting), []reminding.Step{step(reminding.Meeting, 1, "2026-05-31 18:30")})
}

func TestPlacesAreFilledAndChecked(t *testing.T) {
	t.Parallel()
	text := "Hello {name},\n\nplease {wave} {x} and {Link} {link\n}{minutes}"
	want := []reminding.PlaceFault{
		{Name: "{x}", Line: 3, Column: 15}, {Name: "{Link}", Line: 3, Column: 23}, {Name: "{link", Line: 3, Column: 30}, {Name: "}", Line: 4, Column: 1},
	}
	if diff := cmp.Diff(reminding.Check(text, reminding.Invitation), want); diff != "" {
		t.Error(diff)
	}
	if got := want[0].String(); got != "{x} in line 3, character 15" {
		t.Errorf("a fault says %q", got)
	}
	for _, c := range []struct{ text, name, want string }{
		{"Hello {name}, go to {link}", "Ana", "Hello Ana, go to L"},
		{"Hello {name}, go", "", "Hello, go"},
		{"Hello {name}: {wave}", "{link}", "Hello {link}: {wave}"}, // nobody's name is a placeholder
	} {
		if got := reminding.Fill(c.text, map[string]string{"name": c.name, "link": "L"}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
