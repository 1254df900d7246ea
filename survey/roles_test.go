package survey_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/instrument"
)

// verdict is what becomes of a use case that an actor asks for.
type verdict string

const (
	yes       verdict = "yes"
	forbidden verdict = "forbidden"
	unknown   verdict = "unknown" // as if it were not there
)

func verdictOf(err error) verdict {
	switch {
	case errors.Is(err, survey.ErrForbidden):
		return forbidden
	case errors.Is(err, survey.ErrNotFound):
		return unknown
	}
	return yes
}

// The people of the table of rights.
const (
	administrator   = "administrator"
	facilitator     = "facilitator of the study"
	runFacilitator  = "facilitator of the run"
	otherRun        = "facilitator of another run"
	researcher      = "researcher"
	otherStudy      = "researcher and facilitator of another study"
	noRole          = "without a role"
	disabled        = "disabled, with every role"
	participant     = "participant"
	nobody          = "nobody"
	theProgram      = "the program"
	everyoneElse    = "everyone else"
	numberOfParties = 11
)

func (s *stage) parties(t *testing.T) map[string]survey.Actor {
	t.Helper()
	other := s.newStudy(t, "other")
	second := newRun()
	second.Name = "Second"
	run, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, second)
	noError(t, err)
	gone := s.user(t, survey.Grant{Role: survey.RoleAdministrator}, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID},
		survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID})
	noError(t, s.cases.Users.Disable(t.Context(), s.admin, gone.User.ID))
	gone.User, err = s.store.User(t.Context(), gone.User.ID)
	noError(t, err)
	return map[string]survey.Actor{
		administrator:  s.admin,
		facilitator:    s.leader,
		runFacilitator: s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: s.run.ID}),
		otherRun:       s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: run.ID}),
		researcher:     s.researcher,
		otherStudy: s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: other.ID},
			survey.Grant{Role: survey.RoleFacilitator, StudyID: other.ID}),
		noRole:      s.user(t),
		disabled:    gone,
		participant: s.enrol(t, "course", 1)[0],
		nobody:      {},
		theProgram:  system(),
	}
}

func TestEveryUseCaseKnowsWhoMay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		parties := s.parties(t)
		same(t, len(parties), numberOfParties)
		rights := s.rights(s.user(t).User.ID)
		for _, method := range methods(s.cases) {
			if _, said := rights[method]; !said {
				t.Errorf("the table does not say who may %s", method)
			}
		}
		for name, c := range rights {
			for who, actor := range parties {
				want, said := c.may[who]
				if !said {
					want = c.may[everyoneElse]
				}
				if who == theProgram && !said {
					want = yes
				}
				if got := verdictOf(c.do(t.Context(), actor)); got != want {
					t.Errorf("%s, %s: got %q, want %q", name, who, got, want)
				}
			}
		}
	})
}

// methods are all use cases that ask who acts, but for those of answering, which
// TestAnAssessmentIsNobodyElses tries with everybody.
func methods(u *survey.UseCases) []string {
	var names []string
	for _, cases := range []any{u.Studies, u.Runs, u.Enrolments, u.Consents, u.Users, u.Assessments, u.Plans, u.Snapshots, u.Practices, u.Notes,
		u.Safeties, u.Alerts, u.Outbox, u.OwnData, u.Erasures, u.Languages, u.Library} {
		of := reflect.TypeOf(cases)
		for method := range of.Methods() {
			names = append(names, of.Elem().Name()+"."+method.Name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return name == "Assessments.Sheet" || name == "Assessments.Save" || name == "Assessments.SaveAsked" || name == "Assessments.SaveGiven" || name == "Assessments.Submit"
	})
}

// right is a use case and who may; the program may where nothing else is said.
type right struct {
	do  func(ctx context.Context, a survey.Actor) error
	may map[string]verdict
}

func (s *stage) rights(target survey.UserID) map[string]right {
	u, study, run := s.cases, s.study.ID, s.run.ID
	administrators := map[string]verdict{administrator: yes, everyoneElse: forbidden}
	writers := map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}
	researchers := map[string]verdict{researcher: yes, everyoneElse: forbidden}
	facilitators := map[string]verdict{facilitator: yes, runFacilitator: yes, everyoneElse: unknown}
	knowing := map[string]verdict{
		administrator: yes, facilitator: yes, runFacilitator: yes, otherRun: yes, researcher: yes, everyoneElse: unknown,
	}
	participants := map[string]verdict{participant: yes, theProgram: forbidden, everyoneElse: forbidden}
	declaring := map[string]verdict{
		administrator: yes, researcher: yes, facilitator: forbidden, runFacilitator: forbidden, otherRun: forbidden, everyoneElse: unknown,
	}
	unnamed := map[string]verdict{
		administrator: forbidden, researcher: forbidden, facilitator: forbidden, runFacilitator: forbidden, otherRun: forbidden,
		theProgram: forbidden, everyoneElse: unknown,
	}
	programs := map[string]verdict{everyoneElse: forbidden}
	keepers := map[string]verdict{administrator: yes, researcher: yes, otherStudy: yes, everyoneElse: forbidden}
	designers := map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}
	email := func() string { return uuid.NewString() + "@example.org" }
	return map[string]right{
		"Studies.Create": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Studies.Create(ctx, a, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: uuid.NewString()})
			return err
		}, administrators},
		"Studies.Open": {func(ctx context.Context, a survey.Actor) error { return u.Studies.Open(ctx, a, study) }, administrators},
		"Studies.AuditTrail": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Studies.AuditTrail(ctx, a, study, 1)
			return err
		}, administrators},
		"Studies.ByKey": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Studies.ByKey(ctx, a, s.study.Key)
			return err
		}, knowing},
		"Studies.Design": {func(ctx context.Context, a survey.Actor) error { _, err := u.Studies.Design(ctx, a, study); return err }, knowing},
		"Studies.ConsentText": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Studies.ConsentText(ctx, a, s.study)
			return err
		}, knowing},
		"Studies.NoteUse": {func(ctx context.Context, a survey.Actor) error {
			return u.Studies.NoteUse(ctx, a, study, survey.ActionExported, "")
		}, researchers},
		"Studies.Completeness": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Studies.Completeness(ctx, a, study)
			return err
		}, researchers},

		"Plans.Book":    {func(ctx context.Context, a survey.Actor) error { _, err := u.Plans.Book(ctx, a, study); return err }, researchers},
		"Plans.InForce": {func(ctx context.Context, a survey.Actor) error { return there(second(u.Plans.InForce(ctx, a, study))) }, researchers},
		"Plans.Version": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Plans.Version(ctx, a, study, 1)))
		}, researchers},
		"Plans.Write": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Plans.Write(ctx, a, study, survey.DraftPlan{}))
		}, researchers},
		"Studies.SetFeedback": {func(ctx context.Context, a survey.Actor) error {
			return u.Studies.SetFeedback(ctx, a, study, survey.FeedbackAtEnd)
		}, researchers},
		"Plans.Lock":     {func(ctx context.Context, a survey.Actor) error { return second(u.Plans.Lock(ctx, a, study, 9)) }, researchers},
		"Plans.Discard":  {func(ctx context.Context, a survey.Actor) error { return u.Plans.Discard(ctx, a, study, 9) }, researchers},
		"Snapshots.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Snapshots.List(ctx, a, study)) }, researchers},
		"Snapshots.Freeze": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Snapshots.Freeze(ctx, a, study, survey.NewSnapshot{Name: "n"}))
		}, researchers},
		"Snapshots.Get": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Snapshots.Get(ctx, a, study, 1)))
		}, researchers},
		"Safeties.Book": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Safeties.Book(ctx, a, study))
		}, declaring},
		"Safeties.Declare": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Safeties.Declare(ctx, a, survey.Safety{StudyID: study, Shape: survey.SafetyLinked}))
		}, declaring},
		"Safeties.For": {func(ctx context.Context, a survey.Actor) error { return second(u.Safeties.For(ctx, a)) }, participants},
		// Nobody is named in this study: see TestOnlyTheNamedSeeAlerts.
		"Alerts.Board":       {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Board(ctx, a, study)) }, unnamed},
		"Alerts.Acknowledge": {func(ctx context.Context, a survey.Actor) error { return u.Alerts.Acknowledge(ctx, a, study, "x", "") }, unnamed},
		"Alerts.Waiting":     {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Waiting(ctx, a)) }, map[string]verdict{everyoneElse: yes}},
		"Alerts.Escalate":    {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Escalate(ctx, a)) }, programs},
		"Outbox.Deliver": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Outbox.Deliver(ctx, a, nil, nil))
		}, programs},
		"Outbox.Standing": {func(ctx context.Context, a survey.Actor) error { return second(u.Outbox.Standing(ctx, a)) }, administrators},
		"Assessments.ShowHelp": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Assessments.ShowHelp(ctx, a, "x", false))
		}, participants},
		"Snapshots.Open": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Snapshots.Open(ctx, a, study, 1)))
		}, researchers},
		"Snapshots.Download": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Snapshots.Download(ctx, a, study, 1, io.Discard))
		}, researchers},
		"Snapshots.Remove": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Snapshots.Remove(ctx, a, study, 1, "why"))
		}, researchers},

		"Runs.Create": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Create(ctx, a, study, newRun())
			return err
		}, map[string]verdict{facilitator: yes, everyoneElse: forbidden}},
		"Runs.List": {func(ctx context.Context, a survey.Actor) error { _, err := u.Runs.List(ctx, a, study); return err },
			map[string]verdict{facilitator: yes, runFacilitator: yes, otherRun: yes, everyoneElse: forbidden}},
		"Runs.Get": {func(ctx context.Context, a survey.Actor) error { _, err := u.Runs.Get(ctx, a, study, run); return err }, facilitators},
		"Runs.Board": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Board(ctx, a, study, run)
			return err
		}, facilitators},
		"Runs.Meeting": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Meeting(ctx, a, study, run, 1)
			return err
		}, facilitators},
		"Runs.Trend": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Trend(ctx, a, study, run, func(int) float64 { return 2 })
			return err
		}, facilitators},
		"Runs.Brief": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Brief(ctx, a, study, run, func(int) float64 { return 2 })
			return err
		}, facilitators},
		"Runs.Move": {func(ctx context.Context, a survey.Actor) error { return u.Runs.Move(ctx, a, study, run, startsOn) }, facilitators},
		"Runs.NoteAttendance": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.NoteAttendance(ctx, a, study, run, 1, nil)
		}, facilitators},
		"Runs.AddPeople": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.AddPeople(ctx, a, study, run, make([]survey.Person, 1), "")
			return err
		}, facilitators},
		"Runs.AddPeopleOnce": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.AddPeopleOnce(ctx, a, study, run, make([]survey.Person, 1), "", "")
			return err
		}, facilitators},
		"Enrolments.Links": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Enrolments.Links(ctx, a, study, run)
			return err
		}, facilitators},

		"Users.Create": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Users.Create(ctx, a, survey.NewUser{Email: email()})
			return err
		}, administrators},
		"Users.Grant": {func(ctx context.Context, a survey.Actor) error {
			err := u.Users.Grant(ctx, a, target, survey.Grant{Role: survey.RoleResearcher, StudyID: study})
			if errors.Is(err, survey.ErrDuplicate) {
				return nil
			}
			return err
		}, administrators},
		"Users.Disable": {func(ctx context.Context, a survey.Actor) error { return u.Users.Disable(ctx, a, target) }, administrators},
		"Users.SetPassword": {func(ctx context.Context, a survey.Actor) error {
			return u.Users.SetPassword(ctx, a, target, "short")
		}, map[string]verdict{everyoneElse: forbidden}},
		"Users.Invite": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Users.Invite(ctx, a, target, false)
			return err
		}, administrators},
		"Users.List": {func(ctx context.Context, a survey.Actor) error { _, err := u.Users.List(ctx, a); return err }, administrators},
		"Users.ByEmail": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Users.ByEmail(ctx, a, s.admin.User.Email)
			return err
		}, administrators},

		"Languages.Choose": {func(ctx context.Context, a survey.Actor) error { return u.Languages.Choose(ctx, a, "de") }, participants},
		"Languages.Texts": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Languages.Texts(ctx, a, study))
		}, map[string]verdict{
			administrator: yes, facilitator: yes, runFacilitator: yes, otherRun: yes, researcher: yes, participant: yes, everyoneElse: unknown,
		}},
		"Languages.Write": {func(ctx context.Context, a survey.Actor) error {
			return u.Languages.Write(ctx, a, s.study, "de", map[string]string{survey.TextTitle: "x"})
		}, map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}},

		"Practices.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Practices.Book(ctx, a)) }, participants},
		"Practices.Log":  {func(ctx context.Context, a survey.Actor) error { return second(u.Practices.Log(ctx, a)) }, participants},
		"Practices.Note": {func(ctx context.Context, a survey.Actor) error {
			return u.Practices.Note(ctx, a, survey.NewPractice{}, "")
		}, participants},
		"Practices.Correct": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Practices.Correct(ctx, a, "x", survey.NewPractice{}))
		}, participants},
		"Practices.Remove": {func(ctx context.Context, a survey.Actor) error { return u.Practices.Remove(ctx, a, "x") }, participants},
		"Practices.Dose": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Practices.Dose(ctx, a, study))
		}, researchers},
		// Nobody on the staff reads a note, but for those that are shared.
		"Notes.List": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Notes.List(ctx, a, survey.NoteOwnWords))
		}, participants},
		"Notes.Write": {func(ctx context.Context, a survey.Actor) error {
			return u.Notes.Write(ctx, a, survey.NoteOwnWords, []string{"x"}, "")
		}, participants},
		"Notes.Change": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Notes.Change(ctx, a, survey.NoteOwnWords, "x", []string{"x"}))
		}, participants},
		"Notes.Remove": {func(ctx context.Context, a survey.Actor) error {
			return u.Notes.Remove(ctx, a, survey.NoteOwnWords, "x")
		}, participants},
		"Notes.Share": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Notes.Share(ctx, a, survey.NoteOwnWords, "x", true))
		}, participants},
		"Notes.EachShared": {func(ctx context.Context, a survey.Actor) error {
			return u.Notes.EachShared(ctx, s.store, a, study, func(*survey.SharedNote) error { return nil })
		}, researchers},

		"Assessments.OwnResults": {func(ctx context.Context, a survey.Actor) error { return second(u.Assessments.OwnResults(ctx, a)) }, participants},
		"Assessments.Due":        {func(ctx context.Context, a survey.Actor) error { _, err := u.Assessments.Due(ctx, a); return err }, participants},
		"Enrolments.ConsentText": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Enrolments.ConsentText(ctx, a, "de")
			return err
		}, participants},
		"Enrolments.Consent": {func(ctx context.Context, a survey.Actor) error { return u.Enrolments.Consent(ctx, a, 1) }, participants},
		"Enrolments.Pause":   {func(ctx context.Context, a survey.Actor) error { return u.Enrolments.Pause(ctx, a, true) }, participants},
		"OwnData.NewDevice":  {func(context.Context, survey.Actor) error { u.OwnData.NewDevice(); return nil }, map[string]verdict{everyoneElse: yes}},
		"OwnData.Overview": {func(ctx context.Context, a survey.Actor) error {
			return second(u.OwnData.Overview(ctx, a, ""))
		}, participants},
		"OwnData.RememberDevice": {func(ctx context.Context, a survey.Actor) error { return u.OwnData.RememberDevice(ctx, a, "d") }, participants},
		"OwnData.ForgetDevice":   {func(ctx context.Context, a survey.Actor) error { return u.OwnData.ForgetDevice(ctx, a, "e") }, participants},
		"OwnData.Copy": {func(ctx context.Context, a survey.Actor) error {
			err := second(u.OwnData.Copy(ctx, a, survey.Proof{}))
			if errors.Is(err, survey.ErrProofNeeded) {
				return nil
			}
			return err
		}, participants},
		"OwnData.SendCode": {func(ctx context.Context, a survey.Actor) error { // to the address, if there is one
			return there(u.OwnData.SendCode(ctx, a))
		}, participants},
		"OwnData.CopyFor": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.OwnData.CopyFor(ctx, a, study, "P-NOBODY")))
		}, map[string]verdict{everyoneElse: forbidden}},
		"Erasures.NewReceipt": {func(context.Context, survey.Actor) error { u.Erasures.NewReceipt(); return nil }, map[string]verdict{everyoneElse: yes}},
		"Erasures.Receipt": {func(ctx context.Context, _ survey.Actor) error {
			return there(second(u.Erasures.Receipt(ctx, "whoever holds it")))
		}, map[string]verdict{everyoneElse: yes}},
		"Erasures.Choice": {func(ctx context.Context, a survey.Actor) error { return second(u.Erasures.Choice(ctx, a)) }, participants},
		"Erasures.Erase": {func(ctx context.Context, a survey.Actor) error {
			a.Participation.Enrolment.ID = "nobody" // whoever may is not to go
			return second(u.Erasures.Erase(ctx, a, ""))
		}, participants},
		"Erasures.Settle": {func(ctx context.Context, a survey.Actor) error { return second(u.Erasures.Settle(ctx, a)) }, map[string]verdict{everyoneElse: forbidden}},
		"Erasures.All":    {func(ctx context.Context, a survey.Actor) error { return second(u.Erasures.All(ctx, a)) }, map[string]verdict{everyoneElse: forbidden}},
		"Erasures.Replay": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Erasures.Replay(ctx, a, nil))
		}, map[string]verdict{everyoneElse: forbidden}},
		"Erasures.List":  {func(ctx context.Context, a survey.Actor) error { return second(u.Erasures.List(ctx, a, study)) }, researchers},
		"Erasures.Clear": {func(ctx context.Context, a survey.Actor) error { return u.Erasures.Clear(ctx, a, study, "nobody") }, researchers},
		"Erasures.SetPolicy": {func(ctx context.Context, a survey.Actor) error {
			return u.Erasures.SetPolicy(ctx, a, study, survey.ErasureAllowed)
		}, administrators},
		"Erasures.Policy": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Erasures.Policy(ctx, a, study))
		}, map[string]verdict{
			administrator: yes, facilitator: yes, runFacilitator: yes, otherRun: yes, researcher: yes, participant: yes, everyoneElse: unknown,
		}},
		"Library.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Library.List(ctx, a)) }, keepers},
		"Library.Show": {func(ctx context.Context, a survey.Actor) error { return second(u.Library.Show(ctx, a, "resilience")) }, keepers},
		"Library.Item": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Library.Item(ctx, a, "nothing")))
		}, keepers},
		"Library.Retire": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Library.Retire(ctx, a, "nothing", true))
		}, keepers},
		"Library.AddWording": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Library.AddWording(ctx, a, survey.NewWording{Entry: "brs-6"}))
		}, keepers},
		"Library.AddDefinition": {func(ctx context.Context, a survey.Actor) error {
			d, err := instrument.BuiltinByKey("resilience")
			if err != nil {
				return err
			}
			return second(u.Library.AddDefinition(ctx, a, survey.NewDefinition{Definition: d}))
		}, keepers},
		"Library.Correct": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Library.Correct(ctx, a, survey.Correction{From: "nothing"})))
		}, keepers},
		"Library.InStudy": {func(ctx context.Context, a survey.Actor) error { return second(u.Library.InStudy(ctx, a, study)) }, designers},
		"Library.Choose": {func(ctx context.Context, a survey.Actor) error {
			return u.Library.Choose(ctx, a, study, nil, "")
		}, designers},
		"Library.Replace": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Library.Replace(ctx, a, study, "nothing", "else")))
		}, designers},
		"Enrolments.Agree": {func(ctx context.Context, a survey.Actor) error {
			return u.Enrolments.Agree(ctx, a, survey.Agreement{Version: 1, OfAge: true})
		}, participants},
		"Enrolments.Decline": {func(ctx context.Context, a survey.Actor) error { return u.Enrolments.Decline(ctx, a) }, participants},
		"Enrolments.Choices": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Enrolments.Choices(ctx, a, "")
			return err
		}, participants},
		"Enrolments.Choose": {func(ctx context.Context, a survey.Actor) error {
			return u.Enrolments.Choose(ctx, a, "", survey.ConsentChoices{consent.ShareData: true})
		}, participants},
		"Enrolments.Agreed": {func(ctx context.Context, a survey.Actor) error { return second(u.Enrolments.Agreed(ctx, a)) }, participants},
		"Enrolments.ConsentUntil": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Enrolments.ConsentUntil(ctx, a)
			return err
		}, participants},
		"Consents.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Consents.Book(ctx, a, study)) }, knowing},
		"Consents.Text": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Consents.Text(ctx, a, study, 1, "en"))
		}, knowing},
		"Consents.Begun": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Consents.Begun(ctx, a, study, 2, "en"))
		}, writers},
		"Consents.Write": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Consents.Write(ctx, a, survey.ConsentDraft{StudyID: study, Version: 2, Language: "en"}))
		}, writers},
		"Consents.Discard": {func(ctx context.Context, a survey.Actor) error {
			return u.Consents.Discard(ctx, a, survey.ConsentDraft{StudyID: study, Version: 9, Language: "en"})
		}, writers},
		"Consents.Publish": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Consents.Publish(ctx, a, study, 9, ""))
		}, writers},
		"Enrolments.Withdraw": {func(ctx context.Context, a survey.Actor) error { return u.Enrolments.Withdraw(ctx, a) }, participants},
		"Studies.List":        {func(ctx context.Context, a survey.Actor) error { _, err := u.Studies.List(ctx, a); return err }, map[string]verdict{everyoneElse: yes}},
	}
}

// second is the error of a use case that gives something.
func second[T any](_ T, err error) error { return err }

// there passes over that a thing of the study is not there, which only those who
// may ask are told.
func there(err error) error {
	if errors.Is(err, survey.ErrNotFound) {
		return nil
	}
	return err
}

func TestStudiesAndRunsOfOthersAreNotListed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		parties := s.parties(t)
		for who, want := range map[string]int{
			administrator: 2, theProgram: 2, facilitator: 1, otherRun: 1, researcher: 1, otherStudy: 1, noRole: 0, disabled: 0, participant: 0, nobody: 0,
		} {
			studies, err := s.cases.Studies.List(t.Context(), parties[who])
			noError(t, err)
			if len(studies) != want {
				t.Errorf("%s sees %d studies, want %d", who, len(studies), want)
			}
		}
		for who, want := range map[string]int{facilitator: 2, runFacilitator: 1, otherRun: 1, theProgram: 2} {
			runs, err := s.cases.Runs.List(t.Context(), parties[who], s.study.ID)
			noError(t, err)
			if len(runs) != want {
				t.Errorf("%s sees %d runs, want %d", who, len(runs), want)
			}
		}
		// A run of one study is not reached through the rights of another.
		other, err := s.cases.Studies.ByKey(t.Context(), parties[otherStudy], "other")
		noError(t, err)
		_, err = s.cases.Runs.Board(t.Context(), parties[otherStudy], other.ID, s.run.ID)
		wantError(t, err, survey.ErrNotFound)
		_, err = s.cases.Studies.ByKey(t.Context(), s.leader, "other")
		wantError(t, err, survey.ErrNotFound)
	})
}
