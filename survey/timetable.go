package survey

import (
	"time"

	"tidemark/survey/schedule"
)

// Timetable says when the people of one run can answer the waves of their study.
// It is the one place that decides so for boards, counts and reports; it is made
// once for a run and asked for each person.
type Timetable struct {
	waves  []Wave
	placed []schedule.Placed
	places map[WaveID]int
}

// Timetable places the waves of a study on the days of the run.
func (r CourseRun) Timetable(waves []Wave) *Timetable {
	c := r.Calendar()
	t := &Timetable{waves: waves, placed: make([]schedule.Placed, len(waves)), places: make(map[WaveID]int, len(waves))}
	for i, w := range waves {
		t.placed[i], t.places[w.ID] = c.Place(w.Rule), i
	}
	return t
}

// Timetables are those of many runs.
func Timetables(runs []RunSummary, waves []Wave) map[RunID]*Timetable {
	all := make(map[RunID]*Timetable, len(runs))
	for _, r := range runs {
		all[r.Run.ID] = r.Run.Timetable(waves)
	}
	return all
}

// General is the window of those who were there from the beginning; the zero
// window when each person has one of their own.
func (t *Timetable) General(wave WaveID) schedule.Window {
	i, ok := t.places[wave]
	if !ok {
		return schedule.Window{}
	}
	w, _ := t.placed[i].General()
	return w
}

// Window is a person's window of a wave; the zero window when they are not asked:
// the wave closed before they joined, or follows one that they have not completed.
// A nil timetable, of a run that is not known, asks nobody.
func (t *Timetable) Window(wave WaveID, e Enrolment, done Completed) schedule.Window {
	if t == nil {
		return schedule.Window{}
	}
	i, ok := t.places[wave]
	if !ok {
		return schedule.Window{}
	}
	p := schedule.Person{EnrolledAt: e.EnrolledAt, JoinedAt: e.RunSince}
	if rule := t.waves[i].Rule; rule.Anchor == schedule.AnchorWave {
		if at := done.at(e.ID, t.idOf(rule.Wave)); !at.IsZero() {
			p.Submitted = map[string]time.Time{rule.Wave: at}
		}
	}
	w, _ := t.placed[i].For(p)
	return w
}

func (t *Timetable) idOf(key string) WaveID {
	for _, w := range t.waves {
		if w.Key == key {
			return w.ID
		}
	}
	return ""
}

// Completed is when people completed the waves that others follow.
type Completed map[completion]time.Time

type completion struct {
	enrolment EnrolmentID
	wave      WaveID
}

func (c Completed) at(e EnrolmentID, w WaveID) time.Time { return c[completion{e, w}] }

// CompletedIn finds in the progress of people when they completed the waves that
// other waves follow; nil when no wave follows another.
func CompletedIn(progress []WaveProgress, waves []Wave) Completed {
	followed := map[WaveID]bool{}
	for _, w := range waves {
		if w.Rule.Anchor != schedule.AnchorWave {
			continue
		}
		for _, earlier := range waves {
			if earlier.Key == w.Rule.Wave {
				followed[earlier.ID] = true
			}
		}
	}
	if len(followed) == 0 {
		return nil
	}
	done := Completed{}
	for _, p := range progress {
		if followed[p.WaveID] && p.Complete() {
			done[completion{p.EnrolmentID, p.WaveID}] = p.LastAt
		}
	}
	return done
}

// completedAt is when a person completed each wave, by its key, from the list of
// what they are asked.
func completedAt(items []DueItem) map[string]time.Time {
	open, last := map[string]bool{}, map[string]time.Time{}
	for _, it := range items {
		key, at := it.Wave.Key, it.Assessment.SubmittedAt
		open[key] = open[key] || at.IsZero()
		if at.After(last[key]) {
			last[key] = at
		}
	}
	for key := range open {
		if open[key] {
			delete(last, key)
		}
	}
	return last
}

// ownWindows gives everything that one person is asked its window, from the list of
// it alone. What is not for them gets the zero window.
func (p Participation) ownWindows(items []DueItem) {
	c := p.Run.Calendar()
	who := schedule.Person{EnrolledAt: p.Enrolment.EnrolledAt, JoinedAt: p.Enrolment.RunSince, Submitted: completedAt(items)}
	for i := range items {
		items[i].Window, _ = c.Window(items[i].Wave.Rule, who)
	}
}

// ScheduleWaves are the waves of a study as package schedule takes them, without
// the keys of arms; see [StudyDesign.Outline].
func ScheduleWaves(waves []Wave) []schedule.Wave {
	all := make([]schedule.Wave, len(waves))
	for i, w := range waves {
		all[i] = schedule.Wave{Key: w.Key, Name: w.Name, Part: schedule.Part(w.Kind), Rule: w.Rule, Arm: string(w.ArmID)}
	}
	return all
}
