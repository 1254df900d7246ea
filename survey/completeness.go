package survey

import (
	"context"
	"fmt"
	"time"
)

// WaveCompleteness counts the people of one wave by how far they have come.
type WaveCompleteness struct {
	Wave Wave
	// Asked are all whose window has opened and who had neither left nor
	// declined before answering: the sum of Submitted, Partly, Open and Missed.
	Asked     int
	Submitted int // every questionnaire of the wave
	Partly    int // something, and the window may still be open
	Open      int // nothing yet, and the window is open
	Missed    int // nothing, and the window has closed
	Withdrawn int // left before they had answered in full
	Declined  int // said that they do not take part, before they had answered in full
	Scheduled int // the window opens later
	// NotAsked: the window closed before they joined, or the wave follows one that
	// they have not completed. They are missing nowhere.
	NotAsked int
}

// Completeness counts, wave by wave, how far everyone in a study has come.
// Whoever may analyse the study may.
func (u *Studies) Completeness(ctx context.Context, a Actor, id StudyID) ([]WaveCompleteness, error) {
	if !a.MayAnalyse(id) {
		return nil, ErrForbidden
	}
	waves, err := u.completeness(ctx, id, u.env.now())
	if err != nil {
		return nil, fmt.Errorf("completeness of study %s: %w", id, err)
	}
	return waves, nil
}

func (u *Studies) completeness(ctx context.Context, id StudyID, now time.Time) ([]WaveCompleteness, error) {
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return nil, err
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return nil, err
	}
	people, err := u.env.Store.Enrolments(ctx, id)
	if err != nil {
		return nil, err
	}
	progress, err := u.env.Store.StudyProgress(ctx, id)
	if err != nil {
		return nil, err
	}
	timetables, done := Timetables(runs, design.Waves), CompletedIn(progress, design.Waves)
	person := make(map[EnrolmentID]Enrolment, len(people))
	for _, e := range people {
		person[e.ID] = e
	}
	waves := make([]WaveCompleteness, len(design.Waves))
	place := make(map[WaveID]*WaveCompleteness, len(waves))
	for i, w := range design.Waves {
		waves[i].Wave = w
		place[w.ID] = &waves[i]
	}
	for _, p := range progress {
		w, known := place[p.WaveID]
		e, enrolled := person[p.EnrolmentID]
		if !known || !enrolled { // enrolled between the queries
			continue
		}
		state := p.state(timetables[e.RunID].Window(p.WaveID, e, done), now, e.Stopped())
		if state == AssessmentWithdrawn && !e.Withdrawn() {
			w.Declined++
			continue
		}
		w.count(state)
	}
	return waves, nil
}

func (w *WaveCompleteness) count(s AssessmentState) {
	switch s {
	case AssessmentSubmitted:
		w.Submitted++
	case AssessmentPartly:
		w.Partly++
	case AssessmentOpen:
		w.Open++
	case AssessmentExpired:
		w.Missed++
	case AssessmentWithdrawn:
		w.Withdrawn++
		return
	case AssessmentScheduled:
		w.Scheduled++
		return
	case AssessmentNotAsked:
		w.NotAsked++
		return
	}
	w.Asked++
}
