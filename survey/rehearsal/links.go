package rehearsal

import (
	"context"
	"errors"
	"fmt"

	"tidemark/survey"
)

// StudyKey is the key of the study a rehearsal makes.
const StudyKey = "learning-from-setbacks"

// The accounts of a rehearsal. They have no passwords.
const (
	administratorEmail = "administrator@example.org"
	facilitatorEmail   = "facilitator@example.org"
	researcherEmail    = "researcher@example.org"
)

// Links are the ways into a rehearsal.
type Links struct {
	Study survey.Study
	Run   survey.CourseRun // that the participant belongs to
	// Participant is the token of a personal link: of someone who has not
	// consented yet, when the rehearsal is fresh.
	Participant string
	// Staff links that work repeatedly until survey.InvitationLifetime is
	// over.
	Facilitator, Researcher, Administrator string
}

// Invite makes links into a rehearsal that was played before; survey.ErrNotFound
// when there is none.
func Invite(ctx context.Context, cases *survey.UseCases) (Links, error) {
	var l Links
	var err error
	if l.Study, err = cases.Studies.ByKey(ctx, actor(), StudyKey); err != nil {
		return Links{}, err
	}
	if !l.Study.Simulated {
		return Links{}, fmt.Errorf("study %s is not a rehearsal: %w", StudyKey, survey.ErrNotFound)
	}
	if err := l.participant(ctx, cases); err != nil {
		return Links{}, err
	}
	for _, staff := range []struct {
		email string
		token *string
	}{
		{administratorEmail, &l.Administrator}, {facilitatorEmail, &l.Facilitator}, {researcherEmail, &l.Researcher},
	} {
		user, err := cases.Users.ByEmail(ctx, actor(), staff.email)
		if err != nil {
			return Links{}, err
		}
		if *staff.token, err = cases.Users.Invite(ctx, actor(), user.ID, true); err != nil {
			return Links{}, err
		}
	}
	return l, nil
}

var errNobody = errors.New("everyone has left the latest course run")

// participant finds the prepared person in the latest run, or, when that one has
// left, somebody else who takes part in it.
func (l *Links) participant(ctx context.Context, cases *survey.UseCases) error {
	runs, err := cases.Runs.List(ctx, actor(), l.Study.ID)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return survey.ErrNotFound
	}
	run, printed, err := cases.Enrolments.Links(ctx, actor(), l.Study.ID, runs[0].Run.ID)
	if err != nil {
		return err
	}
	l.Run = run
	for _, p := range printed {
		if l.Participant == "" || p.Name == DemoName {
			l.Participant = p.Token
		}
	}
	if l.Participant == "" {
		return errNobody
	}
	return nil
}
