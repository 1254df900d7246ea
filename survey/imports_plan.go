package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
)

// importPlan is all that a batch would write.
type importPlan struct {
	preview ImportPreview
	state   *importState
	people  []NewPerson
	sheets  []ImportedSheet
	changes []ImportChange
	scores  []AssessmentScores
	details []string // of each change, for the trail
	of      []Assessment
	risky   []riskyAnswers
}

// riskyAnswers are those of one questionnaire that meet a rule about risk.
type riskyAnswers struct {
	assessment Assessment
	items      []string
}

// plan reads a table against what is stored.
func (u *Imports) plan(ctx context.Context, r Reader, b ImportBatch, table *datafile.Table) (*importPlan, error) {
	state, err := u.stateOf(ctx, r, b.StudyID)
	if err != nil {
		return nil, err
	}
	p := &importPlan{state: state, preview: ImportPreview{Batch: b, Table: table, Design: fileDesign(state.design, state.runs)}}
	if p.preview.Mapping, err = b.Settings.mapping(table, p.preview.Design); err != nil {
		return nil, err
	}
	options, err := b.Settings.options(state.design.Study, u.env.now())
	if err != nil {
		return nil, err
	}
	res := pastwaves.Check(table, p.preview.Mapping, p.preview.Design, state.known(), options)
	if state.design.Study.State != StudyOpen && (len(res.Newcomers) > 0 || state.design.Study.State != StudyClosed) {
		res.Faulty++
		res.Faults = append([]pastwaves.Fault{{Text: "The study is not open. People come into an open study alone, and answers into one that is or was open."}}, res.Faults...)
	}
	p.preview.Result = res
	p.preview.Counts = ImportCounts{Rows: res.Rows, People: len(res.Newcomers), Missing: res.Missing, OwnWords: res.OwnWords}
	if res.Faulty > 0 {
		return p, nil
	}
	u.bringPeople(p, options.Now)
	wanted := map[AssessmentID]bool{}
	for _, rec := range res.Records {
		wanted[p.assessment(rec).ID] = true
	}
	if err := state.readAnswers(ctx, r, b.StudyID, wanted); err != nil {
		return nil, err
	}
	for _, rec := range res.Records {
		p.record(rec, b.Settings.Existing, b.Source)
	}
	p.preview.Counts.Questionnaires = len(p.changes)
	return p, nil
}

// assessment is the questionnaire that a record is of.
func (p *importPlan) assessment(rec pastwaves.Record) *Assessment {
	return p.state.sheets[p.state.byCode[rec.Person].ID][rec.Place]
}

// record works out what becomes of a questionnaire.
func (p *importPlan) record(rec pastwaves.Record, existing Existing, source Source) {
	a := p.assessment(rec)
	def, c := p.state.definition(*a), &p.preview.Counts
	before := AnswerSheet{StartedAt: a.StartedAt, SavedAt: a.SavedAt, SubmittedAt: a.SubmittedAt, Responses: p.state.answers[a.ID]}
	all := answersOf(def, before.Responses)
	begun, added, replaced := !a.SubmittedAt.IsZero() || len(all) > 0, 0, 0
	taken := map[string]Response{}
	for _, g := range rec.Answers {
		has, there := all[g.Item]
		switch {
		case there && has == g.Value:
			c.Same++
			continue
		case begun && existing == ExistingKeep, there && existing == ExistingFill:
			c.Kept++
			continue
		case there:
			replaced++
		default:
			added++
		}
		number, text := g.Value.Stored()
		taken[g.Item] = Response{Item: g.Item, Value: number, Text: text, AnsweredAt: g.At, Source: source}
	}
	for _, g := range rec.Answers {
		if _, is := taken[g.Item]; is {
			all[g.Item] = g.Value
		}
	}
	submits := a.SubmittedAt.IsZero() && !rec.Draft && (existing != ExistingKeep || !begun)
	if len(taken) == 0 && !submits {
		return
	}
	after := before.with(def, all, taken, source, rec.At, submits)
	for _, r := range after.Responses {
		if _, is := taken[r.Item]; is && r.Missing != NotMissing {
			c.NotAsked++
			delete(taken, r.Item)
		}
	}
	c.Added, c.Replaced = c.Added+added, c.Replaced+replaced
	p.change(*a, def, before, after, rec.Line)
	p.details = append(p.details, fmt.Sprintf("line %d: %d answers added, %d replaced", rec.Line, added, replaced))
	if items := flaggedItems(def, answersOf(def, slices.Collect(maps.Values(taken)))); len(items) > 0 {
		c.Risky += len(items)
		p.risky = append(p.risky, riskyAnswers{*a, items})
	}
}

// with is a sheet with more answers, and submitted if it is or is to be: then every
// question has an answer or a reason why there is none.
func (s AnswerSheet) with(def *instrument.Definition, all instrument.Answers, taken map[string]Response, source Source, at time.Time, submits bool) AnswerSheet {
	after := AnswerSheet{StartedAt: s.StartedAt, SavedAt: s.SavedAt, SubmittedAt: s.SubmittedAt}
	rows := map[string]Response{}
	for _, r := range s.Responses {
		rows[r.Item] = r
	}
	for item, r := range taken {
		rows[item] = r
		if s.StartedAt.IsZero() && (after.StartedAt.IsZero() || r.AnsweredAt.Before(after.StartedAt)) {
			after.StartedAt = r.AnsweredAt
		}
		if s.SavedAt.IsZero() && r.AnsweredAt.After(after.SavedAt) {
			after.SavedAt = r.AnsweredAt
		}
	}
	if submits {
		after.SubmittedAt = at
	}
	if !after.SubmittedAt.IsZero() {
		for _, r := range missingOf(def, all, after.SubmittedAt) {
			if rows[r.Item].Missing != r.Missing {
				r.Source = source
				rows[r.Item] = r
			}
		}
	}
	for _, item := range slices.Sorted(maps.Keys(rows)) {
		after.Responses = append(after.Responses, rows[item])
	}
	return after
}

// change notes a questionnaire that changes.
func (p *importPlan) change(a Assessment, def *instrument.Definition, before, after AnswerSheet, line int) {
	sheet := ImportedSheet{AssessmentID: a.ID, AnswerSheet: after}
	sheet.Responses, sheet.Removed = after.beyond(before)
	p.sheets, p.of = append(p.sheets, sheet), append(p.of, a)
	p.changes = append(p.changes, ImportChange{AssessmentID: a.ID, Line: line, Before: before, After: after})
	p.scores = append(p.scores, AssessmentScores{a.ID, after.scores(def)})
}

// beyond are the answers that another sheet does not have, and the items of which it
// has one and this has none.
func (s AnswerSheet) beyond(other AnswerSheet) (changed []Response, removed []string) {
	there := map[string]Response{}
	for _, r := range other.Responses {
		there[r.Item] = r
	}
	for _, r := range s.Responses {
		if has, known := there[r.Item]; !known || has != r {
			changed = append(changed, r)
		}
		delete(there, r.Item)
	}
	return changed, slices.Sorted(maps.Keys(there))
}

// scores are those of a submitted sheet; nil before.
func (s AnswerSheet) scores(def *instrument.Definition) []instrument.Score {
	if s.SubmittedAt.IsZero() {
		return nil
	}
	return def.Score(answersOf(def, s.Responses).Numbers())
}
