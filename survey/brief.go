package survey

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Brief is what a course run brought, for its facilitator: about the group that
// took the course, never about one person.
type Brief struct {
	Board
	Minimum int // people behind every result
	// People of the arms that take the course, and those of them who left.
	People, Left int
	Post         Wave
	// Over reports whether the survey after the course has closed.
	Over bool
	// Change is nil before that, while too few have answered both surveys, and
	// once somebody of the run was erased.
	Change   *GroupChange
	Unwanted *UnwantedBrief // nil for the same reasons, or when nothing was asked
}

// GroupChange is the mean change of the study's primary scale from before to after
// the course, of those with both scores, with its 95 % interval.
type GroupChange struct {
	Scale           instrument.Scale
	Min, Max        float64 // of the scale
	N               int
	Mean, Low, High float64
}

// UnwantedBrief is how many reported any unwanted effect.
type UnwantedBrief struct {
	N int
	// Reported is shown when both they and the others are at least Minimum.
	Reported int
	Share    UnwantedShare
}

// UnwantedShare says how much may be told of the people who reported an unwanted
// effect.
type UnwantedShare string

// The shares. Nobody and few are told alike: the difference could be one person.
const (
	UnwantedFew     UnwantedShare = "few"
	UnwantedCounted UnwantedShare = "counted"
	UnwantedMost    UnwantedShare = "most"
)

// Valid reports whether u is one of the shares.
func (u UnwantedShare) Valid() bool {
	return u == UnwantedFew || u == UnwantedCounted || u == UnwantedMost
}

// Brief is the short version of a run's results for its facilitator. Its rules are
// those of Trend: a closed survey, at least the study's minimum of people, and no
// run that was moved between the answers. ErrNotFound for whoever may not manage
// the run.
func (u *Runs) Brief(ctx context.Context, a Actor, id StudyID, run RunID, quantile TQuantile) (Brief, error) {
	if !a.MayRun(id, run) {
		return Brief{}, ErrNotFound
	}
	b, err := u.brief(ctx, id, run, quantile)
	if err != nil {
		return Brief{}, fmt.Errorf("short version of run %s: %w", run, err)
	}
	return b, nil
}

func (u *Runs) brief(ctx context.Context, id StudyID, run RunID, quantile TQuantile) (Brief, error) {
	board, err := u.board(ctx, id, run)
	if err != nil {
		return Brief{}, err
	}
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return Brief{}, err
	}
	b := Brief{Board: board, Minimum: max(design.Study.TrendMinimum, TrendFloor)}
	course := map[EnrolmentID]bool{}
	for _, r := range board.Rows {
		if r.Control {
			continue
		}
		course[r.Enrolment.ID] = true
		b.People++
		if r.Enrolment.Withdrawn() {
			b.Left++
		}
	}
	pre, asked := design.WaveOfKind(WavePre)
	post, after := design.WaveOfKind(WavePost)
	b.Post = post
	b.Over = after && post.Rule.Window(board.Run.StartsOn, board.Run.Zone()).At(u.env.now()) == schedule.After
	if !b.Over {
		return b, nil
	}
	erased, err := u.env.Store.Erasures(ctx, id)
	if err != nil {
		return b, err
	}
	closed := post.Rule.Window(board.Run.StartsOn, board.Run.Zone()).Closes
	for _, w := range u.aboutCourse(design, board.Run) {
		for _, wave := range design.Waves {
			if at := wave.Rule.Window(board.Run.StartsOn, board.Run.Zone()).Closes; wave.ID == w && at.Before(closed) {
				closed = at
			}
		}
	}
	if erasedSince(erased, run, closed) {
		return b, nil // what was shown before would tell what they gave
	}
	if asked {
		if err := u.groupChange(ctx, design, &b, pre, course, quantile); err != nil {
			return b, err
		}
	}
	return b, u.unwanted(ctx, design, &b, course)
}

// groupChange finds the change of the primary scale.
func (u *Runs) groupChange(ctx context.Context, design StudyDesign, b *Brief, pre Wave, course map[EnrolmentID]bool, quantile TQuantile) error {
	key := design.Study.PrimaryScale
	moments, err := u.env.Store.Moments(ctx, design.Study.ID, b.Run.ID, "", key)
	if err != nil {
		return err
	}
	moves, err := u.env.Store.Moves(ctx, design.Study.ID, b.Run.ID)
	if err != nil {
		return err
	}
	for _, m := range moments {
		if (m.WaveID == pre.ID || m.WaveID == b.Post.ID) && m.straddles(moves) {
			return nil
		}
	}
	first, later := map[EnrolmentID]float64{}, map[EnrolmentID]float64{}
	err = u.env.Store.EachScore(ctx, design.Study.ID, []WaveID{pre.ID, b.Post.ID}, func(s *ScoreRow) error {
		switch {
		case !s.Valid || s.Scale != key || !course[s.EnrolmentID]:
		case s.WaveID == pre.ID:
			first[s.EnrolmentID] = s.Value
		default:
			later[s.EnrolmentID] = s.Value
		}
		return nil
	})
	if err != nil {
		return err
	}
	c := GroupChange{}
	squares := 0.0
	for _, r := range b.Rows { // in one order, so that the sums are the same every time
		x, before := first[r.Enrolment.ID]
		y, after := later[r.Enrolment.ID]
		if !before || !after {
			continue
		}
		c.N++
		deviation := y - x - c.Mean
		c.Mean += deviation / float64(c.N)
		squares += deviation * (y - x - c.Mean)
	}
	if c.N < b.Minimum || squares <= 0 {
		return nil
	}
	half := quantile(c.N-1) * math.Sqrt(squares/float64(c.N-1)/float64(c.N))
	c.Low, c.High = c.Mean-half, c.Mean+half
	for _, set := range b.Post.Sets {
		def := design.Instruments[set].Definition
		if scale, ok := def.Scale(key); ok {
			c.Scale = scale
			c.Min, c.Max, _ = def.Range(key)
			b.Change = &c
		}
	}
	return nil
}

// aboutCourse are the closed waves at which the course itself is asked about.
func (u *Runs) aboutCourse(design StudyDesign, run CourseRun) []WaveID {
	var waves []WaveID
	for _, w := range design.Waves {
		about := slices.ContainsFunc(w.Sets, func(set InstrumentID) bool {
			return design.Instruments[set].Definition.Purpose == instrument.PurposeExperience
		})
		if about && w.Rule.Window(run.StartsOn, run.Zone()).At(u.env.now()) == schedule.After {
			waves = append(waves, w.ID)
		}
	}
	return waves
}

// unwanted counts who reported any unwanted effect of the course.
func (u *Runs) unwanted(ctx context.Context, design StudyDesign, b *Brief, course map[EnrolmentID]bool) error {
	reported := map[EnrolmentID]bool{}
	err := u.env.Store.EachSubmitted(ctx, design.Study.ID, u.aboutCourse(design, b.Run), func(r *ResponseRow) error {
		item, ok := design.Instruments[r.InstrumentID].Definition.Item(r.Item)
		if !ok || !item.Unwanted || r.Missing != NotMissing || !course[r.EnrolmentID] {
			return nil
		}
		least, _, _ := design.Instruments[r.InstrumentID].Definition.ItemBounds(r.Item)
		reported[r.EnrolmentID] = reported[r.EnrolmentID] || r.Value > least
		return nil
	})
	if err != nil || len(reported) < b.Minimum {
		return err
	}
	x := &UnwantedBrief{N: len(reported), Share: UnwantedFew}
	count := 0
	for _, any := range reported {
		if any {
			count++
		}
	}
	switch {
	case count < b.Minimum:
	case x.N-count < b.Minimum:
		x.Share = UnwantedMost
	default:
		x.Share, x.Reported = UnwantedCounted, count
	}
	b.Unwanted = x
	return nil
}
