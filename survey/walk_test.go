package survey_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// anyQuestionnaire draws a questionnaire of pages and conditions. A condition
// speaks of items that stand before; with a random order none begins with "not", so
// that what was asked stays asked.
func anyQuestionnaire(t *testing.T, rng *rand.Rand) *instrument.Definition {
	t.Helper()
	d := &instrument.Definition{
		Key: "drawn", Version: "1.0.0", Title: "Drawn", Heading: "Drawn", Intro: "Drawn.", Language: "en", Status: "test", Terms: "test", Citation: "test",
		Minutes: 1, PageSize: 3, RandomOrder: rng.IntN(3) == 0,
		Options: []instrument.Option{{Value: 0, Label: "no"}, {Value: 1, Label: "somewhat"}, {Value: 2, Label: "yes"}},
	}
	condition := func(before []instrument.Item) string {
		var asked []instrument.Item
		for _, it := range before {
			if it.Type.Asked() {
				asked = append(asked, it)
			}
		}
		if len(asked) == 0 || rng.IntN(2) == 0 {
			return ""
		}
		x := asked[rng.IntN(len(asked))]
		c := "answered(" + x.Code + ")"
		if rng.IntN(2) == 0 {
			switch x.Type {
			case instrument.TypeMultiple:
				c = "selected(" + x.Code + ", 1)"
			case instrument.TypeNumber, instrument.TypeSlider, instrument.TypeText, instrument.TypeLongText, instrument.TypeDate, instrument.TypeInformation:
			case instrument.TypeSingle, instrument.TypeYesNo:
				c = fmt.Sprintf("%s >= %d", x.Code, rng.IntN(2))
			}
		}
		if !d.RandomOrder && rng.IntN(4) == 0 {
			c = "not (" + c + ")"
		}
		return c
	}
	types := []instrument.ItemType{
		instrument.TypeSingle, instrument.TypeSingle, instrument.TypeYesNo, instrument.TypeMultiple, instrument.TypeText, instrument.TypeInformation,
	}
	for range 1 + rng.IntN(6) {
		plan := instrument.PagePlan{ShowIf: condition(d.Items)}
		for range 1 + rng.IntN(4) {
			it := instrument.Item{Code: fmt.Sprintf("i%02d", len(d.Items)), Text: "Drawn?", Type: types[rng.IntN(len(types))], ShowIf: condition(d.Items)}
			d.Items = append(d.Items, it)
			plan.Items = append(plan.Items, it.Code)
		}
		d.Layout = append(d.Layout, plan)
	}
	data, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := instrument.Parse(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return parsed
}

// anyAnswer is what somebody says to an item; none one time in four.
func anyAnswer(rng *rand.Rand, it instrument.Item) instrument.Value {
	if rng.IntN(4) == 0 {
		return instrument.Value{}
	}
	switch it.Type {
	case instrument.TypeMultiple:
		return instrument.ChoicesValue([][]float64{{0}, {1}, {0, 1}, {2}}[rng.IntN(4)]...)
	case instrument.TypeText:
		return instrument.TextValue("words")
	case instrument.TypeYesNo:
		return instrument.NumberValue(float64(rng.IntN(2)))
	default:
		return instrument.NumberValue(float64(rng.IntN(3)))
	}
}

func TestThePagesOneWalksThroughAskWhatIsShownAndEachItemOnce(t *testing.T) {
	t.Parallel()
	branched, passedOver := 0, 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 4))
		d := anyQuestionnaire(t, rng)
		s := survey.Sheet{Definition: d, Assessment: survey.Assessment{ID: survey.AssessmentID(fmt.Sprint(seed))}, Answers: instrument.Answers{}}
		seen := map[string]int{}
		var pages []int
		for n, on := s.Walk().Next(0); on; n, on = s.Walk().Next(n) {
			pages = append(pages, n)
			for fresh := true; fresh; { // a page is shown again when answers bring something up on it
				fresh = false
				for _, it := range s.Walk().Page(n) {
					if seen[it.Code] > 0 || !s.Walk().Shown(it.Code) {
						continue
					}
					seen[it.Code]++
					fresh = true
					if !it.Type.Asked() {
						continue
					}
					if v := anyAnswer(rng, it); !v.IsZero() {
						s.Answers[it.Code] = v
					}
				}
			}
		}
		w := s.Walk()
		want := map[string]int{}
		for code, shown := range d.Shown(s.Answers) {
			if shown {
				want[code] = 1
			} else {
				branched++
			}
		}
		if diff := cmp.Diff(seen, want); diff != "" {
			data, _ := d.Canonical()
			t.Fatalf("seed %d: items asked (-got +want):\n%s\n%s\n%v", seed, diff, data, s.Answers)
		}
		// The way back is the same pages the other way round.
		var back []int
		for n, on := w.Back(w.Pages() + 1); on; n, on = w.Back(n) {
			back = append(back, n)
		}
		slices.Reverse(back)
		if diff := cmp.Diff(back, pages); diff != "" {
			t.Fatalf("seed %d: pages on the way back (-back +there):\n%s", seed, diff)
		}
		passedOver += w.Pages() - len(pages)
		answered, total := w.Progress()
		if answered != len(d.Given(s.Answers)) || total < answered {
			t.Fatalf("seed %d: %d of %d answered, and %d answers count", seed, answered, total, len(d.Given(s.Answers)))
		}
	}
	if branched < 500 || passedOver < 100 {
		t.Errorf("only %d items were not asked and %d pages passed over: the draw shows nothing", branched, passedOver)
	}
}

func TestTheStoredOrderHoldsWhateverTheQuestionnaireSays(t *testing.T) {
	t.Parallel()
	d := &instrument.Definition{PageSize: 4, RandomOrder: true}
	for _, code := range []string{"a", "b", "c", "d"} {
		d.Items = append(d.Items, instrument.Item{Code: code})
	}
	codes := func(order string) string {
		got := ""
		for _, it := range (survey.Sheet{Definition: d, Assessment: survey.Assessment{ID: "x", ItemOrder: order}}).Walk().Page(1) {
			got += it.Code
		}
		return got
	}
	for order, want := range map[string]string{"d,c,b,a": "dcba", "c": "cabd", "z,b,z,a": "bacd"} {
		if got := codes(order); got != want {
			t.Errorf("stored %s: %s, want %s", order, got, want)
		}
	}
	if first := codes(""); first != codes("") {
		t.Error("without a stored order it changes")
	}
}
