package survey_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// drafted is a study that is not open, with a run, taken by the stage.
func (s *stage) drafted(t *testing.T, key string) {
	t.Helper()
	study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: key, TimeZone: zoneName,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	noError(t, err)
	s.declare(t, study)
	s.take(t, study)
}

func named(names ...string) survey.Enrolling {
	var n survey.Enrolling
	for _, name := range names {
		n.People = append(n.People, survey.Person{Name: name, Email: strings.ToLower(name) + "@example.org", Language: "de", Phone: "+34600123123"})
	}
	return n
}

func TestPeopleAddedBeforeTheStudyOpensAreEnrolledWhenItDoes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, runs, box := t.Context(), s.cases.Runs, &waveBox{}
		s.drafted(t, "planned")
		study, run := s.study.ID, s.run.ID
		plan := func(n survey.Enrolling) error { return runs.Plan(ctx, s.leader, study, run, n) }
		once := named("Ana", "Bo", "Cy")
		once.Once = "0123456789abcdef0123"
		noError(t, plan(once))
		wantError(t, plan(once), survey.ErrRepeated)
		wantFaults(t, plan(named("Dora", "Bo")), survey.FieldErrors{"bo@example.org": "people.already"})
		wantFaults(t, plan(survey.Enrolling{}), survey.FieldErrors{"people": "people.none"})
		byHand := named("Eva")
		byHand.Arm = s.arm(t, "waitlist").ID
		wantFaults(t, plan(byHand), survey.FieldErrors{"reason": "allocation.reason_missing"})
		byHand.Reason = "A couple, asked to be apart."
		noError(t, plan(byHand))

		planned, err := runs.Planned(ctx, s.leader, study, run)
		noError(t, err)
		same(t, []any{len(planned), planned[0].Person, planned[3].Person.Name}, []any{4, once.People[0], "Eva"})
		noError(t, runs.RemovePlanned(ctx, s.leader, study, run, planned[1].ID))
		noError(t, runs.RemovePlanned(ctx, s.leader, study, run, planned[1].ID)) // twice
		noError(t, plan(named("Flo")))
		other, err := runs.Create(ctx, s.leader, study, newRun())
		noError(t, err)
		noError(t, runs.Plan(ctx, s.leader, study, other.ID, named("Bo")))

		// Nobody has a group or a link, nobody is written to, and no name stands in a row.
		s.writing(t, nil)
		same(t, s.round(t, box), none)
		setup, err := runs.Setup(ctx, s.leader, study, run)
		noError(t, err)
		same(t, []any{setup.People, setup.Planned}, []any{0, 4})
		draws, err := s.store.Draws(ctx, study)
		noError(t, err)
		same(t, len(draws), 0)
		rows, err := s.store.Planned(ctx, study)
		noError(t, err)
		same(t, len(rows), 5)
		for _, r := range rows {
			if text := string(r.Sealed); strings.Contains(text, "example") || strings.Contains(text, "A couple") {
				t.Errorf("it can be read who is planned: %q", text)
			}
		}
		_, err = runs.Rehearse(ctx, s.leader, study, run, 1, box)
		noError(t, err)

		noError(t, s.cases.Studies.Open(ctx, s.admin, study))
		roster, err := s.store.Roster(ctx, study, run)
		noError(t, err)
		contacts, err := s.store.Contacts(ctx, study, run)
		noError(t, err)
		var names []string
		for _, e := range roster {
			names = append(names, contacts[e.ParticipantID].Name)
			same(t, []any{contacts[e.ParticipantID].Phone, e.Language, e.Assigned}, []any{"+34600123123", "de", contacts[e.ParticipantID].Name == "Eva"})
		}
		same(t, len(names), 4)
		for _, want := range []string{"Ana", "Cy", "Eva", "Flo"} {
			if !strings.Contains(strings.Join(names, " "), want) {
				t.Errorf("%s is not enrolled: %v", want, names)
			}
		}
		draws, err = s.store.Draws(ctx, study)
		noError(t, err)
		var kinds []allocation.Kind
		for _, d := range draws {
			kinds = append(kinds, d.Kind)
		}
		lot := allocation.ByLot
		same(t, kinds, []allocation.Kind{lot, lot, allocation.ByHand, lot, lot}) // in the order of the list
		rows, err = s.store.Planned(ctx, study)
		noError(t, err)
		same(t, len(rows), 0)
		same(t, len(s.round(t, box)), 5) // now they are written to
		wantError(t, plan(named("Gus")), survey.ErrConflict)
	})
}

func TestAStudyThatAsksMoreThanIsKnownOfPlannedPeopleDoesNotOpen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.drafted(t, "planned-facts")
		study := s.study.ID
		noError(t, s.cases.Runs.Plan(ctx, s.leader, study, s.run.ID, named("Ana")))
		d, err := s.store.Design(ctx, study)
		noError(t, err)
		scheme := survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByPerson, Sizes: []int{2, 4}, Shares: map[survey.ArmID]int{},
			Factors: []allocation.Factor{{Name: "Site", Levels: []string{"Harbour", "Hill"}}},
		}
		for _, a := range d.Arms {
			scheme.Shares[a.ID] = 1
		}
		noError(t, s.cases.Allocations.Set(ctx, s.researcher, study, scheme))
		wantFaults(t, s.cases.Studies.Open(ctx, s.admin, study), survey.FieldErrors{"allocation": "planned.facts_missing"})
		now, err := s.store.Study(ctx, study)
		noError(t, err)
		same(t, now.State, survey.StudyDraft)

		planned, err := s.cases.Runs.Planned(ctx, s.leader, study, s.run.ID)
		noError(t, err)
		noError(t, s.cases.Runs.RemovePlanned(ctx, s.leader, study, s.run.ID, planned[0].ID))
		again := named("Ana")
		wantFaults(t, s.cases.Runs.Plan(ctx, s.leader, study, s.run.ID, again), survey.FieldErrors{"fact_1": "allocation.fact_missing"})
		again.Facts = map[string]string{"Site": "Hill"}
		noError(t, s.cases.Runs.Plan(ctx, s.leader, study, s.run.ID, again))
		noError(t, s.cases.Studies.Open(ctx, s.admin, study))
		draws, err := s.store.Draws(ctx, study)
		noError(t, err)
		same(t, []any{len(draws), draws[0].Stratum}, []any{1, "Site=Hill"})
	})
}

func TestWhoMakesAStudyMayLeadItsRuns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		for _, leads := range []bool{true, false} {
			admin := s.user(t, survey.Grant{Role: survey.RoleAdministrator})
			study, err := s.cases.Studies.Create(ctx, admin, survey.NewStudy{
				Protocol: "learning_from_setbacks_8", Key: map[bool]string{true: "led", false: "not-led"}[leads], Leads: leads,
			})
			noError(t, err)
			u, err := s.store.User(ctx, admin.User.ID)
			noError(t, err)
			same(t, survey.UserActor(u).MayStartRuns(study.ID), leads)
			same(t, survey.UserActor(u).MayAnalyse(study.ID), false)
		}
	})
}

// plannedRights are those of people added before the study opens.
func (s *stage) plannedRights(may map[string]verdict) map[string]right {
	u, study, run := s.cases, s.study.ID, s.run.ID
	return map[string]right{
		"Runs.Planned": {func(ctx context.Context, a survey.Actor) error { return second(u.Runs.Planned(ctx, a, study, run)) }, may},
		"Runs.Plan": {func(ctx context.Context, a survey.Actor) error {
			err := u.Runs.Plan(ctx, a, study, run, named("Ana"))
			if errors.Is(err, survey.ErrConflict) { // the study is open; only who may is told so
				return nil
			}
			return err
		}, may},
		"Runs.RemovePlanned": {func(ctx context.Context, a survey.Actor) error { return u.Runs.RemovePlanned(ctx, a, study, run, "x") }, may},
	}
}
