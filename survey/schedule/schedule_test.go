package schedule_test

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // the zones of this test are there on every machine

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/survey/schedule"
)

func date(t *testing.T, text string) schedule.Date {
	t.Helper()
	d, err := schedule.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// general is the window of those who were there from the beginning.
func general(r schedule.Rule, start schedule.Date, z *time.Location) schedule.Window {
	w, _ := schedule.Calendar{Start: start, Zone: z}.Window(r, schedule.Person{})
	return w
}

// A wave is open for whole days of the place where the course meets, however
// long they are there.
func TestWindowsAreWholeDaysAcrossAChangeOfClocks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone          string
		start         string
		rule          schedule.Rule
		opens, closes string // RFC 3339
		hours         float64
		last          string
	}{
		"Madrid, clocks go forward": {
			"Europe/Madrid", "2026-03-29", schedule.Rule{}, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23, "2026-03-29",
		},
		"Madrid, clocks go back": {
			"Europe/Madrid", "2026-10-25", schedule.Rule{}, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25, "2026-10-25",
		},
		"London, clocks go forward": {
			"Europe/London", "2026-03-29", schedule.Rule{}, "2026-03-29T00:00:00Z", "2026-03-30T00:00:00+01:00", 23, "2026-03-29",
		},
		"London, a week in which clocks go back": {
			"Europe/London", "2026-10-19", schedule.Rule{OpensDay: 0, ClosesDay: 6}, "2026-10-19T00:00:00+01:00", "2026-10-26T00:00:00Z", 169, "2026-10-25",
		},
		"two weeks before and two days into a course": {
			"Europe/Madrid", "2026-03-30", schedule.Rule{OpensDay: -14, ClosesDay: 2}, "2026-03-16T00:00:00+01:00", "2026-04-02T00:00:00+02:00", 407, "2026-04-01",
		},
		"a leap day": {
			"UTC", "2028-02-28", schedule.Rule{OpensDay: 0, ClosesDay: 1}, "2028-02-28T00:00:00Z", "2028-03-01T00:00:00Z", 48, "2028-02-29",
		},
		"the turn of the year": {
			"UTC", "2026-12-28", schedule.Rule{OpensDay: 4, ClosesDay: 10}, "2027-01-01T00:00:00Z", "2027-01-08T00:00:00Z", 168, "2027-01-07",
		},
		// There is no midnight on this day: the clock goes from 23:59 to 1:00.
		"a day that begins at one o'clock": {
			"America/Asuncion", "2023-10-01", schedule.Rule{}, "2023-10-01T01:00:00-03:00", "2023-10-02T00:00:00-03:00", 23, "2023-10-01",
		},
		// One o'clock is midnight once more: the day has two.
		"a day that begins twice": {
			"America/Havana", "2026-11-01", schedule.Rule{}, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25, "2026-11-01",
		},
		"the day before it": {
			"America/Havana", "2026-10-31", schedule.Rule{}, "2026-10-31T00:00:00-04:00", "2026-11-01T00:00:00-04:00", 24, "2026-10-31",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := general(c.rule, date(t, c.start), zone(t, c.zone))
			if got := w.Opens.Format(time.RFC3339); got != c.opens {
				t.Errorf("opens %s, want %s", got, c.opens)
			}
			if got := w.Closes.Format(time.RFC3339); got != c.closes {
				t.Errorf("closes %s, want %s", got, c.closes)
			}
			if got := w.Closes.Sub(w.Opens).Hours(); got != c.hours {
				t.Errorf("open for %v hours, want %v", got, c.hours)
			}
			if got := w.LastDay().String(); got != c.last {
				t.Errorf("last day %s, want %s", got, c.last)
			}
		})
	}
}

func TestAWindowBeginsWithItsFirstInstantAndEndsBeforeItsLast(t *testing.T) {
	t.Parallel()
	w := general(schedule.Rule{OpensDay: 0, ClosesDay: 6}, date(t, "2026-03-23"), zone(t, "Europe/Madrid"))
	for at, want := range map[time.Time]schedule.Phase{
		w.Opens.Add(-time.Nanosecond): schedule.Before, w.Opens: schedule.During,
		w.Closes.Add(-time.Nanosecond): schedule.During, w.Closes: schedule.After,
		w.Closes.UTC().AddDate(10, 0, 0): schedule.After, {}: schedule.Before,
	} {
		if got := w.At(at); got != want || !got.Valid() {
			t.Errorf("at %v: got %s, want %s", at, got, want)
		}
	}
	if schedule.Phase("").Valid() || (schedule.Rule{OpensDay: 1}).Valid() || !(schedule.Rule{}).Valid() {
		t.Error("Valid takes what is not")
	}
}

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-03-02", "2028-02-29", "0001-01-01", "9999-12-31"} {
		if got := date(t, text).String(); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
	}
	for _, text := range []string{"", "2026-3-2", "2026-02-30", "2027-02-29", "02.03.2026", "2026-03-02 ", "2026-03-02T00:00:00Z", "20260302"} {
		if d, err := schedule.ParseDate(text); !errors.Is(err, schedule.ErrDate) || !d.IsZero() {
			t.Errorf("%q: got %v, %v", text, d, err)
		}
	}
}

func TestADateIsTheDayOfItsPlace(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	got := []string{
		schedule.DateOf(at).String(), schedule.DateOf(at.In(zone(t, "Europe/Madrid"))).String(),
		schedule.DateOf(at.In(zone(t, "America/New_York"))).String(),
	}
	if diff := cmp.Diff(got, []string{"2026-03-01", "2026-03-02", "2026-03-01"}); diff != "" {
		t.Error(diff)
	}
}

func TestAClockTimeThatDoesNotExistMovesByTheGap(t *testing.T) {
	t.Parallel()
	madrid := zone(t, "Europe/Madrid")
	got := date(t, "2026-03-29").At(2, 30, madrid).Format(time.RFC3339)
	if want := "2026-03-29T03:30:00+02:00"; got != want {
		t.Errorf("half past two in the gap is %s, want %s", got, want)
	}
	if got := date(t, "2026-03-29").At(18, 30, madrid).Format(time.RFC3339); got != "2026-03-29T18:30:00+02:00" {
		t.Errorf("got %s", got)
	}
}

func TestDaysAddUpInEveryZone(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{
		time.UTC, zone(t, "Europe/Madrid"), zone(t, "Europe/London"), zone(t, "America/Asuncion"), zone(t, "America/Havana"),
		zone(t, "Pacific/Apia"), zone(t, "Australia/Lord_Howe"), zone(t, "Asia/Kathmandu"),
	}
	rapid.Check(t, func(r *rapid.T) {
		start := schedule.Date{Year: 2020, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 12_000).Draw(r, "start"))
		n := rapid.IntRange(-4000, 4000).Draw(r, "days")
		later := start.AddDays(n)
		if start.DaysUntil(later) != n || later.AddDays(-n) != start {
			r.Fatalf("%s and %d days is %s", start, n, later)
		}
		if parsed, err := schedule.ParseDate(later.String()); err != nil || parsed != later {
			r.Fatalf("%s is read as %s (%v)", later, parsed, err)
		}
		rule := schedule.Rule{OpensDay: rapid.IntRange(-30, 200).Draw(r, "opens")}
		rule.ClosesDay = rule.OpensDay + rapid.IntRange(0, 60).Draw(r, "length")
		z := rapid.SampledFrom(zones).Draw(r, "zone")
		w := general(rule, start, z)
		if first := schedule.DateOf(w.Opens.In(z)); first != start.AddDays(rule.OpensDay) {
			r.Fatalf("a window from day %d of %s opens on %s in %s", rule.OpensDay, start, first, z)
		}
		if last := w.LastDay(); last != start.AddDays(rule.ClosesDay) {
			r.Fatalf("a window to day %d of %s closes on %s in %s", rule.ClosesDay, start, last, z)
		}
		if w.At(w.Opens) != schedule.During || w.At(w.Closes) != schedule.After {
			r.Fatalf("the window %v does not hold its ends", w)
		}
		// The windows of one week after another neither overlap nor leave a gap.
		next := general(schedule.Rule{OpensDay: rule.ClosesDay + 1, ClosesDay: rule.ClosesDay + 7}, start, z)
		if !next.Opens.Equal(w.Closes) {
			r.Fatalf("a window closes at %v and the next opens at %v", w.Closes, next.Opens)
		}
	})
}
