package allocation_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidemark/survey/allocation"
)

// seedOf is a seed of a test, the same each time.
func seedOf(n uint64) allocation.Seed {
	var s allocation.Seed
	binary.BigEndian.PutUint64(s[:], n)
	return s
}

func arms(shares ...int) []allocation.Arm {
	list := make([]allocation.Arm, len(shares))
	for i, n := range shares {
		list[i] = allocation.Arm{Key: string(rune('a' + i)), Share: n}
	}
	return list
}

func simple(shares ...int) allocation.Scheme {
	return allocation.Scheme{Method: allocation.Simple, Unit: allocation.ByPerson, Arms: arms(shares...)}
}

func blocks(sizes []int, shares ...int) allocation.Scheme {
	return allocation.Scheme{Method: allocation.Blocks, Unit: allocation.ByPerson, Arms: arms(shares...), Sizes: sizes}
}

// minimised balances a site in three levels and a group of ages in two.
func minimised(best int, shares ...int) allocation.Scheme {
	return allocation.Scheme{
		Method: allocation.Minimisation, Unit: allocation.ByPerson, Arms: arms(shares...), Best: best,
		Factors: []allocation.Factor{
			{Name: "Site", Levels: []string{"North", "South", "West"}, Weight: 1},
			{Name: "Age", Levels: []string{"under 40", "40 and over"}, Weight: 1},
		},
	}
}

// one balances nothing but the size of the arms: Efron's biased coin.
func oneFactor(best int, shares ...int) allocation.Scheme {
	s := minimised(best, shares...)
	s.Factors = []allocation.Factor{{Name: allocation.FactorCourse, Weight: 1}}
	return s
}

func begin(t *testing.T, s allocation.Scheme, seed allocation.Seed) *allocation.Sequence {
	t.Helper()
	q, err := allocation.NewSequence(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func next(t *testing.T, q *allocation.Sequence, levels ...string) allocation.Assignment {
	t.Helper()
	a, err := q.Next(levels)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestASequenceGoesOnWhereItWasNoted(t *testing.T) {
	t.Parallel()
	stratified := blocks([]int{3, 6}, 2, 1)
	stratified.Factors = []allocation.Factor{{Name: allocation.FactorRun}, {Name: "Site", Levels: []string{"North", "South"}}}
	for name, s := range map[string]allocation.Scheme{
		"simple": simple(1, 1), "blocks": blocks([]int{4, 6}, 1, 1), "stratified": stratified, "minimised": minimised(80, 2, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			levels := func(i int) []string {
				switch name {
				case "stratified":
					return []string{fmt.Sprint("r", i%3), []string{"North", "South"}[i/5%2]}
				case "minimised":
					return []string{[]string{"North", "South", "West"}[i%3], []string{"under 40", "40 and over"}[i/7%2]}
				}
				return nil
			}
			whole := begin(t, s, seedOf(1))
			numbers := map[string]int{}
			var all []allocation.Assignment
			for i := range 60 {
				again := begin(t, s, seedOf(1))
				for _, a := range all {
					if err := again.Note(a); err != nil {
						t.Fatal(err)
					}
				}
				one, two := next(t, whole, levels(i)...), next(t, again, levels(i)...)
				if fmt.Sprint(one) != fmt.Sprint(two) {
					t.Fatalf("draw %d: %v, and %v when begun anew", i+1, one, two)
				}
				if numbers[one.Stratum]++; one.Number != numbers[one.Stratum] {
					t.Fatalf("draw %d has number %d of %q", i+1, one.Number, one.Stratum)
				}
				all = append(all, one)
			}
			other, same := begin(t, s, seedOf(2)), 0
			for i := range 60 {
				if next(t, other, levels(i)...).Arm == all[i].Arm {
					same++
				}
			}
			if same == 60 {
				t.Error("another seed gives the same sequence")
			}
		})
	}
}

func TestHandCountsInMinimisationAndNowhereElse(t *testing.T) {
	t.Parallel()
	s := oneFactor(100, 1, 1)
	q := begin(t, s, seedOf(3))
	for range 5 {
		if err := q.Note(allocation.Assignment{Kind: allocation.ByHand, Levels: []string{"c"}, Arm: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		if a := next(t, q, "c"); a.Arm != "b" || a.Number != i+1 {
			t.Errorf("draw %d after five by hand to a: %v", i+1, a)
		}
	}
	plain, mixed := begin(t, blocks([]int{4}, 1, 1), seedOf(3)), begin(t, blocks([]int{4}, 1, 1), seedOf(3))
	for range 12 {
		if err := mixed.Note(allocation.Assignment{Kind: allocation.ByHand, Arm: "a"}); err != nil {
			t.Fatal(err)
		}
		if one, two := next(t, plain), next(t, mixed); one.Arm != two.Arm || one.Number != two.Number {
			t.Errorf("somebody by hand changed the sequence of blocks: %v, %v", one, two)
		}
	}
}

func TestMinimisationTakesTheArmThatIsBehind(t *testing.T) {
	t.Parallel()
	s := minimised(100, 1, 1)
	note := func(q *allocation.Sequence, arm string, levels ...string) {
		t.Helper()
		if err := q.Note(allocation.Assignment{Kind: allocation.ByHand, Levels: levels, Arm: arm}); err != nil {
			t.Fatal(err)
		}
	}
	q := begin(t, s, seedOf(4))
	note(q, "a", "North", "under 40")
	note(q, "b", "South", "40 and over")
	note(q, "a", "South", "under 40")
	// South is 1 to 1; under 40 has two in a and none in b.
	if a := next(t, q, "South", "under 40"); a.Arm != "b" {
		t.Errorf("arm %s for a group that has two in a and none in b", a.Arm)
	}
	// A factor with more weight has the last word.
	s.Factors[0].Weight = 3
	q = begin(t, s, seedOf(4))
	note(q, "a", "North", "under 40")
	note(q, "b", "South", "40 and over")
	note(q, "b", "West", "40 and over")
	if a := next(t, q, "North", "40 and over"); a.Arm != "b" {
		t.Errorf("arm %s: the site has three times the weight and asks for b", a.Arm)
	}
}

func TestSchemesThatCannotBeUsedAreRefused(t *testing.T) {
	t.Parallel()
	change := func(s allocation.Scheme, f func(*allocation.Scheme)) allocation.Scheme {
		f(&s)
		return s
	}
	for name, s := range map[string]allocation.Scheme{
		"nothing":            {},
		"no arm":             simple(),
		"no share":           simple(1, 0),
		"a large share":      simple(1, allocation.MaxShare+1),
		"two of a key":       change(simple(1, 1), func(s *allocation.Scheme) { s.Arms[1].Key = "a" }),
		"simple with sizes":  change(simple(1, 1), func(s *allocation.Scheme) { s.Sizes = []int{4} }),
		"no size":            blocks(nil, 1, 1),
		"an odd size":        blocks([]int{5}, 1, 1),
		"not of the ratio":   blocks([]int{4}, 2, 1),
		"a size twice":       blocks([]int{4, 4}, 1, 1),
		"falling sizes":      blocks([]int{6, 4}, 1, 1),
		"a huge block":       blocks([]int{allocation.MaxBlock + 2}, 1, 1),
		"a size below 0":     blocks([]int{-2}, 1, 1),
		"weights in blocks":  change(blocks([]int{4}, 1, 1), func(s *allocation.Scheme) { s.Factors = minimised(80, 1, 1).Factors }),
		"no factor":          change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors = nil }),
		"best by chance":     minimised(50, 1, 1),
		"more than all":      minimised(101, 1, 1),
		"too many parts":     minimised(80, 20, 20, 20, 1),
		"no weight":          change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors[0].Weight = 0 }),
		"one level":          change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors[0].Levels = []string{"North"} }),
		"a level twice":      change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors[0].Levels = []string{"North", "North"} }),
		"a level with signs": change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors[0].Levels = []string{"North", "x; y=z"} }),
		"a factor twice":     change(minimised(80, 1, 1), func(s *allocation.Scheme) { s.Factors[1].Name = "Site" }),
		"run within run": change(blocks([]int{4}, 1, 1), func(s *allocation.Scheme) {
			s.Unit, s.Factors = allocation.ByRun, []allocation.Factor{{Name: allocation.FactorRun}}
		}),
		"unknown method": change(simple(1, 1), func(s *allocation.Scheme) { s.Method = "coin" }),
		"unknown unit":   change(simple(1, 1), func(s *allocation.Scheme) { s.Unit = "town" }),
	} {
		if _, err := allocation.NewSequence(s, seedOf(1)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if least := minimised(80, 2, 1).LeastBest(); least != 34 {
		t.Errorf("at 2:1 the best arm begins at %d per cent", least)
	}
}

func TestWhatASequenceDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	q := begin(t, minimised(80, 1, 1), seedOf(1))
	for _, levels := range [][]string{nil, {"North"}, {"North", "old"}, {"north", "under 40"}, {"North", "under 40", "x"}} {
		if _, err := q.Next(levels); err == nil {
			t.Errorf("levels %q were taken", levels)
		}
	}
	good := []string{"North", "under 40"}
	for _, a := range []allocation.Assignment{
		{Kind: allocation.ByLot, Stratum: allocation.WholeStudy, Number: 2, Levels: good, Arm: "a"},
		{Kind: allocation.ByLot, Stratum: "elsewhere", Number: 1, Levels: good, Arm: "a"},
		{Kind: allocation.ByLot, Stratum: allocation.WholeStudy, Number: 1, Levels: good, Arm: "c"},
		{Kind: allocation.ByHand, Levels: []string{"x", "y"}, Arm: "a"},
		{Kind: "dice", Arm: "a"},
	} {
		if err := q.Note(a); err == nil {
			t.Errorf("%v was taken", a)
		}
	}
}

func TestASeedIsNotPrintedByMistake(t *testing.T) {
	t.Parallel()
	s := seedOf(0xfeedface)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, v := range []any{s, &s, struct{ S allocation.Seed }{s}} {
			if text := fmt.Sprintf(form, v); strings.Contains(text, "feedface") || strings.Contains(text, "254") {
				t.Errorf("%s shows the seed: %s", form, text)
			}
		}
	}
	if _, err := s.MarshalText(); err == nil {
		t.Error("a seed was marshalled")
	}
	again, err := allocation.ParseSeed(s.Reveal())
	if err != nil || again != s || !again.Fits(s.Commitment()) || again.Fits(seedOf(1).Commitment()) {
		t.Errorf("revealed and read again: %v, %v", again == s, err)
	}
	for _, text := range []string{"", "ab", s.Reveal() + "00", strings.Repeat("x", 64)} {
		if _, err := allocation.ParseSeed(text); err == nil {
			t.Errorf("%q was taken for a seed", text)
		}
	}
}

func TestInstantsAreToTheMillisecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 18, 5, 0, 7_900_000, time.FixedZone("", 3600))
	if got := allocation.Instant(at); got != "2026-03-02T17:05:00.007Z" {
		t.Error(got)
	}
}
