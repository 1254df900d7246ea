package missing

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
)

func TestDropOutsAreComparedByStandardisedDifferences(t *testing.T) {
	t.Parallel()
	rows := Attrition(
		[][]float64{{10, 12, 14, 9, 7, nan}, {3, 3, 3, 3, 3, 3}, {1, 2}},
		[]bool{true, true, true, false, false, false}, 0)
	// Means 12 and 8, variances 4 and 2: 4/√3.
	if got, want := rows[0].Standardised.Value, 4/math.Sqrt(3); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
	d := 4 / math.Sqrt(3)
	if want := d - 1.959963984540054*math.Sqrt(5.0/6+d*d/10); math.Abs(rows[0].CI.Low-want) > 1e-9 {
		t.Errorf("lower end: got %v, want %v", rows[0].CI.Low, want)
	}
	if rows[0].NDropouts != 2 || rows[0].MissingDropouts != 1 || rows[0].MissingCompleters != 0 {
		t.Errorf("got counts %+v", rows[0])
	}
	if got := rows[1].Standardised.Reason; got != analysis.ReasonZeroVariance {
		t.Errorf("constant variable: got reason %q", got)
	}
	if rows[2].Standardised.OK() || rows[2].MissingDropouts != 3 {
		t.Errorf("short column: got %+v", rows[2])
	}
}

func TestSwappingCompletersAndDropOutsFlipsTheSign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "people")
		value := rapid.SampledFrom([]float64{nan, 1, 2, 3, 1e300, math.Inf(1), 5e-324})
		x := rapid.SliceOfN(value, n, n).Draw(t, "variable")
		stayed := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "stayed")
		left := make([]bool, n)
		for i, s := range stayed {
			left[i] = !s
		}
		a, b := Attrition([][]float64{x}, stayed, 0.9)[0], Attrition([][]float64{x}, left, 0.9)[0]
		if a.Standardised.OK() != b.Standardised.OK() || math.Abs(a.Standardised.Value+b.Standardised.Value) > 1e-9 {
			t.Fatalf("got %v and %v", a.Standardised, b.Standardised)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatal(err)
		}
	})
}
