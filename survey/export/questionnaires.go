package export

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
)

// Questionnaires is what a file for each questionnaire is called.
const Questionnaires = "questionnaires"

// questionnaire is the file of one: a row for each person and occasion with answers.
type questionnaire struct {
	name   string // of the file
	def    *instrument.Definition
	fields []field
	names  []string // of the variables of answers and scores
}

// questionnaires are those that are asked, each once, in the order of the protocol.
// The answers to a former version stand with those of the version in its place, as in
// the wide file, and in a file of their own where they do not mean the same.
func (f *frame) questionnaires() []questionnaire {
	var all []questionnaire
	taken := names{}
	for _, s := range f.sheets {
		if slices.ContainsFunc(all, func(q questionnaire) bool { return q.def == s.Def }) {
			continue
		}
		q := questionnaire{name: s.Def.Key, def: s.Def}
		for n := 2; !taken.take(q.name); n++ {
			q.name = s.Def.Key + "_" + strconv.Itoa(n)
		}
		q.fields = slices.DeleteFunc(f.fields(s.Def), func(fd field) bool { return fd.words })
		columns := names{}
		for _, name := range append(rowColumns(), questionnaireTimes...) {
			columns.take(name)
		}
		for _, key := range q.keys() {
			name := key
			for n := 1; !columns.take(name); n++ { // an item may be called wave
				if name = s.Def.Key + "_" + key; n > 1 {
					name += "_" + strconv.Itoa(n)
				}
			}
			q.names = append(q.names, name)
		}
		all = append(all, q)
	}
	return all
}

// questionnaireTimes end each row.
var questionnaireTimes = []string{"saved_at", "submitted_at", "source"}

// keys are the codes of the answers and the keys of the scores.
func (q questionnaire) keys() []string {
	var keys []string
	for _, fd := range q.fields {
		keys = append(keys, fd.Name)
	}
	for _, s := range q.def.Scales {
		keys = append(keys, s.Key)
	}
	return keys
}

func (q questionnaire) header() []string {
	return slices.Concat(rowColumns(), q.names, questionnaireTimes)
}

// tableOf describes the file.
func (f *frame) tableOf(q questionnaire) dataset.Table {
	t := f.describeTable(q.name, oneLine(q.def.Title)+", one row a person and occasion")
	t.Variables = append(f.aboutPeople(), f.aboutRows()...)
	for i, fd := range q.fields {
		v := fd.Variable
		v.Name = q.names[i]
		t.Variables = append(t.Variables, v)
	}
	for i, s := range q.def.Scales {
		t.Variables = append(t.Variables, number(q.names[len(q.fields)+i], s.Name, 2, whyTooFew))
	}
	t.Variables = append(t.Variables, f.instant("saved_at", "When the last answer was saved, UTC"),
		f.instant("submitted_at", "When the questionnaire was submitted, UTC"), named("source", sourceLabel, sourceCategories(true)))
	return t
}

// writeQuestionnaires writes a CSV file for each questionnaire, as a ZIP archive, and
// gives the number of rows. The answers are read once for each: nothing waits in memory
// or on disk until its turn comes.
func writeQuestionnaires(ctx context.Context, r survey.DataReader, f *frame, w io.Writer) (int, error) {
	out, rows := zip.NewWriter(w), 0
	for _, q := range f.questionnaires() {
		into, err := out.CreateHeader(&zip.FileHeader{Name: q.name + ".csv", Method: zip.Deflate}) // without a time
		if err != nil {
			return 0, err
		}
		n, err := f.writeQuestionnaire(ctx, r, q, into)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", q.name, err)
		}
		rows += n
	}
	return rows, out.Close()
}

func (f *frame) writeQuestionnaire(ctx context.Context, r survey.DataReader, q questionnaire, w io.Writer) (rows int, err error) {
	qw := &questionnaireRows{frame: f, q: q, out: newTable(w, q.header())}
	if err := f.eachVisit(ctx, r, qw); err != nil {
		return 0, err
	}
	return qw.rows, qw.out.end()
}

// questionnaireRows writes the visits at which one questionnaire was answered.
type questionnaireRows struct {
	*frame
	q    questionnaire
	out  *table
	who  []byte
	rows int
}

func (w *questionnaireRows) person(i int) error {
	w.who = w.frame.who(w.who, w.people[i])
	return nil
}

func (w *questionnaireRows) visit(v *visit, scores []visitScore) error {
	if w.sheets[v.sheet].Def != w.q.def {
		return nil
	}
	w.rows++
	w.out.raw(w.who)
	w.out.raw(sheet{v.at, v.wave, v.def}.where(nil))
	for _, fd := range w.q.fields {
		c, _, err := v.cell(fd)
		switch {
		case err != nil:
			return err
		case !c.Given():
			w.out.empty()
		case fd.Kind == dataset.Number:
			w.out.number(c.Number())
		default:
			w.out.text(cellText(fd.Kind, c))
		}
	}
	for _, scale := range w.q.def.Scales {
		i := slices.IndexFunc(scores, func(s visitScore) bool { return s.scale.Key == scale.Key })
		w.out.optional(scoreValue(scores, i), i >= 0 && scores[i].valid)
	}
	w.out.time(v.saved)
	w.out.time(v.submitted)
	w.out.text(sourceOf(v))
	return w.out.endRow()
}

func scoreValue(scores []visitScore, i int) float64 {
	if i < 0 {
		return 0
	}
	return scores[i].value
}

// sourceOf says where the answers of a visit come from.
func sourceOf(v *visit) string {
	from, own := "", false
	for _, row := range v.answers {
		if row.Missing == survey.NotMissing {
			from, own = mixed(from, own, row.Source)
		}
	}
	return from
}
