package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument/exchange"
)

// Project is a study as a longitudinal project of REDCap, as the file of that name has
// it: questionnaires are forms, waves are events of each arm, scores are calculated
// fields. It has no people in it; see [Project.Each].
type Project struct {
	Study survey.Study
	w     *redcapWriter
}

// OpenProject describes a study so. Whoever knows the study may.
func OpenProject(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID) (*Project, error) {
	if !a.MayKnowStudy(study) {
		return nil, survey.ErrNotFound
	}
	design, err := r.Design(ctx, study)
	if err != nil {
		return nil, wrap(err, "project")
	}
	f := newFrame(design)
	if err := f.addSheets(); err != nil {
		return nil, wrap(err, "project")
	}
	return &Project{design.Study, newREDCapWriter(f)}, nil
}

// newREDCapWriter names forms and events.
func newREDCapWriter(f *frame) *redcapWriter {
	w := &redcapWriter{frame: f, forms: exchange.REDCapProject(f.definitions()...)}
	for _, form := range w.forms {
		w.fields = append(w.fields, f.fields(form.Definition))
	}
	w.events()
	return w
}

// Forms are the questionnaires, in the order of the dictionary.
func (p *Project) Forms() []exchange.REDCapForm { return p.w.forms }

// Dictionary is the data dictionary, heading included, in REDCap's order of columns.
func (p *Project) Dictionary() ([][]string, error) {
	return rowsOf(func(w io.Writer) error {
		_, err := exchange.WriteREDCapProject(w, p.w.forms)
		return err
	})
}

// Arms, Events and Mapping are tables with a heading.
func (p *Project) Arms() ([][]string, error) { return rowsOf(p.w.writeArms) }

// Events are the waves of each arm.
func (p *Project) Events() ([][]string, error) { return rowsOf(p.w.writeEvents) }

// EventName is an event by its unique name, and the key of its wave.
type EventName struct{ Event, Wave string }

// EventNames are the events of all arms.
func (p *Project) EventNames() []EventName {
	var all []EventName
	_ = p.w.each(func(arm int, wave survey.Wave) error { // never fails
		all = append(all, EventName{p.w.unique(wave.ID, arm), wave.Key})
		return nil
	})
	return all
}

// Mapping says which form is asked at which event.
func (p *Project) Mapping() ([][]string, error) { return rowsOf(p.w.writeMapping) }

// rowsOf reads what is written as CSV.
func rowsOf(write func(io.Writer) error) ([][]string, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return csv.NewReader(&b).ReadAll()
}

// ProjectRow is a person at an event.
type ProjectRow struct {
	Record string // the person's code
	Event  string // unique name
	Run    survey.RunID
	// Values are those that are there, as they are stored, by column.
	Values map[string]string
	// Submitted are instants by form; a form that is in it and zero was only saved.
	Submitted map[string]time.Time
	// Changed is when something of the row was last saved; zero: nothing was.
	Changed time.Time
}

// Each gives everybody's rows, person by person in the order of codes: one for each
// event with answers, or an empty one of their first event. What people answer in their
// own words is not in it. Whoever may analyse the study may.
func (p *Project) Each(ctx context.Context, r survey.DataReader, a survey.Actor, give func([]ProjectRow) error) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error {
		f, err := load(ctx, r, a, p.Study.ID)
		if err != nil {
			return err
		}
		rows := &projectRows{redcapWriter: newREDCapWriter(f), give: give, current: -1}
		if err := f.eachVisit(ctx, r, rows); err != nil {
			return err
		}
		return rows.pass()
	})
	return wrap(err, "records")
}

// projectRows gathers the rows of one person.
type projectRows struct {
	*redcapWriter
	give    func([]ProjectRow) error
	current int // person; -1: nobody yet
	rows    []ProjectRow
}

func (w *projectRows) person(i int) error {
	if err := w.pass(); err != nil {
		return err
	}
	w.current, w.rows = i, nil
	return nil
}

func (w *projectRows) pass() error {
	if w.current < 0 {
		return nil
	}
	if len(w.rows) == 0 {
		e := w.people[w.current]
		for _, wave := range w.design.Waves {
			if wave.ArmID == "" || wave.ArmID == e.ArmID {
				w.rows = []ProjectRow{w.row(e, wave.ID)}
				break
			}
		}
	}
	return w.give(w.rows)
}

func (w *projectRows) row(e survey.Enrolment, wave survey.WaveID) ProjectRow {
	arm := slices.IndexFunc(w.design.Arms, func(a survey.Arm) bool { return a.ID == e.ArmID })
	return ProjectRow{
		Record: e.Code, Event: w.unique(wave, max(arm, 0)), Run: e.RunID, Values: map[string]string{}, Submitted: map[string]time.Time{},
	}
}

func (w *projectRows) visit(v *visit, scores []visitScore) error {
	fresh := w.row(w.people[v.person], v.wave.ID)
	if n := len(w.rows); n == 0 || w.rows[n-1].Event != fresh.Event {
		w.rows = append(w.rows, fresh)
	}
	row := &w.rows[len(w.rows)-1]
	i := slices.IndexFunc(w.forms, func(f exchange.REDCapForm) bool { return f.Definition == v.def })
	form := w.forms[i]
	for _, f := range w.fields[i] {
		c, _, err := v.cell(f)
		if err != nil {
			return err
		}
		if c.Given() && f.Kind != dataset.Text {
			row.Values[fieldName(form, f)] = cellText(f.Kind, c)
		}
	}
	for _, s := range scores {
		if s.valid {
			row.Values[form.Fields[s.scale.Key]] = cellText(dataset.Number, dataset.Of(s.value))
		}
	}
	row.Submitted[form.Name] = v.submitted
	for _, at := range []time.Time{v.saved, v.submitted} {
		if at.After(row.Changed) {
			row.Changed = at
		}
	}
	return nil
}
