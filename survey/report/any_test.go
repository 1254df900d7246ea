package report_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// Whatever a file holds, it is answered: without a panic, without a number that
// is none, and with a table cell under every head.
func TestAnyColumnsAreAnswered(t *testing.T) {
	t.Parallel()
	score := rapid.OneOf(
		rapid.SampledFrom([]float64{math.NaN(), 0, 1, 1, 2, 3, -1, 1e308, -1e308, 5e-324, 1e-300, 0.1}),
		rapid.Float64Range(-100, 100),
	)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "people")
		c := report.Columns{}
		for range n {
			c.Pre, c.Post = append(c.Pre, score.Draw(t, "pre")), append(c.Post, score.Draw(t, "post"))
			c.Group = append(c.Group, rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "group"))
		}
		opt := report.Options{
			Scale:       report.Scale{Name: "x", Direction: rapid.SampledFrom([]instrument.Direction{instrument.HigherBetter, instrument.LowerBetter, instrument.Neutral, ""}).Draw(t, "direction")},
			Focus:       rapid.SampledFrom([]string{"", "a"}).Draw(t, "focus"),
			Groups:      rapid.SampledFrom([][]string{nil, {"a", "b"}, {"b", "a", "c"}}).Draw(t, "groups"),
			Course:      "a",
			Control:     rapid.SampledFrom([]string{"", "b", "z"}).Draw(t, "control"),
			Reliability: report.Reliability{Value: analysis.Estimate{Value: rapid.SampledFrom([]float64{0, .5, .9, 1, -1}).Draw(t, "r")}, SD: analysis.Estimate{Reason: analysis.ReasonNoData}},
			Minimum:     rapid.SampledFrom([]int{0, 5}).Draw(t, "minimum"),
			PreName:     "before", PostName: "after",
		}
		o := report.Analyse(c, opt)
		text := o.Text()
		for _, table := range o.Tables() {
			text += table.String()
			for _, row := range table.Rows {
				if len(row.Cells) != len(table.Head) {
					t.Fatalf("%s: %d cells under %d heads", table.Name, len(row.Cells), len(table.Head))
				}
			}
		}
		text += strings.Join(o.Method("v"), "\n") + o.DifferenceText()
		raw, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range o.Groups {
			g := &o.Groups[i]
			if f, ok := o.Raincloud(g, "c"); ok {
				text += figure.SVG(f.Draw(figure.SizeCompact))
			}
			if f, ok := o.ChangeBar(g, "b"); ok {
				text += figure.SVG(f.Draw(figure.SizeCompact))
			}
		}
		if f, ok := o.TwoArm("t"); ok {
			text += figure.SVG(f.Draw(figure.SizeCompact))
		}
		if text += string(raw); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "not estimable: .") {
			t.Fatalf("a number that is none:\n%s", text)
		}
	})
}
