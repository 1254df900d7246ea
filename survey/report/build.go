package report

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/schedule"
)

// Build reads a study and makes its report, in a constant number of queries that
// see one state of the data. From a snapshot (survey.Frozen) the same spec gives
// the same report for ever.
// Whoever may analyse the study may; anyone else is survey.ErrForbidden. Unknown
// keys in spec are survey.FieldErrors. The result depends on the data and spec
// alone, not on the order of rows or the number of processors.
func Build(ctx context.Context, reader survey.DataReader, actor survey.Actor, study survey.StudyID, spec Spec) (*Report, error) {
	if !actor.MayAnalyse(study) {
		return nil, survey.ErrForbidden
	}
	if spec.Level == 0 {
		spec.Level = analysis.DefaultLevel
	}
	var d *data
	comparable := false
	err := survey.OneState(ctx, reader, func(r survey.DataReader) (err error) {
		d, comparable, err = read(ctx, r, study, spec)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("report on study %s: %w", study, err)
	}
	r := &Report{Schema: schema, Basis: d.basis(spec, comparable), Flow: d.flow()}
	if r.Outcomes, err = d.outcomes(ctx, spec.Level); err != nil {
		return nil, fmt.Errorf("report on study %s: %w", study, err)
	}
	return r, nil
}

func (d *data) basis(spec Spec, comparable bool) Basis {
	b := Basis{
		StudyKey: d.design.Study.Key, Title: d.design.Study.Title, Simulated: d.design.Study.Simulated,
		Arm: d.focus(), ArmKey: d.choice.focus.Key, Level: spec.Level, Minimum: DefaultMinimum,
		Version: spec.Version, At: spec.Now, Fingerprint: d.fingerprint(),
		Snapshot: newSnapshotUsed(spec.Snapshot), Plan: newPlanUsed(spec.Plan),
	}
	if d.choice.all {
		b.ArmKey = Everyone
	}
	if comparable {
		b.Pre, b.Post = newWave(d.choice.pre), newWave(d.choice.post)
	}
	for _, w := range LaterWaves(d.design) {
		b.Later = append(b.Later, newWave(w))
	}
	for _, a := range d.design.Arms {
		b.Arms = append(b.Arms, Arm{Key: a.Key, Name: d.label(a), Control: a.Control})
	}
	for i, a := range d.design.Arms {
		b.Arms[i].Enrolled = d.erased[a.ID]
		if d.choice.all || a.Key == d.choice.focus.Key {
			b.Enrolled += d.erased[a.ID]
		}
	}
	for i := range d.people {
		arm := &b.Arms[d.people[i].arm]
		arm.Enrolled++
		if d.choice.all || arm.Key == d.choice.focus.Key {
			b.Enrolled++
		}
	}
	for _, s := range d.scales {
		if n := len(b.Instruments); n == 0 || b.Instruments[n-1].Key != s.def.Key {
			b.Instruments = append(b.Instruments, InstrumentUsed{
				Key: s.def.Key, Title: s.def.Title, Version: s.def.Version,
				Hash: d.design.Instruments[s.id].Hash, Status: s.def.Status, Citation: s.def.Citation,
				Former: FormerVersions(d.design, s.id),
			})
		}
		used := &b.Instruments[len(b.Instruments)-1]
		slices.Sort(s.rules)
		used.Scales = append(used.Scales, ScaleRule{Scale: s.scale.Key, Rules: s.rules})
	}
	return b
}

// focus is the label of the group the report is about; empty: everyone.
func (d *data) focus() string {
	if d.choice.all {
		return ""
	}
	return d.label(d.choice.focus)
}

// label names an arm: by its name, with its key when another arm has the same.
func (d *data) label(arm survey.Arm) string {
	for _, a := range d.design.Arms {
		if a.ID != arm.ID && a.Name == arm.Name || arm.Name == "" {
			return strings.TrimSpace(arm.Name + " (" + arm.Key + ")")
		}
	}
	return arm.Name
}

// outcomes analyses every scale, each on its own processor while there are
// enough, and puts them in the order in which they are read.
func (d *data) outcomes(ctx context.Context, level float64) ([]Outcome, error) {
	out := make([]Outcome, len(d.scales))
	tasks := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(d.scales)) {
		wg.Go(func() {
			for i := range tasks {
				out[i] = d.outcome(d.scales[i], level)
			}
		})
	}
	for i := range d.scales {
		if ctx.Err() != nil {
			break
		}
		tasks <- i
	}
	close(tasks)
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	adjustFamilies(out)
	return inOrder(out, d.design.Study.PrimaryScale), nil
}

// inOrder puts the declared outcome first and the parts of each outcome behind
// it.
func inOrder(outcomes []Outcome, primary string) []Outcome {
	var mains []Outcome
	parts := map[string][]Outcome{}
	known := map[string]bool{}
	for _, o := range outcomes {
		known[o.Scale.Key] = true
	}
	for _, o := range outcomes {
		o.Scale.Primary = o.Scale.Key == primary
		if o.Scale.Parent != "" && known[o.Scale.Parent] {
			parts[o.Scale.Parent] = append(parts[o.Scale.Parent], o)
			continue
		}
		if o.Scale.Primary {
			mains = append([]Outcome{o}, mains...)
		} else {
			mains = append(mains, o)
		}
	}
	ordered := make([]Outcome, 0, len(outcomes))
	for _, o := range mains {
		ordered = append(append(ordered, o), parts[o.Scale.Key]...)
	}
	return ordered
}

func (d *data) outcome(s *scaleData, level float64) Outcome {
	low, high, _ := s.def.Range(s.scale.Key)
	opt := Options{
		Scale: Scale{
			Key: s.scale.Key, Name: s.scale.Name, Label: s.scale.Label, Instrument: s.def.Key,
			Parent: s.scale.Parent, Min: low, Max: high, Direction: s.scale.Direction,
		},
		Level: level, Focus: d.focus(), Minimum: DefaultMinimum,
		PreName: d.choice.pre.ShortName, PostName: d.choice.post.ShortName,
	}
	for _, a := range d.design.Arms {
		if asked(d.choice.pre, a) && asked(d.choice.post, a) {
			opt.Groups = append(opt.Groups, d.label(a))
		}
	}
	if d.choice.hasControl {
		opt.Course, opt.Control = d.label(d.choice.course), d.label(d.choice.control)
	}
	columns, absent := d.panel(s), d.absences(s)
	alphaPre, alphaPost := d.alpha(s, atPre, level), d.alpha(s, atPost, level)
	opt.Reliability = reliabilityOf(s, alphaPre, opt.PreName)
	o := Analyse(Columns{
		Pre: columns.Waves[atPre].Values, Post: columns.Waves[atPost].Values, Group: columns.Arms, Absent: absent,
	}, opt)
	o.AlphaPre, o.AlphaPost = alphaPre, alphaPost
	o.Standing = d.standing(s.scale.Key)
	return o
}

// panel lays the scores of a scale out as people by waves.
func (d *data) panel(s *scaleData) analysis.Panel {
	p := analysis.Panel{
		Arms: make([]string, len(d.people)),
		Waves: []analysis.PanelWave{
			{Name: d.choice.pre.Key, Values: s.values[atPre]},
			{Name: d.choice.post.Key, Values: s.values[atPost]},
		},
	}
	labels := make([]string, len(d.design.Arms))
	for i, a := range d.design.Arms {
		labels[i] = d.label(a)
	}
	for i := range d.people {
		p.Arms[i] = labels[d.people[i].arm]
	}
	return p
}

// absences says of each person why there is no pair.
func (d *data) absences(s *scaleData) []Absence {
	out := make([]Absence, len(d.people))
	post := slices.IndexFunc(d.design.Waves, func(w survey.Wave) bool { return w.ID == d.choice.post.ID })
	for i := range d.people {
		p := &d.people[i]
		answered := [2]bool{s.scored[atPre][i], s.scored[atPost][i]}
		phase := d.phase(p, post)
		switch {
		case !math.IsNaN(s.values[atPre][i]) && !math.IsNaN(s.values[atPost][i]):
			out[i] = Present
		case !answered[atPost] && p.asks(post) && (phase == schedule.Before || phase == schedule.During && !p.withdrawn && !p.declined):
			out[i] = AbsentNotYet
		case answered[atPre] && answered[atPost]:
			out[i] = AbsentUnscored
		case p.withdrawn:
			out[i] = AbsentWithdrawn
		case p.declined:
			out[i] = AbsentDeclined
		case answered[atPre]:
			out[i] = AbsentPost
		case answered[atPost]:
			out[i] = AbsentPre
		default:
			out[i] = AbsentBoth
		}
	}
	return out
}

// alpha is the internal consistency of a scale at one wave.
func (d *data) alpha(s *scaleData, side int, level float64) *Alpha {
	columns := make([][]float64, 0, len(s.scale.Items))
	for _, code := range s.scale.Items {
		for _, it := range d.items {
			if it.id == s.id && it.code == code {
				columns = append(columns, turned(s, code, it.values[side]))
			}
		}
	}
	return newAlpha(s.scale.Items, columns, level, DefaultMinimum)
}

// turned gives an item's answers the way the scale counts them.
func turned(s *scaleData, code string, values []float64) []float64 {
	if !slices.Contains(s.scale.Reversed, code) {
		return values
	}
	low, high, _ := s.def.ItemBounds(code)
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = low + high - v // NaN stays NaN
	}
	return out
}

// reliabilityOf takes α and the spread of scores before the course from
// everyone who answered then, whichever arm: the measure is the same for all, so
// the threshold is too.
func reliabilityOf(s *scaleData, a *Alpha, pre string) Reliability {
	return Reliability{
		Value: a.Value, SD: analysis.Describe(s.values[atPre], analysis.DefaultLevel).SD,
		Source: "α and SD of everyone who answered at " + pre,
	}
}
