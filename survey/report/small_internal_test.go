package report

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever the counts: nothing small is shown, and no hidden cell of any arm can
// be computed from all that two reports show, one on the arms and one on
// everyone.
func TestHiddenCountsCannotBeComputed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const minimum = 5
		o := Outcome{Groups: []Change{{}}}
		truth := [][3]int{{}}
		for _, label := range []string{"course", "control", "third"}[:rapid.IntRange(1, 3).Draw(t, "arms")] {
			var n [3]int
			for k := range n {
				n[k] = rapid.SampledFrom([]int{0, 0, 1, 2, 3, 4, 5, 6, 9, 30}).Draw(t, "n")
				truth[0][k] += n[k]
			}
			truth = append(truth, n)
			o.Groups = append(o.Groups, Change{Group: label})
		}
		for i, n := range truth {
			for k, c := range o.Groups[i].Reliable.counts() {
				c.N = n[k]
			}
			o.Groups[i].Pairs = n[0] + n[1] + n[2]
		}
		o.hideSmall(minimum)

		for i := range o.Groups {
			for k, c := range o.Groups[i].Reliable.counts() {
				switch {
				case c.Hidden && c.N != 0:
					t.Fatalf("row %d of %v: %d is kept though hidden", i, truth, c.N)
				case !c.Hidden && c.N != truth[i][k]:
					t.Fatalf("row %d of %v shows %d", i, truth, c.N)
				case !c.Hidden && small(c.N, minimum):
					t.Fatalf("row %d of %v shows %d people", i, truth, c.N)
				}
			}
		}
		for i := 1; i < len(truth); i++ {
			for k := range 3 {
				if o.Groups[i].Reliable.counts()[k].Hidden && truth[i][k] > 0 && certain(o, truth, i, k) {
					t.Fatalf("cell %d, %d of %v follows from what is shown", i, k, truth)
				}
			}
		}
	})
}

// certain reports whether a hidden cell has one possible value, by moving people
// along a cycle of hidden cells: if the cell lies on one, another table fits all
// that is shown.
func certain(o Outcome, truth [][3]int, row, column int) bool {
	hidden := func(i, k int) bool { return o.Groups[i].Reliable.counts()[k].Hidden }
	// Within a row: one more here, one less in another hidden cell, made good
	// in the row of everyone where both columns are hidden.
	for k := range 3 {
		if k != column && hidden(row, k) && hidden(0, k) && hidden(0, column) &&
			(truth[row][k] > 0 || truth[row][column] > 0) {
			return false
		}
	}
	return true
}

func TestTheSharesThatMatterStayVisible(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ better, same, worse, showBetter int }{
		{35, 47, 4, 35}, // the four are counted with those who did not change
		{35, 51, 0, 35},
		{12, 6, 3, 12},
	} {
		o := Outcome{Groups: []Change{{Group: "course", Pairs: c.better + c.same + c.worse, Reliable: ReliableChange{
			Better: Count{N: c.better}, Same: Count{N: c.same}, Worse: Count{N: c.worse},
		}}}}
		o.hideSmall(DefaultMinimum)
		if got := o.Main().Reliable.Better; got.Hidden || got.N != c.showBetter {
			t.Errorf("%+v: better is %+v", c, got)
		}
	}
}

func TestASmallGroupIsNotFoundBySubtraction(t *testing.T) {
	t.Parallel()
	nums := func(n int, at float64) (pre, post []float64, g []string) {
		for i := range n {
			pre, post, g = append(pre, at+float64(i%3)), append(post, at+float64(i%5)), append(g, map[bool]string{true: "big", false: "few"}[at == 1])
		}
		return pre, post, g
	}
	bigPre, bigPost, bigGroup := nums(40, 1)
	for few := range 7 {
		pre, post, g := nums(few, 2)
		o := Analyse(Columns{
			Pre: append(bigPre[:40:40], pre...), Post: append(bigPost[:40:40], post...), Group: append(bigGroup[:40:40], g...),
		}, Options{Groups: []string{"big", "few"}, Course: "big", Control: "few", Minimum: DefaultMinimum})
		hiddenAll := o.Main().Mean.Reason == ReasonTooFewPeople
		part, _ := o.Group("few")
		if want := few > 0 && few < DefaultMinimum; hiddenAll != want || (part.Mean.Reason == ReasonTooFewPeople) != want ||
			(o.Comparison.D.Reason == ReasonTooFewPeople) != want {
			t.Errorf("%d people beside 40: everyone %v, they %v, difference %v", few, o.Main().Mean, part.Mean, o.Comparison.D)
		}
		if few > 0 && few < DefaultMinimum && part.pre != nil {
			t.Errorf("%d people: their scores are still there to be drawn", few)
		}
	}
}
