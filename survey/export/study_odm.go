package export

import (
	"context"
	"io"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/odm"
	"tidemark/survey/instrument"
)

// Identifiers of what no questionnaire has.
const (
	odmVersion    = "MDV.1"
	odmPerson     = "PERSON"
	odmMissing    = "CL.MISSING"
	odmExpression = "Tidemark"
)

// writeODM writes the study as CDISC ODM 1.3.2: a wave is a study event, a version of
// a questionnaire a form, with groups of items for answers, scores and times; who a
// person is stands on a form of its own. It gives the number of people.
func writeODM(ctx context.Context, r survey.DataReader, f *frame, w io.Writer) (int, error) {
	study := f.design.Study
	ow := &odmWriter{frame: f, persons: f.wholePerson(), forms: map[*instrument.Definition]*odmForm{}}
	described := ow.study()
	what := "Data of the study " + study.Title
	if study.Simulated {
		what += "; the people are simulated (a rehearsal)"
	}
	var err error
	ow.out, err = odm.New(w, odm.File{OID: study.Key + ".snapshot", Description: what, At: f.lastChange(), Program: "Tidemark"}, described)
	if err != nil {
		return 0, err
	}
	if err := f.eachVisit(ctx, r, ow); err != nil {
		return 0, err
	}
	if err := ow.pass(); err != nil {
		return 0, err
	}
	return len(f.people), ow.out.Close()
}

type odmWriter struct {
	*frame
	out     *odm.Writer
	persons []dataset.Variable
	forms   map[*instrument.Definition]*odmForm
	subject odm.Subject // whose data are gathered
}

// odmForm is a version of a questionnaire with its fields.
type odmForm struct {
	name   string // within identifiers: the key and the version
	fields []field
}

func (n *odmForm) form() string              { return "F." + n.name }
func (n *odmForm) group(part string) string  { return "IG." + n.name + "." + part }
func (n *odmForm) item(code string) string   { return "I." + n.name + "." + code }
func (n *odmForm) score(scale string) string { return "S." + n.name + "." + scale }
func (n *odmForm) time(of string) string     { return "T." + n.name + "." + of }

// pass writes the person whose data were gathered.
func (w *odmWriter) pass() error {
	if w.subject.Key == "" {
		return nil
	}
	return w.out.Subject(w.subject)
}

// person begins somebody's data with who they are.
func (w *odmWriter) person(i int) error {
	if err := w.pass(); err != nil {
		return err
	}
	cells, err := w.wholePersonCells(nil, w.people[i])
	if err != nil {
		return err
	}
	about := odm.GroupData{OID: "IG." + odmPerson}
	for k, v := range w.persons {
		if v.Measure != dataset.ID { // the subject's key
			about.Items = odmAppend(about.Items, "P."+v.Name, v.Kind, cells[k])
		}
	}
	w.subject = odm.Subject{Key: w.people[i].Code, Events: []odm.EventData{{
		OID: "SE." + odmPerson, Forms: []odm.FormData{{OID: "F." + odmPerson, Groups: []odm.GroupData{about}}},
	}}}
	return nil
}

// odmAppend adds a value, or why there is none; nothing where nobody says.
func odmAppend(to []odm.ItemData, item string, kind dataset.Kind, c dataset.Cell) []odm.ItemData {
	switch {
	case c.Reason() != "":
		return append(to, odm.Null(item, odmMissing, c.Reason()))
	case !c.Given():
		return to
	}
	return append(to, odm.Of(item, cellText(kind, c)))
}

// cellText is a value in the writing of CSV.
func cellText(kind dataset.Kind, c dataset.Cell) string {
	switch kind {
	case dataset.Text:
		return c.Text()
	case dataset.Day:
		return c.Time().UTC().Format("2006-01-02")
	case dataset.Instant:
		return c.Time().UTC().Format(timeForm)
	default:
		return string(appendNumber(nil, c.Number()))
	}
}

// visit adds a form that somebody has filled in.
func (w *odmWriter) visit(v *visit, scores []visitScore) error {
	form := w.forms[v.def]
	answers, totals, times := odm.GroupData{OID: form.group("ANSWERS")}, odm.GroupData{OID: form.group("SCORES")}, odm.GroupData{OID: form.group("TIMES")}
	for _, fd := range form.fields {
		c, _, err := v.cell(fd)
		if err != nil {
			return err
		}
		answers.Items = odmAppend(answers.Items, form.item(fd.Name), fd.Kind, c)
	}
	for _, s := range scores {
		c := dataset.Of(s.value)
		if !s.valid {
			c = dataset.Missing(s.reason())
		}
		totals.Items = odmAppend(totals.Items, form.score(s.scale.Key), dataset.Number, c)
	}
	times.Items = odmAppend(times.Items, form.time("saved_at"), dataset.Instant, dataset.At(v.saved))
	times.Items = odmAppend(times.Items, form.time("submitted_at"), dataset.Instant, dataset.At(v.submitted))
	data := odm.FormData{OID: form.form()}
	for _, g := range []odm.GroupData{answers, totals, times} {
		if len(g.Items) > 0 {
			data.Groups = append(data.Groups, g)
		}
	}
	event := "SE." + v.wave.Key
	if last := len(w.subject.Events) - 1; w.subject.Events[last].OID == event {
		w.subject.Events[last].Forms = append(w.subject.Events[last].Forms, data)
		return nil
	}
	w.subject.Events = append(w.subject.Events, odm.EventData{OID: event, Forms: []odm.FormData{data}})
	return nil
}
