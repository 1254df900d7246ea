package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// The study of the whole reports: everybody is asked eight outcomes at fourteen
// waves, by six items each.
const (
	crowdOutcomes = 8
	crowdWaves    = 14
	crowdItems    = 6
)

// crowd is such a study in memory. It answers what reports ask of a database.
type crowd struct {
	survey.Reader // nothing else is asked
	design        survey.StudyDesign
	run           survey.CourseRun
	enrolments    []survey.Enrolment
	items         []string
	// answers are 1 to 5 by person, wave, outcome and item; 0: not answered.
	answers []uint8
	// submitted is by person and wave.
	submitted []bool
}

// crowdNow is long after the last wave.
func crowdNow() time.Time { return time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC) }

// newCrowd lets so many people answer. A tenth of those who are left is lost at
// each wave after the first, whether they come back or not.
func newCrowd(people int) *crowd {
	c := &crowd{
		design: crowdDesign(),
		run: survey.CourseRun{
			ID: "run", StudyID: "study", Name: "All", CourseKey: "course", CourseVersion: "1.0.0",
			StartsOn: schedule.Date{Year: 2026, Month: 1, Day: 12}, MeetingTime: "18:30", TimeZone: "UTC", CreatedAt: crowdNow(),
		},
		answers:   make([]uint8, people*crowdWaves*crowdOutcomes*crowdItems),
		submitted: make([]bool, people*crowdWaves),
	}
	for i := range crowdItems {
		c.items = append(c.items, fmt.Sprintf("q%d", i+1))
	}
	s := newStream(uint32(700 + people))
	for p := range people {
		arm := c.design.Arms[p%len(c.design.Arms)]
		c.enrolments = append(c.enrolments, survey.Enrolment{
			ID: survey.EnrolmentID(fmt.Sprintf("e%06d", p)), StudyID: c.design.Study.ID, Code: fmt.Sprintf("P%06d", p),
			RunID: c.run.ID, ArmID: arm.ID, EnrolledAt: crowdNow(),
		})
		level := s.normal()
		for w := range crowdWaves {
			if w > 0 && s.uniform() < 0.1 {
				continue
			}
			c.submitted[p*crowdWaves+w] = true
			gain := 0.0
			if !arm.Control {
				gain = 0.05 * float64(w)
			}
			for k := range crowdOutcomes * crowdItems {
				c.answers[c.at(p, w)+k] = uint8(answer(3 + 0.8*level + gain + s.normal()))
			}
		}
	}
	return c
}

// at is where the answers of a person at a wave begin.
func (c *crowd) at(person, wave int) int {
	return (person*crowdWaves + wave) * crowdOutcomes * crowdItems
}

// rows counts the answers.
func (c *crowd) rows() int {
	n := 0
	for _, given := range c.submitted {
		if given {
			n += crowdOutcomes * crowdItems
		}
	}
	return n
}

func crowdDesign() survey.StudyDesign {
	d := survey.StudyDesign{
		Study: survey.Study{
			ID: "study", Key: "crowd", Title: "A crowd", Simulated: true, Language: "en", TimeZone: "UTC", PrimaryScale: "o1_total",
		},
		Arms: []survey.Arm{
			{ID: "course", StudyID: "study", Key: "course", Name: "Course", Share: 1},
			{ID: "waitlist", StudyID: "study", Key: "waitlist", Name: "Waiting list", Position: 1, Control: true, Share: 1},
		},
		Instruments: map[survey.InstrumentID]survey.InstrumentVersion{},
	}
	var sets []survey.InstrumentID
	for o := 1; o <= crowdOutcomes; o++ {
		def := &instrument.Definition{Key: fmt.Sprintf("o%d", o), Version: "1.0.0", Title: fmt.Sprintf("Outcome %d", o), Language: "en"}
		for v := 1; v <= 5; v++ {
			def.Options = append(def.Options, instrument.Option{Value: float64(v), Label: fmt.Sprint(v)})
		}
		scale := instrument.Scale{
			Key: def.Key + "_total", Name: def.Title, Label: def.Title, Method: instrument.MethodMean,
			MinAnswered: crowdItems, Direction: instrument.HigherBetter, Primary: true,
		}
		for i := 1; i <= crowdItems; i++ {
			code := fmt.Sprintf("q%d", i)
			def.Items = append(def.Items, instrument.Item{Code: code, Text: "Statement " + code})
			scale.Items = append(scale.Items, code)
		}
		def.Scales = []instrument.Scale{scale}
		id := survey.InstrumentID(def.Key)
		d.Instruments[id] = survey.InstrumentVersion{ID: id, Definition: def}
		sets = append(sets, id)
	}
	for w := range crowdWaves {
		wave := survey.Wave{
			ID: survey.WaveID(fmt.Sprintf("w%02d", w)), StudyID: "study", Key: fmt.Sprintf("wave_%02d", w), Name: fmt.Sprintf("Wave %d", w),
			ShortName: fmt.Sprintf("W%d", w), Kind: survey.WaveDuring, Position: w, Sets: sets,
			Rule: schedule.Rule{OpensDay: 7*w - 7, ClosesDay: 7*w - 1},
		}
		switch w {
		case 0:
			wave.Kind = survey.WavePre
		case crowdWaves - 2:
			wave.Kind = survey.WavePost
		case crowdWaves - 1:
			wave.Kind = survey.WaveFollowUp
		}
		d.Waves = append(d.Waves, wave)
	}
	return d
}

// Design, Runs and Enrolments are the study's frame.
func (c *crowd) Design(context.Context, survey.StudyID) (survey.StudyDesign, error) {
	return c.design, nil
}

// Runs are one.
func (c *crowd) Runs(context.Context, survey.StudyID) ([]survey.RunSummary, error) {
	return []survey.RunSummary{{Run: c.run, Enrolled: len(c.enrolments)}}, nil
}

// Enrolments are everybody.
func (c *crowd) Enrolments(context.Context, survey.StudyID) ([]survey.Enrolment, error) {
	return slices.Clone(c.enrolments), nil
}

// StudyAttendance is of no meeting.
func (c *crowd) StudyAttendance(context.Context, survey.StudyID) ([]survey.Attendance, error) {
	return nil, nil
}

// StudyProgress is all or nothing at each wave.
func (c *crowd) StudyProgress(context.Context, survey.StudyID) ([]survey.WaveProgress, error) {
	out := make([]survey.WaveProgress, 0, len(c.submitted))
	for i, given := range c.submitted {
		p := survey.WaveProgress{EnrolmentID: c.enrolments[i/crowdWaves].ID, WaveID: c.design.Waves[i%crowdWaves].ID, Sets: crowdOutcomes}
		if given {
			p.Started, p.Submitted = crowdOutcomes, crowdOutcomes
		}
		out = append(out, p)
	}
	return out, nil
}

// each calls f for every questionnaire that was sent in at the waves given, or at
// all of them.
func (c *crowd) each(ctx context.Context, waves []survey.WaveID, f func(person, wave, outcome int, answers []uint8) error) error {
	for p := range c.enrolments {
		if err := ctx.Err(); err != nil {
			return err
		}
		for w := range crowdWaves {
			if !c.submitted[p*crowdWaves+w] || waves != nil && !slices.Contains(waves, c.design.Waves[w].ID) {
				continue
			}
			for o := range crowdOutcomes {
				at := c.at(p, w) + o*crowdItems
				if err := f(p, w, o, c.answers[at:at+crowdItems]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// EachScore gives the means of the answers.
func (c *crowd) EachScore(ctx context.Context, _ survey.StudyID, waves []survey.WaveID, f func(*survey.ScoreRow) error) error {
	sets := c.design.Waves[0].Sets
	return c.each(ctx, waves, func(p, w, o int, answers []uint8) error {
		sum := 0
		for _, a := range answers {
			sum += int(a)
		}
		return f(&survey.ScoreRow{
			EnrolmentID: c.enrolments[p].ID, WaveID: c.design.Waves[w].ID, InstrumentID: sets[o], Scale: string(sets[o]) + "_total",
			Value: float64(sum) / crowdItems, Valid: true, Answered: crowdItems, Items: crowdItems, Rule: "mean",
		})
	})
}

// EachSubmitted gives the answers.
func (c *crowd) EachSubmitted(ctx context.Context, _ survey.StudyID, waves []survey.WaveID, f func(*survey.ResponseRow) error) error {
	sets := c.design.Waves[0].Sets
	row := survey.ResponseRow{SubmittedAt: c.run.CreatedAt, AnsweredAt: c.run.CreatedAt}
	return c.each(ctx, waves, func(p, w, o int, answers []uint8) error {
		row.EnrolmentID, row.WaveID, row.InstrumentID = c.enrolments[p].ID, c.design.Waves[w].ID, sets[o]
		for i, a := range answers {
			row.Item, row.Value = c.items[i], float64(a)
			if err := f(&row); err != nil {
				return err
			}
		}
		return nil
	})
}

// EachResponse is EachSubmitted of all waves.
func (c *crowd) EachResponse(ctx context.Context, study survey.StudyID, f func(*survey.ResponseRow) error) error {
	return c.EachSubmitted(ctx, study, nil, f)
}
