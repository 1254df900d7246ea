package catalogue_test

import (
	"math"
	"strings"
	"testing"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

// none stands for an item that was not answered.
var none = math.NaN()

// A worked vector: answers in the order of the sheet, and what each scale must be.
// NaN: no score. All of it was worked out by hand, as the comments show.
type worked struct {
	name    string
	answers []float64
	turned  []int // of an entry whose key is on its form
	want    map[string]float64
}

// vectors has at least one for every entry that is ready.
var vectors = map[string][]worked{
	"scs-26": {{
		// kindness 5,12,19,23,26: 5+4+3+2+1 = 15, /5 = 3
		// judgment 1,8,11,16,21: 2+4+1+3+4 = 14, /5 = 2.8; turned 6−2.8 = 3.2
		// humanity 3,7,10,15: 4+3+2+5 = 14, /4 = 3.5
		// isolation 4,13,18,25: 1+2+1+4 = 8, /4 = 2; turned 4
		// mindful 9,14,17,22: 3+5+4+2 = 14, /4 = 3.5
		// overident 2,6,20,24: 3+2+4+3 = 12, /4 = 3; turned 3
		// total: (3+3.2+3.5+4+3.5+3)/6 = 20.2/6
		// all 26: 15+(30−14)+14+(24−8)+14+(24−12) = 87
		name:    "all answered",
		answers: []float64{2, 3, 4, 1, 5, 2, 3, 4, 3, 2, 1, 4, 2, 5, 5, 3, 4, 1, 3, 4, 4, 2, 2, 3, 4, 1},
		want: map[string]float64{
			"scs_total": 20.2 / 6, "scs_kindness": 3, "scs_judgment": 2.8, "scs_humanity": 3.5, "scs_isolation": 2,
			"scs_mindful": 3.5, "scs_overident": 3, "scs_mean26": 87.0 / 26, "scs_sum26": 87,
		},
	}, {
		// without 5 and 12 kindness is 3+2+1 = 6, /3 = 2; total (2+3.2+3.5+4+3.5+3)/6 = 19.2/6 = 3.2
		// the other 24: 87−5−4 = 78, /24 = 3.25; times 26 = 84.5
		name:    "two of a facet missing",
		answers: []float64{2, 3, 4, 1, none, 2, 3, 4, 3, 2, 1, none, 2, 5, 5, 3, 4, 1, 3, 4, 4, 2, 2, 3, 4, 1},
		want: map[string]float64{
			"scs_total": 3.2, "scs_kindness": 2, "scs_judgment": 2.8, "scs_humanity": 3.5, "scs_isolation": 2,
			"scs_mindful": 3.5, "scs_overident": 3, "scs_mean26": 3.25, "scs_sum26": 84.5,
		},
	}, {
		// only 23 and 26 of kindness are there: too few, and so no total;
		// the other 23: 87−5−4−3 = 75
		name:    "a facet missing",
		answers: []float64{2, 3, 4, 1, none, 2, 3, 4, 3, 2, 1, none, 2, 5, 5, 3, 4, 1, none, 4, 4, 2, 2, 3, 4, 1},
		want: map[string]float64{
			"scs_total": none, "scs_kindness": none, "scs_judgment": 2.8, "scs_humanity": 3.5, "scs_isolation": 2,
			"scs_mindful": 3.5, "scs_overident": 3, "scs_mean26": 75.0 / 23, "scs_sum26": 75.0 / 23 * 26,
		},
	}},
	"scs-sf-12": {{
		// turned: 1: 4→2, 4: 5→1, 8: 2→4, 9: 1→5, 11: 4→2, 12: 5→1
		// 2+2+3+1+4+3+5+4+5+3+2+1 = 35
		name:    "all answered",
		answers: []float64{4, 2, 3, 5, 4, 3, 5, 2, 1, 3, 4, 5},
		want: map[string]float64{
			"scssf_total": 35.0 / 12, "scssf_sum": 35,
			"scssf_kindness":  2.5, // 2, 6: 2+3
			"scssf_judgment":  4.5, // 11, 12: 4+5
			"scssf_humanity":  3.5, // 5, 10: 4+3
			"scssf_isolation": 3.5, // 4, 8: 5+2
			"scssf_mindful":   4,   // 3, 7: 3+5
			"scssf_overident": 2.5, // 1, 9: 4+1
		},
	}},
	"brs-6": {{
		// turned: 2: 2→4, 4: 3→3, 6: 1→5; 4+4+5+3+4+5 = 25
		name: "all answered", answers: []float64{4, 2, 5, 3, 4, 1}, want: map[string]float64{"brs_total": 25.0 / 6},
	}, {
		// the first two are missing: 5+3+4+5 = 17, /4
		name: "four answered", answers: []float64{none, none, 5, 3, 4, 1}, want: map[string]float64{"brs_total": 4.25},
	}},
	"cd-risc-10": {{
		// 3+2+4+1+0+3+4+2+3+1 = 23
		name: "all answered", answers: []float64{3, 2, 4, 1, 0, 3, 4, 2, 3, 1}, want: map[string]float64{"cdrisc10_total": 23},
	}, {
		// 3+2+4+3+4+2+3 = 21, /7 = 3, times 10
		name: "seven answered", answers: []float64{3, 2, 4, none, none, 3, 4, 2, 3, none}, want: map[string]float64{"cdrisc10_total": 30},
	}, {
		name: "six answered", answers: []float64{3, 2, 4, none, none, 3, 4, 2, none, none}, want: map[string]float64{"cdrisc10_total": none},
	}},
	"cd-risc-25": {{
		// four times 4+3+2+1+0 = 40, and 4+4+4+4+3 = 19
		name:    "all answered",
		answers: []float64{4, 3, 2, 1, 0, 4, 3, 2, 1, 0, 4, 3, 2, 1, 0, 4, 3, 2, 1, 0, 4, 4, 4, 4, 3},
		want:    map[string]float64{"cdrisc25_total": 59},
	}},
	"rs-14": {{
		// twice 7+6+5+4+3+2+1 = 28
		name: "all answered", answers: []float64{7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1}, want: map[string]float64{"rs14_total": 56},
	}},
	"who-5": {{
		// 3+4+2+5+1 = 15, times 4
		name: "all answered", answers: []float64{3, 4, 2, 5, 1}, want: map[string]float64{"who5_total": 60, "who5_raw": 15},
	}, {
		name: "one missing", answers: []float64{3, 4, none, 5, 1}, want: map[string]float64{"who5_total": none, "who5_raw": none},
	}},
	"phq-9": {{
		// 1+2+0+3+1+0+2+1+0 = 10
		name: "all answered", answers: []float64{1, 2, 0, 3, 1, 0, 2, 1, 0}, want: map[string]float64{"phq9_total": 10},
	}, {
		// 1+2+0+3+1+0+2 = 9, and twice their mean 9/7
		name: "two missing", answers: []float64{1, 2, 0, 3, 1, 0, 2, none, none}, want: map[string]float64{"phq9_total": 9 + 18.0/7},
	}, {
		name: "three missing", answers: []float64{1, 2, 0, 3, 1, 0, none, none, none}, want: map[string]float64{"phq9_total": none},
	}},
	"phq-2": {{name: "2+1", answers: []float64{2, 1}, want: map[string]float64{"phq2_total": 3}}},
	"gad-7": {{
		// 1+2+3+0+1+2+3 = 12
		name: "all answered", answers: []float64{1, 2, 3, 0, 1, 2, 3}, want: map[string]float64{"gad7_total": 12},
	}, {
		// 2+3+0+1+2 = 8, /5 = 1.6, times 7
		name: "two missing", answers: []float64{none, 2, 3, 0, 1, 2, none}, want: map[string]float64{"gad7_total": 11.2},
	}},
	"pss-10": {{
		// turned: 4: 1→3, 5: 3→1, 7: 0→4, 8: 1→3; 3+2+4+3+1+2+4+3+4+2 = 28
		name: "all answered", answers: []float64{3, 2, 4, 1, 3, 2, 0, 1, 4, 2}, want: map[string]float64{"pss10_total": 28},
	}},
	"pss-4": {{
		// turned: 2: 1→3, 3: 2→2; 3+3+2+4 = 12
		name: "all answered", answers: []float64{3, 1, 2, 4}, want: map[string]float64{"pss4_total": 12},
	}},
	"pss-14": {{
		// as they are: 1:1 2:2 3:3 8:3 11:1 12:2 14:4 = 16
		// turned: 4: 4→0, 5: 0→4, 6: 1→3, 7: 2→2, 9: 4→0, 10: 0→4, 13: 3→1 = 14
		name: "all answered", answers: []float64{1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, want: map[string]float64{"pss14_total": 30},
	}},
	"panas-20": {{
		// positive 1,3,5,9,10,12,14,16,17,19: 3+4+5+4+3+2+5+4+3+5 = 38
		// negative 2,4,6,7,8,11,13,15,18,20: 1+2+1+2+3+1+2+1+2+1 = 16
		name:    "all answered",
		answers: []float64{3, 1, 4, 2, 5, 1, 2, 3, 4, 3, 1, 2, 2, 5, 1, 4, 3, 2, 5, 1},
		want:    map[string]float64{"panas_positive": 38, "panas_negative": 16},
	}},
	"swls-5": {{
		// 6+5+7+4+3 = 25
		name: "all answered", answers: []float64{6, 5, 7, 4, 3}, want: map[string]float64{"swls_total": 25},
	}, {
		name: "one missing", answers: []float64{6, 5, 7, 4, none}, want: map[string]float64{"swls_total": none},
	}},
	"rses-10-umd": {{
		// turned: 3: 1→2, 5: 0→3, 8: 1→2, 9: 2→1, 10: 0→3; 3+2+2+3+3+2+3+2+1+3 = 24
		name: "all answered", answers: []float64{3, 2, 1, 3, 0, 2, 3, 1, 2, 0}, want: map[string]float64{"rses_total": 24},
	}},
	"rses-10-1965": {{
		// the same answers in the other order: 2: 2→1, 5: 0→3, 6: 2→1, 8: 1→2, 9: 2→1
		// 3+1+1+3+3+1+3+2+1+0 = 18
		name: "all answered", answers: []float64{3, 2, 1, 3, 0, 2, 3, 1, 2, 0}, want: map[string]float64{"rses_total": 18},
	}},
	"flourishing-8": {{
		// 28+7
		name: "all answered", answers: []float64{7, 6, 5, 4, 3, 2, 1, 7}, want: map[string]float64{"fs_total": 35},
	}},
	"maas-15": {{
		// 21+21+2+4+6 = 54, /15
		name: "all answered", answers: []float64{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 2, 4, 6}, want: map[string]float64{"maas_total": 3.6},
	}},
	"ffmq-15": {{
		// observe 1,6,11: 2+3+4 = 9          describe 2,7,12: 3+(2→4)+1 = 8
		// aware 3,8,13: (1→5)+(4→2)+(3→3) = 10   nonjudge 4,9,14: (5→1)+(1→5)+(2→4) = 10
		// nonreact 5,10,15: 4+5+3 = 12        total 9+8+10+10+12 = 49
		name:    "all answered",
		answers: []float64{2, 3, 1, 5, 4, 3, 2, 4, 1, 5, 4, 1, 3, 2, 3},
		want: map[string]float64{
			"ffmq15_total": 49, "ffmq15_observe": 9, "ffmq15_describe": 8, "ffmq15_aware": 10, "ffmq15_nonjudge": 10, "ffmq15_nonreact": 12,
		},
	}},
	"oas2-8": {{
		// 0+1+2+3+4+1+2+3 = 16
		name: "all answered", answers: []float64{0, 1, 2, 3, 4, 1, 2, 3}, want: map[string]float64{"oas2_total": 16},
	}},
	"growth-mindset-3": {{
		// 6+5+4 = 15, /3
		name: "all answered", answers: []float64{6, 5, 4}, want: map[string]float64{"gms_total": 5},
	}},
	"wsas-5": {{
		// 8+3+5+2+7 = 25
		name: "all answered", answers: []float64{8, 3, 5, 2, 7}, want: map[string]float64{"wsas_total": 25},
	}, {
		// 3+5+2+7 = 17, /4 = 4.25, times 5
		name: "work does not apply", answers: []float64{none, 3, 5, 2, 7}, want: map[string]float64{"wsas_total": 21.25},
	}},
	"csq-8": {{
		// if a form turned 1 and 3: 4→1, 2→3; 1+3+3+1+4+3+2+4 = 21
		name: "with a key from a form", turned: []int{1, 3}, answers: []float64{4, 3, 2, 1, 4, 3, 2, 4}, want: map[string]float64{"csq8_total": 21},
	}},
	"srs-4": {{
		// 8.5+9.1+7.3+10 = 34.9
		name: "all answered", answers: []float64{8.5, 9.1, 7.3, 10}, want: map[string]float64{"srs_total": 34.9},
	}},
}

func TestEveryReadyEntryScoresWhatWasWorkedOutByHand(t *testing.T) {
	t.Parallel()
	for _, e := range all(t) {
		if !e.Ready {
			continue
		}
		if len(vectors[e.ID]) == 0 {
			t.Errorf("%s has no worked vector", e.ID)
		}
		for _, v := range vectors[e.ID] {
			t.Run(e.ID+"/"+v.name, func(t *testing.T) {
				t.Parallel()
				key, err := e.Key(v.turned...)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, e, key, v, true)
				// The questionnaire that people answer scores the same.
				d, err := e.Definition(placeholder(e, v.turned))
				if err != nil {
					t.Fatal(err)
				}
				compare(t, e, d, v, false)
			})
		}
	}
}

// compare scores the answers of a vector; a key alone has the alternatives too.
func compare(t *testing.T, e *catalogue.Entry, d *instrument.Definition, v worked, whole bool) {
	t.Helper()
	if len(v.answers) != e.Items {
		t.Fatalf("the vector has %d answers, the entry %d items", len(v.answers), e.Items)
	}
	answers := instrument.Numbers{}
	for i, a := range v.answers {
		if !math.IsNaN(a) {
			answers[e.Code(i+1)] = a
		}
	}
	scores := d.Score(answers)
	if whole && len(scores) != len(v.want) {
		t.Errorf("%d scores, the vector has %d", len(scores), len(v.want))
	}
	for _, s := range scores {
		want, known := v.want[s.Scale]
		switch {
		case !known:
			t.Errorf("%s is not in the vector", s.Scale)
		case math.IsNaN(want) && s.Valid:
			t.Errorf("%s is %v, want no score", s.Scale, s.Value)
		case !math.IsNaN(want) && !s.Valid:
			t.Errorf("%s has no score (%s), want %v", s.Scale, s.Reason, want)
		case s.Valid && math.Abs(s.Value-want) > 1e-9:
			t.Errorf("%s is %v, want %v", s.Scale, s.Value, want)
		}
	}
}

// placeholder is a wording of our own that fits an entry.
func placeholder(e *catalogue.Entry, turned []int) catalogue.Wording {
	w := catalogue.Wording{Reversed: turned}
	for n := range e.Items {
		text := "Placeholder statement " + strings.Repeat("x", n+1)
		if e.Slider() {
			text += " | one end | the other end"
		}
		w.Items = append(w.Items, text)
	}
	for i := range e.Response.Points {
		w.Options = append(w.Options, instrument.Option{Value: e.Response.Low + float64(i), Label: "Choice " + strings.Repeat("x", i+1)})
	}
	return w
}

func all(t *testing.T) []*catalogue.Entry {
	t.Helper()
	entries, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
