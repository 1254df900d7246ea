package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export/deidentify"
	"tidemark/survey/instrument"
)

// frame is what every file is written against: the protocol and the people.
type frame struct {
	design survey.StudyDesign
	people []survey.Enrolment // by participant code
	// choices are what people say to the optional consents.
	choices map[survey.EnrolmentID]survey.ConsentChoices
	person  map[survey.EnrolmentID]int
	runs    map[survey.RunID]run
	sheets  []sheet
	sheet   map[place]int
	// former are versions whose answers stand in the sheet of the version that
	// replaced them, because both score alike.
	former map[place]*instrument.Definition
	// ownWords are the items answered in words, by questionnaire and code.
	ownWords map[place]map[string]bool
	// others are the data as a profile gives them; nil: as they are.
	others *deidentify.Reader
}

// run is a course run under a name that no other run of the study has.
type run struct{ name, starts string }

// place is one questionnaire at one wave.
type place struct {
	wave       survey.WaveID
	instrument survey.InstrumentID
}

// sheet is a place with its definition.
type sheet struct {
	place
	Wave survey.Wave
	Def  *instrument.Definition
}

// load reads the frame for whoever may analyse the study.
func load(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID) (*frame, error) {
	if !a.MayAnalyse(study) {
		return nil, survey.ErrForbidden
	}
	design, err := r.Design(ctx, study)
	if err != nil {
		return nil, err
	}
	runs, err := r.Runs(ctx, study)
	if err != nil {
		return nil, err
	}
	people, err := r.Enrolments(ctx, study)
	if err != nil {
		return nil, err
	}
	choices, err := r.StudyChoices(ctx, study)
	if err != nil {
		return nil, err
	}
	f := newFrame(design)
	f.people, f.choices, f.runs = people, choices, uniqueRuns(runs)
	f.others, _ = r.(*deidentify.Reader)
	f.person = make(map[survey.EnrolmentID]int, len(people))
	for i, e := range people {
		f.person[e.ID] = i
	}
	return f, f.addSheets()
}

// newFrame is a frame without people and sheets.
func newFrame(design survey.StudyDesign) *frame {
	return &frame{
		design: design, sheet: map[place]int{}, former: map[place]*instrument.Definition{}, ownWords: map[place]map[string]bool{},
	}
}

// addSheets makes room for every questionnaire of every wave.
func (f *frame) addSheets() error {
	for _, w := range f.design.Waves {
		for _, id := range w.Sets {
			v, ok := f.design.Instruments[id]
			if !ok {
				return fmt.Errorf("wave %s: instrument %s is not in the design", w.Key, id)
			}
			s := sheet{place{w.ID, id}, w, v.Definition}
			f.sheet[s.place] = len(f.sheets)
			f.sheets = append(f.sheets, s)
			f.ownWords[s.place] = ownWords(s.Def)
		}
		f.addFormer(w)
	}
	return nil
}

// addFormer makes room for the answers to versions that were replaced: in the sheet
// of the version that stands now if both score alike, and in one of their own
// otherwise.
func (f *frame) addFormer(w survey.Wave) {
	for _, old := range f.design.FormerAt(w.ID) {
		p := place{w.ID, old.InstrumentID}
		def := f.design.Instruments[old.InstrumentID].Definition
		f.ownWords[p] = ownWords(def)
		standing, known := f.sheet[place{w.ID, f.design.Standing(w.ID, old.InstrumentID)}]
		if known && f.fits(def, standing) {
			f.sheet[p], f.former[p] = standing, def
			continue
		}
		f.sheet[p] = len(f.sheets)
		f.sheets = append(f.sheets, sheet{p, w, def})
	}
}

// fits reports whether the answers to a former version mean the same as those of a
// sheet.
func (f *frame) fits(def *instrument.Definition, i int) bool {
	for _, item := range def.Items {
		now, known := f.sheets[i].Def.Item(item.Code)
		if !known || now.Type != item.Type {
			return false
		}
		if item.Type == instrument.TypeMultiple && !offersAll(f.sheets[i].Def, def, item.Code) {
			return false
		}
	}
	return survey.Comparable(def, f.sheets[i].Def)
}

// offersAll reports whether every option that an item had is still one.
func offersAll(now, then *instrument.Definition, code string) bool {
	offered, _ := now.ItemOptions(code)
	before, _ := then.ItemOptions(code)
	for _, o := range before {
		if !slices.ContainsFunc(offered, func(other instrument.Option) bool { return other.Value == o.Value }) {
			return false
		}
	}
	return true
}

// replaced reports whether a sheet also has answers to a former version.
func (f *frame) replaced(i int) bool {
	for p := range f.former {
		if f.sheet[p] == i {
			return true
		}
	}
	return false
}

// answered is the sheet of a place with the version that was answered there.
func (f *frame) answered(p place, i int) sheet {
	s := f.sheets[i]
	if def := f.former[p]; def != nil {
		s.Def = def
	}
	return s
}

// ownWords are the codes of the items that are answered in words.
func ownWords(d *instrument.Definition) map[string]bool {
	codes := map[string]bool{}
	for _, item := range d.Items {
		if item.Type == instrument.TypeText || item.Type == instrument.TypeLongText {
			codes[item.Code] = true
		}
	}
	return codes
}

// starts is the day of the first meeting of somebody's run, as it is told of them.
func (f *frame) starts(e survey.Enrolment) string {
	if f.others != nil {
		return f.others.FirstMeeting(e).String()
	}
	return f.runs[e.RunID].starts
}

// personOf finds whose an answer or a score is. All of a file is of one state of
// the data, so nobody can have come in between.
func (f *frame) personOf(id survey.EnrolmentID) (int, error) {
	i, ok := f.person[id]
	if !ok {
		return 0, fmt.Errorf("enrolment %s is not in the study", id)
	}
	return i, nil
}

// sheetOf finds where an answer or a score belongs. One that belongs nowhere is
// an error: left out, it would be missed by nobody.
func (f *frame) sheetOf(w survey.WaveID, id survey.InstrumentID) (int, error) {
	i, ok := f.sheet[place{w, id}]
	if !ok {
		return 0, fmt.Errorf("instrument %s at wave %s is not in the design", id, w)
	}
	return i, nil
}

// uniqueRuns names the runs in order of their making, which is the order of
// their identifiers. The second run of the same name gets "(2)".
func uniqueRuns(all []survey.RunSummary) map[survey.RunID]run {
	byAge := slices.Clone(all)
	slices.SortFunc(byAge, func(a, b survey.RunSummary) int { return strings.Compare(string(a.Run.ID), string(b.Run.ID)) })
	runs := make(map[survey.RunID]run, len(all))
	taken := names{}
	for _, r := range byAge {
		name := r.Run.Name
		for n := 2; name != deidentify.OneGroup && !taken.take(name); n++ {
			name = fmt.Sprintf("%s (%d)", r.Run.Name, n)
		}
		runs[r.Run.ID] = run{name, r.Run.StartsOn.String()}
	}
	return runs
}

// names are those given so far.
type names map[string]bool

// take reports whether the name was free, and takes it.
func (n names) take(name string) bool {
	if n[name] {
		return false
	}
	n[name] = true
	return true
}

// rowColumns begin each row of the long and the scores file.
func rowColumns() []string {
	return []string{"study", "simulated", "participant", "run", "arm", "wave", "instrument", "instrument_version"}
}

// who forms the cells of a person, once for all of their rows.
func (f *frame) who(b []byte, e survey.Enrolment) []byte {
	arm, _ := f.design.Arm(e.ArmID)
	b = appendText(b[:0], f.design.Study.Key)
	b = append(b, ',', f.simulated(), ',')
	b = append(appendText(b, e.Code), ',')
	b = append(appendText(b, f.runs[e.RunID].name), ',')
	return appendText(b, arm.Key)
}

// simulated is the digit that marks the people of a rehearsal.
func (f *frame) simulated() byte {
	if f.design.Study.Simulated {
		return '1'
	}
	return '0'
}

// where forms the cells of the occasion and the questionnaire.
func (s sheet) where(b []byte) []byte {
	b = append(appendText(b[:0], s.Wave.Key), ',')
	b = append(appendText(b, s.Def.Key), ',')
	return appendText(b, s.Def.Version)
}

// wrap says which file could not be written.
func wrap(err error, what string) error {
	if err != nil {
		return fmt.Errorf("export %s: %w", what, err)
	}
	return nil
}
