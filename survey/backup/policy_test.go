package backup_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidemark/survey/backup"
)

func TestPolicyKeepsWhatItSays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 18, 0, 0, 0, time.UTC) // a Monday
	at := func(days int, hour int) backup.Stored {
		at := time.Date(2026, 11, 30-days, hour, 0, 0, 0, time.UTC)
		return backup.Stored{Name: at.Format("02 15"), TakenAt: at}
	}
	var all []backup.Stored
	for days := range 60 {
		all = append(all, at(days, 2), at(days, 14))
	}
	p, err := backup.ParsePolicy("3d, 3w,2m")
	if err != nil || p.String() != "3d,3w,2m" || p.Days() != 62 {
		t.Fatalf("%v %d (%v)", p, p.Days(), err)
	}
	stay, leave := p.Keep(all, now)
	var names []string
	for _, s := range stay {
		names = append(names, s.Name)
	}
	// Today and two days before; the Sundays of both weeks before; the end of October.
	if want := []string{"30 14", "29 14", "28 14", "22 14", "31 14"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if len(stay)+len(leave) != len(all) {
		t.Errorf("%d stay and %d go of %d", len(stay), len(leave), len(all))
	}
	if d := backup.DefaultPolicy().Days(); d > backup.PromisedDays {
		t.Errorf("what is kept when nothing is said is kept for %d days", d)
	}
	for _, bad := range []string{"", "d", "7", "7x", "0d", "7d,7d", "-1d", "7d 4w", "10000d"} {
		if p, err := backup.ParsePolicy(bad); err == nil {
			t.Errorf("%q was read as %v", bad, p)
		}
	}
}

// Whatever is there and however often it is pruned: the newest stays, nothing stays
// that is older than the rule says, each of the last days has its newest, and pruning
// twice is pruning once.
func TestPruningNeverLosesWhatItPromises(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		p := backup.Policy{
			Daily: rapid.IntRange(0, 10).Draw(t, "daily"), Weekly: rapid.IntRange(0, 6).Draw(t, "weekly"), Monthly: rapid.IntRange(0, 3).Draw(t, "monthly"),
		}
		hours := rapid.SliceOfNDistinct(rapid.IntRange(-5, 24*120), 1, 60, rapid.ID[int]).Draw(t, "hours")
		var all []backup.Stored
		for _, h := range hours {
			all = append(all, backup.Stored{TakenAt: now.Add(-time.Duration(h) * time.Hour)})
		}
		stay, leave := p.Keep(all, now)
		if len(stay)+len(leave) != len(all) || len(stay) == 0 {
			t.Fatalf("%d stay and %d go of %d", len(stay), len(leave), len(all))
		}
		newest := slices.MaxFunc(all, func(a, b backup.Stored) int { return a.TakenAt.Compare(b.TakenAt) })
		if !stay[0].TakenAt.Equal(newest.TakenAt) {
			t.Fatalf("the newest, %s, does not stay", newest.TakenAt)
		}
		for _, s := range stay[1:] {
			if age := now.Sub(s.TakenAt); age > time.Duration(p.Days())*24*time.Hour {
				t.Fatalf("one stays that is %s old under %s", age, p)
			}
		}
		day := func(at time.Time) string { return at.UTC().Format(time.DateOnly) }
		for back := range p.Daily {
			wanted := day(now.AddDate(0, 0, -back))
			isThat := func(s backup.Stored) bool { return day(s.TakenAt) == wanted }
			if slices.ContainsFunc(all, isThat) && !slices.ContainsFunc(stay, isThat) {
				t.Fatalf("nothing stays of %s under %s", wanted, p)
			}
		}
		again, gone := p.Keep(stay, now)
		if len(gone) != 0 || len(again) != len(stay) {
			t.Fatalf("pruning again removes %d", len(gone))
		}
	})
}
