package export

import (
	"context"
	"fmt"
	"io"
	"slices"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

func scoreColumns() []string {
	return append(rowColumns(), "scale", "value", "missing", "answered", "items", "rule")
}

// Scores writes one row for each stored score, by participant, wave,
// questionnaire and scale. A score that could not be computed has no value and
// the reason in "missing".
func Scores(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error { return scores(ctx, r, a, study, w) })
	return wrap(err, "scores")
}

func scores(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	all, err := f.loadScores(ctx, r)
	if err != nil {
		return err
	}
	t := newTable(w, scoreColumns())
	var who, where []byte
	for i, e := range f.people {
		who = f.who(who, e)
		for j, sh := range f.sheets {
			where = sh.where(where)
			for k, scale := range sh.Def.Scales {
				s := all.at(i, j, k)
				if !s.there {
					continue
				}
				t.raw(who)
				if answered := all.versions[s.version]; answered != sh.Def {
					t.raw(sheet{sh.place, sh.Wave, answered}.where(nil))
				} else {
					t.raw(where)
				}
				t.text(scale.Key)
				t.optional(s.value, s.valid)
				t.text(s.reason())
				t.integer(int(s.answered))
				t.integer(len(scale.Items))
				t.text(all.rules[s.rule])
				if err := t.endRow(); err != nil {
					return err
				}
			}
		}
	}
	return t.end()
}

// scoreTable holds every score of a study, in sixteen bytes each: the store
// gives them in no order.
type scoreTable struct {
	first []int // of a sheet's scales in a person's row
	width int
	cells []score
	rules []string
	// versions are those answered, by the small number of a score.
	versions []*instrument.Definition
}

type score struct {
	value        float64
	answered     uint16
	rule         uint8
	version      uint8
	there, valid bool
}

// reason says why there is no value: a stored score lacks one for one reason
// only, since answers that are no option are never stored.
func (s *score) reason() string {
	if s.valid {
		return ""
	}
	return instrument.ReasonTooFewAnswered
}

func (t *scoreTable) at(person, sheet, scale int) *score {
	return &t.cells[person*t.width+t.first[sheet]+scale]
}

func (f *frame) loadScores(ctx context.Context, r survey.DataReader) (*scoreTable, error) {
	t := &scoreTable{}
	for _, s := range f.sheets {
		t.first = append(t.first, t.width)
		t.width += len(s.Def.Scales)
	}
	t.cells = make([]score, len(f.people)*t.width)
	err := r.EachScore(ctx, f.design.Study.ID, nil, func(row *survey.ScoreRow) error {
		person, err := f.personOf(row.EnrolmentID)
		if err != nil {
			return err
		}
		j, err := f.sheetOf(row.WaveID, row.InstrumentID)
		if err != nil {
			return err
		}
		k := slices.IndexFunc(f.sheets[j].Def.Scales, func(s instrument.Scale) bool { return s.Key == row.Scale })
		if k < 0 {
			return fmt.Errorf("scale %s is not in %s", row.Scale, f.sheets[j].Def.Key)
		}
		s := t.at(person, j, k)
		if s.there {
			return fmt.Errorf("scale %s at wave %s stands twice for %s", row.Scale, f.sheets[j].Wave.Key, f.people[person].Code)
		}
		rule, err := t.rule(row.Rule)
		if err != nil {
			return err
		}
		version, err := t.version(f.answered(place{row.WaveID, row.InstrumentID}, j).Def)
		*s = score{value: row.Value, answered: uint16(row.Answered), rule: rule, version: version, there: true, valid: row.Valid}
		return err
	})
	return t, err
}

// rule gives a scoring rule a small number.
func (t *scoreTable) rule(name string) (uint8, error) {
	i := slices.Index(t.rules, name)
	if i < 0 {
		if len(t.rules) == 256 {
			return 0, fmt.Errorf("more than 256 scoring rules")
		}
		i, t.rules = len(t.rules), append(t.rules, name)
	}
	return uint8(i), nil
}

// version gives a version that was answered a small number.
func (t *scoreTable) version(def *instrument.Definition) (uint8, error) {
	i := slices.Index(t.versions, def)
	if i < 0 {
		if len(t.versions) == 256 {
			return 0, fmt.Errorf("more than 256 versions of questionnaires")
		}
		i, t.versions = len(t.versions), append(t.versions, def)
	}
	return uint8(i), nil
}
