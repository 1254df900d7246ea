package survey_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// none is no letter.
var none []string

// waveBox takes letters about waves, in words that hold all they tell.
type waveBox struct {
	letterbox
	harmless bool
}

func (b *waveBox) Harmless() bool { return b.harmless }

func (b *waveBox) Letter(d survey.Dispatch) (survey.Letter, error) {
	if d.Wave == nil {
		return b.letterbox.Letter(d)
	}
	own := reminding.Text{}
	if d.Wave.Text != nil {
		own = *d.Wave.Text
	}
	return survey.Letter{
		Subject: fmt.Sprintf("%s %d %s", d.Wave.Kind, d.Wave.Number, d.Wave.Wave), Language: d.Language,
		Body: fmt.Sprintf("%s until %s, %d min, link %v, %+v", d.Name, d.Wave.Until, d.Wave.Minutes, d.Link != "", own),
	}, nil
}

// subjects are those of the letters that came since.
func (b *waveBox) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, l := range b.letters {
		all = append(all, l.To+l.Phone+l.Push+": "+l.Subject)
	}
	b.letters = nil
	slices.Sort(all)
	return all
}

// writing turns messages on, with the rules changed by change.
func (s *stage) writing(t *testing.T, change func(*reminding.Rules)) survey.Messaging {
	t.Helper()
	book, err := s.cases.Messages.Book(t.Context(), s.researcher, s.study.ID)
	noError(t, err)
	rules := book.Messaging.Rules
	rules.On = true
	if change != nil {
		change(&rules)
	}
	m, err := s.cases.Messages.Set(t.Context(), s.researcher, s.study.ID, rules, book.Messaging.Revision)
	noError(t, err)
	return m
}

// invite enrols people by address in the course arm.
func (s *stage) invite(t *testing.T, addresses ...string) []survey.Actor {
	t.Helper()
	var people []survey.Person
	for _, a := range addresses {
		people = append(people, survey.Person{Name: "N-" + a, Email: a})
	}
	enrolled, err := s.byHand(t, "course", people...)
	noError(t, err)
	var actors []survey.Actor
	for _, e := range enrolled {
		actors = append(actors, s.again(t, e.ID))
	}
	return actors
}

// round is what a server does: plan, then send until nothing is left. It gives what
// arrived.
func (s *stage) round(t *testing.T, b *waveBox) []string {
	t.Helper()
	_, err := s.cases.Outbox.Plan(t.Context(), system(), b)
	noError(t, err)
	for range 20 {
		d, err := s.cases.Outbox.Deliver(t.Context(), system(), b, b)
		noError(t, err)
		if d.Sent+d.Dropped+d.Held == 0 {
			break
		}
	}
	return b.take()
}

// clockAt is a time of day in Madrid.
func clockAt(date, clock string) time.Time {
	hour, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	d := day(date)
	return time.Date(d.Year(), d.Month(), d.Day(), hour.Hour(), hour.Minute(), 0, 0, d.Location())
}

// submitAll answers everything that a person is asked at a wave.
func (s *stage) submitAll(t *testing.T, id survey.EnrolmentID, wave string) {
	t.Helper()
	a := s.again(t, id)
	if !a.Participation.Consented() {
		noError(t, s.cases.Enrolments.Consent(t.Context(), a, 1))
		a = s.again(t, id)
	}
	items, err := s.cases.Assessments.Due(t.Context(), a)
	noError(t, err)
	for _, it := range items {
		if it.Wave.Key == wave {
			noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 2)))
		}
	}
}

func TestMessagesGoToWhoeverHasNotAnswered(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		box := &waveBox{}
		people := s.invite(t, "ana@example.org", "bo@example.org", "cy@example.org")
		id := func(n int) survey.EnrolmentID { return people[n].Participation.Enrolment.ID }
		same(t, s.round(t, box), none) // off until somebody turns them on
		s.writing(t, nil)
		same(t, s.round(t, box), []string{
			"ana@example.org: invitation 1 Before the course", "bo@example.org: invitation 1 Before the course", "cy@example.org: invitation 1 Before the course",
		})
		same(t, s.round(t, box), none)
		s.submitAll(t, id(0), "pre")
		// Bo has stopped midway: that is no reason not to be reminded.
		noError(t, s.cases.Enrolments.Consent(t.Context(), people[1], 1))
		bo := s.again(t, id(1))
		it := s.due(t, bo, "pre", "resilience")
		noError(t, second(s.cases.Assessments.Save(t.Context(), bo, it.Assessment.ID, answers(it.Definition, 2, 1))))
		noError(t, s.cases.Enrolments.Pause(t.Context(), s.again(t, id(2)), true))
		s.at(clockAt("2026-02-25", "07:59"))
		same(t, s.round(t, box), none)
		s.at(clockAt("2026-02-25", "08:00"))
		same(t, s.round(t, box), []string{"bo@example.org: reminder 1 Before the course"})
		noError(t, s.cases.Enrolments.Pause(t.Context(), s.again(t, id(2)), false))
		same(t, s.round(t, box), []string{"cy@example.org: reminder 1 Before the course"})
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), s.again(t, id(2))))
		// Somebody comes late, and is reminded from then on.
		s.at(clockAt("2026-02-27", "10:00"))
		s.invite(t, "dee@example.org")
		same(t, s.round(t, box), []string{"dee@example.org: invitation 1 Before the course"})
		s.at(clockAt("2026-02-28", "12:00"))
		same(t, s.round(t, box), []string{"bo@example.org: reminder 2 Before the course"})
		s.at(clockAt("2026-03-01", "09:00"))
		same(t, s.round(t, box), []string{"dee@example.org: reminder 1 Before the course"})
		s.at(clockAt("2026-03-03", "08:00"))
		got := s.round(t, box) // the first week has opened, too
		same(t, got, []string{
			"ana@example.org: invitation 1 Week 1", "bo@example.org: invitation 1 Week 1", "bo@example.org: reminder 3 Before the course",
			"dee@example.org: invitation 1 Week 1",
		})
		s.at(clockAt("2026-03-05", "12:00"))
		for _, l := range s.round(t, box) {
			// Dee, who came late, still has time.
			if strings.Contains(l, "Before") && !strings.HasPrefix(l, "dee@") {
				t.Errorf("%s, though it has closed", l)
			}
		}
	})
}

func TestWhatWasChangedReachesEverythingUnsent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		ana := s.invite(t, "ana@example.org")[0].Participation.Enrolment
		s.writing(t, nil)
		planned, err := s.cases.Outbox.Plan(ctx, system(), box)
		noError(t, err)
		same(t, planned, 1)
		// It lies in the outbox. Now the words are edited, and the address
		// corrected.
		text := reminding.Text{Subject: "Come", Body: "Hello {name}, {link}"}
		noError(t, s.cases.Messages.Write(ctx, s.researcher, s.study.ID, reminding.Invitation, "en", text, 0))
		noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana R.", "ana.r@example.org", ""))
		d, err := s.cases.Outbox.Deliver(ctx, system(), box, box)
		noError(t, err)
		same(t, d.Sent, 1)
		same(t, box.letters[0].To, "ana.r@example.org")
		if body := box.letters[0].Body; !strings.Contains(body, "Hello {name}") || !strings.Contains(body, "Ana R. until 2026-03-04") {
			t.Errorf("the letter says %s", body)
		}
		box.take()
		// A reminder waits in the outbox when the run is moved by a month: it is
		// not sent, and once its day comes again it is.
		s.at(clockAt("2026-02-25", "08:00"))
		_, err = s.cases.Outbox.Plan(ctx, system(), box)
		noError(t, err)
		noError(t, s.cases.Runs.Move(ctx, s.leader, s.study.ID, s.run.ID, "2026-04-06"))
		same(t, s.round(t, box), none)
		s.at(clockAt("2026-03-24", "12:00"))
		same(t, s.round(t, box), none)
		s.at(clockAt("2026-03-25", "08:00")) // opens on the 23rd
		same(t, s.round(t, box), []string{"ana.r@example.org: reminder 1 Before the course"})
		// A rule that changes counts as well.
		s.writing(t, func(r *reminding.Rules) { r.ReminderDays = []int{2, 10} })
		s.at(clockAt("2026-03-28", "12:00"))
		same(t, s.round(t, box), none)
		s.at(clockAt("2026-04-02", "08:00"))
		same(t, s.round(t, box), []string{"ana.r@example.org: reminder 2 Before the course"})
	})
}

func TestNobodyIsWrittenToWhereItIsNight(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		people := s.invite(t, "ana@example.org", "bo@example.org")
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, people[1], "America/Los_Angeles", false))
		s.writing(t, nil)
		same(t, s.round(t, box), []string{"ana@example.org: invitation 1 Before the course"}) // it is 3 in the morning there
		s.at(clockAt("2026-02-23", "17:00"))
		same(t, s.round(t, box), []string{"bo@example.org: invitation 1 Before the course"})
		// What the person has chosen no browser replaces.
		bo := people[1].Participation.Enrolment.ID
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, s.again(t, bo), "Asia/Tokyo", true))
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, s.again(t, bo), "Europe/Paris", false))
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, people[1], "Europe/Rome", false)) // as it was read before
		same(t, s.again(t, bo).Participation.Enrolment.TimeZone, "Asia/Tokyo")
		wantFaults(t, s.cases.Enrolments.SetTimeZone(ctx, s.again(t, bo), "Mars/Base", true), survey.FieldErrors{"time_zone": "mydata.fault_zone"})
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, s.again(t, bo), "Mars/Base", false))
		noError(t, s.cases.Enrolments.SetTimeZone(ctx, s.again(t, bo), "", true))
		same(t, s.again(t, bo).Participation.Enrolment.TimeZone, "")
	})
}

func TestAnAddressThatTakesNoLettersIsToldAndLeftAloneUntilItIsCorrected(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		box.shut = &survey.SendError{Reason: "refused for good (550)", Refused: true}
		ana := s.invite(t, "ana@example.org")[0].Participation.Enrolment
		s.writing(t, nil)
		_, err := s.cases.Outbox.Plan(ctx, system(), box)
		noError(t, err)
		d, err := s.cases.Outbox.Deliver(ctx, system(), box, box)
		noError(t, err)
		same(t, d, survey.Delivery{Failed: 1, Bounced: 1})
		why, err := s.cases.Messages.Why(ctx, s.leader, s.study, ana.Code)
		noError(t, err)
		same(t, why.Address, survey.AddressBounced)
		box.shut = nil
		s.at(clockAt("2026-02-25", "10:00"))
		same(t, s.round(t, box), none)
		noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana", "ana@example.org", "")) // the same
		same(t, s.round(t, box), none)
		noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana", "ana@example.com", ""))
		same(t, s.round(t, box), []string{"ana@example.com: reminder 1 Before the course"})
		// With a number and no address a short message is sent.
		s.at(clockAt("2026-02-28", "10:00"))
		noError(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana", "", "0034 600-123 123"))
		same(t, s.round(t, box), []string{"+34600123123: reminder 2 Before the course"})
		wantFaults(t, s.cases.Runs.CorrectContact(ctx, s.leader, s.study, s.run.ID, ana.Code, "Ana", "x@", "12"),
			survey.FieldErrors{"email": "people.bad_email", "phone": "people.bad_phone"})
	})
}

func TestPeopleOfARehearsalAreNeverWrittenTo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
			Protocol: "learning_from_setbacks_8", Key: "played", TimeZone: zoneName, Simulated: true,
			Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
		})
		noError(t, err)
		s.declare(t, study)
		noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
		s.take(t, study)
		s.invite(t, "ana@example.org")
		s.writing(t, nil)
		box := &waveBox{}
		same(t, s.round(t, box), none)
		// A folder takes them. What it has planned, a mail server does not send.
		folder := &waveBox{harmless: true}
		planned, err := s.cases.Outbox.Plan(t.Context(), system(), folder)
		noError(t, err)
		same(t, planned, 1)
		same(t, s.round(t, box), none)
		same(t, s.round(t, folder), []string{"ana@example.org: invitation 1 Before the course"})
	})
}

func TestWhyIsAnsweredForEveryMessage(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		people := s.invite(t, "ana@example.org", "bo@example.org")
		ana := people[0].Participation.Enrolment
		s.writing(t, func(r *reminding.Rules) { r.Meeting = true })
		s.round(t, box)
		s.at(clockAt("2026-02-24", "09:00"))
		s.submitAll(t, ana.ID, "pre")
		why, err := s.cases.Messages.Why(ctx, s.researcher, s.study, ana.Code)
		noError(t, err)
		same(t, why.Name, "") // a researcher is not told
		reasons := map[string]reminding.Reason{}
		for _, w := range why.Waves {
			for _, l := range w.Lines {
				reasons[fmt.Sprintf("%s %s %d", w.Wave.Key, l.Slot.Kind, l.Slot.Number)] = l.Decision.Reason
			}
		}
		for line, want := range map[string]reminding.Reason{
			" meeting 1": reminding.NotYet, "pre invitation 1": reminding.AlreadySent, "pre reminder 1": reminding.Done, "pre reminder 3": reminding.Done,
			"week_01 invitation 1": reminding.NotYet, "week_01 reminder 3": reminding.TooLate,
		} {
			same(t, reasons[line], want)
		}
		why, err = s.cases.Messages.Why(ctx, s.leader, s.study, ana.Code)
		noError(t, err)
		same(t, why.Name, "N-ana@example.org")
		_, err = s.cases.Messages.Why(ctx, s.leader, s.study, "P-NOBODY")
		wantError(t, err, survey.ErrNotFound)
		// The log tells what became of each, by code.
		var log []string
		noError(t, s.cases.Messages.EachLogged(ctx, s.researcher, s.study.ID, func(l *survey.LoggedMessage) error {
			log = append(log, fmt.Sprintf("%s %s %s %d %s", l.Code, l.Wave, l.Message.Kind, l.Message.Number, l.Message.Outcome))
			return nil
		}))
		want := []string{ana.Code + " pre invitation 1 sent", people[1].Participation.Enrolment.Code + " pre invitation 1 sent"}
		slices.Sort(log)
		slices.Sort(want)
		same(t, log, want)
	})
}

func TestTheLateAreRemindedByHandWithinTheirCap(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		people := s.invite(t, "ana@example.org", "bo@example.org", "cy@example.org")
		s.writing(t, func(r *reminding.Rules) { r.ReminderDays, r.Cap = nil, 2 })
		s.round(t, box)
		pre := s.due(t, people[0], "pre", "resilience").Wave
		s.at(clockAt("2026-02-24", "12:00"))
		s.submitAll(t, people[2].Participation.Enrolment.ID, "pre")
		list, err := s.cases.Messages.Late(ctx, s.leader, s.study, s.run.ID)
		noError(t, err)
		same(t, []int{len(list.Waves), len(list.Waves[0].People), list.Remindable()}, []int{1, 2, 2})
		once := survey.Once("abcdefghijklmnop")
		came, err := s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, nil, once)
		noError(t, err)
		same(t, came.Now, 2)
		_, err = s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, nil, once) // pressed twice
		wantError(t, err, survey.ErrRepeated)
		came, err = s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, nil, "")
		noError(t, err)
		same(t, came.Not, map[reminding.Reason]int{reminding.TooSoon: 2})
		same(t, s.round(t, box), []string{"ana@example.org: nudge 1 Before the course", "bo@example.org: nudge 1 Before the course"})
		// In the evening one is asked for: it goes when the night is over.
		s.at(clockAt("2026-02-25", "22:00"))
		pick := []survey.Pick{{Enrolment: people[0].Participation.Enrolment.ID, Wave: pre.ID}}
		came, err = s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, pick, "")
		noError(t, err)
		same(t, came.Later, 1)
		same(t, came.Until.Equal(clockAt("2026-02-26", "08:00")), true)
		same(t, s.round(t, box), none)
		s.at(clockAt("2026-02-26", "08:00"))
		same(t, s.round(t, box), []string{"ana@example.org: nudge 2 Before the course"})
		var reminded []int
		for _, r := range s.board(t).Rows {
			reminded = append(reminded, r.Reminded)
		}
		same(t, reminded, []int{2, 1, 0})
		// Ana has had what the cap allows; Bo has paused.
		s.at(clockAt("2026-02-28", "12:00"))
		noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, people[1].Participation.Enrolment.ID), true))
		came, err = s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, nil, "")
		noError(t, err)
		same(t, came.Not, map[reminding.Reason]int{reminding.CapReached: 1, reminding.Paused: 1})
		same(t, s.round(t, box), none)
		// Whoever has answered since is not reminded by a page that is old.
		noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, people[1].Participation.Enrolment.ID), false))
		s.submitAll(t, people[1].Participation.Enrolment.ID, "pre")
		pick[0].Enrolment = people[1].Participation.Enrolment.ID
		came, err = s.cases.Messages.Remind(ctx, s.leader, s.study, s.run.ID, pick, "")
		noError(t, err)
		same(t, came.Not, map[reminding.Reason]int{reminding.Done: 1})
	})
}

func TestAMessageInTheOutboxIsNotSentOnceItsReasonIsGone(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, s *stage, id survey.EnrolmentID){
		"left": func(t *testing.T, s *stage, id survey.EnrolmentID) {
			noError(t, s.cases.Enrolments.Withdraw(t.Context(), s.again(t, id)))
		},
		"paused": func(t *testing.T, s *stage, id survey.EnrolmentID) {
			noError(t, s.cases.Enrolments.Pause(t.Context(), s.again(t, id), true))
		},
		"declined": func(t *testing.T, s *stage, id survey.EnrolmentID) {
			noError(t, s.cases.Enrolments.Decline(t.Context(), s.again(t, id)))
		},
		"done": func(t *testing.T, s *stage, id survey.EnrolmentID) { s.submitAll(t, id, "pre") },
		"erased": func(t *testing.T, s *stage, id survey.EnrolmentID) {
			noError(t, second(s.cases.Erasures.Erase(t.Context(), s.again(t, id), "")))
		},
		"off": func(t *testing.T, s *stage, _ survey.EnrolmentID) {
			s.writing(t, func(r *reminding.Rules) { r.On = false })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, s *stage) {
				box := &waveBox{}
				ana := s.invite(t, "ana@example.org")[0].Participation.Enrolment
				s.writing(t, nil)
				planned, err := s.cases.Outbox.Plan(t.Context(), system(), box)
				noError(t, err)
				same(t, planned, 1)
				change(t, s, ana.ID)
				same(t, s.round(t, box), none)
				same(t, s.round(t, box), none)
			})
		})
	}
}

func TestRulesAndWordsAreChecked(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		set := func(change func(*reminding.Rules)) error {
			rules := reminding.DefaultRules()
			change(&rules)
			return second(s.cases.Messages.Set(ctx, s.researcher, s.study.ID, rules, 0))
		}
		wantFaults(t, set(func(r *reminding.Rules) {
			r.ReminderDays, r.Cap, r.Quiet.From = []int{3, 2}, 6, 1440
		}), survey.FieldErrors{"reminder_days": "messages.bad_days", "cap": "messages.bad_cap", "quiet": "messages.bad_quiet"})
		wantFaults(t, set(func(r *reminding.Rules) { r.ReminderDays = []int{1, 2, 3, 4, 5, 6} }), survey.FieldErrors{"reminder_days": "messages.too_many_days"})
		noError(t, set(func(r *reminding.Rules) { r.ReminderDays = nil }))
		wantError(t, set(func(*reminding.Rules) {}), survey.ErrConflict) // somebody was faster
		write := func(kind reminding.Kind, subject, body string, revision int) error {
			return s.cases.Messages.Write(ctx, s.researcher, s.study.ID, kind, "en", reminding.Text{Subject: subject, Body: body}, revision)
		}
		wantFaults(t, write(reminding.Reminder, "", "no link", 0), survey.FieldErrors{"subject": "messages.no_subject", "body": "messages.no_link"})
		wantFaults(t, write(reminding.Reminder, "{link}", "Dear {nmae}\n{link}", 0), survey.FieldErrors{
			"subject": "messages.link_in_subject", "body": "messages.unknown_place",
		})
		noError(t, write(reminding.Thanks, "Thanks", "No link needed", 0))
		wantError(t, write(reminding.Thanks, "Thanks", "Again", 0), survey.ErrConflict)
		noError(t, write(reminding.Thanks, "", "", 1)) // back to the program's words
		w, err := s.cases.Messages.Wording(ctx, s.researcher, s.study.ID, reminding.Thanks, "en")
		noError(t, err)
		_, own := w.Now()
		same(t, []any{own, w.Revision(), w.History[1].Text.Subject}, []any{false, 2, "Thanks"})
	})
}

func TestALetterCanBeStoppedWithWhatIsInIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		box := &waveBox{}
		people := s.invite(t, "ana@example.org", "bo@example.org")
		s.writing(t, nil)
		_, err := s.cases.Outbox.Plan(ctx, system(), box)
		noError(t, err)
		tokens := &tokenBox{}
		_, err = s.cases.Outbox.Deliver(ctx, system(), tokens, tokens)
		noError(t, err)
		same(t, len(tokens.tokens), 2)
		token := tokens.tokens["ana@example.org"]
		noError(t, s.cases.SignIns.Unsubscribe(ctx, token, true))
		noError(t, s.cases.SignIns.Unsubscribe(ctx, token, true)) // twice is no fault
		same(t, s.again(t, people[0].Participation.Enrolment.ID).Participation.Enrolment.Paused(), true)
		same(t, s.again(t, people[1].Participation.Enrolment.ID).Participation.Enrolment.Paused(), false)
		noError(t, s.cases.SignIns.Unsubscribe(ctx, token, false))
		same(t, s.again(t, people[0].Participation.Enrolment.ID).Participation.Enrolment.Paused(), false)
		other, mac, _ := strings.Cut(tokens.tokens["bo@example.org"], ".")
		mine, own, _ := strings.Cut(token, ".")
		for _, bad := range []string{"", ".", token + "0", other + "." + own, mine + "." + mac, mine, "%." + own} {
			wantError(t, s.cases.SignIns.Unsubscribe(ctx, bad, true), survey.ErrNotFound)
		}
		noError(t, s.cases.Enrolments.Withdraw(ctx, s.again(t, people[0].Participation.Enrolment.ID)))
		noError(t, s.cases.SignIns.Unsubscribe(ctx, token, true)) // gets none anyway
		s.erase(t, s.again(t, people[1].Participation.Enrolment.ID))
		wantError(t, s.cases.SignIns.Unsubscribe(ctx, tokens.tokens["bo@example.org"], true), survey.ErrNotFound)
	})
}

// tokenBox keeps by what letters can be stopped.
type tokenBox struct{ tokens map[string]string }

func (b *tokenBox) Letter(d survey.Dispatch) (survey.Letter, error) {
	if b.tokens == nil {
		b.tokens = map[string]string{}
	}
	b.tokens[d.Email] = d.Wave.Unsubscribe
	return survey.Letter{}, nil
}

func (*tokenBox) Send(context.Context, survey.Letter) error { return nil }
