package disclosure_test

import (
	"flag"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"tidemark/survey/disclosure"
)

// cohorts is how many groups are attacked: a few each time, a thousand in a long run.
var cohorts = flag.Int("cohorts", 200, "how many cohorts of 3 to 60 people the attack plays")

// criticalT stands in for Student's t: an attacker knows it, whatever it is.
func criticalT(df int) float64 { return 1.96 + 2.4/float64(df) }

const (
	low, high = 1.0, 5.0
	width     = high - low
)

// seen is a figure as an attacker has it, with whoever is behind it.
type seen struct {
	people  map[int]bool
	sum     [2]float64 // what it says of their sum
	squares [2]float64 // and of their sum of squares
}

// person is somebody of a cohort.
type person struct {
	score    float64
	run, arm int
	answered bool
	gone     bool // erased
}

// publisher decides what is told; the rules, or a control without some of them.
type publisher func(people map[int]bool, all []person) (seen, bool)

// cohort plays some weeks of a group: people answer late, move to the other run, are
// erased, and after each step every group that anybody could ask for is told if it may
// be: both runs, all together, each arm, each arm of each run.
func cohort(r *rand.Rand, publish func(erased func(int) bool) publisher) []seen {
	all := make([]person, 3+r.IntN(58))
	kind := r.IntN(6)
	for i := range all {
		all[i] = person{score: drawn(r, kind, i), run: r.IntN(2), arm: r.IntN(2), answered: r.Float64() < 0.6}
	}
	tell := publish(func(i int) bool { return all[i].gone })
	var told []seen
	for range 2 + r.IntN(6) {
		for _, f := range r.Perm(9) {
			people := map[int]bool{}
			for i, p := range all {
				if p.answered && !p.gone && matches(f, p) {
					people[i] = true
				}
			}
			if s, ok := tell(people, all); ok {
				told = append(told, s)
			}
		}
		for i := range all {
			switch p := &all[i]; {
			case r.Float64() < 0.12:
				p.answered = true
			case r.Float64() < 0.06:
				p.run = 1 - p.run
			case r.Float64() < 0.04:
				p.gone = true
			}
		}
	}
	return told
}

// matches are the groups: 0 all, 1–2 the runs, 3–4 the arms, 5–8 an arm of a run.
func matches(f int, p person) bool {
	switch {
	case f == 0:
		return true
	case f <= 2:
		return p.run == f-1
	case f <= 4:
		return p.arm == f-3
	}
	return p.run == (f-5)/2 && p.arm == (f-5)%2
}

// drawn is a score by one of several habits, the worst of them included: all at an end,
// all the same, two camps, one stranger.
func drawn(r *rand.Rand, kind, i int) float64 {
	fifth := func(v float64) float64 { return math.Round(min(high, max(low, v))*5) / 5 }
	switch kind {
	case 0:
		return fifth(low + width*r.Float64())
	case 1:
		return fifth(3 + 0.7*r.NormFloat64())
	case 2:
		return fifth(4.7 + 0.3*r.NormFloat64())
	case 3:
		return 2
	case 4:
		return low + width*float64(r.IntN(2))
	}
	if i == 0 {
		return high
	}
	return fifth(1.4 + 0.3*r.NormFloat64())
}

// byTheRules tells what the package lets be told, and keeps what it decided.
func byTheRules(minimum int, freeze bool) func(erased func(int) bool) publisher {
	scale := disclosure.Scores(low, high)
	return func(erased func(int) bool) publisher {
		var earlier []disclosure.Earlier
		return func(people map[int]bool, all []person) (seen, bool) {
			for _, e := range earlier {
				for name := range e.Persons {
					if i, _ := strconv.Atoi(name); erased(i) {
						delete(e.Persons, name)
					}
				}
			}
			if !freeze {
				earlier = nil
			}
			var parts []disclosure.Part
			persons, first := map[string]bool{}, true
			for i := range people {
				name := strconv.Itoa(i)
				parts = append(parts, disclosure.Part{Person: name, Value: all[i].score})
				persons[name] = true
				first = first && !slices.ContainsFunc(earlier, func(e disclosure.Earlier) bool {
					return e.Outcome == disclosure.Told && e.Persons[name]
				})
			}
			f, ok := disclosure.Mean(scale, minimum, parts, earlier, criticalT)
			if !ok {
				return seen{}, false
			}
			earlier = append(earlier, disclosure.Earlier{Figure: f, Persons: persons})
			if f.Outcome != disclosure.Told {
				return seen{}, false
			}
			n := float64(len(people))
			s := seen{people: people, sum: [2]float64{n * (f.Value - scale.Step/2), n * (f.Value + scale.Step/2)}}
			s.squares = [2]float64{0, n * high * high}
			if first { // a width taken from an earlier figure says nothing of this spread
				deviation := (f.High - f.Low) / 2 * math.Sqrt(n) / criticalT(len(people)-1)
				mean := max(math.Abs(s.sum[0]), math.Abs(s.sum[1])) / n
				s.squares[1] = (n-1)*deviation*deviation + n*mean*mean
			}
			return s, true
		}
	}
}

// exactly tells everything as it is.
func exactly(minimum int) func(func(int) bool) publisher {
	return func(func(int) bool) publisher {
		return func(people map[int]bool, all []person) (seen, bool) {
			s := seen{people: people}
			for i := range people {
				s.sum[0] += all[i].score
				s.squares[0] += all[i].score * all[i].score
			}
			s.sum[1], s.squares[1] = s.sum[0], s.squares[0]
			return s, len(people) >= minimum
		}
	}
}

// equation is a sum of people with weights, between two bounds.
type equation struct {
	weights   map[int]float64
	low, high float64
}

// recovered is how many people an attacker can say something of: for whom a value of
// the scale has become impossible.
func recovered(told []seen) int {
	bounds := map[int][2]float64{}
	for _, s := range told {
		for i := range s.people {
			bounds[i] = [2]float64{low, high}
		}
	}
	equations := combined(told)
	for range 6 {
		for _, e := range equations {
			e.narrow(bounds)
		}
	}
	for _, s := range told {
		deviant(s.people, s.sum, s.squares, bounds)
	}
	for _, a := range told { // who came between two figures
		for _, b := range told {
			joined := without(b.people, a.people)
			if len(joined) > 0 && len(without(a.people, b.people)) == 0 {
				deviant(joined, [2]float64{b.sum[0] - a.sum[1], b.sum[1] - a.sum[0]},
					[2]float64{b.squares[0] - a.squares[1], b.squares[1] - a.squares[0]}, bounds)
			}
		}
	}
	n := 0
	for _, b := range bounds {
		if b[1]-b[0] < width-1e-6 {
			n++
		}
	}
	return n
}

// combined are the figures themselves, all their sums and differences by two, and all
// by three in which one is set against the others.
func combined(told []seen) []equation {
	var all []equation
	add := func(signs ...float64) {
		e := equation{weights: map[int]float64{}}
		for k, sign := range signs {
			if sign == 0 {
				continue
			}
			for i := range told[k].people {
				e.weights[i] += sign
			}
			e.low += min(sign*told[k].sum[0], sign*told[k].sum[1])
			e.high += max(sign*told[k].sum[0], sign*told[k].sum[1])
		}
		all = append(all, e)
	}
	signs := func(pairs ...int) []float64 {
		s := make([]float64, len(told))
		for _, p := range pairs {
			if p < 0 {
				s[-p-1] = -1
			} else {
				s[p] = 1
			}
		}
		return s
	}
	for a := range told {
		add(signs(a)...)
		for b := range told {
			if a != b {
				add(signs(a, -b-1)...)
			}
			for c := range b {
				if a != b && a != c {
					add(signs(a, -b-1, -c-1)...)
				}
			}
		}
	}
	return append(all, eliminated(told)...)
}

// eliminated are the figures after Gaussian elimination, pivots chosen by person: what
// is left of each is as short as this way can make it.
func eliminated(told []seen) []equation {
	people := map[int]bool{}
	rows := make([]equation, len(told))
	for k, s := range told {
		rows[k] = equation{map[int]float64{}, s.sum[0], s.sum[1]}
		for i := range s.people {
			rows[k].weights[i], people[i] = 1, true
		}
	}
	order := make([]int, 0, len(people))
	for i := range people {
		order = append(order, i)
	}
	slices.Sort(order)
	done := 0
	for _, i := range order {
		pivot := slices.IndexFunc(rows[done:], func(e equation) bool { return math.Abs(e.weights[i]) > 1e-9 })
		if pivot < 0 {
			continue
		}
		rows[done], rows[done+pivot] = rows[done+pivot], rows[done]
		for k := range rows {
			if k != done {
				rows[k] = rows[k].less(rows[done], rows[k].weights[i]/rows[done].weights[i])
			}
		}
		done++
	}
	return rows[:done]
}

func (e equation) less(f equation, factor float64) equation {
	if factor == 0 {
		return e
	}
	g := equation{map[int]float64{}, e.low - max(factor*f.low, factor*f.high), e.high - min(factor*f.low, factor*f.high)}
	maps.Copy(g.weights, e.weights)
	for i, w := range f.weights {
		if g.weights[i] -= factor * w; math.Abs(g.weights[i]) < 1e-9 {
			delete(g.weights, i)
		}
	}
	return g
}

// narrow takes from everyone's bounds what the equation rules out.
func (e equation) narrow(bounds map[int][2]float64) {
	least, most := 0.0, 0.0
	for i, w := range e.weights {
		b := bounds[i]
		least += min(w*b[0], w*b[1])
		most += max(w*b[0], w*b[1])
	}
	for i, w := range e.weights {
		if w == 0 {
			continue
		}
		b := bounds[i]
		one := (e.low - (most - max(w*b[0], w*b[1]))) / w
		two := (e.high - (least - min(w*b[0], w*b[1]))) / w
		bounds[i] = [2]float64{max(b[0], min(one, two)), min(b[1], max(one, two))}
	}
}

// deviant bounds people by their spread (Samuelson 1968).
func deviant(people map[int]bool, sum, squares [2]float64, bounds map[int][2]float64) {
	n := float64(len(people))
	if n < 2 {
		return
	}
	reach := func(mean float64) float64 {
		return math.Sqrt(max(0, (squares[1]-n*mean*mean)*(n-1)/n))
	}
	lowest, highest := math.Inf(1), math.Inf(-1)
	const steps = 200
	for k := range steps + 1 {
		mean := (sum[0] + (sum[1]-sum[0])*float64(k)/steps) / n
		if squares[1] < n*mean*mean-1e-9 {
			continue
		}
		lowest, highest = min(lowest, mean-reach(mean)), max(highest, mean+reach(mean))
	}
	for i := range people {
		bounds[i] = [2]float64{max(bounds[i][0], lowest), min(bounds[i][1], highest)}
	}
}

func without(a, b map[int]bool) map[int]bool {
	left := map[int]bool{}
	for i := range a {
		if !b[i] {
			left[i] = true
		}
	}
	return left
}

// mostSeen bounds the figures of one cohort that are put together: by the rules there
// are never so many.
const mostSeen = 16

// attack plays the cohorts against a way of telling and counts figures and victims.
func attack(t *testing.T, cohorts int, publish func(func(int) bool) publisher) (figures, victims int) {
	t.Helper()
	for seed := range cohorts {
		told := cohort(rand.New(rand.NewPCG(uint64(seed), 5)), publish)
		figures += len(told)
		if len(told) > mostSeen {
			told = told[:mostSeen]
		}
		victims += recovered(told)
	}
	return figures, victims
}

func TestNobodyIsRecoveredFromAllFiguresTogether(t *testing.T) {
	t.Parallel()
	for _, minimum := range []int{disclosure.Default, disclosure.Floor} {
		figures, victims := attack(t, *cohorts, byTheRules(minimum, true))
		t.Logf("%d cohorts, at least %d people: %d figures told, %d people recovered", *cohorts, minimum, figures, victims)
		if victims != 0 {
			t.Errorf("with a minimum of %d, something can be said of %d people", minimum, victims)
		}
		if figures < *cohorts/4 {
			t.Errorf("only %d figures were told: there was nothing to attack", figures)
		}
	}
}

// The attack is worth something only if it finds people where the rules are off.
func TestTheAttackRecoversPeopleWhereTheRulesAreOff(t *testing.T) {
	t.Parallel()
	for name, publish := range map[string]func(func(int) bool) publisher{
		"told exactly, of anybody":           exactly(1),
		"told exactly, of ten people":        exactly(disclosure.Default),
		"rounded, and worked out every time": byTheRules(disclosure.Default, false),
	} {
		figures, victims := attack(t, 12, publish)
		t.Logf("%s: %d figures told, %d people recovered", name, figures, victims)
		if victims == 0 {
			t.Errorf("%s: nobody was recovered from %d figures", name, figures)
		}
	}
}
