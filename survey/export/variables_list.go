package export

import (
	"context"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
)

// Part says what a variable of a questionnaire holds.
type Part string

// The parts of a questionnaire at a wave that have a variable.
const (
	PartItem      Part = "item"
	PartChoice    Part = "choice" // whether one of several options was chosen
	PartScore     Part = "score"
	PartSubmitted Part = "submitted"
	PartVersion   Part = "version"
	PartSource    Part = "source" // where the answers come from
)

// Variable is a column of the wide table, with where its values come from.
type Variable struct {
	dataset.Variable
	Wave       survey.Wave
	Instrument *instrument.Definition
	Part       Part
	Code       string  // of the item or the scale; empty where the part has none
	Option     float64 // of a PartChoice
}

// Variables are the columns of the wide table that come from questionnaires. They follow
// from the protocol alone; whoever knows the study may see them.
func Variables(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID) ([]Variable, error) {
	if !a.MayKnowStudy(study) {
		return nil, survey.ErrNotFound
	}
	design, err := r.Design(ctx, study)
	if err != nil {
		return nil, wrap(err, "variables")
	}
	f := newFrame(design)
	if err := f.addSheets(); err != nil {
		return nil, wrap(err, "variables")
	}
	var all []Variable
	for _, c := range f.columns() {
		s := f.sheets[c.sheet]
		v := Variable{Variable: f.variable(c), Wave: s.Wave, Instrument: s.Def}
		switch c.kind {
		case columnItem, columnDay:
			item, _ := f.item(c)
			v.Part, v.Code = PartItem, item.Code
		case columnChoice:
			item, options := f.item(c)
			v.Part, v.Code, v.Option = PartChoice, item.Code, options[c.option].Value
		case columnScore:
			v.Part, v.Code = PartScore, f.scale(c).Key
		case columnSubmitted:
			v.Part = PartSubmitted
		case columnVersion:
			v.Part = PartVersion
		case columnSource:
			v.Part = PartSource
		}
		all = append(all, v)
	}
	return all, nil
}
