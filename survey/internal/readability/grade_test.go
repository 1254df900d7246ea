package readability_test

import (
	"math"
	"testing"

	"tidemark/survey/internal/readability"
)

func TestSyllablesOfCommonWords(t *testing.T) {
	t.Parallel()
	words := map[string]int{
		"a": 1, "the": 1, "made": 1, "free": 1, "little": 2, "table": 2, "failed": 1, "wanted": 2, "needed": 2,
		"times": 1, "voices": 2, "feeling": 2, "yourself": 2, "kindness": 2, "mistake": 2, "understand": 3,
		"failure": 2, "compassion": 3, "self-compassion": 4, "again": 2, "really": 2, "you": 1, "be": 1,
	}
	for word, want := range words {
		if got := readability.Syllables(word); got != want {
			t.Errorf("%s: %d syllables, want %d", word, got, want)
		}
	}
}

func TestGradeFollowsTheFormula(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want float64
	}{
		{"", 0},
		{"…", 0},
		// 6 words, 1 sentence, 6 syllables.
		{"The cat sat on the mat.", 0.39*6 + 11.8 - 15.59},
		// 5 words, 2 sentences, 9 syllables.
		{"Little mistakes happen. “Try again!”", 0.39*5/2 + 11.8*9/5 - 15.59},
		// No end mark: one sentence.
		{"be kind", 0.39*2 + 11.8 - 15.59},
	}
	for _, c := range cases {
		if got := readability.Grade(c.text); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%q: grade %.3f, want %.3f", c.text, got, c.want)
		}
	}
}

func TestGradeRisesWithLongWordsAndSentences(t *testing.T) {
	t.Parallel()
	easy := readability.Grade("When I slip up, I say harsh things to myself.")
	hard := readability.Grade("Subsequent to experiencing inadequacy, individuals characteristically exhibit disproportionate self-recrimination.")
	if easy > 6 || hard < 12 {
		t.Errorf("easy text has grade %.1f and hard text %.1f, want at most 6 and at least 12", easy, hard)
	}
}
