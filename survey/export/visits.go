package export

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// visit is a questionnaire as a person has answered it at a wave.
type visit struct {
	person, sheet int
	at            place
	wave          survey.Wave
	def           *instrument.Definition // the version that was answered
	answers       map[string]survey.ResponseRow
	// submitted is zero where answers were saved only; saved is the time of the last.
	submitted, saved time.Time
}

// visitScore is a score of a visit.
type visitScore struct {
	*score
	scale instrument.Scale
	rule  string
}

// visitor is told of people and their visits, by participant code, wave and
// position. What it is given is good until it returns.
type visitor interface {
	person(i int) error
	visit(v *visit, scores []visitScore) error
}

// eachVisit goes through a study. Answers of one visit at a time are held.
func (f *frame) eachVisit(ctx context.Context, r survey.DataReader, to visitor) error {
	all, err := f.loadScores(ctx, r)
	if err != nil {
		return err
	}
	w := &visiting{frame: f, scores: all, to: to, current: visit{answers: map[string]survey.ResponseRow{}}}
	if err := r.EachResponse(ctx, f.design.Study.ID, w.answer); err != nil {
		return err
	}
	if err := w.leave(); err != nil {
		return err
	}
	if err := w.reach(len(f.people) - 1); err != nil {
		return err
	}
	return w.complete()
}

// visiting gathers the answers of one visit.
type visiting struct {
	*frame
	scores  *scoreTable
	to      visitor
	told    int // people who were told of
	inside  bool
	current visit
	found   []visitScore
	given   int // scores that belonged to a visit
}

func (w *visiting) answer(row *survey.ResponseRow) error {
	person, err := w.personOf(row.EnrolmentID)
	if err != nil {
		return err
	}
	at := place{row.WaveID, row.InstrumentID}
	if !w.inside || w.current.person != person || w.current.at != at {
		if err := w.leave(); err != nil {
			return err
		}
		if err := w.enter(person, at); err != nil {
			return err
		}
	}
	if _, twice := w.current.answers[row.Item]; twice {
		return fmt.Errorf("the answer to %s of %s stands twice", row.Item, w.people[person].Code)
	}
	if _, known := w.current.def.Item(row.Item); !known {
		return fmt.Errorf("item %s is not in %s", row.Item, w.current.def.Key)
	}
	w.current.answers[row.Item] = *row
	w.current.submitted = row.SubmittedAt
	if row.AnsweredAt.After(w.current.saved) {
		w.current.saved = row.AnsweredAt
	}
	return nil
}

func (w *visiting) enter(person int, at place) error {
	if person < w.told-1 {
		return fmt.Errorf("the answers of %s are not together", w.people[person].Code)
	}
	sheet, err := w.sheetOf(at.wave, at.instrument)
	if err != nil {
		return err
	}
	if err := w.reach(person); err != nil {
		return err
	}
	s := w.answered(at, sheet)
	answers := w.current.answers
	clear(answers)
	w.current = visit{person: person, sheet: sheet, at: at, wave: s.Wave, def: s.Def, answers: answers}
	w.inside = true
	return nil
}

// reach tells of everybody up to a person.
func (w *visiting) reach(person int) error {
	for ; w.told <= person; w.told++ {
		if err := w.to.person(w.told); err != nil {
			return err
		}
	}
	return nil
}

// leave tells of the visit that was gathered.
func (w *visiting) leave() error {
	if !w.inside {
		return nil
	}
	w.inside, w.found = false, w.found[:0]
	for k, scale := range w.sheets[w.current.sheet].Def.Scales {
		if s := w.scores.at(w.current.person, w.current.sheet, k); s.there {
			w.found = append(w.found, visitScore{s, scale, w.scores.rules[s.rule]})
		}
	}
	w.given += len(w.found)
	return w.to.visit(&w.current, w.found)
}

// complete fails when there is a score of no visit: left out, it would be missed by
// nobody.
func (w *visiting) complete() error {
	there := 0
	for i := range w.scores.cells {
		if w.scores.cells[i].there {
			there++
		}
	}
	if there != w.given {
		return fmt.Errorf("%d scores, of which %d belong to answers", there, w.given)
	}
	return nil
}

// definitions are the versions that were asked, each once, in the order of the
// protocol.
func (f *frame) definitions() []*instrument.Definition {
	var all []*instrument.Definition
	seen := map[survey.InstrumentID]bool{}
	add := func(id survey.InstrumentID, def *instrument.Definition) {
		if !seen[id] {
			seen[id] = true
			all = append(all, def)
		}
	}
	for _, s := range f.sheets {
		add(s.instrument, s.Def)
	}
	for _, w := range f.design.Waves {
		for _, old := range f.design.FormerAt(w.ID) {
			add(old.InstrumentID, f.design.Instruments[old.InstrumentID].Definition)
		}
	}
	return all
}
