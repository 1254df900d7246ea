package prose

import (
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

// facts are what the voices say of a paper, found once.
type facts struct {
	p *paper.Paper
}

func newFacts(p *paper.Paper) *facts { return &facts{p} }

// main is the outcome the paper is about; nil: there is none.
func (f *facts) main() *paper.Outcome {
	o, ok := f.p.Main()
	if !ok {
		return nil
	}
	return o
}

// announced are the outcomes of a standing, without the first of all.
func (f *facts) standing(as plan.Standing) []*paper.Outcome {
	var out []*paper.Outcome
	for i := 1; i < len(f.p.Outcomes); i++ {
		if o := &f.p.Outcomes[i]; o.As == as {
			out = append(out, o)
		}
	}
	return out
}

// family counts the outcomes of a standing.
func (f *facts) family(as plan.Standing) int {
	n := 0
	for i := range f.p.Outcomes {
		if f.p.Outcomes[i].As == as {
			n++
		}
	}
	return n
}

func (f *facts) byShort(short string) paper.Wave {
	for _, w := range f.p.Waves {
		if w.Short == short {
			return w
		}
	}
	return paper.Wave{Name: short}
}

func (f *facts) wave(key string) (paper.Wave, bool) {
	i := slices.IndexFunc(f.p.Waves, func(w paper.Wave) bool { return w.Key == key })
	if i < 0 {
		return paper.Wave{}, false
	}
	return f.p.Waves[i], true
}

// only reports whether a wave is the only one of its kind, so that the kind names
// it.
func (f *facts) only(w paper.Wave) bool {
	n := 0
	for _, other := range f.p.Waves {
		if other.Kind == w.Kind {
			n++
		}
	}
	return n == 1
}

// weekly counts the waves during the course.
func (f *facts) weekly() int {
	n := 0
	for _, w := range f.p.Waves {
		if w.Kind == survey.WaveDuring {
			n++
		}
	}
	return n
}

// uses reports whether any outcome is estimated in a way.
func (f *facts) uses(is func(*paper.Estimate) bool) bool {
	for i := range f.p.Outcomes {
		for k := range f.p.Outcomes[i].Estimates {
			if is(&f.p.Outcomes[i].Estimates[k]) {
				return true
			}
		}
	}
	return false
}

func (f *facts) estimator(e plan.Estimator) bool {
	return f.uses(func(x *paper.Estimate) bool { return x.Estimator == e && x.Sensitivity == "" })
}

func (f *facts) sensitivity(s plan.Sensitivity) bool {
	return f.uses(func(x *paper.Estimate) bool { return x.Sensitivity == s })
}

// primaryEstimator is the plan's first way, by which the first outcome was
// estimated.
func (f *facts) primaryEstimator() plan.Estimator {
	if o := f.main(); o != nil && len(o.Estimates) > 0 {
		return o.Primary().Estimator
	}
	return ""
}

// sessions is the least number of meetings of those who kept to the course; 0:
// the plan names none.
func (f *facts) sessions() int {
	for _, q := range f.p.Plan.Content.Populations {
		if q.Kind == plan.PerProtocol {
			return q.Sessions
		}
	}
	return 0
}

// loss counts, of the people whose survey at a wave is over, those who did not
// answer it; pending those whose survey is not over.
func (f *facts) loss(wave paper.Wave) (lost, over, pending int) {
	for _, a := range f.p.Flow.Arms {
		for _, s := range a.Steps {
			if s.Wave == wave.Name {
				lost += s.Lost + s.Withdrawn + s.Declined
				over += s.Lost + s.Withdrawn + s.Declined + s.Answered
				pending += s.Open + s.NotYet
			}
		}
	}
	return lost, over, pending
}

func (f *facts) byName(name string) paper.Wave {
	for _, w := range f.p.Waves {
		if w.Name == name {
			return w
		}
	}
	return paper.Wave{Name: name}
}

// planHash is enough of the plan's hash to find it by.
func (f *facts) planHash() string {
	const enough = 16
	return f.p.Plan.Hash[:min(enough, len(f.p.Plan.Hash))]
}

// leads reports whether the outcome the paper is about is the plan's primary one:
// the data may not have what the plan names.
func (f *facts) leads() bool {
	o := f.main()
	return o == nil || !f.p.Plan.Locked() || o.As == plan.Primary
}

// erased is how many people had their data erased.
func (f *facts) erased() int {
	n := 0
	for _, a := range f.p.Flow.Arms {
		n += a.Erased
	}
	return n
}

// ratio is that of the allocation as "2:1", and the arms in its order.
func (f *facts) ratio() (parts, names string) {
	var n, of []string
	for _, r := range f.p.Allocation.Ratio {
		n, of = append(n, strconv.Itoa(r.Parts)), append(of, r.Arm)
	}
	return strings.Join(n, ":"), strings.Join(of, " : ")
}

// sizes are those of the blocks of the allocation.
func (f *facts) sizes() string {
	all := make([]string, len(f.p.Allocation.Sizes))
	for i, n := range f.p.Allocation.Sizes {
		all[i] = strconv.Itoa(n)
	}
	return strings.Join(all, ", ")
}

// factors are what the allocation keeps apart or balances; those that are not asked go
// by the words of the language.
func (f *facts) factors(run, course string) []string {
	all := make([]string, len(f.p.Allocation.Factors))
	for i, name := range f.p.Allocation.Factors {
		switch name {
		case allocation.FactorRun:
			name = run
		case allocation.FactorCourse:
			name = course
		}
		all[i] = name
	}
	return all
}
