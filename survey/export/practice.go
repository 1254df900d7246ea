package export

import (
	"context"
	"errors"
	"io"

	"tidemark/survey"
)

// personRowColumns begin each row of the files about what people did and wrote
// between meetings.
func personRowColumns() []string {
	return []string{"study", "simulated", "participant", "run", "arm"}
}

var errFrozen = errors.New("frozen data do not hold this")

// live runs fn on one state of the data as they are now.
func live(ctx context.Context, r survey.Reader, fn func(survey.Reader) error) error {
	return survey.OneState(ctx, r, func(state survey.DataReader) error {
		r, ok := state.(survey.Reader)
		if !ok {
			return errFrozen
		}
		return fn(r)
	})
}

func practiceColumns() []string {
	return append(personRowColumns(), "week", "day", "practice", "minutes", "formal", "helpful")
}

// Practice writes one row for each time that somebody noted to have practised, by
// participant and day. It reads the data as they are now: snapshots hold none.
func Practice(ctx context.Context, r survey.Reader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := live(ctx, r, func(r survey.Reader) error { return practice(ctx, r, a, study, w) })
	return wrap(err, "practice")
}

func practice(ctx context.Context, r survey.Reader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	runs := map[survey.RunID]survey.CourseRun{}
	summaries, err := r.Runs(ctx, study)
	if err != nil {
		return err
	}
	for _, s := range summaries {
		runs[s.Run.ID] = s.Run
	}
	t := newTable(w, practiceColumns())
	var who []byte
	err = r.EachPractice(ctx, study, func(e *survey.PracticeEntry) error {
		i, err := f.personOf(e.EnrolmentID)
		if err != nil {
			return err
		}
		person := f.people[i]
		who = f.who(who, person)
		t.raw(who)
		t.integer(runs[person.RunID].WeekOf(e.Day))
		t.text(e.Day.String())
		t.text(e.Practice)
		t.integer(e.Minutes)
		if e.Formal {
			t.integer(1)
		} else {
			t.integer(0)
		}
		if e.Helpful == nil {
			t.empty()
		} else {
			t.integer(*e.Helpful)
		}
		return t.endRow()
	})
	if err != nil {
		return err
	}
	return t.end()
}

func reflectionColumns() []string {
	return append(personRowColumns(), "kind", "text", "went_wrong", "differently", "improve", "written_at", "shared_at")
}

// Reflections writes what people wrote for themselves and share, by participant and
// time, and nothing else of what they wrote. It reads the data as they are now:
// what is taken back is in no file made after that.
func Reflections(ctx context.Context, r survey.Reader, notes *survey.Notes, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := live(ctx, r, func(r survey.Reader) error { return reflections(ctx, r, notes, a, study, w) })
	return wrap(err, "reflections")
}

func reflections(ctx context.Context, r survey.Reader, notes *survey.Notes, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	t := newTable(w, reflectionColumns())
	var who []byte
	err = notes.EachShared(ctx, r, a, study, func(n *survey.SharedNote) error {
		i, err := f.personOf(n.EnrolmentID)
		if err != nil {
			return err
		}
		who = f.who(who, f.people[i])
		t.raw(who)
		t.text(string(n.Kind))
		if n.Kind == survey.NoteOwnWords {
			t.text(n.Text(0))
			t.empty()
			t.empty()
			t.empty()
		} else {
			t.empty()
			t.text(n.Text(0))
			t.text(n.Text(1))
			t.text(n.Text(2))
		}
		t.time(n.WrittenAt)
		t.time(n.SharedAt)
		return t.endRow()
	})
	if err != nil {
		return err
	}
	return t.end()
}
