package survey

import (
	"context"
	"fmt"

	"tidemark/survey/disclosure"
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
	// Change is nil when nothing was told of it; see Release.
	Change   *GroupChange
	Unwanted *UnwantedBrief // nil for the same reason
}

// GroupChange is the mean change of the study's primary scale from before to after
// the course, of those with both scores, with its 95 % interval.
type GroupChange struct {
	Scale           instrument.Scale
	Min, Max        float64 // of the scale
	N               int     // rounded
	Mean, Low, High float64
}

// UnwantedBrief is how many reported any unwanted effect.
type UnwantedBrief struct {
	N int // rounded
	// Reported, rounded, is shown when both they and the others are at least Minimum.
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

// Brief is the short version of a run's results for its facilitator: what
// Releases.Publish has told, and who took part. ErrNotFound for whoever may not manage
// the run.
func (u *Runs) Brief(ctx context.Context, a Actor, id StudyID, run RunID) (Brief, error) {
	if !a.MayRun(id, run) {
		return Brief{}, ErrNotFound
	}
	b, err := u.brief(ctx, id, run)
	if err != nil {
		return Brief{}, fmt.Errorf("short version of run %s: %w", run, err)
	}
	return b, nil
}

func (u *Runs) brief(ctx context.Context, id StudyID, run RunID) (Brief, error) {
	board, err := u.board(ctx, id, run)
	if err != nil {
		return Brief{}, err
	}
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return Brief{}, err
	}
	b := Brief{Board: board, Minimum: disclosure.Least(design.Study.TrendMinimum)}
	for _, r := range board.Rows {
		if r.Control {
			continue
		}
		b.People++
		if r.Enrolment.Withdrawn() {
			b.Left++
		}
	}
	post, after := design.WaveOfKind(WavePost)
	b.Post = post
	timetable := board.Run.Timetable(design.Waves)
	b.Over = after && timetable.General(post.ID).At(u.env.now()) == schedule.After
	if !b.Over {
		return b, nil
	}
	releases, err := u.env.Store.Releases(ctx, id, run)
	if err != nil {
		return Brief{}, err
	}
	b.change(design, releases)
	b.unwanted(releases)
	return b, nil
}

// change finds what was told of the change of the primary scale.
func (b *Brief) change(design StudyDesign, releases []Release) {
	told, _ := toldOf(releases, FigureChange)
	r, ok := told[string(b.Post.ID)]
	if !ok {
		return
	}
	key := design.Study.PrimaryScale
	for _, set := range b.Post.Sets {
		def := design.Instruments[set].Definition
		if scale, ok := def.Scale(key); ok {
			c := GroupChange{Scale: scale, N: r.People(), Mean: r.Blurred.Value}
			c.Min, c.Max, _ = def.Range(key)
			width := c.Max - c.Min
			c.Low, c.High = max(-width, r.Blurred.Low), min(width, r.Blurred.High)
			b.Change = &c
		}
	}
}

// unwanted finds what was told of who reported any unwanted effect of the course.
func (b *Brief) unwanted(releases []Release) {
	told, _ := toldOf(releases, FigureUnwanted)
	r, ok := told[string(b.Post.ID)]
	if !ok {
		return
	}
	b.Unwanted = &UnwantedBrief{N: r.People(), Share: UnwantedFew}
	switch r.Blurred.Outcome {
	case disclosure.Most:
		b.Unwanted.Share = UnwantedMost
	case disclosure.Told:
		b.Unwanted.Share, b.Unwanted.Reported = UnwantedCounted, int(r.Blurred.Value)
	case disclosure.Few, disclosure.Withheld:
	}
}
