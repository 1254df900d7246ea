package survey

import (
	"context"
	"time"

	"tidemark/survey/disclosure"
)

// GroupFigure names what is told of a group.
type GroupFigure string

// The figures of groups that facilitators see.
const (
	FigureTrend    GroupFigure = "trend"    // mean of the weekly scale at one wave
	FigureChange   GroupFigure = "change"   // mean change of the primary scale, by the wave after the course
	FigureUnwanted GroupFigure = "unwanted" // how many reported any unwanted effect
	FigurePractice GroupFigure = "practice" // minutes practised in one course week
)

// Valid reports whether f is one of the figures.
func (f GroupFigure) Valid() bool {
	return f == FigureTrend || f == FigureChange || f == FigureUnwanted || f == FigurePractice
}

// Release is a figure of a group as it was decided on, once and for good: blurred by
// package disclosure, never worked out anew. Erasing somebody, moving the run or opening
// a wave again leaves it as it is.
type Release struct {
	StudyID StudyID
	RunID   RunID
	Figure  GroupFigure
	// Occasion is the identifier of the wave, or the number of the course week.
	Occasion string
	Number   int // of the decision on this figure, from 1
	// Blurred is what was decided; Blurred.People is exact and not to be shown.
	Blurred disclosure.Figure
	At      time.Time
}

// People is how many are behind the figure, as it is told.
func (r Release) People() int { return disclosure.Count(r.Blurred.People) }

// ReleaseMember is somebody behind a figure.
type ReleaseMember struct {
	RunID       RunID
	Figure      GroupFigure
	Occasion    string
	Number      int
	EnrolmentID EnrolmentID
}

// ReleaseReader reads figures of groups.
type ReleaseReader interface {
	// Releases lists the figures of a run, of every run of the study when run is
	// empty: by run, figure, occasion and number.
	Releases(ctx context.Context, study StudyID, run RunID) ([]Release, error)
	// EachReleaseMember gives everyone behind the figures of a study who was not
	// erased, in the same order. The pointer is reused.
	EachReleaseMember(ctx context.Context, study StudyID, f func(*ReleaseMember) error) error
}

// ReleaseWriter writes figures of groups.
type ReleaseWriter interface {
	// PutRelease keeps a figure with the people behind it, and reports whether it
	// did: false when there is one of this number.
	PutRelease(ctx context.Context, r Release, members []EnrolmentID) (bool, error)
}

// toldOf are the figures of a kind that are shown: by occasion, the last that was not
// withheld. The second tells of which occasions nothing is shown although it was decided.
func toldOf(releases []Release, figure GroupFigure) (told map[string]Release, withheld map[string]bool) {
	told, withheld = map[string]Release{}, map[string]bool{}
	for _, r := range releases {
		switch {
		case r.Figure != figure:
		case r.Blurred.Outcome != disclosure.Withheld:
			told[r.Occasion] = r
			delete(withheld, r.Occasion)
		default:
			if _, ok := told[r.Occasion]; !ok {
				withheld[r.Occasion] = true
			}
		}
	}
	return told, withheld
}
