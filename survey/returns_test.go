package survey_test

import (
	"context"
	"strings"
	"testing"

	"tidemark/survey"
)

// sends plans and sends once, and gives the names of the letters.
func (s *stage) sends(t *testing.T, b *waveBox) []string {
	t.Helper()
	_, err := s.cases.Outbox.Plan(t.Context(), system(), b)
	noError(t, err)
	_, err = s.cases.Outbox.Deliver(t.Context(), system(), b, b)
	noError(t, err)
	var names []string
	for _, l := range b.letters {
		names = append(names, l.ID)
	}
	b.take()
	return names
}

func TestALetterThatComesBackLaterIsToldAndStopsTheNextUntilTheAddressIsCorrected(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box, out := t.Context(), &waveBox{}, s.cases.Outbox
		ana := s.invite(t, "ana@example.org")[0].Participation.Enrolment
		s.writing(t, nil)
		first := s.sends(t, box)
		same(t, len(first), 1)
		stands := func() (address survey.AddressState, reason survey.MessageReason, unreachable bool) {
			t.Helper()
			why, err := s.cases.Messages.Why(ctx, s.leader, s.study, ana.Code)
			noError(t, err)
			for _, w := range why.Waves {
				if w.Wave.Key == "pre" {
					reason = w.Lines[0].Message.Reason
				}
			}
			b, err := s.cases.Runs.Board(ctx, s.leader, s.study.ID, s.run.ID)
			noError(t, err)
			late, err := s.cases.Messages.Late(ctx, s.leader, s.study, s.run.ID)
			noError(t, err)
			same(t, late.Waves[0].People[0].Address, why.Address)
			return why.Address, reason, b.Rows[0].Unreachable
		}
		expect := func(address survey.AddressState, reason survey.MessageReason, unreachable bool) {
			t.Helper()
			a, r, u := stands()
			same(t, []any{a, r, u}, []any{address, reason, unreachable})
		}
		expect(survey.AddressEmail, "", false)
		wantError(t, out.Return(ctx, system(), survey.Returned{Letter: strings.Repeat("0", 32), Gone: true}), survey.ErrNotFound)
		wantError(t, out.Return(ctx, s.admin, survey.Returned{Letter: first[0], Gone: true}), survey.ErrForbidden)
		expect(survey.AddressEmail, "", false)

		back := survey.Returned{Letter: first[0], Gone: true, Status: "5.1.1"}
		noError(t, out.Return(ctx, system(), back))
		expect(survey.AddressBounced, survey.ReasonReturnedGone, true)
		s.unchanged(t, func() { noError(t, out.Return(ctx, system(), back)) }) // told twice
		s.at(clockAt("2026-02-25", "10:00"))
		same(t, s.sends(t, box), none)

		// A correction brings the next letter; that it comes back for a full mailbox is
		// told, and says nothing about the address.
		correct := func(email string) {
			t.Helper()
			noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana", email, ""))
		}
		correct("ana@example.com")
		expect(survey.AddressEmail, survey.ReasonReturnedGone, false)
		second := s.sends(t, box)
		same(t, len(second), 1)
		noError(t, out.Return(ctx, system(), survey.Returned{Letter: second[0], Status: "5.2.2"}))
		expect(survey.AddressEmail, survey.ReasonReturnedGone, false)

		// What comes back from an address that the person has no more is not held
		// against the one that they have.
		s.at(clockAt("2026-02-28", "10:00"))
		third := s.sends(t, box)
		same(t, len(third), 1)
		correct("ana@example.net")
		noError(t, out.Return(ctx, system(), survey.Returned{Letter: third[0], Gone: true}))
		expect(survey.AddressEmail, survey.ReasonReturnedGone, false)
	})
}

// early is a sender whose letters come back before anybody knows that they were sent.
type early struct {
	waveBox
	told func(letter string) error
	said []error
}

func (b *early) Send(_ context.Context, l survey.Letter) error {
	b.said = append(b.said, b.told(l.ID))
	return nil
}

func TestALetterThatIsBeingSentHasNotComeBackYet(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.invite(t, "ana@example.org")
		s.writing(t, nil)
		var name string
		box := &early{told: func(letter string) error {
			name = letter
			return s.cases.Outbox.Return(ctx, system(), survey.Returned{Letter: letter, Gone: true})
		}}
		_, err := s.cases.Outbox.Plan(ctx, system(), box)
		noError(t, err)
		_, err = s.cases.Outbox.Deliver(ctx, system(), box, box)
		noError(t, err)
		same(t, len(box.said), 1)
		wantError(t, box.said[0], survey.ErrConflict)
		noError(t, s.cases.Outbox.Return(ctx, system(), survey.Returned{Letter: name, Gone: true}))
	})
}
