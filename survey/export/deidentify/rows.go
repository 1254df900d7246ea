package deidentify

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// disguise changes the protocol, the groups and what is known of people.
func (r *Reader) disguise() {
	names := r.names()
	for i := range r.runs {
		run := &r.runs[i].Run
		r.first[run.ID] = run.StartsOn
		run.Name, run.StartsOn, run.CreatedAt, run.Location = names[run.ID], schedule.Date{}, r.design.Study.CreatedAt, ""
	}
	for i := range r.people {
		p := &r.people[i]
		p.EnrolledAt, p.WithdrawnAt = r.clock.time(p.ID, p.EnrolledAt), r.clock.time(p.ID, p.WithdrawnAt)
		p.DeclinedAt, p.CrossedAt = r.clock.time(p.ID, p.DeclinedAt), r.clock.time(p.ID, p.CrossedAt)
		p.PausedAt = r.clock.time(p.ID, p.PausedAt)
		p.Language, p.TimeZone, p.ZoneChosen = "", "", false
	}
	if r.options.Profile == Public {
		r.design.Study.CreatedAt = midnight(Beginning)
		r.years()
	}
}

// OneGroup is the name of groups that are not told apart.
const OneGroup = "withheld"

// names are those of the groups: numbers, in the order of their making or, for
// everybody, in none.
func (r *Reader) names() map[survey.RunID]string {
	var all []survey.RunID
	for _, s := range r.runs {
		all = append(all, s.Run.ID)
	}
	slices.Sort(all)
	if r.options.Profile == Public {
		slices.SortStableFunc(all, func(a, b survey.RunID) int {
			x, y := r.random.of("group", string(a)), r.random.of("group", string(b))
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
	}
	names := map[survey.RunID]string{}
	for _, id := range all {
		n, used := r.run.number[string(id)]
		if r.run.withheld != "" || r.options.Profile == Public && (!used || r.run.told[n] == "") {
			names[id] = OneGroup
			continue
		}
		names[id] = fmt.Sprintf("Group %d", len(names)+1)
	}
	return names
}

// years makes numbers of the questions for a day of which the year is told.
func (r *Reader) years() {
	instruments := make(map[survey.InstrumentID]survey.InstrumentVersion, len(r.design.Instruments))
	for id, v := range r.design.Instruments {
		def := *v.Definition
		def.Items = slices.Clone(def.Items)
		for i := range def.Items {
			if def.Items[i].Type == instrument.TypeDate {
				def.Items[i].Type = instrument.TypeNumber
				def.Items[i].Text += " (year)"
			}
		}
		v.Definition = &def
		instruments[id] = v
	}
	r.design.Instruments = instruments
}

// Design is the protocol; in public files questions for a day ask for a year.
func (r *Reader) Design(_ context.Context, id survey.StudyID) (survey.StudyDesign, error) {
	return r.design, r.of(id)
}

func (r *Reader) of(study survey.StudyID) error {
	if study != r.design.Study.ID {
		return fmt.Errorf("study %s: %w", study, survey.ErrNotFound)
	}
	return nil
}

// Runs are the groups, without names and days; see [Reader.FirstMeeting].
func (r *Reader) Runs(_ context.Context, study survey.StudyID) ([]survey.RunSummary, error) {
	return slices.Clone(r.runs), r.of(study)
}

// Enrolments are the people, by their codes.
func (r *Reader) Enrolments(_ context.Context, study survey.StudyID) ([]survey.Enrolment, error) {
	return slices.Clone(r.people), r.of(study)
}

// StudyChoices are what people said to sharing their answers.
func (r *Reader) StudyChoices(ctx context.Context, study survey.StudyID) (map[survey.EnrolmentID]survey.ConsentChoices, error) {
	all, err := r.data.StudyChoices(ctx, study)
	if err != nil {
		return nil, err
	}
	for id, said := range all {
		told := survey.ConsentChoices{}
		if yes, asked := said[consent.ShareData]; asked {
			told[consent.ShareData] = yes
		}
		all[id] = told
	}
	return all, nil
}

// StudyAttendance lists who was noted at which meeting, without when.
func (r *Reader) StudyAttendance(ctx context.Context, study survey.StudyID) ([]survey.Attendance, error) {
	all, err := r.data.StudyAttendance(ctx, study)
	for i := range all {
		all[i].NotedAt = r.clock.time(all[i].EnrolmentID, all[i].NotedAt)
	}
	return all, err
}

// StudyProgress is how far everyone had come in every wave.
func (r *Reader) StudyProgress(ctx context.Context, study survey.StudyID) ([]survey.WaveProgress, error) {
	all, err := r.data.StudyProgress(ctx, study)
	for i := range all {
		all[i].LastAt = r.clock.time(all[i].EnrolmentID, all[i].LastAt)
	}
	return all, err
}

// EachAssessment gives all assessments.
func (r *Reader) EachAssessment(ctx context.Context, study survey.StudyID, call func(*survey.Assessment) error) error {
	return r.data.EachAssessment(ctx, study, func(a *survey.Assessment) error {
		told := *a
		told.StartedAt, told.SavedAt = r.clock.time(a.EnrolmentID, a.StartedAt), r.clock.time(a.EnrolmentID, a.SavedAt)
		told.SubmittedAt = r.clock.time(a.EnrolmentID, a.SubmittedAt)
		return call(&told)
	})
}

// EachScore gives the scores that tell nothing of what is withheld.
func (r *Reader) EachScore(ctx context.Context, study survey.StudyID, waves []survey.WaveID, call func(*survey.ScoreRow) error) error {
	return r.data.EachScore(ctx, study, waves, func(row *survey.ScoreRow) error {
		if r.hidden[place{row.WaveID, row.InstrumentID}][row.Scale] {
			return nil
		}
		return call(row)
	})
}

// EachResponse gives all answers as they are told.
func (r *Reader) EachResponse(ctx context.Context, study survey.StudyID, call func(*survey.ResponseRow) error) error {
	return r.data.EachResponse(ctx, study, r.told(call))
}

// EachSubmitted gives the answers of submitted questionnaires at some waves.
func (r *Reader) EachSubmitted(ctx context.Context, study survey.StudyID, waves []survey.WaveID, call func(*survey.ResponseRow) error) error {
	return r.data.EachSubmitted(ctx, study, waves, r.told(call))
}

func (r *Reader) told(call func(*survey.ResponseRow) error) func(*survey.ResponseRow) error {
	var (
		row     survey.ResponseRow
		at      place
		treated map[string]*question
	)
	return func(stored *survey.ResponseRow) error {
		row = *stored
		if p := (place{row.WaveID, row.InstrumentID}); treated == nil || p != at {
			at, treated = p, r.treated[p]
		}
		if q := treated[row.Item]; q != nil && row.Missing == survey.NotMissing {
			r.tellAnswer(q, &row)
		}
		row.AnsweredAt, row.SubmittedAt = r.clock.time(row.EnrolmentID, row.AnsweredAt), r.clock.time(row.EnrolmentID, row.SubmittedAt)
		return call(&row)
	}
}

// tellAnswer changes an answer that was given.
func (r *Reader) tellAnswer(q *question, row *survey.ResponseRow) {
	withhold := func() { row.Value, row.Text, row.Missing = 0, "", Withheld }
	if q.withheld != "" {
		withhold()
		return
	}
	if q.moved {
		d, err := schedule.ParseDate(row.Text)
		if err != nil { // no day, so it cannot be moved
			withhold()
			return
		}
		row.Text = r.clock.day(row.EnrolmentID, d).String()
		return
	}
	answer := q.answer(row)
	if q.counts() {
		n, known := q.number[answer]
		if !known || q.told[n] == "" {
			withhold()
			return
		}
		answer = q.told[n]
	}
	if !q.year && row.Text != "" {
		return // choices are told or withheld, and never changed
	}
	v, err := strconv.ParseFloat(answer, 64)
	if err != nil {
		withhold()
		return
	}
	row.Value, row.Text = v, ""
}
