package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// What is put together from pieces must be to the letter what the template would
// have written, for every kind of question and whatever its answer is.
func TestQuestionsFromPiecesAreThoseOfTheTemplate(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 0)
	d := everyKind(t)
	sheet := survey.Sheet{Definition: d, Assessment: survey.Assessment{InstrumentID: "v-1"}}
	const hostile = "<b> checked> \"+\" 'ü' & 987654321"
	for _, l := range w.site.texts.Languages() {
		words := w.site.words("v-1", d, l)
		pieced := 0
		for _, item := range d.Items {
			for _, form := range []url.Values{
				nil, {item.Code: {"1"}}, {item.Code: {"1", "2"}}, {item.Code: {hostile}},
				{item.Code + "-day": {"3"}, item.Code + "-month": {hostile}, item.Code + "-year": {"\""}}, nil,
			} {
				q := words.ask(item, instrument.Value{}, form)
				for state := range 8 {
					q.Number, q.Hidden, q.Required = 0, state&2 > 0, state&4 > 0
					if state&1 > 0 && item.Type.Asked() {
						q.Number = 7
					}
					var pieces, whole strings.Builder
					w.must(w.site.writeQuestion(&pieces, words, sheet, q))
					w.must(w.site.renderQuestion(&whole, words, q))
					if pieces.String() != whole.String() {
						t.Errorf("%s in %s:\n%s\nand not\n%s", item.Code, l.Tag, &pieces, &whole)
					}
				}
			}
			known, _ := w.site.asked.Load(askedKey{language: l.Tag, instrument: "v-1", item: item.Code})
			if known.(*asked).pieces != nil {
				pieced++
			}
		}
		if pieced != len(d.Items) {
			t.Errorf("%d of %d questions have pieces in %s", pieced, len(d.Items), l.Tag)
		}
	}
}

func TestAQuestionWhoseWordsLookLikeAPlaceIsRenderedWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	d := everyKind(t)
	for i := range d.Items {
		d.Items[i].Text += " \ue000 987654321"
	}
	sheet := survey.Sheet{Definition: d, Assessment: survey.Assessment{InstrumentID: "v-2"}}
	words := w.site.words("v-2", d, w.site.texts.In("en"))
	for _, item := range d.Items {
		q := words.ask(item, instrument.Value{}, url.Values{item.Code: {"1"}})
		if item.Type.Asked() {
			q.Number = 3
		}
		var pieces, whole strings.Builder
		w.must(w.site.writeQuestion(&pieces, words, sheet, q))
		w.must(w.site.renderQuestion(&whole, words, q))
		if pieces.String() != whole.String() {
			t.Errorf("%s:\n%s\nand not\n%s", item.Code, &pieces, &whole)
		}
	}
}
