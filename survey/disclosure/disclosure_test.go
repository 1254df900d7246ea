package disclosure_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/disclosure"
)

// parts are people named from some number on, with values.
func parts(from int, values ...float64) []disclosure.Part {
	all := make([]disclosure.Part, len(values))
	for i, v := range values {
		all[i] = disclosure.Part{Person: fmt.Sprint("p", from+i), Value: v}
	}
	return all
}

// mixed are n values from 2 to 4.
func mixed(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = 2 + float64(i%5)/2
	}
	return values
}

// kept is a decision as it is remembered.
func kept(f disclosure.Figure, of []disclosure.Part) disclosure.Earlier {
	e := disclosure.Earlier{Figure: f, Persons: map[string]bool{}}
	for _, p := range of {
		e.Persons[p.Person] = true
	}
	return e
}

var scores = disclosure.Scores(1, 5)

func TestCountsAndStepsAreRounded(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 2: 0, 3: 5, 7: 5, 8: 10, 12: 10, 13: 15, 60: 60} {
		if got := disclosure.Count(n); got != want {
			t.Errorf("%d people are told as %d, want %d", n, got, want)
		}
	}
	for wide, want := range map[float64]float64{4: 0.1, 3: 0.1, 100: 2, 40: 1, 6: 0.2, 25: 0.5, 21: 0.5, 500: 10, 0: 1} {
		if got := disclosure.Step(wide); math.Abs(got-want) > 1e-12 {
			t.Errorf("a scale %g wide has steps of %g, want %g", wide, got, want)
		}
	}
}

func TestAMeanNeedsEnoughPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ minimum, people, least int }{{10, 9, 10}, {0, 4, 5}, {5, 4, 5}, {12, 11, 12}} {
		if _, ok := disclosure.Mean(scores, c.minimum, parts(0, mixed(c.people)...), nil, criticalT); ok {
			t.Errorf("a mean of %d is decided on where %d are asked for", c.people, c.minimum)
		}
		f, ok := disclosure.Mean(scores, c.minimum, parts(0, mixed(c.least)...), nil, criticalT)
		if !ok || f.Outcome != disclosure.Told {
			t.Errorf("a mean of %d is not told where %d are asked for: %+v", c.least, c.minimum, f)
		}
	}
}

func TestAMeanIsRoundedAndItsIntervalCoversTheExactOne(t *testing.T) {
	t.Parallel()
	values := mixed(23)
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / 23
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	half := criticalT(22) * math.Sqrt(squares/22/23)
	f, _ := disclosure.Mean(scores, 10, parts(0, values...), nil, criticalT)
	if f.Value != math.Round(mean*10)/10 {
		t.Errorf("got %v of %v, want it rounded to a tenth", f.Value, mean)
	}
	if got := (f.High - f.Low) / 2; got < half || got > half+0.5 {
		t.Errorf("the interval is %v to either side, want a little more than %v", got, half)
	}
}

func TestAGroupOfOneMindAndOneAtTheEndAreWithheldAlike(t *testing.T) {
	t.Parallel()
	same, end := make([]float64, 12), make([]float64, 12)
	for i := range same {
		same[i], end[i] = 3, 5
	}
	end[0] = 4
	want := disclosure.Figure{Outcome: disclosure.Withheld, People: 12}
	for name, values := range map[string][]float64{"one mind": same, "the end": end} {
		f, ok := disclosure.Mean(scores, 10, parts(0, values...), nil, criticalT)
		if !ok {
			t.Errorf("%s: nothing is kept, so it would be asked again with the next person", name)
		}
		if diff := cmp.Diff(f, want); diff != "" {
			t.Errorf("%s: got -, want +\n%s", name, diff)
		}
	}
}

func TestAFigureIsToldAgainOnlyWithFiveNewPeopleOfAnyRun(t *testing.T) {
	t.Parallel()
	first := parts(0, mixed(10)...)
	f, _ := disclosure.Mean(scores, 10, first, nil, criticalT)
	earlier := []disclosure.Earlier{kept(f, first)}
	other := parts(100, mixed(10)...)
	g, _ := disclosure.Mean(scores, 10, other, earlier, criticalT)
	earlier = append(earlier, kept(g, other))
	for fresh := range 7 {
		// Everyone of two runs, told apart before, and some who are new.
		all := append(append(append([]disclosure.Part{}, first...), other...), parts(200, mixed(fresh)...)...)
		f, ok := disclosure.Mean(scores, 10, all, earlier, criticalT)
		if ok != (fresh >= disclosure.Fresh) {
			t.Errorf("with %d new people it is decided on: %t", fresh, ok)
		}
		if ok && (f.Outcome != disclosure.Told || math.Abs(f.High-f.Low-(earlier[0].High-earlier[0].Low)) > 1e-9) {
			t.Errorf("with %d new people: got %+v, want the width of %+v", fresh, f, earlier[0].Figure)
		}
	}
}

func TestALaterMeanIsWithheldWhenTheDifferenceTellsOfThoseWhoCame(t *testing.T) {
	t.Parallel()
	first := parts(0, mixed(10)...)
	f, _ := disclosure.Mean(scores, 10, first, nil, criticalT)
	for name, c := range map[string]struct {
		came []float64
		want disclosure.Outcome
	}{
		"five of all kinds":  {[]float64{2, 3, 4, 2, 5}, disclosure.Told},
		"five with the most": {[]float64{5, 5, 5, 5, 5}, disclosure.Withheld},
		"and with the least": {[]float64{1, 1, 1, 1, 1}, disclosure.Withheld},
	} {
		all := append(append([]disclosure.Part{}, first...), parts(50, c.came...)...)
		got, ok := disclosure.Mean(scores, 10, all, []disclosure.Earlier{kept(f, first)}, criticalT)
		if !ok || got.Outcome != c.want {
			t.Errorf("%s: got %+v, want %s", name, got, c.want)
		}
	}
}

func TestACountTellsFewAndMostAndNeverNoneOrAll(t *testing.T) {
	t.Parallel()
	for yes, want := range map[int]disclosure.Figure{
		0:  {Outcome: disclosure.Few, People: 30},
		9:  {Outcome: disclosure.Few, People: 30},
		10: {Outcome: disclosure.Told, People: 30, Value: 10},
		13: {Outcome: disclosure.Told, People: 30, Value: 15},
		20: {Outcome: disclosure.Told, People: 30, Value: 20},
		21: {Outcome: disclosure.Most, People: 30},
		30: {Outcome: disclosure.Most, People: 30},
	} {
		values := make([]float64, 30)
		for i := range yes {
			values[i] = 1
		}
		got, ok := disclosure.Share(10, parts(0, values...), nil)
		if diff := cmp.Diff(got, want); !ok || diff != "" {
			t.Errorf("%d of 30: got -, want +\n%s", yes, diff)
		}
	}
}

// A count that is told, then told again with five more of whom all said yes, must leave
// open for each of them that it was no.
func TestNoTwoCountsSettleWhatSomebodySaid(t *testing.T) {
	t.Parallel()
	for before := range 41 {
		for came := disclosure.Fresh; came <= 15; came++ {
			for _, all := range []float64{0, 1} {
				values := make([]float64, 40)
				for i := range before {
					values[i] = 1
				}
				first := parts(0, values...)
				f, _ := disclosure.Share(10, first, nil)
				more := make([]float64, came)
				for i := range more {
					more[i] = all
				}
				g, _ := disclosure.Share(10, append(first, parts(100, more...)...), []disclosure.Earlier{kept(f, first)})
				lowBefore, highBefore := countSpan(f)
				lowAfter, highAfter := countSpan(g)
				if lowAfter-highBefore > float64(came-1) || highAfter-lowBefore < 1 {
					t.Errorf("%d of 40, then %d more who all said %v: %+v and %+v settle it", before, came, all, f, g)
				}
			}
		}
	}
}

// countSpan is what a count as it is told leaves open.
func countSpan(f disclosure.Figure) (low, high float64) {
	n := float64(f.People)
	switch f.Outcome {
	case disclosure.Few:
		return 0, 9
	case disclosure.Most:
		return n - 9, n
	case disclosure.Told:
		return f.Value - 2, f.Value + 2
	case disclosure.Withheld:
	}
	return 0, n
}

func TestATotalThatIsMostlyOnePersonsIsWithheld(t *testing.T) {
	t.Parallel()
	values := make([]float64, 10)
	for i := range values {
		values[i] = 30
	}
	f, ok := disclosure.Total(10, 60, parts(0, values...), nil)
	if want := (disclosure.Figure{Outcome: disclosure.Told, People: 10, Value: 300}); !ok || f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
	values[3] = 1300
	if f, ok = disclosure.Total(10, 60, parts(0, values...), nil); !ok || f.Outcome != disclosure.Withheld || f.Value != 0 {
		t.Errorf("one person's 1,300 of 1,570 minutes: got %+v", f)
	}
	if _, ok = disclosure.Total(10, 60, parts(0, values[:9]...), nil); ok {
		t.Error("a total of nine is decided on")
	}
}

func TestOutcomesAreKnown(t *testing.T) {
	t.Parallel()
	for o, want := range map[disclosure.Outcome]bool{
		disclosure.Told: true, disclosure.Withheld: true, disclosure.Few: true, disclosure.Most: true, "": false, "told ": false,
	} {
		if o.Valid() != want {
			t.Errorf("%q: %t", o, o.Valid())
		}
	}
}
