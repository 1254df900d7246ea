package report_test

import (
	"strings"
	"testing"

	"tidemark/survey/report"
)

// moved is a group that began around 3 and moved by about this much.
func moved(by float64, n int) report.Columns {
	c := report.Columns{}
	for i := range n {
		pre := 2.5 + float64(i%5)/4
		c.Pre = append(c.Pre, pre)
		c.Post = append(c.Post, pre+by+float64(i%3-1)/10)
	}
	return c
}

func analysed(c report.Columns) report.Outcome {
	return report.Analyse(c, report.Options{Scale: report.Scale{Name: "Self-compassion (total)", Label: "Self-compassion", Min: 1, Max: 5}})
}

func TestTheVerbFitsTheInterval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		by              float64
		headline, paper string
	}{
		{0.5, "Scores rose by 0.50 points on the 1–5 scale (95% CI 0.46 to 0.54).", "Self-compassion increased, from M = "},
		{-0.5, "Scores fell by 0.50 points on the 1–5 scale (95% CI 0.46 to 0.54).", "Self-compassion decreased, from M = "},
		{0, "Scores did not change clearly: 0.00 points on the 1–5 scale (95% CI −0.04 to 0.04).", "Self-compassion did not change clearly, from M = "},
		{0.038, "Scores rose by 0.04 points on the 1–5 scale (95% CI 0.003 to 0.07).", "Self-compassion increased"},
	} {
		o := analysed(moved(c.by, 24))
		if got := o.Headline(); got != c.headline {
			t.Errorf("moved by %v: %q, want %q", c.by, got, c.headline)
		}
		if got := o.Paper(o.Main()).String(); !strings.HasPrefix(got, c.paper) {
			t.Errorf("moved by %v: %q, want it to begin %q", c.by, got, c.paper)
		}
	}
}

func TestTheSentenceForAPaperHasEverything(t *testing.T) {
	t.Parallel()
	o := report.Analyse(sleep(), report.Options{Scale: report.Scale{Label: "Sleep"}})
	got := o.Paper(o.Main())
	want := "Sleep increased, from M = 0.75 (SD = 1.79) to M = 2.33 (SD = 2.00), t(9) = 4.06, p = .003, d_z = 1.28, 95% CI [0.41, 2.12]."
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	html := "Sleep increased, from <i>M</i> = 0.75 (<i>SD</i> = 1.79) to <i>M</i> = 2.33 (<i>SD</i> = 2.00), " +
		"<i>t</i>(9) = 4.06, <i>p</i> = .003, <i>d</i><sub>z</sub> = 1.28, 95% CI [0.41, 2.12]."
	if string(got.HTML()) != html {
		t.Errorf("got  %s\nwant %s", got.HTML(), html)
	}
}

func TestNamesCannotBeMarkup(t *testing.T) {
	t.Parallel()
	o := report.Analyse(sleep(), report.Options{Scale: report.Scale{Label: "<b>x</b>"}})
	if html := string(o.Paper(o.Main()).HTML()); strings.Contains(html, "<b>") {
		t.Errorf("got %s", html)
	}
}

func TestWithoutATestTheSentenceSaysWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		columns         report.Columns
		headline, paper string
	}{
		"nobody":     {report.Columns{}, "No one has answered both surveys yet.", "not estimable: no data"},
		"one person": {report.Columns{Pre: []float64{2}, Post: []float64{3}}, "Scores changed by 1.00 points on the 1–5 scale; an interval is not estimable: fewer than 2 values.", "a test is not estimable"},
		"all alike": {report.Columns{Pre: []float64{2, 3, 4}, Post: []float64{2.5, 3.5, 4.5}},
			"Scores changed by 0.50 points on the 1–5 scale; an interval is not estimable: the values do not vary.", "a test is not estimable: the values do not vary"},
	} {
		o := analysed(c.columns)
		if got := o.Headline(); got != c.headline {
			t.Errorf("%s: %q, want %q", name, got, c.headline)
		}
		if got := o.Paper(o.Main()).String(); !strings.Contains(got, c.paper) {
			t.Errorf("%s: %q, want something with %q", name, got, c.paper)
		}
	}
}

// The words for a difference between arms must be true of both.
func TestADifferenceIsWordedTruly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		course, control float64
		want            string
	}{
		{0.6, 0.1, "rose more in the course group"},
		{0.5, -0.3, "rose in the course group"},
		{0.5, -0.01, "rose more in the course group"}, // −0.01 is no clear fall
		{-0.1, -0.6, "fell less in the course group"},
		{-0.6, -0.1, "fell more in the course group"},
		{-0.4, 0.3, "fell in the course group"},
		{0.1, 0.6, "rose less in the course group"},
		{0.3, 0.3, "The change in self-compassion did not differ clearly between the course group"},
	} {
		a, b := moved(c.course, 24), moved(c.control, 24)
		all := report.Columns{Pre: append(a.Pre, b.Pre...), Post: append(a.Post, b.Post...)}
		for i := range 48 {
			all.Group = append(all.Group, map[bool]string{true: "Course", false: "Waiting list"}[i < 24])
		}
		o := report.Analyse(all, report.Options{
			Scale: report.Scale{Label: "Self-compassion"}, Focus: "Course", Course: "Course", Control: "Waiting list",
		})
		got := o.PaperComparison().String()
		if !strings.Contains(got, c.want) || !strings.Contains(got, "the waiting list group (M = ") || !strings.Contains(got, "Welch’s t(") {
			t.Errorf("%v against %v: %q, want something with %q", c.course, c.control, got, c.want)
		}
	}
}
