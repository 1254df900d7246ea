package selfcode

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

func part(t testing.TB, key string) Part {
	t.Helper()
	p, ok := PartByKey(key)
	if !ok {
		t.Fatalf("no part %s", key)
	}
	return p
}

func recipe(t testing.TB, keys ...string) Recipe {
	t.Helper()
	var r Recipe
	for _, k := range keys {
		r = append(r, part(t, k))
	}
	return r
}

func TestPartsAreReadHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, typed, want string }{
		{"mother", " ángela ", "A"}, {"mother", "Özlem", "O"}, {"mother", "ñ", "N"}, {"mother", "“Eva”", "E"}, {"mother", "ß", "S"}, {"mother", "", ""},
		{"mother", "7", ""}, {"mother", "Łucja", "L"}, {"mother", "Анна", "А"},
		{"day", "07", "7"}, {"day", "7.", "7"}, {"day", "32", ""}, {"day", "0", ""}, {"day", "x", ""}, {"day", "-1", ""},
		{"month", "12", "12"}, {"month", "13", ""}, {"older_siblings", "0", "0"}, {"older_siblings", "10", ""},
	} {
		if got := part(t, c.key).Normal(c.typed); got != c.want {
			t.Errorf("%s %q is read as %q, want %q", c.key, c.typed, got, c.want)
		}
	}
}

func TestWhatAgreesAndDiffersIsTold(t *testing.T) {
	t.Parallel()
	r := recipe(t, "mother", "day", "older_siblings", "birthplace")
	a := r.Read([]string{"Ana", "12", "1", "Ulm"})
	for _, c := range []struct {
		typed []string
		want  []Verdict
		exact bool
	}{
		{[]string{"a", "12", "1", "ulm"}, []Verdict{Same, Same, Same, Same}, true},
		{[]string{"a", "21", "2", "ulm"}, []Verdict{Same, Near, Near, Same}, false},
		{[]string{"b", "13", "9", ""}, []Verdict{Differs, Near, Differs, Unknown}, false},
		{[]string{"a", "12"}, []Verdict{Same, Same, Unknown, Unknown}, false},
	} {
		b := r.Read(c.typed)
		m, back := r.Compare(a, b, 100), r.Compare(b, a, 100)
		if !slices.Equal(m.Verdicts, c.want) || m.Exact != c.exact || m.Score != back.Score {
			t.Errorf("%q: %+v", c.typed, m)
		}
	}
}

// The chances of each part are those of a distribution: agreeing, near and different
// are all that can happen, whether there is one person or two.
func TestWeightsAreThoseOfChances(t *testing.T) {
	t.Parallel()
	for _, p := range Parts {
		if p.Agree <= 0 || p.Near < 0 || p.Agree+p.Near >= 1 || p.Letter() != (p.Near == 0) {
			t.Errorf("%+v", p)
		}
	}
	// By hand: a letter that two in eleven hundredths share, m = 0.95.
	r := recipe(t, "mother", "birthplace")
	m := r.Compare(Code{"A", "U"}, Code{"A", "X"}, 50)
	want := math.Log2(0.95/0.09) + math.Log2(0.05/0.93)
	odds := math.Exp2(want) / 50
	if math.Abs(m.Score-want) > 1e-12 || math.Abs(m.Probability-odds/(1+odds)) > 1e-12 {
		t.Errorf("%+v, want %v", m, want)
	}
	// Days are near by chance as often as the table says.
	d, near := part(t, "day"), 0
	for x := 1; x <= 31; x++ {
		for y := 1; y <= 31; y++ {
			if x != y && d.near(strconv.Itoa(x), strconv.Itoa(y)) {
				near++
			}
		}
	}
	if share := float64(near) / 31 / 31; math.Abs(share-d.Near) > 0.015 {
		t.Errorf("%.4f of pairs of days are near, the table says %.4f", share, d.Near)
	}
}

func TestARecipeWithTooFewPartsIsFound(t *testing.T) {
	t.Parallel()
	weak, strong := recipe(t, "mother", "month"), recipe(t, "mother", "father", "birthplace", "day", "month", "older_siblings")
	if weak.Doubles(100) < 20 || strong.Doubles(100) > 0.01 || strong.Doubles(1) != 0 {
		t.Errorf("%v %v", weak.Doubles(100), strong.Doubles(100))
	}
}

// person draws a code as people have them: initials are not even.
func person(r *rand.Rand, recipe Recipe) Code {
	const initials = "AAAAABBBCCCDDDEEEEFFFGGGHHHIIIJJJJKKKKLLLLMMMMMMNNOPPRRRSSSSSTTTUVVWXYZ"
	c := make(Code, len(recipe))
	for i, p := range recipe {
		switch {
		case p.Letter():
			c[i] = string(initials[r.IntN(len(initials))])
		case p.Key == "day":
			c[i] = strconv.Itoa(1 + r.IntN(30))
		case p.Key == "month":
			c[i] = strconv.Itoa(1 + r.IntN(12))
		case p.Key == "house_number_digit":
			c[i] = strconv.Itoa(r.IntN(10))
		default:
			c[i] = strconv.Itoa(min(9, int(r.ExpFloat64()*0.9)))
		}
	}
	return c
}

// slipped is a code given once more, with a slip in each part at the given rate: half
// of those in numbers are near, one in five leaves the part out.
func slipped(r *rand.Rand, recipe Recipe, c Code, rate float64) Code {
	again := slices.Clone(c)
	for i, p := range recipe {
		if r.Float64() >= rate {
			continue
		}
		switch {
		case r.Float64() < 0.2:
			again[i] = ""
		case !p.Letter() && r.Float64() < 0.5:
			again[i] = p.Normal(strconv.Itoa(number(c[i]) + 1 - 2*r.IntN(2)))
		default:
			again[i] = person(r, recipe)[i]
		}
	}
	return again
}

// figures are what matching by probability finds among n people of whom the share comes
// back, beside what exact agreement finds.
type figures struct{ precision, recall, exact float64 }

func simulate(seed uint64, recipe Recipe, n, rounds int, share, rate, least float64) figures {
	r := rand.New(rand.NewPCG(seed, 7))
	var right, named, there, exact float64
	for range rounds {
		var first, second []Code
		who := []int{}
		for i := range n {
			c := person(r, recipe)
			first = append(first, c)
			if r.Float64() < share {
				second, who = append(second, slipped(r, recipe, c, rate)), append(who, i)
			}
		}
		for range n / 5 { // people who come for the first time
			second, who = append(second, person(r, recipe)), append(who, -1)
		}
		for _, m := range recipe.Matches(first, second, least) {
			named++
			if who[m.Second] == m.First {
				right++
				if m.Exact {
					exact++
				}
			}
		}
		for _, i := range who {
			if i >= 0 {
				there++
			}
		}
	}
	return figures{right / named, right / there, exact / there}
}

// What the comparison finds among 100 people of whom 80 come back, at rates of slips
// between few and many.
func TestMatchesAreFoundAtTheRatesOfSlipsThatAreKnown(t *testing.T) {
	t.Parallel()
	r := recipe(t, "mother", "father", "birthplace", "day", "month", "older_siblings")
	for i, c := range []struct{ rate, least, precision, recall float64 }{
		{0.02, 0.5, 0.99, 0.99}, {0.05, 0.5, 0.99, 0.97}, {0.10, 0.5, 0.98, 0.93},
		{0.02, 0.9, 0.99, 0.98}, {0.05, 0.9, 0.99, 0.96}, {0.10, 0.9, 0.99, 0.90},
	} {
		got := simulate(uint64(i+1), r, 100, 40, 0.8, c.rate, c.least)
		t.Logf("slips %.0f%%, probability from %.1f: precision %.3f, recall %.3f (exact agreement alone: %.3f)",
			100*c.rate, c.least, got.precision, got.recall, got.exact)
		if got.precision < c.precision || got.recall < c.recall || got.recall <= got.exact {
			t.Errorf("slips %.2f, from %.1f: %+v", c.rate, c.least, got)
		}
	}
}
