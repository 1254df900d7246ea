package figure_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/figuretest"
)

// marksOf are the marks of one kind in a drawing.
func marksOf[M figure.Mark](d figure.Drawing) (found []M) {
	for _, m := range d.Marks {
		if m, ok := m.(M); ok {
			found = append(found, m)
		}
	}
	return found
}

func words(d figure.Drawing) string {
	var all []string
	for _, t := range marksOf[figure.Text](d) {
		all = append(all, t.Body)
	}
	return strings.Join(all, "\n")
}

func requireWords(t *testing.T, f figure.Figure, want ...string) {
	t.Helper()
	for _, size := range allSizes {
		got := strings.ReplaceAll(words(f.Draw(size)), "\n", " ")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in %q", size, w, got)
			}
		}
	}
}

func TestAltOfReportFiguresGivesTheirNumbers(t *testing.T) {
	t.Parallel()
	forest := figuretest.Forest()
	forest.Rows = forest.Rows[:1]
	for _, tc := range []struct {
		f    figure.Figure
		want string
	}{
		{forest, "Hedges’ g, course − waiting list, 95% interval by outcome: Self-compassion, total 0.62 (95% interval 0.31 to 0.93) (primary). Below 0: favours waiting list. Above 0: favours course."},
		{figuretest.Flow(1), "Assessed for eligibility n = 130; Enrolled and allocated n = 104 (Excluded (n = 26): 14 did not fulfil the criteria, 9 declined, 3 other reasons). Course: Allocated n = 52 (Did not receive it (n = 3): 3 never came); After the course: answered n = 43 (Lost (n = 9): 4 withdrew, 5 let it pass); 3 months: answered n = 38 (Lost: fewer than 5 withdrew, 9 let it pass); Analysed n = 52."},
		{figuretest.Reliable(86), "86 people, Before against After: 25 recovered, 10 improved, 51 no reliable change; a change of at least 0.73 points is reliable; cut-off 3.10."},
		{figuretest.Missingness(), "Patterns of answered waves, with the number of people: 58 answered every wave; 14 missed 6 months; 12 missed After, 3 months, 6 months; 11 missed Week 4, After, 3 months, 6 months; 6 missed After; 3 missed Week 4, 6 months."},
		{figuretest.Power(), "Power by number of people. d = 0.8: power 98% with the 104 people of this design, 80% needs 50; d = 0.5: power 72% with the 104 people of this design, 80% needs 130; d = 0.2: power 17% with the 104 people of this design."},
	} {
		if d := cmp.Diff(tc.f.Alt(), tc.want); d != "" {
			t.Errorf("%T (-got +want):\n%s", tc.f, d)
		}
	}
}

func TestWhatIsNotEstimableIsSaidInWords(t *testing.T) {
	t.Parallel()
	requireWords(t, figuretest.Forest(), "not estimable: the scores are constant", "hidden: fewer than 10 people", "primary outcome", "← favours waiting list", "favours course →", "0.62 [0.31, 0.93]")
	requireWords(t, figuretest.Sensitivity(), "not estimable: the covariance is singular", "n = 104", "primary analysis")
	requireWords(t, figuretest.Dose(30), "not what causes what")
	requireWords(t, figure.QQ{Sample: []float64{1, 1, 1}}, "Not enough different values")
}

func TestAHiddenFigureTellsNothingButTheRule(t *testing.T) {
	t.Parallel()
	forest, sensitivity, trajectory, scatter := figuretest.Forest(), figuretest.Sensitivity(), figuretest.Trajectory(2, "Before", "After"), figuretest.Reliable(4)
	responders, items, residuals, dose, missing := figuretest.Responders(), figuretest.Items(), figuretest.Residuals(4), figuretest.Dose(4), figuretest.Missingness()
	qq, raincloud := figure.QQ{Sample: []float64{1, 2, 3}}, figuretest.Raincloud(4)
	for _, below := range []*int{
		&forest.HiddenBelow, &sensitivity.HiddenBelow, &trajectory.HiddenBelow, &scatter.HiddenBelow, &responders.HiddenBelow,
		&items.HiddenBelow, &residuals.HiddenBelow, &dose.HiddenBelow, &missing.HiddenBelow, &qq.HiddenBelow, &raincloud.HiddenBelow,
	} {
		*below = 10
	}
	forest.Desc = "g = 0.62 among 3 people"
	for _, f := range []figure.Figure{forest, sensitivity, trajectory, scatter, responders, items, residuals, dose, missing, qq, raincloud} {
		d := f.Draw(figure.SizeCompact)
		if got, want := words(d), "Hidden: fewer than 10 people."; got != want || f.Alt() != want || d.Desc != want {
			t.Errorf("%T says %q and %q, want %q", f, got, f.Alt(), want)
		}
		if rows := f.Table().Rows; len(rows) != 0 {
			t.Errorf("%T has rows %q", f, rows)
		}
	}
}

func TestHiddenPartsOfReportFiguresAppearNowhere(t *testing.T) {
	t.Parallel()
	forest := func(e figure.Estimate) figure.Figure {
		f := figuretest.Forest()
		f.Rows = append(f.Rows[:2:2], figure.ForestRow{Label: "Small", Estimate: e, HiddenBelow: 5})
		return f
	}
	trajectory := func(v float64) figure.Figure {
		f := figuretest.Trajectory(2, "Before", "After", "Later")
		f.Arms[0].Points[2] = figure.TrajectoryPoint{Model: figure.Estimate{Value: v, Low: v, High: v}, Observed: v, N: int(v), Hidden: true}
		return f
	}
	responders := func(n int) figure.Figure {
		f := figuretest.Responders()
		v := float64(n) / 43
		f.Arms[0].Worse = figure.ResponderShare{N: figure.Count{N: n, Below: 5}, Share: figure.Estimate{Value: v, Low: v, High: v}}
		return f
	}
	flow := func(n int) figure.Figure {
		f := figuretest.Flow(2)
		f.Arms[0].Steps[2].Lost[0].N.N = n
		return f
	}
	missing := func(n int) figure.Figure {
		f := figuretest.Missingness()
		f.Patterns[5].N = figure.Count{N: n, Below: 5}
		return f
	}
	for _, pair := range [][2]figure.Figure{
		{forest(figure.Estimate{Value: 9, Low: 8, High: 10}), forest(figure.Estimate{Value: math.NaN()})},
		{trajectory(1), trajectory(4.9)}, {responders(1), responders(4)}, {flow(1), flow(4)}, {missing(1), missing(4)},
	} {
		for _, size := range allSizes {
			if d := cmp.Diff(figure.SVG(pair[0].Draw(size)), figure.SVG(pair[1].Draw(size))); d != "" {
				t.Errorf("%T: the picture tells the hidden number:\n%s", pair[0], d)
			}
		}
		if d := cmp.Diff(pair[0].Table(), pair[1].Table()); d != "" {
			t.Errorf("%T: the table tells the hidden number:\n%s", pair[0], d)
		}
		if d := cmp.Diff(pair[0].Alt(), pair[1].Alt()); d != "" {
			t.Errorf("%T: the sentence tells the hidden number:\n%s", pair[0], d)
		}
	}
}

func TestFlowStacksManyArmsOnATelephone(t *testing.T) {
	t.Parallel()
	heads := func(size figure.Size, arms int) (xs map[float64]bool) {
		xs = map[float64]bool{}
		for _, r := range marksOf[figure.Rect](figuretest.Flow(arms).Draw(size)) {
			if r.Paint.Fill != figure.RoleSurface {
				xs[r.X] = true
			}
		}
		return xs
	}
	for _, tc := range []struct {
		size          figure.Size
		arms, columns int
	}{{figure.SizeWide, 4, 4}, {figure.SizeStandard, 3, 3}, {figure.SizeCompact, 2, 2}, {figure.SizeCompact, 3, 1}, {figure.SizeCompact, 4, 1}} {
		if got := len(heads(tc.size, tc.arms)); got != tc.columns {
			t.Errorf("%s: %d arms stand in %d columns, want %d", tc.size, tc.arms, got, tc.columns)
		}
	}
}

func TestForestCutsAWideIntervalOffWithAnArrow(t *testing.T) {
	t.Parallel()
	f := figuretest.Forest()
	arrows := func() (n int) {
		for _, s := range marksOf[figure.Shapes](f.Draw(figure.SizeWide)) {
			for _, outline := range s.Outlines {
				if len(outline) == 3 {
					n++
				}
			}
		}
		return n
	}
	if got := arrows(); got != 2 {
		t.Errorf("%d arrows, want 2 for the one interval that is cut off", got)
	}
	f.Low, f.High = -3, 4
	if got := arrows(); got != 0 {
		t.Errorf("%d arrows on an axis that holds every interval", got)
	}
}

func TestReliableScatterDrawsEveryoneOnceInTheirClass(t *testing.T) {
	t.Parallel()
	f := figuretest.Reliable(400)
	f.People = append(f.People, figure.ScatterPerson{Pre: math.NaN(), Post: 3}, figure.ScatterPerson{Pre: 2, Post: 2, Class: "unheard of"})
	drawn := 0
	for _, m := range f.Draw(figure.SizeStandard).Marks {
		switch m := m.(type) {
		case figure.Dots:
			if m.Paint.Transparency > 0 {
				drawn += len(m.At)
			}
		case figure.Shapes:
			if m.Paint.Transparency > 0 {
				drawn += len(m.Outlines)
			}
		}
	}
	if drawn != 401 {
		t.Errorf("%d people drawn, want 401", drawn)
	}
	requireWords(t, f, "no reliable change", "improved", "recovered", "worse", "cut-off 3.1")
}

func TestReliableScatterPutsImprovementWhereItIs(t *testing.T) {
	t.Parallel()
	height := func(f figure.ReliableScatter, word string) float64 {
		for _, text := range marksOf[figure.Text](f.Draw(figure.SizeStandard)) {
			if strings.HasSuffix(text.Body, word) {
				return text.At.Y
			}
		}
		return math.NaN()
	}
	f := figuretest.Reliable(86)
	if !(height(f, "improved") < height(f, "worse")) {
		t.Error("with a rise as improvement, improved does not stand above worse")
	}
	f.LowerIsBetter = true
	if !(height(f, "improved") > height(f, "worse")) {
		t.Error("with a fall as improvement, improved does not stand below worse")
	}
}

func TestItemChangeUsesOneScaleForBothSurveys(t *testing.T) {
	t.Parallel()
	f := figure.ItemChange{Min: 1, Max: 5, Items: []figure.ItemMeans{{Label: "a", Pre: 2, Post: 4}, {Label: "b", Pre: 4, Post: 2}}}
	dots := marksOf[figure.Dots](f.Draw(figure.SizeWide))
	// The first two dots explain themselves in the head.
	a, b := dots[2:4], dots[4:6]
	if a[0].At[0].X != b[1].At[0].X || a[1].At[0].X != b[0].At[0].X {
		t.Errorf("2 and 4 stand at %v, %v and %v, %v", a[0].At, a[1].At, b[1].At, b[0].At)
	}
	if got, want := f.Table().Rows[1], []string{"b", "4.00", "2.00", "−2.00"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTrajectoryLeavesAGapForAWaveWithoutModel(t *testing.T) {
	t.Parallel()
	f := figuretest.Trajectory(1, "Before", "Week 4", "After", "Later", "Last")
	f.Arms[0].Points[2].Model = figure.Estimate{Value: math.NaN()}
	longest := 0
	for _, l := range marksOf[figure.Lines](f.Draw(figure.SizeWide)) {
		if l.Paint.Stroke != figure.RoleCourse || l.Paint.Width < 2 {
			continue
		}
		for _, path := range l.Paths {
			longest = max(longest, len(path))
		}
	}
	if longest != 2 {
		t.Errorf("a line joins %d waves across the gap, want 2", longest)
	}
	requireWords(t, f, "Small dots: observed means")
}

func TestMissingnessSharesAreLeftOutBesideAHiddenCount(t *testing.T) {
	t.Parallel()
	f := figuretest.Missingness()
	requireWords(t, f, "100%", "87%")
	f.Patterns[5].N = figure.Count{N: 3, Below: 5}
	if got := words(f.Draw(figure.SizeWide)); strings.Contains(got, "%") || !strings.Contains(got, "fewer than 5") {
		t.Errorf("the shares give the hidden count away: %q", got)
	}
}

func TestQQOfANormalSampleStaysWithinItsBand(t *testing.T) {
	t.Parallel()
	var sample []float64
	for i := range 199 {
		sample = append(sample, 3+2*math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/199-1))
	}
	f := figure.QQ{Sample: sample, Label: "residual"}
	if got, want := f.Alt(), "199 values of residual against normal quantiles: 0 lie outside of the 95% band."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	sample[198] = 30
	if strings.Contains(f.Alt(), ": 0 lie") {
		t.Errorf("an outlier stays within the band: %q", f.Alt())
	}
}

func TestResidualsFollowTheMiddleOfTheCloud(t *testing.T) {
	t.Parallel()
	var f figure.Residuals
	for i := range 100 {
		x := float64(i) / 100
		f.Fitted, f.Residual = append(f.Fitted, x), append(f.Residual, (x-0.5)*(x-0.5))
	}
	rows := f.Table().Rows
	if len(rows) != 10 || rows[0][1] != "0.21" || rows[5][1] != "0.00" || rows[9][1] != "0.20" {
		t.Errorf("middles of a parabola are %q", rows)
	}
}

func TestPowerSaysWhatTheDesignReaches(t *testing.T) {
	t.Parallel()
	f := figure.PowerCurve{Target: 0.8, DesignN: 30, Curves: []figure.PowerLine{{Label: "d = 0.5", Points: []figure.PowerPoint{{N: 40, Power: 0.9}, {N: 20, Power: 0.5}, {N: -1, Power: 2}}}}}
	requireWords(t, f, "this design: 30", "70%", "d = 0.5")
	if got, want := f.Alt(), "Power by number of people. d = 0.5: power 70% with the 30 people of this design, 80% needs 40."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestClassesAreToldApartWithoutColour(t *testing.T) {
	t.Parallel()
	for _, c := range []figure.ChangeClass{figure.ClassRecovered, figure.ClassImproved, figure.ClassUnchanged, figure.ClassWorse} {
		if !c.Valid() {
			t.Errorf("%s is not valid", c)
		}
	}
	if figure.ChangeClass("better").Valid() {
		t.Error("an unknown class is valid")
	}
	f := figure.ReliableScatter{Min: 1, Max: 5, Threshold: 0.5, Cutoff: 3, People: []figure.ScatterPerson{
		{Pre: 2, Post: 4, Class: figure.ClassRecovered}, {Pre: 1, Post: 2, Class: figure.ClassImproved}, {Pre: 4, Post: 2, Class: figure.ClassWorse},
	}}
	corners := map[int]int{}
	for _, s := range marksOf[figure.Shapes](f.Draw(figure.SizeStandard)) {
		if s.Paint.Transparency > 0 {
			up := 1
			if len(s.Outlines[0]) == 3 && s.Outlines[0][0].Y > s.Outlines[0][1].Y {
				up = -1
			}
			corners[len(s.Outlines[0])*up]++
		}
	}
	if d := cmp.Diff(corners, map[int]int{4: 1, 3: 1, -3: 1}); d != "" {
		t.Errorf("shapes (-got +want):\n%s", d)
	}
}
