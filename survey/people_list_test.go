package survey_test

import (
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

func TestAListIsCheckedRowByRowAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		second := newRun()
		second.Name = "Autumn"
		other, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, second)
		noError(t, err)
		_, err = s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, other.ID, []survey.Person{{Email: "there@example.org"}}, "")
		noError(t, err)
		_, err = s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, []survey.Person{{Email: "here@example.org"}}, "")
		noError(t, err)
		rows := []struct {
			person survey.Person
			want   survey.FieldErrors
		}{
			{survey.Person{Name: " Ana ", Email: "ANA@example.org", Language: "de"}, survey.FieldErrors{}},
			{survey.Person{Name: "Ana", Email: "ana@example.org "}, survey.FieldErrors{"email": "people.twice"}},
			{survey.Person{Email: "Here@example.org"}, survey.FieldErrors{"email": "people.already"}},
			{survey.Person{Email: "there@example.org"}, survey.FieldErrors{"email": "list.elsewhere"}},
			{survey.Person{Name: "Bo", Email: "bo@"}, survey.FieldErrors{"email": "people.bad_email"}},
			{survey.Person{Name: "Cy"}, survey.FieldErrors{}},
			{survey.Person{Language: "de"}, survey.FieldErrors{"name": "list.nobody"}},
			{survey.Person{Name: "Di", Language: "de"}, survey.FieldErrors{"language": "list.language_alone"}},
			{survey.Person{Name: strings.Repeat("x", 201), Email: "x@example.org", Language: "Deutsch?"}, survey.FieldErrors{"name": "text.too_long", "language": "list.bad_language"}},
			{survey.Person{Email: "Eva Sol <eva@example.org>"}, survey.FieldErrors{}},
			{survey.Person{Name: "Fa", Phone: "+34 (600) 123-123"}, survey.FieldErrors{}},
			{survey.Person{Phone: "600 12"}, survey.FieldErrors{"phone": "people.bad_phone"}},
			{survey.Person{Name: "Gu", Stratum: "Hill"}, survey.FieldErrors{"stratum": "list.no_stratum"}},
		}
		list := make([]survey.ListRow, len(rows))
		for i, r := range rows {
			list[i] = survey.ListRow{Line: i + 1, Person: r.person}
		}
		s.unchanged(t, func() {
			got, err := s.cases.Runs.CheckList(t.Context(), s.leader, s.study.ID, s.run.ID, list)
			noError(t, err)
			for i, r := range rows {
				same(t, got[i].Faults, r.want)
			}
			same(t, got[0].Person, survey.Person{Name: "Ana", Email: "ana@example.org", Language: "de"})
			same(t, got[9].Person, survey.Person{Name: "Eva Sol", Email: "eva@example.org"})
			same(t, got[3].Elsewhere, "Autumn")
			same(t, got[10].Person.Phone, "+34600123123")
		})
		_, err = s.cases.Runs.CheckList(t.Context(), s.leader, s.study.ID, s.run.ID, make([]survey.ListRow, survey.MaxListRows+1))
		wantFaults(t, err, survey.FieldErrors{"list": "list.too_many"})
	})
}

func TestALanguageGivenWithAnAddressIsKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people, err := survey.ParsePeople("Ana, ana@example.org, es\nBo, bo@example.org")
		noError(t, err)
		enrolled, err := s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, people, "")
		noError(t, err)
		for i, want := range []string{"es", ""} {
			same(t, s.again(t, enrolled[i].ID).Participation.Enrolment.Language, want)
		}
	})
}

// Telephone numbers and what the study asks come with each person, and decide from which
// list they are drawn.
func TestPeopleOfAListAreDrawnFromTheListsTheyBelongTo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, researcher, leader := s.draft(t, "sites")
		noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByPerson, Sizes: []int{2}, Factors: []allocation.Factor{site()}, Shares: s.shares(t, study.ID, 1, 1),
		}))
		noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
		run, err := s.cases.Runs.Create(ctx, leader, study.ID, newRun())
		noError(t, err)
		rows, err := s.cases.Runs.CheckList(ctx, leader, study.ID, run.ID, []survey.ListRow{
			{Line: 1, Person: survey.Person{Name: "Ana", Stratum: "hill"}}, {Line: 2, Person: survey.Person{Name: "Bo", Stratum: "Moon"}},
		})
		noError(t, err)
		same(t, []any{rows[0].Person.Stratum, len(rows[0].Faults), rows[1].Faults["stratum"]}, []any{"Hill", 0, "list.bad_stratum"})
		people, err := survey.ParsePeople("Ana, ana@example.org, es, +34 600 123 123, [Hill]\nBo, [Harbour]\nCy, +4930123456, [Hill]\nDi\n")
		noError(t, err)
		same(t, people[0], survey.Person{Name: "Ana", Email: "ana@example.org", Language: "es", Phone: "+34600123123", Stratum: "Hill"})
		_, err = s.cases.Runs.Enrol(ctx, leader, study.ID, run.ID, survey.Enrolling{People: people})
		wantFaults(t, err, survey.FieldErrors{"fact_1": "allocation.fact_missing"}) // of Di nothing is known
		bad := append(people[:2:2], survey.Person{Name: "Eva", Stratum: "Moon"})
		_, err = s.cases.Runs.Enrol(ctx, leader, study.ID, run.ID, survey.Enrolling{People: bad})
		wantFaults(t, err, survey.FieldErrors{"people": "people.bad_stratum"})
		enrolled, err := s.cases.Runs.Enrol(ctx, leader, study.ID, run.ID, survey.Enrolling{People: people, Facts: map[string]string{"Site": "Harbour"}})
		noError(t, err)
		draws, err := s.store.Draws(ctx, study.ID)
		noError(t, err)
		var levels []string
		for i, d := range draws {
			same(t, d.EnrolmentID, enrolled[i].ID)
			levels = append(levels, d.Levels[0])
		}
		same(t, levels, []string{"Hill", "Harbour", "Hill", "Harbour"})
		if enrolled[0].ArmID == enrolled[2].ArmID || enrolled[1].ArmID == enrolled[3].ArmID {
			t.Error("a block of two has put both into one group")
		}
		c, err := s.store.Contact(ctx, study.ID, enrolled[2].ParticipantID)
		noError(t, err)
		same(t, []string{c.Name, c.Phone}, []string{"Cy", "+4930123456"})
		_, err = survey.ParsePeople("Ana, +12")
		wantFaults(t, err, survey.FieldErrors{"line 1": "people.bad_phone"})
	})
}

func TestAListCanTellEverythingThatAStudyAsksBeforeItAllots(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, researcher, leader := s.draft(t, "two-factors")
		hours := allocation.Factor{Name: "Hours", Levels: []string{"evenings", "mornings"}}
		noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByPerson, Sizes: []int{2}, Factors: []allocation.Factor{site(), hours}, Shares: s.shares(t, study.ID, 1, 1),
		}))
		noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
		run, err := s.cases.Runs.Create(ctx, leader, study.ID, newRun())
		noError(t, err)
		var list []survey.ListRow
		for _, stratum := range []string{"hill | Evenings", "mornings|Harbour", "Hill", "Hill | Hill", "Hill | evenings | mornings", "Hill | "} {
			list = append(list, survey.ListRow{Line: len(list) + 1, Person: survey.Person{Name: "N", Stratum: stratum}})
		}
		rows, err := s.cases.Runs.CheckList(ctx, leader, study.ID, run.ID, list)
		noError(t, err)
		same(t, []string{rows[0].Person.Stratum, rows[1].Person.Stratum}, []string{"Hill | evenings", "Harbour | mornings"})
		for i, r := range rows {
			same(t, []any{i, r.Faults["stratum"] != ""}, []any{i, i > 1})
		}
		people, err := survey.ParsePeople(rows[0].Person.Line() + "\n" + rows[1].Person.Line())
		noError(t, err)
		_, err = s.cases.Runs.Enrol(ctx, leader, study.ID, run.ID, survey.Enrolling{People: people})
		noError(t, err)
		draws, err := s.store.Draws(ctx, study.ID)
		noError(t, err)
		same(t, [][]string{draws[0].Levels, draws[1].Levels}, [][]string{{"Hill", "evenings"}, {"Harbour", "mornings"}})
	})
}
