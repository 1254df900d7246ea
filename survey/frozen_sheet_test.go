package survey

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever an answer is, it is taken out as it was put in; and a million of them take
// little room.
func TestPackedAnswersAreTakenOutAsTheyWere(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	odd := []float64{0, 1, 253, 254, 255, 256, -1, 0.5, math.Copysign(0, -1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1e15}
	store := newSheetStore()
	store.study = "s"
	items := []string{"a", "b", "c", "d", "e", "f"}
	store.lists = append(store.lists, items)
	var want []*frozenAssessment
	var at []sheetAt
	for i := range 3000 {
		a := &frozenAssessment{
			ID: AssessmentID(fmt.Sprint("assessment ", i)), Wave: WaveID(fmt.Sprint("w", i%3)), Instrument: "i", Position: i%5 - 1,
			StartedAt: millis(random.Int64N(1e13)), SavedAt: millis(random.Int64N(2) * 1_700_000_000_000), SubmittedAt: millis(random.Int64N(1e13)),
			Texts: map[string]string{}, Missing: map[string]MissingCode{}, Sources: map[string]Source{},
		}
		list := 0
		if i%7 != 0 {
			list = 1
			for _, item := range items {
				v := odd[random.IntN(len(odd))]
				switch random.IntN(6) {
				case 0:
					v, a.Texts[item] = math.NaN(), "Wörter\n\x00"
				case 1:
					v, a.Missing[item] = math.NaN(), MissingSkipped
				case 2:
					a.Sources[item] = SourcePaper
				}
				a.Values, a.AnsweredAt = append(a.Values, v), append(a.AnsweredAt, random.Int64N(3e12)-1e12)
			}
			a.Scores = []frozenScore{{Scale: "x", Value: &odd[i%len(odd)], Answered: 3, Items: 4, Rule: "r"}, {Scale: "y", Rule: "r"}}
		}
		place := sheetAt{enrolment: EnrolmentID(fmt.Sprint("p", i))}
		place.block, place.from = store.put(a, list, store.lists[list])
		want, at = append(want, a), append(at, place)
	}
	r := &sheetReader{sheetStore: store}
	for _, i := range random.Perm(len(want)) {
		a := want[i]
		s := r.head(at[i])
		if s.ID != a.ID || s.WaveID != a.Wave || s.Position != a.Position || s.EnrolmentID != at[i].enrolment || s.StudyID != "s" ||
			toMillis(s.StartedAt) != a.StartedAt || toMillis(s.SavedAt) != a.SavedAt || toMillis(s.SubmittedAt) != a.SubmittedAt {
			t.Fatalf("%d: %+v is taken out as %+v", i, a, s.Assessment)
		}
		for k, score := range r.scored().scores {
			was := a.Scores[k]
			if score.Scale != was.Scale || score.Answered != was.Answered || score.Items != was.Items || score.Rule != was.Rule ||
				(score.Value == nil) != (was.Value == nil) || was.Value != nil && math.Float64bits(*score.Value) != math.Float64bits(*was.Value) {
				t.Fatalf("%d: score %+v is taken out as %+v", i, was, score)
			}
		}
		r.answered()
		if len(s.items) != len(a.Values) || len(s.scores) != len(a.Scores) {
			t.Fatalf("%d: %d answers and %d scores are taken out", i, len(s.items), len(s.scores))
		}
		for k, item := range s.items {
			same := math.Float64bits(s.values[k]) == math.Float64bits(a.Values[k]) || math.IsNaN(s.values[k]) && math.IsNaN(a.Values[k])
			if !same || s.at[k] != a.AnsweredAt[k] || s.texts[k] != a.Texts[item] || s.missing[k] != a.Missing[item] || s.sources[k] != a.Sources[item] {
				t.Fatalf("%d: the answer to %s is taken out as %v %d %q %q %q", i, item, s.values[k], s.at[k], s.texts[k], s.missing[k], s.sources[k])
			}
		}
	}
}

func TestPackedAnswersTakeLittleRoom(t *testing.T) {
	t.Parallel()
	store, answers := newSheetStore(), 0
	items := make([]string, 12)
	for i := range items {
		items[i] = fmt.Sprint("item_", i)
	}
	store.lists = append(store.lists, items)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	value := 17.0
	for i := range 2000 {
		a := &frozenAssessment{
			ID: AssessmentID(fmt.Sprintf("019d0000-0000-7000-8000-%012d", i)), Wave: "w", Instrument: "i", StartedAt: toMillis(now), SavedAt: toMillis(now),
			SubmittedAt: toMillis(now), Scores: []frozenScore{{Scale: "total", Value: &value, Answered: 12, Items: 12, Rule: "sum"}},
		}
		for k := range items {
			now = now.Add(4 * time.Second)
			a.Values, a.AnsweredAt = append(a.Values, float64(k%5)), append(a.AnsweredAt, int64(toMillis(now)))
			answers++
		}
		store.put(a, 1, items)
	}
	size := 0
	for _, b := range store.blocks {
		size += cap(b)
	}
	if each := float64(size) / float64(answers); each > 15 {
		t.Errorf("an answer takes %.1f bytes", each)
	}
}
