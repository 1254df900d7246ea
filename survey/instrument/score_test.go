package instrument_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

const tolerance = 1e-12

func find(t *testing.T, scores []instrument.Score, key string) instrument.Score {
	t.Helper()
	i := slices.IndexFunc(scores, func(s instrument.Score) bool { return s.Scale == key })
	if i < 0 {
		t.Fatalf("no score for %s", key)
	}
	return scores[i]
}

func TestScoresStayWithinTheirRange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	valid := 0
	for _, d := range append(builtin(t), parseSmall(t)) {
		for range 500 {
			for _, score := range d.Score(drawn(r, d, r.Float64()/2)) {
				low, high, ok := d.Range(score.Scale)
				if !ok || low >= high {
					t.Fatalf("%s has the range %v to %v", score.Scale, low, high)
				}
				if score.Valid {
					valid++
					if score.Value < low-tolerance || score.Value > high+tolerance {
						t.Errorf("%+v is outside %v to %v", score, low, high)
					}
				}
			}
		}
	}
	if valid < 1000 {
		t.Errorf("only %d scores were valid; the test shows little", valid)
	}
}

func TestScoreIsValidExactlyWhenEnoughItemsAreAnswered(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for _, d := range append(builtin(t), parseSmall(t)) {
		for range 300 {
			answers := drawn(r, d, 0.2)
			for _, score := range d.Score(answers) {
				scale, _ := d.Scale(score.Scale)
				answered := 0
				for _, code := range scale.Items {
					if _, given := answers[code]; given {
						answered++
					}
				}
				wantReason := ""
				if answered < scale.MinAnswered {
					wantReason = instrument.ReasonTooFewAnswered
				}
				want := instrument.Score{Scale: scale.Key, Value: score.Value, Valid: wantReason == "", Reason: wantReason,
					Answered: answered, Items: len(scale.Items), Rule: scale.Rule()}
				if diff := cmp.Diff(score, want); diff != "" {
					t.Fatalf("%v, got -, want +:\n%s", answers, diff)
				}
			}
		}
	}
}

// If a missing answer counted as zero or as any fixed value, the score of
// constant answers would move when one is taken away.
func TestMissingAnswerNeverCountsAsZero(t *testing.T) {
	t.Parallel()
	for _, d := range append(builtin(t), parseSmall(t)) {
		for _, scale := range d.Scales {
			if scale.MinAnswered == len(scale.Items) {
				continue
			}
			for _, option := range d.Options {
				answers := instrument.Numbers{}
				for _, code := range scale.Items {
					answers[code] = option.Value
					if slices.Contains(scale.Reversed, code) {
						answers[code] = instrument.Reverse(d.Options, option.Value)
					}
				}
				if d.Check(answers.Answers()) != nil {
					continue // unevenly spaced options: the mirrored value is not offered
				}
				full := find(t, d.Score(answers), scale.Key)
				for _, code := range scale.Items {
					value := answers[code]
					delete(answers, code)
					got := find(t, d.Score(answers), scale.Key)
					answers[code] = value
					if !got.Valid || math.Abs(got.Value-full.Value) > tolerance {
						t.Errorf("%s without %s: %+v, want the value %v", scale.Key, code, got, full.Value)
					}
				}
			}
		}
	}
}

func TestReversingTwiceIsIdentityAndOnceMirrorsTheRange(t *testing.T) {
	t.Parallel()
	for _, d := range append(outcomes(t), parseSmall(t)) {
		for _, option := range d.Options {
			once := instrument.Reverse(d.Options, option.Value)
			if twice := instrument.Reverse(d.Options, once); twice != option.Value {
				t.Errorf("%s: %v reversed twice is %v", d.Key, option.Value, twice)
			}
		}
		first, last := d.Options[0].Value, d.Options[len(d.Options)-1].Value
		if instrument.Reverse(d.Options, first) != last || instrument.Reverse(d.Options, last) != first {
			t.Errorf("%s: the ends %v and %v do not change places", d.Key, first, last)
		}
	}
}

func TestMirroringAllAnswersMirrorsTheScore(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for _, d := range outcomes(t) {
		for range 200 {
			answers := drawn(r, d, 0.1)
			mirrored := instrument.Numbers{}
			for code, value := range answers {
				mirrored[code] = instrument.Reverse(d.Options, value)
			}
			before, after := d.Score(answers), d.Score(mirrored)
			for i, score := range before {
				low, high, _ := d.Range(score.Scale)
				if score.Valid != after[i].Valid || (score.Valid && math.Abs(score.Value+after[i].Value-low-high) > 1e-9) {
					t.Fatalf("%+v mirrored is %+v", score, after[i])
				}
			}
		}
	}
}

func TestSumIsThePersonMeanTimesTheNumberOfItems(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	// ca_2 is reversed: 0+3-3 = 0. The mean of 1 and 0 is 0.5, times 3 items.
	got := find(t, d.Score(instrument.Numbers{"ca_1": 1, "ca_2": 3}), "ca_total")
	want := instrument.Score{Scale: "ca_total", Value: 1.5, Valid: true, Answered: 2, Items: 3, Rule: "person-mean-sum/min2of3/v1"}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if low, high, ok := d.Range("ca_total"); low != 0 || high != 9 || !ok {
		t.Errorf("range %v to %v, %v; want 0 to 9, true", low, high, ok)
	}
}

func TestScoreRefusesAnswersThatWereNotOffered(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	for _, bad := range []float64{2, -1, 99, math.NaN(), math.Inf(1)} {
		got := find(t, d.Score(instrument.Numbers{"ca_1": 1, "ca_2": 3, "ca_3": bad}), "ca_total")
		if got.Valid || got.Value != 0 || got.Reason != instrument.ReasonInvalidAnswer || got.Answered != 2 {
			t.Errorf("answer %v: %+v, want no score for %s", bad, got, instrument.ReasonInvalidAnswer)
		}
	}
}

func TestCheckNamesEveryRefusedItem(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	if err := d.Check(instrument.Answers{}); err != nil {
		t.Errorf("no answers at all: %v", err)
	}
	if err := d.Check(instrument.Numbers{"ca_1": 0, "ca_3": 3, "ca_4": 2}.Answers()); err != nil {
		t.Errorf("offered answers: %v", err)
	}
	err := d.Check(instrument.Numbers{"ca_1": 2, "ca_2": math.NaN(), "ca_3": 1, "ca_4": 3, "ca_9": 1}.Answers())
	var got instrument.FieldErrors
	if !errors.As(err, &got) {
		t.Fatalf("error %v, want FieldErrors", err)
	}
	want := instrument.FieldErrors{"ca_1": instrument.MessageNotAnOption, "ca_2": instrument.MessageNotAnOption,
		"ca_4": instrument.MessageNotAnOption, "ca_9": instrument.MessageUnknownItem}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if text, want := got.Error(), `answers refused: "ca_1": answer.not_an_option, "ca_2": answer.not_an_option, `+
		`"ca_4": answer.not_an_option, "ca_9": answer.unknown_item`; text != want {
		t.Errorf("message %q, want %q", text, want)
	}
}

func TestLookupsKnowTheirOwnAndNothingElse(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	if options, ok := d.ItemOptions("ca_1"); !ok || len(options) != 3 {
		t.Errorf("shared options: %v, %v", options, ok)
	}
	if options, ok := d.ItemOptions("ca_4"); !ok || len(options) != 2 {
		t.Errorf("own options: %v, %v", options, ok)
	}
	if _, ok := d.ItemOptions("ca_9"); ok {
		t.Error("found options for an unknown item")
	}
	if _, ok := d.Scale("ca_9"); ok {
		t.Error("found an unknown scale")
	}
	if _, _, ok := d.Range("ca_9"); ok {
		t.Error("found the range of an unknown scale")
	}
	if scale, ok := d.Primary(); !ok || scale.Key != "ca_total" {
		t.Errorf("primary scale %q, %v", scale.Key, ok)
	}
}

func TestPagesKeepEveryItemInOrder(t *testing.T) {
	t.Parallel()
	d := parseSmall(t)
	for size, lengths := range map[int][]int{0: {4}, 1: {1, 1, 1, 1}, 3: {3, 1}, 4: {4}, 9: {4}} {
		d.PageSize = size
		var got []int
		var items []instrument.Item
		for _, page := range d.Pages() {
			got = append(got, len(page))
			items = append(items, page...)
		}
		if !slices.Equal(got, lengths) {
			t.Errorf("page size %d: pages of %v items, want %v", size, got, lengths)
		}
		if diff := cmp.Diff(items, d.Items); diff != "" {
			t.Errorf("page size %d, got -, want +:\n%s", size, diff)
		}
	}
}
