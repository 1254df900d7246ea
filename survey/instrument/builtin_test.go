package instrument_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"tidemark/survey/instrument"
)

// builtin reads all built-in instruments.
func builtin(t *testing.T) []*instrument.Definition {
	t.Helper()
	all, err := instrument.Builtin()
	if err != nil {
		t.Fatalf("built-in instruments: %v", err)
	}
	return all
}

func TestBuiltinHasTheProjectInstrumentsInOrder(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range builtin(t) {
		got = append(got, d.Key)
	}
	want := []string{"course_experience", "demographics", "motivation", "practice_recall", "resilience", "self_compassion", "self_judgement_shame", "weekly_check_in"}
	if !slices.Equal(got, want) {
		t.Errorf("keys %v, want %v", got, want)
	}
}

func TestBuiltinByKeyFindsWhatItListsAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		got, err := instrument.BuiltinByKey(d.Key)
		if err != nil {
			t.Errorf("%s: %v", d.Key, err)
		} else if got.Hash() != d.Hash() {
			t.Errorf("%s: found another definition than listed", d.Key)
		}
	}
	for _, key := range []string{"", "unknown", "../builtin", "Self_Compassion", "self_compassion.json"} {
		if _, err := instrument.BuiltinByKey(key); !errors.Is(err, instrument.ErrUnknown) {
			t.Errorf("%q: error %v, want ErrUnknown", key, err)
		}
	}
}

func TestBuiltinScoresEveryVectorAsComputedByHand(t *testing.T) {
	t.Parallel()
	for _, d := range outcomes(t) {
		if len(d.Vectors) < 4 {
			t.Errorf("%s has %d vectors, want at least 4", d.Key, len(d.Vectors))
		}
		for _, vector := range d.Vectors {
			t.Run(d.Key+"/"+vector.Name, func(t *testing.T) {
				t.Parallel()
				scores := d.Score(vector.Answers)
				if len(scores) != len(vector.Expected) {
					t.Fatalf("%d scores, want %d", len(scores), len(vector.Expected))
				}
				for _, got := range scores {
					want := vector.Expected[got.Scale]
					if want.Value == nil {
						if got.Valid || got.Reason != want.Reason {
							t.Errorf("%s: got %+v, want null for %q", got.Scale, got, want.Reason)
						}
						continue
					}
					if !got.Valid || math.Abs(got.Value-*want.Value) > 1e-12 {
						t.Errorf("%s: got %+v, want %v", got.Scale, got, *want.Value)
					}
				}
			})
		}
	}
}
