package figure_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/survey/report/figure"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sizes = []figure.Size{figure.SizeStandard, figure.SizeCompact}

func wave(label string, mean float64) figure.TrendPoint {
	return figure.TrendPoint{Label: label, Mean: mean, Low: mean - 0.2, High: mean + 0.2, N: 11}
}

func hiddenWave(label string) figure.TrendPoint {
	return figure.TrendPoint{Label: label, Mean: 4.87, Low: 4.76, High: 4.98, N: 3, Hidden: true}
}

func around(mean float64, n int) figure.ArmPoint {
	return figure.ArmPoint{Mean: figure.Estimate{Value: mean, Low: mean - 0.15, High: mean + 0.15}, N: n}
}

func samples() map[string]figure.Figure {
	return map[string]figure.Figure{
		"raincloud": figure.Raincloud{
			ID: "change", Title: "Everyone’s change", Min: 1, Max: 5,
			Pre:      []float64{2, 2.5, 3, 3.5, 1.5, 2.5},
			Post:     []float64{3, 2.5, 3.5, 3, 2.5, 4},
			MeanPre:  figure.Estimate{Value: 2.5, Low: 1.76, High: 3.24},
			MeanPost: figure.Estimate{Value: 3.08, Low: 2.48, High: 3.69},
		},
		"trend": figure.Trend{
			ID: "trend", Title: "Group trend", Min: 1, Max: 5,
			Points: []figure.TrendPoint{wave("Pre", 2.65), wave("W1", 2.72), hiddenWave("W2"), wave("W3", 3)},
		},
		"changebar": figure.ChangeBar{
			ID: "reliable", Title: "Who changed",
			Better: figure.Share{N: 35}, Same: figure.Share{N: 47}, Worse: figure.Share{N: 4},
		},
		"twoarm": figure.TwoArm{
			ID: "arms", Title: "Both arms", Min: 1, Max: 5, Waves: []string{"Pre", "Post", "3 months"},
			Course:  figure.Arm{Label: "Course", Points: []figure.ArmPoint{around(2.6, 43), around(3.2, 40), around(3.15, 35)}},
			Control: figure.Arm{Label: "Waiting list", Points: []figure.ArmPoint{around(2.65, 44), around(2.7, 41), {N: 3, Hidden: true}}},
		},
	}
}

func TestFiguresMatchTheirGoldens(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		for _, size := range sizes {
			path := filepath.Join("testdata", name+"-"+string(size)+".svg")
			got := figure.SVG(f.Draw(size))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, string(want)); diff != "" {
				t.Errorf("%s differs from its golden (-got +want):\n%s", path, diff)
			}
		}
	}
}

func TestAltGivesTheNumbersInOneSentence(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"raincloud": "6 people on a scale from 1 to 5: mean 2.50 (95% interval 1.76 to 3.24) at Pre and 3.08 (95% interval 2.48 to 3.69) at Post; 4 rose, 1 fell, 1 did not change.",
		"trend":     "Mean by wave: Pre 2.65 (95% interval 2.45 to 2.85), n = 11; W1 2.72 (95% interval 2.52 to 2.92), n = 11; W2 hidden, too few answers; W3 3.00 (95% interval 2.80 to 3.20), n = 11.",
		"changebar": "Of 86 people, 41% better (35), 55% no reliable change (47), 5% worse (4).",
		"twoarm":    "Mean by arm and wave. Course: Pre 2.60 (95% interval 2.45 to 2.75), n = 43; Post 3.20 (95% interval 3.05 to 3.35), n = 40; 3 months 3.15 (95% interval 3.00 to 3.30), n = 35. Waiting list: Pre 2.65 (95% interval 2.50 to 2.80), n = 44; Post 2.70 (95% interval 2.55 to 2.85), n = 41; 3 months hidden, too few answers.",
	}
	for name, f := range samples() {
		if diff := cmp.Diff(f.Alt(), want[name]); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
		if d := f.Draw(figure.SizeStandard); d.Desc != f.Alt() {
			t.Errorf("%s: description %q is not the alternative", name, d.Desc)
		}
	}
}

func TestTableHasARowForEveryGroupOrWave(t *testing.T) {
	t.Parallel()
	s := samples()
	for _, tc := range []struct {
		name string
		want [][]string
	}{
		{"raincloud", [][]string{{"Pre", "6", "2.50", "1.76", "3.24"}, {"Post", "6", "3.08", "2.48", "3.69"}}},
		{"trend", [][]string{{"Pre", "11", "2.65", "2.45", "2.85"}, {"W1", "11", "2.72", "2.52", "2.92"}, {"W2", "–", "–", "–", "–"}, {"W3", "11", "3.00", "2.80", "3.20"}}},
		{"changebar", [][]string{{"better", "35", "41%"}, {"no reliable change", "47", "55%"}, {"worse", "4", "5%"}}},
		{"twoarm", [][]string{
			{"Course", "Pre", "43", "2.60", "2.45", "2.75"}, {"Course", "Post", "40", "3.20", "3.05", "3.35"}, {"Course", "3 months", "35", "3.15", "3.00", "3.30"},
			{"Waiting list", "Pre", "44", "2.65", "2.50", "2.80"}, {"Waiting list", "Post", "41", "2.70", "2.55", "2.85"}, {"Waiting list", "3 months", "–", "–", "–", "–"},
		}},
	} {
		got := s[tc.name].Table()
		if diff := cmp.Diff(got.Rows, tc.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tc.name, diff)
		}
		for _, row := range got.Rows {
			if len(row) != len(got.Header) {
				t.Errorf("%s: row %v does not fit the header %v", tc.name, row, got.Header)
			}
		}
	}
}

func TestHiddenNumbersAppearNowhere(t *testing.T) {
	t.Parallel()
	secret := figure.ArmPoint{Mean: figure.Estimate{Value: 4.87, Low: 4.76, High: 4.98}, N: 3, Hidden: true}
	twin := figure.ArmPoint{Mean: figure.Estimate{Value: 1.11, Low: 1.02, High: 1.23}, N: 2, Hidden: true}
	arms := func(h figure.ArmPoint) figure.TwoArm {
		return figure.TwoArm{Min: 1, Max: 5, Waves: []string{"Pre", "Post"},
			Course:  figure.Arm{Label: "Course", Points: []figure.ArmPoint{around(2.6, 43), h}},
			Control: figure.Arm{Label: "Control", Points: []figure.ArmPoint{h, around(2.7, 41)}}}
	}
	other := hiddenWave("W1")
	other.Mean, other.Low, other.High, other.N = 1.11, 1.02, 1.23, 2
	trend := func(h figure.TrendPoint) figure.Trend {
		return figure.Trend{Min: 1, Max: 5, Points: []figure.TrendPoint{wave("Pre", 2.6), h, wave("W2", 2.9)}}
	}
	// Whatever the hidden numbers are, the result is the same to the byte.
	for _, pair := range [][2]figure.Figure{
		{arms(secret), arms(twin)},
		{trend(hiddenWave("W1")), trend(other)},
	} {
		if diff := cmp.Diff(figure.SVG(pair[0].Draw("")), figure.SVG(pair[1].Draw(""))); diff != "" {
			t.Errorf("picture tells the hidden number:\n%s", diff)
		}
		if diff := cmp.Diff(pair[0].Table(), pair[1].Table()); diff != "" {
			t.Errorf("table tells the hidden number:\n%s", diff)
		}
	}
}

func TestAThousandPeopleStaySmall(t *testing.T) {
	t.Parallel()
	r := figure.Raincloud{ID: "big", Min: 1, Max: 5, MeanPre: figure.Estimate{Value: 2.5, Low: 2.4, High: 2.6}, MeanPost: figure.Estimate{Value: 3, Low: 2.9, High: 3.1}}
	for i := range 5000 {
		// Scores without regularity, the worst case for the file's size.
		r.Pre = append(r.Pre, 1+4*frac(float64(i)*0.7548776662))
		r.Post = append(r.Post, 1+4*frac(float64(i)*0.5698402910))
	}
	whole := r
	r.Pre, r.Post = r.Pre[:1000], r.Post[:1000]
	for _, size := range sizes {
		if n := len(figure.SVG(r.Draw(size))); n >= 60_000 {
			t.Errorf("%s: 1,000 people take %d bytes, want less than 60,000", size, n)
		}
		if n := len(figure.SVG(whole.Draw(size))); n >= 300_000 {
			t.Errorf("%s: 5,000 people take %d bytes, want less than 300,000", size, n)
		}
	}
}

func frac(v float64) float64 { return v - math.Floor(v) }

var forbidden = regexp.MustCompile(`NaN|Inf|<style|style=|<script|href|url\(| on[a-z]+=`)

// numbersAttr finds every attribute that carries coordinates.
var numbersAttr = regexp.MustCompile(` (?:d|x|y|cx|cy|r|width|height|viewBox|stroke-width|font-size|fill-opacity|stroke-opacity)="([^"]*)"`)

var coordinates = regexp.MustCompile(`^[-0-9. Mmlhz%]*$`)

// requireCleanSVG fails unless svg is well formed, has finite numbers only and
// nothing a strict content security policy would refuse.
func requireCleanSVG(t interface {
	Helper()
	Fatalf(string, ...any)
}, svg string,
) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(svg))
	ids := map[string]bool{}
	labelled := ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, svg)
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range el.Attr {
			switch a.Name.Local {
			case "style", "href", "class":
				t.Fatalf("attribute %s in <%s>", a.Name.Local, el.Name.Local)
			case "id":
				if ids[a.Value] {
					t.Fatalf("id %q twice", a.Value)
				}
				ids[a.Value] = true
			case "aria-labelledby":
				labelled = a.Value
			}
		}
	}
	names := strings.Fields(labelled)
	if len(names) != 2 || !ids[names[0]] || !ids[names[1]] {
		t.Fatalf("aria-labelledby %q does not name the ids %v", labelled, ids)
	}
	for _, m := range numbersAttr.FindAllStringSubmatch(svg, -1) {
		if !coordinates.MatchString(m[1]) {
			t.Fatalf("not a coordinate: %s", m[0])
		}
	}
}

// anyFloat draws ordinary scores and everything a float can be.
func anyFloat() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(1, 5), rapid.Float64Range(-10, 110), rapid.Float64(),
		rapid.SampledFrom([]float64{0, 1, 3, 5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1e12}),
	)
}

func anyEstimate() *rapid.Generator[figure.Estimate] {
	return rapid.Custom(func(t *rapid.T) figure.Estimate {
		return figure.Estimate{Value: anyFloat().Draw(t, "value"), Low: anyFloat().Draw(t, "low"), High: anyFloat().Draw(t, "high")}
	})
}

func anyFigure() *rapid.Generator[figure.Figure] {
	scores := rapid.SliceOfN(anyFloat(), 0, 30)
	arm := rapid.Custom(func(t *rapid.T) figure.Arm {
		return figure.Arm{Label: rapid.String().Draw(t, "arm"), Points: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.ArmPoint {
			return figure.ArmPoint{Mean: anyEstimate().Draw(t, "mean"), N: rapid.IntRange(0, 1e6).Draw(t, "n"), Hidden: rapid.Bool().Draw(t, "hidden")}
		}), 0, 8).Draw(t, "points")}
	})
	return rapid.Custom(func(t *rapid.T) figure.Figure {
		id, title := rapid.String().Draw(t, "id"), rapid.String().Draw(t, "title")
		lo, hi := anyFloat().Draw(t, "min"), anyFloat().Draw(t, "max")
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 4:
			return anyReportFigure().Draw(t, "report figure")
		case 0:
			return figure.Raincloud{
				ID: id, Title: title, Min: lo, Max: hi, Pre: scores.Draw(t, "pre"), Post: scores.Draw(t, "post"),
				Ticks: scores.Draw(t, "ticks"), PreLabel: rapid.String().Draw(t, "preLabel"),
				MeanPre: anyEstimate().Draw(t, "meanPre"), MeanPost: anyEstimate().Draw(t, "meanPost"),
			}
		case 1:
			return figure.Trend{ID: id, Title: title, Min: lo, Max: hi, Points: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.TrendPoint {
				e := anyEstimate().Draw(t, "mean")
				return figure.TrendPoint{Label: rapid.String().Draw(t, "label"), Mean: e.Value, Low: e.Low, High: e.High, Hidden: rapid.Bool().Draw(t, "hidden")}
			}), 0, 30).Draw(t, "points")}
		case 2:
			share := rapid.Custom(func(t *rapid.T) figure.Share {
				return figure.Share{Label: rapid.String().Draw(t, "label"), N: rapid.IntRange(-1, 2000).Draw(t, "n")}
			})
			return figure.ChangeBar{ID: id, Title: title, Better: share.Draw(t, "better"), Same: share.Draw(t, "same"), Worse: share.Draw(t, "worse")}
		default:
			return figure.TwoArm{ID: id, Title: title, Min: lo, Max: hi, Waves: rapid.SliceOfN(rapid.String(), 0, 8).Draw(t, "waves"),
				Course: arm.Draw(t, "course"), Control: arm.Draw(t, "control")}
		}
	})
}

func TestAnyInputMakesACleanPictureWithinItsFrame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigure().Draw(t, "figure")
		for _, size := range allSizes {
			d := f.Draw(size)
			requireCleanSVG(t, figure.SVG(d))
			requireWithinFrame(t, d)
		}
		for _, row := range f.Table().Rows {
			if len(row) != len(f.Table().Header) {
				t.Fatalf("row %q does not fit the header %q", row, f.Table().Header)
			}
		}
	})
}

func requireWithinFrame(t *rapid.T, d figure.Drawing) {
	t.Helper()
	check := func(p figure.Point) {
		const slack = 2
		if !(p.X >= -slack && p.X <= d.Width+slack && p.Y >= -slack && p.Y <= d.Height+slack) {
			t.Fatalf("point %v outside of %g × %g", p, d.Width, d.Height)
		}
	}
	for _, m := range d.Marks {
		switch m := m.(type) {
		case figure.Lines:
			for _, path := range m.Paths {
				for _, p := range path {
					check(p)
				}
			}
		case figure.Polygon:
			for _, p := range m.Points {
				check(p)
			}
		case figure.Shapes:
			for _, outline := range m.Outlines {
				for _, p := range outline {
					check(p)
				}
			}
		case figure.Dots:
			for _, p := range m.At {
				check(p)
			}
		case figure.Rect:
			check(figure.Point{X: m.X, Y: m.Y})
			check(figure.Point{X: m.X + m.W, Y: m.Y + m.H})
		case figure.Text:
			check(m.At)
		default:
			t.Fatalf("unknown mark %T", m)
		}
	}
}

func TestOrdinaryInputHasNothingForbiddenInItsFile(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		for _, size := range sizes {
			svg := figure.SVG(f.Draw(size))
			requireCleanSVG(t, svg)
			if m := forbidden.FindString(svg); m != "" {
				t.Errorf("%s: %q in the file", name, m)
			}
		}
	}
}

func TestDrawIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		if figure.SVG(f.Draw("")) != figure.SVG(f.Draw(figure.SizeStandard)) {
			t.Errorf("%s: the second drawing differs", name)
		}
	}
}

func TestIDsKeepPicturesOnOnePageApart(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"a b": "a-b", "": "figure", `x"><script>`: "x---script-", "self_compassion-1": "self_compassion-1"} {
		svg := figure.SVG(figure.Drawing{ID: id, Width: 10, Height: 10, Title: "T & <b>", Desc: "D"})
		if attr := fmt.Sprintf(`aria-labelledby="%s-title %s-desc"`, want, want); !strings.Contains(svg, attr) {
			t.Errorf("id %q: no %s in %s", id, attr, svg)
		}
		if !strings.Contains(svg, "T &amp; &lt;b&gt;") {
			t.Errorf("title is not escaped in %s", svg)
		}
	}
}

func TestAHiddenShareIsNeitherDrawnNorNamed(t *testing.T) {
	t.Parallel()
	bar := figure.ChangeBar{
		ID: "bar", Better: figure.Share{N: 35},
		Same:  figure.Share{Label: "no reliable change or worse", N: 51},
		Worse: figure.Share{N: 4, Hidden: true},
	}
	if got, want := bar.Alt(), "Of 86 people, 41% better (35), 59% no reliable change or worse (51)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if rows := len(bar.Table().Rows); rows != 2 {
		t.Errorf("%d rows, want 2", rows)
	}
	if svg := figure.SVG(bar.Draw(figure.SizeStandard)); strings.Contains(svg, "% worse") {
		t.Error("the hidden share is drawn")
	}
}
