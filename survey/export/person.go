package export

import (
	"slices"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/export/dataset"
)

// wholePerson are the variables of a person: the first of the wide table.
func (f *frame) wholePerson() []dataset.Variable {
	about := f.aboutPeople()
	return append(slices.Clone(about[:4]),
		dataset.Variable{Name: "run_starts", Label: f.timeLabel("Day of the run's first meeting"), Kind: dataset.Day, Measure: dataset.Scale},
		about[4],
		f.instant("enrolled_at", "When the person was enrolled, UTC"),
		f.instant("withdrawn_at", "When the person left the study, UTC"),
		f.instant("declined_at", "When the person said that they do not take part, UTC"),
		words("crossover_run", "Later run in which somebody who waited took the course; empty: did not cross over", dataset.Nominal, f.crossedTo()...),
		f.instant("crossed_at", "When the person crossed over to that run, UTC"),
		truth("share_consent", "Whether the person lets their anonymised answers be shared with others, as they said last", "no", "yes"),
		truth("contact_consent", "Whether the person may be contacted about later studies, as they said last", "no", "yes"),
	)
}

// crossedTo are the names of later runs that people have crossed over to.
func (f *frame) crossedTo() []string {
	var names []string
	for _, p := range f.people {
		names = append(names, f.runs[p.CrossedTo].name)
	}
	return names
}

// wholePersonCells are the cells of wholePerson.
func (f *frame) wholePersonCells(cells []dataset.Cell, e survey.Enrolment) ([]dataset.Cell, error) {
	about := f.personCells(nil, e)
	starts, err := day(f.starts(e))
	if err != nil {
		return nil, err
	}
	cells = append(append(cells, about[:4]...), starts, about[4])
	cells = append(cells, dataset.At(e.EnrolledAt), dataset.At(e.WithdrawnAt), dataset.At(e.DeclinedAt))
	crossed := dataset.Cell{}
	if e.Crossed() {
		crossed = dataset.Words(f.runs[e.CrossedTo].name)
	}
	cells = append(cells, crossed, dataset.At(e.CrossedAt))
	for _, k := range []consent.ChoiceKey{consent.ShareData, consent.ContactLater} {
		granted, asked := f.choices[e.ID][k]
		switch {
		case !asked:
			cells = append(cells, dataset.Cell{})
		case granted:
			cells = append(cells, dataset.Of(1))
		default:
			cells = append(cells, dataset.Of(0))
		}
	}
	return cells, nil
}
