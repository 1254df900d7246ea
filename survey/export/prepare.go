package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/deidentify"
)

// Ask is a file to be prepared: what, for whom and under which name. ErrPiece or
// deidentify.ErrProfile: it cannot be made.
func Ask(study survey.Study, p Piece, q Request, now time.Time) (survey.PreparedFile, error) {
	f := survey.PreparedFile{
		StudyID: study.ID, What: p.What, Format: p.Format, Snapshot: q.Snapshot, Profile: string(q.Profile), LeaveOut: q.LeaveOut, Media: p.Media(),
	}
	switch others := q.Profile != deidentify.Internal; {
	case p.Check() != nil:
		return f, p.Check()
	case p.What == "bundle" && q.Snapshot == 0:
		return f, fmt.Errorf("%w: a bundle is of a snapshot", ErrPiece)
	case others && (q.Snapshot == 0 || p.What == "texts"), !q.Profile.Valid():
		return f, fmt.Errorf("%w: %s for others", deidentify.ErrProfile, p.What)
	}
	name := study.Key + "_" + p.What
	if q.Snapshot != 0 {
		name += fmt.Sprintf("_snapshot_%d", q.Snapshot)
	} else {
		name += "_" + now.UTC().Format(time.DateOnly)
	}
	if q.Profile != deidentify.Internal {
		name += "_" + string(q.Profile)
	}
	if study.Simulated {
		name = "simulated_" + name
	}
	f.Name = name + "." + p.Ending()
	return f, nil
}

// Maker makes the files that were asked for, of the data as they are or of a
// snapshot.
func Maker(cases *survey.UseCases, now survey.DataReader, program string) survey.MakeFile {
	return func(ctx context.Context, f survey.PreparedFile, w io.Writer) (int, error) {
		p := Piece{f.What, f.Format}
		if err := p.Check(); err != nil {
			return 0, fmt.Errorf("%w: %w", survey.ErrNoFile, err)
		}
		a := survey.SystemActor("server")
		s := Source{Data: now, Actor: a, Study: f.StudyID, Program: program}
		if f.Snapshot != 0 {
			var err error
			if s.Snapshot, err = cases.Snapshots.Get(ctx, a, f.StudyID, f.Snapshot); err != nil {
				return 0, err
			}
			q := Request{Study: f.StudyID, Snapshot: f.Snapshot, Profile: deidentify.Profile(f.Profile), LeaveOut: f.LeaveOut}
			s.Data, err = Open(ctx, cases.Snapshots, a, q)
			if errors.Is(err, deidentify.ErrProfile) || errors.Is(err, survey.ErrBroken) {
				return 0, fmt.Errorf("%w: %w", survey.ErrNoFile, err)
			}
			if err != nil {
				return 0, err
			}
		}
		return p.Write(ctx, s, w)
	}
}
