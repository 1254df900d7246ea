package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
	"time"
)

// importState is what is stored now of the people of a file.
type importState struct {
	design  StudyDesign
	runs    []RunSummary
	byCode  map[string]Enrolment
	sheets  map[EnrolmentID]map[pastwaves.Place]*Assessment
	answers map[AssessmentID][]Response
	wanted  map[AssessmentID]bool // whose answers were read
}

// importDesign is what a study asks, in the words of a file.
func importDesign(ctx context.Context, r Reader, study StudyID) (pastwaves.Design, error) {
	design, err := r.Design(ctx, study)
	if err != nil {
		return pastwaves.Design{}, err
	}
	runs, err := r.Runs(ctx, study)
	return fileDesign(design, runs), err
}

func fileDesign(design StudyDesign, runs []RunSummary) pastwaves.Design {
	d := pastwaves.Design{Simulated: design.Study.Simulated}
	arms := armKeys(design)
	for _, w := range design.Waves {
		for _, set := range w.Sets {
			d.Sheets = append(d.Sheets, pastwaves.Sheet{
				Wave: w.Key, WaveName: w.Name, WaveShort: w.ShortName, Def: design.Instruments[set].Definition, Arm: arms[w.ArmID],
			})
		}
	}
	for _, a := range design.Arms {
		d.Arms = append(d.Arms, pastwaves.Choice{Key: a.Key, Name: a.Name})
	}
	names := RunNames(runs)
	for _, r := range runs {
		d.Runs = append(d.Runs, pastwaves.Choice{Key: string(r.Run.ID), Name: names[r.Run.ID]})
	}
	return d
}

// RunNames names the runs of a study so that no two have the same name, in order of
// their making, which is the order of their identifiers: the second of a name gets
// "(2)".
func RunNames(runs []RunSummary) map[RunID]string {
	byAge := slices.Clone(runs)
	slices.SortFunc(byAge, func(a, b RunSummary) int { return strings.Compare(string(a.Run.ID), string(b.Run.ID)) })
	names, taken := make(map[RunID]string, len(runs)), map[string]bool{}
	for _, r := range byAge {
		name := r.Run.Name
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", r.Run.Name, n)
		}
		names[r.Run.ID], taken[name] = name, true
	}
	return names
}

// stateOf reads what is stored, in a constant number of queries.
func (u *Imports) stateOf(ctx context.Context, r Reader, study StudyID) (*importState, error) {
	s := &importState{byCode: map[string]Enrolment{}, sheets: map[EnrolmentID]map[pastwaves.Place]*Assessment{}, answers: map[AssessmentID][]Response{}}
	var err error
	if s.design, err = r.Design(ctx, study); err != nil {
		return nil, err
	}
	if s.runs, err = r.Runs(ctx, study); err != nil {
		return nil, err
	}
	people, err := r.Enrolments(ctx, study)
	if err != nil {
		return nil, err
	}
	for _, e := range people {
		s.byCode[e.Code] = e
	}
	err = r.EachAssessment(ctx, study, func(a *Assessment) error {
		s.note(*a)
		return nil
	})
	return s, err
}

// note keeps a questionnaire by its place.
func (s *importState) note(a Assessment) {
	mine := s.sheets[a.EnrolmentID]
	if mine == nil {
		mine = map[pastwaves.Place]*Assessment{}
		s.sheets[a.EnrolmentID] = mine
	}
	if at, known := s.place(a); known {
		mine[at] = &a
	}
}

// place is where a questionnaire stands, in the words of a file.
func (s *importState) place(a Assessment) (pastwaves.Place, bool) {
	for _, w := range s.design.Waves {
		if w.ID == a.WaveID {
			return pastwaves.Place{Wave: w.Key, Form: s.definition(a).Key}, true
		}
	}
	return pastwaves.Place{}, false
}

func (s *importState) definition(a Assessment) *instrument.Definition {
	return s.design.Instruments[a.InstrumentID].Definition
}

// readAnswers reads the stored answers of some questionnaires.
func (s *importState) readAnswers(ctx context.Context, r Reader, study StudyID, wanted map[AssessmentID]bool) error {
	s.wanted = wanted
	return r.EachStored(ctx, study, func(id AssessmentID, row *Response) error {
		if wanted[id] {
			s.answers[id] = append(s.answers[id], *row)
		}
		return nil
	})
}

// known are the people of a study as a file is checked against them.
func (s *importState) known() map[string]pastwaves.Known {
	arms, all := armKeys(s.design), make(map[string]pastwaves.Known, len(s.byCode))
	for code, e := range s.byCode {
		k := pastwaves.Known{
			Arm: arms[e.ArmID], Left: e.WithdrawnAt, Declined: e.Declined(),
			Forms: make(map[pastwaves.Place]*instrument.Definition, len(s.sheets[e.ID])),
		}
		for at, a := range s.sheets[e.ID] {
			k.Forms[at] = s.definition(*a)
		}
		all[code] = k
	}
	return all
}

// mapping is what the columns of a table are; found out if nobody has said.
func (s ImportSettings) mapping(t *datafile.Table, d pastwaves.Design) (pastwaves.Mapping, error) {
	if len(s.Columns) == 0 {
		return pastwaves.Propose(t, d), nil
	}
	m := make(pastwaves.Mapping, len(t.Columns))
	for i := range min(len(m), len(s.Columns)) {
		var err error
		if m[i], err = pastwaves.ParseTarget(s.Columns[i]); err != nil {
			return nil, FieldErrors{fmt.Sprintf("column_%d", i+1): "import.unknown_target"}
		}
	}
	return m, nil
}

func (s ImportSettings) options(study Study, now time.Time) (pastwaves.Options, error) {
	zone, err := time.LoadLocation(study.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	o := pastwaves.Options{
		Missing: s.Missing, Days: pastwaves.DayOrder(s.Days), Zone: zone, Now: now, Create: s.Create, Arm: s.Arm, Run: string(s.Run),
	}
	if s.Date != "" {
		day, err := time.ParseInLocation(time.DateOnly, s.Date, zone)
		if err != nil {
			return o, FieldErrors{"date": "import.bad_date"}
		}
		const noon = 12 * time.Hour
		o.Date = day.Add(noon).UTC()
	}
	return o, nil
}
