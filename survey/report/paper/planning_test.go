package paper_test

import (
	"math"
	"testing"

	"tidemark/analysis/power"
	"tidemark/survey/report/paper"
)

// Cohen (1988): d = 0.5 between two arms takes 64 people an arm at 80 % power; a
// correlation of r takes 1 − r² of them (Borm, Fransen & Lemmens 2007).
func TestAStudyToComeTakesAsManyPeopleAsTheBooksSay(t *testing.T) {
	t.Parallel()
	plain := paper.Planning{TwoArms: true, Effect: 0.5, Alpha: 0.05, Power: 0.8, Ratio: 1}
	s := plain.Size()
	if s.Course < 64 || s.Course > 66 || s.Control != s.Course || s.EnrolCourse != s.Course {
		t.Errorf("without a correlation: %+v, want about 64 an arm", s)
	}
	related := plain
	related.R, related.Attrition = 0.7, 0.2
	r := related.Size()
	if want := 0.51 * float64(s.Course); math.Abs(float64(r.Course)-want) > 2 {
		t.Errorf("with r = .7: %d an arm, want about %.0f", r.Course, want)
	}
	if want := int(math.Ceil(float64(r.Course) / 0.8)); r.EnrolCourse != want || r.EnrolControl != want {
		t.Errorf("%d and %d are taken in, want %d", r.EnrolCourse, r.EnrolControl, want)
	}
	one := paper.Planning{Effect: 0.5, Alpha: 0.05, Power: 0.8}
	if p := one.Size(); p.Course != 34 || p.Control != 0 || !p.Reached.OK() || p.Reached.Value < 0.8 {
		t.Errorf("one group: %+v, want 34", p)
	}
	if _, ok := one.Figure(); !ok {
		t.Error("there is no curve")
	}
}

func TestNumbersOutOfRangeAreNamed(t *testing.T) {
	t.Parallel()
	good := (&paper.Power{Design: power.Ancova, Alpha: 0.05}).Next()
	if f := good.Check(); len(f) > 0 {
		t.Fatalf("the suggestion has faults: %v", f)
	}
	for field, spoil := range map[string]func(*paper.Planning){
		"effect":    func(p *paper.Planning) { p.Effect = 0 },
		"r":         func(p *paper.Planning) { p.R = 1 },
		"attrition": func(p *paper.Planning) { p.Attrition = 1 },
		"alpha":     func(p *paper.Planning) { p.Alpha = math.NaN() },
		"power":     func(p *paper.Planning) { p.Power = 1 },
		"ratio":     func(p *paper.Planning) { p.Ratio = math.Inf(1) },
	} {
		p := good
		spoil(&p)
		if f := p.Check(); len(f) != 1 || f[field] == "" {
			t.Errorf("%s: faults %v", field, f)
		}
		if s := p.Size(); s.Reason == "" || s.Course != 0 {
			t.Errorf("%s: %+v", field, s)
		}
		if _, ok := p.Figure(); ok {
			t.Errorf("%s: a curve is drawn", field)
		}
	}
}
