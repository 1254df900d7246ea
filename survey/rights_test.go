package survey_test

import (
	"context"
	"errors"
	"maps"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/course"
	"tidemark/survey/instrument"
	"tidemark/survey/reminding"
)

// right is a use case and who may; the program may where nothing else is said.
type right struct {
	do  func(ctx context.Context, a survey.Actor) error
	may map[string]verdict
}

func (s *stage) rights(target survey.UserID, code string) map[string]right {
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
	anyStaff := map[string]verdict{
		disabled: forbidden, participant: forbidden, nobody: forbidden, theProgram: forbidden, everyoneElse: yes,
	}
	programs := map[string]verdict{everyoneElse: forbidden}
	keepers := map[string]verdict{administrator: yes, researcher: yes, otherStudy: yes, everyoneElse: forbidden}
	courseKeepers := map[string]verdict{administrator: yes, researcher: yes, facilitator: yes, otherStudy: yes, everyoneElse: forbidden}
	designers := map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}
	email := func() string { return uuid.NewString() + "@example.org" }
	table := map[string]right{
		"Studies.Create": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Studies.Create(ctx, a, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: uuid.NewString()}))
		}, administrators},
		"Studies.Open":        {func(ctx context.Context, a survey.Actor) error { return u.Studies.Open(ctx, a, study) }, map[string]verdict{administrator: yes, lead: yes, everyoneElse: forbidden}},
		"Studies.ByKey":       {func(ctx context.Context, a survey.Actor) error { return second(u.Studies.ByKey(ctx, a, s.study.Key)) }, knowing},
		"Studies.Design":      {func(ctx context.Context, a survey.Actor) error { _, err := u.Studies.Design(ctx, a, study); return err }, knowing},
		"Studies.ConsentText": {func(ctx context.Context, a survey.Actor) error { return second(u.Studies.ConsentText(ctx, a, s.study)) }, knowing},
		"Studies.NoteUse": {func(ctx context.Context, a survey.Actor) error {
			return u.Studies.NoteUse(ctx, a, study, survey.ActionExported, "")
		}, researchers},
		"Studies.Completeness": {func(ctx context.Context, a survey.Actor) error { return second(u.Studies.Completeness(ctx, a, study)) }, researchers},

		"Plans.Book":    {func(ctx context.Context, a survey.Actor) error { _, err := u.Plans.Book(ctx, a, study); return err }, researchers},
		"Plans.InForce": {func(ctx context.Context, a survey.Actor) error { return there(second(u.Plans.InForce(ctx, a, study))) }, researchers},
		"Plans.Version": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Plans.Version(ctx, a, study, 1)))
		}, researchers},
		"Plans.Write": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Plans.Write(ctx, a, study, survey.DraftPlan{}))
		}, researchers},
		"Studies.AddWave": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Studies.AddWave(ctx, a, study, "", survey.WaveForm{}))
		}, map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}},
		"Studies.RemoveWave": {func(ctx context.Context, a survey.Actor) error { return u.Studies.RemoveWave(ctx, a, study, "") }, map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}},
		"Studies.ChangeWave": {func(ctx context.Context, a survey.Actor) error {
			d, err := s.store.Design(ctx, study)
			if err != nil {
				return err
			}
			return u.Studies.ChangeWave(ctx, a, study, d.Waves[0].ID, survey.FormOf(d, d.Waves[0]))
		}, map[string]verdict{administrator: yes, researcher: yes, everyoneElse: forbidden}},
		"Studies.SetFeedback": {func(ctx context.Context, a survey.Actor) error {
			return u.Studies.SetFeedback(ctx, a, study, survey.FeedbackAtEnd)
		}, researchers},
		"Plans.Lock":    {func(ctx context.Context, a survey.Actor) error { return second(u.Plans.Lock(ctx, a, study, 9)) }, researchers},
		"Plans.Discard": {func(ctx context.Context, a survey.Actor) error { return u.Plans.Discard(ctx, a, study, 9) }, researchers},
		"Safeties.Book": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Safeties.Book(ctx, a, study))
		}, declaring},
		"Safeties.Declare": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Safeties.Declare(ctx, a, survey.Safety{StudyID: study, Shape: survey.SafetyLinked}))
		}, declaring},
		"Safeties.For": {func(ctx context.Context, a survey.Actor) error { return second(u.Safeties.For(ctx, a)) }, participants},
		// Nobody is named in this study: see TestOnlyTheNamedSeeAlerts.
		"Alerts.Board":       {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Board(ctx, a, study)) }, unnamed},
		"Alerts.AddNote":     {func(ctx context.Context, a survey.Actor) error { return u.Alerts.AddNote(ctx, a, study, "x", "n") }, unnamed},
		"Alerts.HandOver":    {func(ctx context.Context, a survey.Actor) error { return u.Alerts.HandOver(ctx, a, study, "x", "n") }, unnamed},
		"Alerts.Reopen":      {func(ctx context.Context, a survey.Actor) error { return u.Alerts.Reopen(ctx, a, study, "x", "") }, unnamed},
		"Alerts.Raise":       {func(ctx context.Context, a survey.Actor) error { return u.Alerts.Raise(ctx, a, study, "x", "") }, unnamed},
		"Alerts.Acknowledge": {func(ctx context.Context, a survey.Actor) error { return u.Alerts.Acknowledge(ctx, a, study, "x", "") }, unnamed},
		"Alerts.Waiting":     {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Waiting(ctx, a)) }, map[string]verdict{everyoneElse: yes}},
		"Alerts.Escalate":    {func(ctx context.Context, a survey.Actor) error { return second(u.Alerts.Escalate(ctx, a)) }, programs},
		"Outbox.Deliver": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Outbox.Deliver(ctx, a, nil, nil))
		}, programs},
		"Outbox.Return": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Outbox.Return(ctx, a, survey.Returned{Letter: "x"}))
		}, programs},
		"Outbox.Plan":   {func(ctx context.Context, a survey.Actor) error { return second(u.Outbox.Plan(ctx, a, nil)) }, programs},
		"Messages.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Messages.Book(ctx, a, study)) }, knowing},
		"Messages.Set": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.Set(ctx, a, study, reminding.DefaultRules(), 9))
		}, writers},
		"Messages.Wording": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.Wording(ctx, a, study, reminding.Thanks, "en"))
		}, knowing},
		"Messages.CheckText": {func(context.Context, survey.Actor) error {
			return u.Messages.CheckText(reminding.Thanks, reminding.Text{})
		}, map[string]verdict{everyoneElse: yes}},
		"Messages.Write": {func(ctx context.Context, a survey.Actor) error {
			return u.Messages.Write(ctx, a, study, reminding.Thanks, "en", reminding.Text{}, 9)
		}, writers},
		"Messages.Sample": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.Sample(ctx, a, study, reminding.Thanks, "en", nil))
		}, knowing},
		"Messages.Why": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.Why(ctx, a, s.study, code))
		}, map[string]verdict{facilitator: yes, runFacilitator: yes, researcher: yes, everyoneElse: unknown}},
		"Messages.EachLogged": {func(ctx context.Context, a survey.Actor) error {
			return u.Messages.EachLogged(ctx, a, study, func(*survey.LoggedMessage) error { return nil })
		}, researchers},
		"Messages.Late": {func(ctx context.Context, a survey.Actor) error { return second(u.Messages.Late(ctx, a, s.study, run)) }, facilitators},
		"Messages.RunPlan": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.RunPlan(ctx, a, study, run))
		}, facilitators},
		"Messages.CountLate": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.CountLate(ctx, a, s.study, run))
		}, facilitators},
		"Messages.Remind": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Messages.Remind(ctx, a, s.study, run, nil, ""))
		}, facilitators},
		"OwnData.ChooseChannel": {func(ctx context.Context, a survey.Actor) error {
			return u.OwnData.ChooseChannel(ctx, a, survey.ChannelEmail, "", "")
		}, participants},
		"Enrolments.SetTimeZone": {func(ctx context.Context, a survey.Actor) error {
			return u.Enrolments.SetTimeZone(ctx, a, "Europe/Rome", false)
		}, participants},
		"Outbox.Standing": {func(ctx context.Context, a survey.Actor) error { return second(u.Outbox.Standing(ctx, a)) }, administrators},
		"Assessments.ShowHelp": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Assessments.ShowHelp(ctx, a, "x", false))
		}, participants},
		"Runs.Create": {func(ctx context.Context, a survey.Actor) error {
			_, err := u.Runs.Create(ctx, a, study, newRun())
			return err
		}, map[string]verdict{facilitator: yes, everyoneElse: forbidden}},
		"Runs.List": {func(ctx context.Context, a survey.Actor) error { _, err := u.Runs.List(ctx, a, study); return err },
			map[string]verdict{facilitator: yes, runFacilitator: yes, otherRun: yes, everyoneElse: forbidden}},
		"Runs.Get":   {func(ctx context.Context, a survey.Actor) error { _, err := u.Runs.Get(ctx, a, study, run); return err }, facilitators},
		"Runs.Board": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Board(ctx, a, study, run)) }, facilitators},
		"Runs.Mark": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Mark(ctx, a, study, run, survey.BoardMark{}))
		}, facilitators},
		"Runs.Meeting": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Meeting(ctx, a, study, run, 1)) }, facilitators},
		"Calendars.Own": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Calendars.Own(ctx, a)
			return err
		}, participants},
		"Calendars.Make": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Calendars.Make(ctx, a, survey.CalendarChoice{}))
		}, participants},
		"Calendars.End": {func(ctx context.Context, a survey.Actor) error { return u.Calendars.End(ctx, a) }, participants},
		"Calendars.Copy": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Calendars.Copy(ctx, a, survey.CalendarChoice{Surveys: true}))
		}, participants},
		"Calendars.Staff": {func(ctx context.Context, a survey.Actor) error { return second(u.Calendars.Staff(ctx, a)) }, anyStaff},
		"Calendars.MakeStaff": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Calendars.MakeStaff(ctx, a, run))
		}, map[string]verdict{
			facilitator: yes, runFacilitator: yes,
			disabled: forbidden, participant: forbidden, nobody: forbidden, theProgram: forbidden, everyoneElse: unknown,
		}},
		"Calendars.EndStaff": {func(ctx context.Context, a survey.Actor) error { return u.Calendars.EndStaff(ctx, a, run) }, anyStaff},
		"Calendars.CopyRun": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Calendars.CopyRun(ctx, a, study, run))
		}, facilitators},
		"Releases.Publish": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Releases.Publish(ctx, a, two))
		}, programs},
		"Runs.Trend": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Trend(ctx, a, study, run)) }, facilitators},
		"Runs.Brief": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Brief(ctx, a, study, run)) }, facilitators},
		"Runs.Move":  {func(ctx context.Context, a survey.Actor) error { return u.Runs.Move(ctx, a, study, run, startsOn) }, facilitators},
		"Runs.Setup": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Setup(ctx, a, study, run)) }, facilitators},
		"Runs.PreviewDetails": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.PreviewDetails(ctx, a, study, run, s.run.Details()))
		}, facilitators},
		"Runs.ChangeDetails": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.ChangeDetails(ctx, a, study, run, s.run.Details())
		}, facilitators},
		"Runs.Rehearse": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Rehearse(ctx, a, study, run, 1, plainLetters{}))
		}, facilitators},
		"Runs.PreviewRun": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.PreviewRun(ctx, a, study, newRun()))
		}, map[string]verdict{facilitator: yes, everyoneElse: forbidden}},
		"Runs.Calendar": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Calendar(ctx, a, study, run)) }, facilitators},
		"Runs.PreviewChange": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.PreviewChange(ctx, a, study, run, survey.CalendarChange{}))
		}, facilitators},
		"Runs.ChangeCalendar": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.ChangeCalendar(ctx, a, study, run, survey.CalendarChange{})
		}, facilitators},
		"Runs.Person": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Person(ctx, a, study, run, s.somebody(ctx)))
		}, facilitators},
		"Runs.PausePerson": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.PausePerson(ctx, a, study, run, s.somebody(ctx), true, "")
		}, facilitators},
		"Runs.WithdrawPerson": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.WithdrawPerson(ctx, a, study, run, s.somebody(ctx), "", "") // without a reason
		}, facilitators},
		"Runs.NotePerson": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.NotePerson(ctx, a, study, run, s.somebody(ctx), "Comes later on Thursdays.", "")
		}, facilitators},
		"Runs.Tap": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Tap(ctx, a, study, run, survey.Tap{Enrolment: s.somebody(ctx), Meeting: 1}))
		}, facilitators},
		"Runs.NoteAttendance": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.NoteAttendance(ctx, a, study, run, 1, nil)
		}, facilitators},
		"Runs.AddPeople": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.AddPeople(ctx, a, study, run, make([]survey.Person, 1), ""))
		}, facilitators},
		"Entries.Desk": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Entries.Desk(ctx, a, study, run))
		}, facilitators},
		"Entries.Set": {func(ctx context.Context, a survey.Actor) error {
			return u.Entries.Set(ctx, a, study, run, survey.EntrySettings{AskEmail: "no"})
		}, facilitators},
		// Nobody of that name waits; only who may ask is told so.
		"Entries.Invite": {func(ctx context.Context, a survey.Actor) error { return u.Entries.Invite(ctx, a, study, run, "x") }, facilitators},
		"Entries.Remove": {func(ctx context.Context, a survey.Actor) error { return u.Entries.Remove(ctx, a, study, run, "x") }, facilitators},
		"Entries.OwnLink": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Entries.OwnLink(ctx, a))
		}, participants},
		// Whoever has the address of a poster, or a ticket.
		"Entries.Page":  {func(ctx context.Context, _ survey.Actor) error { return there(second(u.Entries.Page(ctx, "x"))) }, map[string]verdict{everyoneElse: yes}},
		"Entries.Place": {func(ctx context.Context, _ survey.Actor) error { return there(second(u.Entries.Place(ctx, "x"))) }, map[string]verdict{everyoneElse: yes}},
		"Entries.Enter": {func(ctx context.Context, _ survey.Actor) error { return there(second(u.Entries.Enter(ctx, "x"))) }, map[string]verdict{everyoneElse: yes}},
		"Entries.Leave": {func(ctx context.Context, _ survey.Actor) error { return u.Entries.Leave(ctx, "x") }, map[string]verdict{everyoneElse: yes}},
		"Entries.Join": {func(ctx context.Context, _ survey.Actor) error {
			return there(second(u.Entries.Join(ctx, survey.Client{}, "x", survey.NewEntry{})))
		}, map[string]verdict{everyoneElse: yes}},
		"Runs.CheckList": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.CheckList(ctx, a, study, run, nil))
		}, facilitators},
		"Runs.Enrol": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Enrol(ctx, a, study, run, survey.Enrolling{People: make([]survey.Person, 1)}))
		}, facilitators},
		// Nobody of that name is in the run; only who may ask is told so.
		"Runs.Transfer": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Transfer(ctx, a, study, run, s.somebody(ctx), ""))
		}, facilitators},
		"Runs.TransferPerson": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.TransferPerson(ctx, a, study, run, s.somebody(ctx), survey.NewTransfer{})
		}, facilitators},
		"Runs.Crossovers": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Crossovers(ctx, a, study, run))
		}, map[string]verdict{facilitator: yes, runFacilitator: yes, researcher: yes, everyoneElse: unknown}},
		"Runs.CrossOver": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.CrossOver(ctx, a, study, run, survey.NewCrossover{}))
		}, map[string]verdict{facilitator: yes, runFacilitator: yes, researcher: yes, everyoneElse: unknown}},
		"SelfCodes.Book": {func(ctx context.Context, a survey.Actor) error {
			return second(u.SelfCodes.Book(ctx, a, study))
		}, researchers},
		// The study is open; only who may choose is told so.
		"SelfCodes.Set": {func(ctx context.Context, a survey.Actor) error { return u.SelfCodes.Set(ctx, a, study, nil) }, researchers},
		"SelfCodes.Compare": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.SelfCodes.Compare(ctx, a, study, "x", "y")))
		}, researchers},
		"SelfCodes.Link": {func(ctx context.Context, a survey.Actor) error {
			return there(u.SelfCodes.Link(ctx, a, study, survey.SelfCodeChoice{First: "x", Second: "y", Reason: "z"}))
		}, researchers},
		"SelfCodes.KeepApart": {func(ctx context.Context, a survey.Actor) error {
			return there(u.SelfCodes.KeepApart(ctx, a, study, survey.SelfCodeChoice{First: "x", Second: "y", Reason: "z"}))
		}, researchers},
		"SelfCodes.Undo": {func(ctx context.Context, a survey.Actor) error {
			return there(u.SelfCodes.Undo(ctx, a, study, "x", "z"))
		}, researchers},
		"SelfCodes.Enter": {func(ctx context.Context, _ survey.Actor) error {
			return there(second(u.SelfCodes.Enter(ctx, survey.Client{}, "x", survey.SelfCodeEntry{})))
		}, map[string]verdict{everyoneElse: yes}},
		"Allocations.Book": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Allocations.Book(ctx, a, study))
		}, knowing},
		"Allocations.Set": {func(ctx context.Context, a survey.Actor) error {
			return u.Allocations.Set(ctx, a, study, survey.NewAllocation{})
		}, researchers},
		"Allocations.File": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Allocations.File(ctx, a, study))
		}, writers},
		"Allocations.Scheme": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Allocations.Scheme(ctx, a, study))
		}, map[string]verdict{facilitator: yes, runFacilitator: yes, otherRun: yes, dataManager: unknown, everyoneElse: unknown}},
		"Studies.Close": {func(ctx context.Context, a survey.Actor) error {
			err := u.Studies.Close(ctx, a, study, true)
			if err != nil {
				return err
			}
			return s.store.InTx(ctx, func(tx survey.Tx) error { // the rest of the table needs it open
				return second(tx.SetStudyState(ctx, study, survey.StudyClosed, survey.StudyOpen))
			})
		}, writers},
		"Runs.AddPeopleOnce": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.AddPeopleOnce(ctx, a, study, run, make([]survey.Person, 1), "", ""))
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
		}, programs},
		"Users.ChangePassword": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Users.ChangePassword(ctx, survey.Client{}, a, survey.NewPassword{New: "short"}))
		}, anyStaff},
		"Users.AsksOldPassword": {func(context.Context, survey.Actor) error { return nil }, map[string]verdict{everyoneElse: yes}},
		"Users.Reopen":          {func(ctx context.Context, a survey.Actor) error { return u.Users.Reopen(ctx, a, target) }, administrators},
		"SecondFactors.State":   {func(ctx context.Context, a survey.Actor) error { return second(u.Factors.State(ctx, a)) }, anyStaff},
		"SecondFactors.Begin":   {func(ctx context.Context, a survey.Actor) error { return u.Factors.Begin(ctx, a) }, anyStaff},
		"SecondFactors.Confirm": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Factors.Confirm(ctx, a, "000"))
		}, anyStaff},
		"SecondFactors.Renew": {func(ctx context.Context, a survey.Actor) error { return second(u.Factors.Renew(ctx, a)) }, anyStaff},
		"SecondFactors.Remove": {func(ctx context.Context, a survey.Actor) error {
			return u.Factors.Remove(ctx, survey.Client{}, a, "000")
		}, anyStaff},
		"Passkeys.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Passkeys.List(ctx, a)) }, anyStaff},
		"Passkeys.Begin": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Passkeys.Begin(ctx, a, anyAsker{})
			return err
		}, anyStaff},
		"Passkeys.Add": {func(ctx context.Context, a survey.Actor) error {
			return u.Passkeys.Add(ctx, a, anyAsker{}, "n", "x", nil)
		}, anyStaff},
		"Passkeys.Remove":     {func(ctx context.Context, a survey.Actor) error { return there(u.Passkeys.Remove(ctx, a, "x")) }, anyStaff},
		"SecondFactors.Reset": {func(ctx context.Context, a survey.Actor) error { return u.Factors.Reset(ctx, a, target) }, administrators},
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
		"Courses.List":    {func(ctx context.Context, a survey.Actor) error { return second(u.Courses.List(ctx, a)) }, courseKeepers},
		"Courses.Offered": {func(ctx context.Context, a survey.Actor) error { return second(u.Courses.Offered(ctx, a)) }, courseKeepers},
		"Courses.Show": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Courses.Show(ctx, a, "learning_from_setbacks_8"))
		}, courseKeepers},
		"Courses.Version": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Courses.Version(ctx, a, "learning_from_setbacks_8", "1.0.0"))
		}, courseKeepers},
		"Courses.Import": {func(ctx context.Context, a survey.Actor) error { return second(u.Courses.Import(ctx, a, "", nil)) }, courseKeepers},
		"Courses.Copy": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Courses.Copy(ctx, a, "nothing", "1.0.0", "Mine")))
		}, courseKeepers},
		"Courses.Begin": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Courses.Begin(ctx, a, "nothing")))
		}, courseKeepers},
		"Courses.Draft": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Courses.Draft(ctx, a, "nothing")))
		}, courseKeepers},
		"Courses.Change": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Courses.Change(ctx, a, "nothing", 1, func(*course.Course) error { return nil })))
		}, courseKeepers},
		"Courses.Publish": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Courses.Publish(ctx, a, "nothing", 1, "")))
		}, courseKeepers},
		"Courses.Discard": {func(ctx context.Context, a survey.Actor) error { return u.Courses.Discard(ctx, a, "nothing", 1) }, courseKeepers},
		"Courses.Retire": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Courses.Retire(ctx, a, "nothing", "1.0.0", true))
		}, courseKeepers},
		"Drafts.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Drafts.List(ctx, a)) }, keepers},
		"Drafts.Begin": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Drafts.Begin(ctx, a, survey.NewDraft{}))
		}, keepers},
		"Drafts.Open": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Drafts.Open(ctx, a, "nothing", 0)))
		}, keepers},
		"Drafts.History": {func(ctx context.Context, a survey.Actor) error { return second(u.Drafts.History(ctx, a, "nothing")) }, keepers},
		"Drafts.Change": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Drafts.Change(ctx, a, survey.DraftChange{ID: "nothing"})))
		}, keepers},
		"Drafts.Restore": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Drafts.Restore(ctx, a, "nothing", 1, 1)))
		}, keepers},
		"Drafts.Discard": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Drafts.Discard(ctx, a, "nothing", 1))
		}, keepers},
		"Drafts.Publish": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Drafts.Publish(ctx, a, survey.DraftPublication{ID: "nothing"})))
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
	maps.Copy(table, s.plannedRights(facilitators))
	maps.Copy(table, s.rightsOfPrograms(code))
	maps.Copy(table, s.rightsOfAudits())
	maps.Copy(table, s.rightsOfMembers(target, code))
	maps.Copy(table, s.rightsOfRetention())
	maps.Copy(table, s.rightsOfFiles())
	maps.Copy(table, s.rightsOfBackups())
	maps.Copy(table, s.rightsOfWebhooks())
	maps.Copy(table, s.rightsOfOperations())
	return table
}
