package survey_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/shortcode"
)

// printed are the slips of the run.
func (s *stage) printed(t *testing.T) []survey.PrintedLink {
	t.Helper()
	_, links, err := s.cases.Enrolments.Links(t.Context(), s.leader, s.study.ID, s.run.ID)
	noError(t, err)
	return links
}

func TestACodeSignsInAsTheLinkDoes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.enrol(t, "course", 2)
		slips := s.printed(t)
		for _, slip := range slips {
			for _, typed := range []string{slip.Code, strings.ToLower(shortcode.Grouped(slip.Code)), " " + strings.Join(strings.Split(slip.Code, ""), " ")} {
				cookie, p, err := s.cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), typed)
				noError(t, err)
				same(t, p.Enrolment.ID, slip.Enrolment.ID)
				a, err := s.cases.SignIns.Participant(t.Context(), cookie)
				noError(t, err)
				same(t, a.Participation.Enrolment.ID, slip.Enrolment.ID)
			}
		}
		if slips[0].Code == slips[1].Code || s.printed(t)[0].Code != slips[0].Code {
			t.Errorf("the codes are %q and %q", slips[0].Code, slips[1].Code)
		}
		if d := s.dump(t); strings.Contains(d, slips[0].Code) {
			t.Error("a code is in the audit trail")
		}
	})
}

// asking counts how often the database is asked for a code.
type asking struct {
	survey.Store
	codes, all int
}

func (a *asking) ParticipationByCode(ctx context.Context, hash string) (survey.Participation, survey.PersonalLink, error) {
	a.codes++
	return a.Store.ParticipationByCode(ctx, hash)
}

func (a *asking) Attempts(ctx context.Context, hashes []string) (map[string]int, error) {
	a.all++
	return a.Store.Attempts(ctx, hashes)
}

func (a *asking) InTx(ctx context.Context, f func(survey.Tx) error) error {
	a.all++
	return a.Store.InTx(ctx, f)
}

func TestATypingMistakeIsToldWithoutAskingTheDatabase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.enrol(t, "course", 1)
		code := s.printed(t)[0].Code
		db := &asking{Store: s.store}
		cases := survey.NewUseCases(survey.Env{Store: db, Now: s.clock, Keys: s.keys, NewID: s.keys.NewToken})
		try := func(typed, want string) {
			t.Helper()
			_, _, err := cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), typed)
			wantFaults(t, err, survey.FieldErrors{"code": want})
		}
		for range 50 { // and counts for nothing
			try("", "code.fault_length")
			try(code[:9], "code.fault_length")
			try(code[:9]+string(shortcode.Alphabet[(strings.IndexByte(shortcode.Alphabet, code[9])+1)%29]), "code.fault_typing")
			try("?"+code[1:], "code.fault_typing")
		}
		same(t, []int{db.codes, db.all}, []int{0, 0})
		_, _, err := cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), code)
		noError(t, err)
	})
}

func TestUnknownAndDeadCodesAreTheSame(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.enrol(t, "course", 2)
		slips := s.printed(t)
		replaced := slips[0].Enrolment.ID
		links, err := s.store.Links(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		l := links[replaced]
		l.Generation, l.TokenHash, l.CodeHash = 2, "another", "another code"
		noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error { return tx.ReplaceLink(t.Context(), l, s.clock()) }))
		try := func(code string) error {
			_, _, err := s.cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), code)
			return err
		}
		unknownCode := shortcode.Encode(12345)
		dead, never := try(slips[0].Code), try(unknownCode)
		wantError(t, dead, survey.ErrNotFound)
		wantError(t, never, survey.ErrNotFound)
		noError(t, try(slips[1].Code))
		s.at(s.clock().AddDate(5, 0, 0))
		wantError(t, try(slips[1].Code), survey.ErrNotFound) // run out
	})
}

func TestGuessingCodesIsLimitedAndTypingOnesOwnIsNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.enrol(t, "course", 30)
		room := from("192.0.2.1")
		for _, slip := range s.printed(t) { // thirty people in one room, behind one address
			_, _, err := s.cases.SignIns.ByCode(t.Context(), room, slip.Code)
			noError(t, err)
		}
		for i := range uint64(20) {
			_, _, err := s.cases.SignIns.ByCode(t.Context(), room, shortcode.Encode(i*7919))
			wantError(t, err, survey.ErrNotFound)
		}
		own := s.printed(t)[0].Code
		_, _, err := s.cases.SignIns.ByCode(t.Context(), room, own)
		wantError(t, err, survey.ErrTooMany)
		_, _, err = s.cases.SignIns.ByCode(t.Context(), from("192.0.2.2"), own)
		noError(t, err)
		s.at(s.clock().Add(15 * time.Minute))
		_, _, err = s.cases.SignIns.ByCode(t.Context(), room, own)
		noError(t, err)
	})
}

// A link from before there were codes gets one when it is printed.
func TestAnOlderLinkGetsACodeWhenItIsPrinted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		design := s.design(t)
		old := survey.NewPerson{
			Participant: survey.Participant{ID: "old", StudyID: s.study.ID, Code: "P-OLD", CreatedAt: s.clock()},
			Enrolment: survey.Enrolment{
				ID: "old", StudyID: s.study.ID, ParticipantID: "old", Code: "P-OLD", RunID: s.run.ID, ArmID: design.Arms[0].ID, EnrolledAt: s.clock(),
			},
			Link: survey.PersonalLink{
				StudyID: s.study.ID, EnrolmentID: "old", Generation: 1, ExpiresAt: s.clock().AddDate(1, 0, 0),
				TokenHash: s.keys.HashToken(s.keys.PersonalToken(s.study.ID, "old", 1)),
			},
		}
		noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error { return tx.Enrol(t.Context(), []survey.NewPerson{old}) }))
		for range 2 {
			code := s.printed(t)[0].Code
			_, p, err := s.cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), code)
			noError(t, err)
			same(t, p.Enrolment.ID, survey.EnrolmentID("old"))
		}
	})
}
