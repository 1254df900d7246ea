package keyed_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/report/keyed"
)

func entry(t *testing.T, id string) (*catalogue.Entry, *instrument.Definition) {
	t.Helper()
	e, err := catalogue.ByID(id)
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Key()
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

func TestColumnsAreFoundByCodeNumberOrAsTold(t *testing.T) {
	t.Parallel()
	_, d := entry(t, "swls-5")
	for name, c := range map[string]struct {
		header string
		given  map[string]string
	}{
		"codes":                {"id,swls_01,swls_02,swls_03,swls_04,swls_05", nil},
		"codes in capitals":    {"id,SWLS_01,SWLS_02,SWLS_03,SWLS_04,SWLS_05", nil},
		"numbers":              {"id,swls_1,swls_2,swls_3,swls_4,swls_5", nil},
		"no mark":              {"SWLS1,SWLS2,SWLS3,SWLS4,SWLS5,id", nil},
		"a question":           {"q1,q2,q3,q4,q5,id", nil},
		"words":                {"Item 1,Item 2,Item 3,Item 4,Item 5", nil},
		"the only run of five": {"id,life.1,life.2,life.3,life.4,life.5,age1,age2", nil},
		"all as told":          {"a,b,c,d,e", map[string]string{"1": "a", "2": "b", "swls_03": "c", "4": "d", "SWLS_05": "e"}},
		"one as told":          {"swls1,other,swls3,swls4,swls5", map[string]string{"2": "other"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := strings.Split(c.header, ",")
			got, err := keyed.Match(d, header, c.given, "swls", "item", "q")
			if err != nil {
				t.Fatal(err)
			}
			var order []string
			for _, item := range d.Items {
				order = append(order, got[item.Code])
			}
			var want []string
			for _, h := range header {
				if h != "id" && !strings.HasPrefix(h, "age") {
					want = append(want, h)
				}
			}
			if diff := cmp.Diff(order, want); diff != "" {
				t.Errorf("(got − want +):\n%s", diff)
			}
		})
	}
}

func TestColumnsThatAreNotClearAreRefused(t *testing.T) {
	t.Parallel()
	_, d := entry(t, "swls-5")
	for name, c := range map[string]struct {
		header string
		given  map[string]string
		says   string
	}{
		"one is missing":     {"swls1,swls2,swls4,swls5", nil, "--items"},
		"two runs":           {"a1,a2,a3,a4,a5,b1,b2,b3,b4,b5", nil, "several columns"},
		"a longer form":      {"swls1,swls2,swls3,swls4,swls5,swls6", nil, "longer form"},
		"no such column":     {"q1,q2,q3,q4,q5", map[string]string{"1": "nothing"}, "nothing"},
		"no such item":       {"q1,q2,q3,q4,q5", map[string]string{"6": "q1"}, "no item 6"},
		"no such code":       {"q1,q2,q3,q4,q5", map[string]string{"xyz": "q1"}, "xyz"},
		"one column for two": {"q1,q2,q3,q4,q5", map[string]string{"1": "q2"}, "both"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keyed.Match(d, strings.Split(c.header, ","), c.given, "swls", "q")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("want %q, have %v", c.says, err)
			}
		})
	}
}

// people answer an entry as one trait and noise would have it, the turned items the
// other way round.
func people(e *catalogue.Entry, turned []int, n int) keyed.Answers {
	random := rand.New(rand.NewPCG(4, 17))
	answers := keyed.Answers{}
	low, high := e.Response.Low, e.Response.High
	for range n {
		trait := random.NormFloat64()
		for k := 1; k <= e.Items; k++ {
			at := (low+high)/2 + (high-low)/5*(trait+0.7*random.NormFloat64())
			v := min(max(math.Round(at), low), high)
			if slices.Contains(turned, k) {
				v = low + high - v
			}
			answers[e.Code(k)] = append(answers[e.Code(k)], v)
		}
	}
	return answers
}

func kinds(s []keyed.Suspicion) []keyed.Kind {
	var all []keyed.Kind
	for _, one := range s {
		if one.Kind != keyed.WhichTotal {
			all = append(all, one.Kind)
		}
	}
	return all
}

func TestARightFileIsNotSuspected(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"scs-26", "scs-sf-12", "brs-6", "pss-10", "who-5", "phq-9", "rses-10-umd", "maas-15", "ffmq-15"} {
		e, d := entry(t, id)
		if got := keyed.Suspicions(d, e, people(e, e.Reversed(), 200)); len(kinds(got)) > 0 {
			t.Errorf("%s: %+v", id, got)
		}
	}
}

func TestTheTrapsOfRealFilesAreSuspected(t *testing.T) {
	t.Parallel()
	add := func(a keyed.Answers, v float64) keyed.Answers {
		for _, column := range a {
			for i := range column {
				column[i] += v
			}
		}
		return a
	}
	for name, c := range map[string]struct {
		entry  string
		turned []int // as the people were asked
		change func(*catalogue.Entry, keyed.Answers) keyed.Answers
		want   keyed.Kind
		says   string
	}{
		"PSS turned before":       {"pss-10", nil, nil, keyed.TurnedBefore, "already"},
		"SCS turned before":       {"scs-26", nil, nil, keyed.TurnedBefore, "already"},
		"WHO-5 from 1 to 6":       {"who-5", nil, func(_ *catalogue.Entry, a keyed.Answers) keyed.Answers { return add(a, 1) }, keyed.CountedFrom, "--add=-1"},
		"RSES from 1 to 4":        {"rses-10-umd", []int{3, 5, 8, 9, 10}, func(_ *catalogue.Entry, a keyed.Answers) keyed.Answers { return add(a, 1) }, keyed.CountedFrom, "--add=-1"},
		"SCS from 0 to 4":         {"scs-26", []int{1, 2, 4, 6, 8, 11, 13, 16, 18, 20, 21, 24, 25}, func(_ *catalogue.Entry, a keyed.Answers) keyed.Answers { return add(a, -1) }, keyed.CountedFrom, "--add=1"},
		"the other order of RSES": {"rses-10-umd", []int{2, 5, 6, 8, 9}, nil, keyed.OtherKey, "rses-10-1965"},
		"the wrong key of SCS-SF": {"scs-sf-12", []int{2, 3, 5, 7, 9, 12}, nil, keyed.OtherKey, "wrong key"},
		"a reordered SCS-SF":      {"scs-sf-12", []int{1, 2, 3, 6, 8, 11}, nil, keyed.OtherKey, "reordered"},
		"99 for missing":          {"phq-9", nil, func(e *catalogue.Entry, a keyed.Answers) keyed.Answers { a[e.Code(3)][7] = 99; return a }, keyed.OutOfRange, "phq9_03 (1)"},
		"an item nobody answered": {"phq-9", nil, func(e *catalogue.Entry, a keyed.Answers) keyed.Answers {
			for i := range a[e.Code(4)] {
				a[e.Code(4)][i] = math.NaN()
			}
			return a
		}, keyed.SameAnswer, "phq9_04"},
		"one item the other way": {"phq-9", []int{5}, nil, keyed.RunsAgainst, "phq9_05"},
		"nothing in common": {"phq-9", nil, func(_ *catalogue.Entry, a keyed.Answers) keyed.Answers {
			random := rand.New(rand.NewPCG(1, 2))
			for _, code := range slices.Sorted(func(yield func(string) bool) {
				for k := range a {
					if !yield(k) {
						return
					}
				}
			}) {
				for i := range a[code] {
					a[code][i] = float64(random.IntN(4))
				}
			}
			return a
		}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, d := entry(t, c.entry)
			answers := people(e, c.turned, 200)
			if c.change != nil {
				answers = c.change(e, answers)
			}
			got := keyed.Suspicions(d, e, answers)
			if c.want == "" {
				if len(kinds(got)) == 0 {
					t.Error("not suspected")
				}
				return
			}
			if i := slices.IndexFunc(got, func(s keyed.Suspicion) bool { return s.Kind == c.want && strings.Contains(s.Text, c.says) }); i < 0 {
				t.Errorf("want %s (%s), have %+v", c.want, c.says, got)
			}
		})
	}
}

func TestScoresOfTurnedItemsThatHardlyDifferAreSuspected(t *testing.T) {
	t.Parallel()
	e, d := entry(t, "pss-10")
	// Everybody's trait cancels out when the key does not turn what the people
	// answered the same way.
	if got := keyed.Suspicions(d, e, people(e, []int{1, 2, 3, 6, 9, 4, 5, 7, 8}, 300)); len(kinds(got)) == 0 {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNotTurnedThoughSaidToBeIsSuspected(t *testing.T) {
	t.Parallel()
	e, d := entry(t, "brs-6")
	for i := range d.Scales {
		d.Scales[i].Reversed = nil // --turned
	}
	got := keyed.Suspicions(d, e, people(e, e.Reversed(), 200))
	if !slices.Contains(kinds(got), keyed.NotTurned) {
		t.Errorf("%+v", got)
	}
}

func TestEveryRowIsScoredAndWhyNotIsCounted(t *testing.T) {
	t.Parallel()
	_, d := entry(t, "swls-5")
	nan := math.NaN()
	answers := keyed.Answers{
		"swls_01": {6, 6, nan}, "swls_02": {5, 5, 5}, "swls_03": {7, 7, 7}, "swls_04": {4, 8, 4}, "swls_05": {3, 3, 3},
	}
	s := keyed.Score(d, answers)[0]
	if s.Values[0] != 25 || !math.IsNaN(s.Values[1]) || !math.IsNaN(s.Values[2]) {
		t.Errorf("values %v", s.Values)
	}
	if s.Scores != 1 || s.Invalid != 1 || s.TooFew != 1 || s.Answered[2] != 4 || s.Low != 5 || s.High != 35 {
		t.Errorf("%+v", s)
	}
}

func TestOwnInstrumentsAreSuspectedToo(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		t.Fatal(err)
	}
	e, _ := entry(t, "brs-6") // the same shape: six items, three turned
	answers := keyed.Answers{}
	for i, item := range d.Items {
		answers[item.Code] = people(e, nil, 200)[e.Code(i+1)]
	}
	if got := keyed.Suspicions(d, nil, answers); !slices.Contains(kinds(got), keyed.TurnedBefore) {
		t.Errorf("%+v", got)
	}
}
