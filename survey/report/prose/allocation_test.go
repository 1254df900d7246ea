package prose_test

import (
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/prose"
)

func TestHowPeopleWereAllottedIsSaid(t *testing.T) {
	t.Parallel()
	arms := []survey.Arm{{Key: "course", Name: "Course", Share: 2}, {Key: "wait", Name: "Waiting list", Share: 1}}
	site := allocation.Factor{Name: "Site", Weight: 1}
	run := allocation.Factor{Name: allocation.FactorRun}
	hash := strings.Repeat("0a", 32)
	for name, c := range map[string]struct {
		book   survey.AllocationBook
		en, de []string
	}{
		"blocks": {
			survey.AllocationBook{
				Arms: arms, Commitment: hash, SealedAt: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
				Scheme: allocation.Scheme{Method: allocation.Blocks, Unit: allocation.ByPerson, Sizes: []int{6, 9}, Factors: []allocation.Factor{run, site}},
				Tally:  &survey.AllocationTally{Hand: []int{1, 1}},
			},
			[]string{
				"People were allotted in the ratio 2:1 (Course : Waiting list) by permuted blocks whose sizes were drawn by chance (6, 9), for each course run and Site by itself.",
				"sealed on 2 March 2026, before a group was drawn", "its SHA-256 was published then: " + hash, "allotted by hand",
			},
			[]string{
				"Die Personen wurden im Verhältnis 2:1 (Course : Waiting list) in permutierten Blöcken zugeteilt, deren Größe ausgelost wurde (6, 9), getrennt nach Kursgruppe und Site.",
				"am 2. März 2026 versiegelt", hash, "von Hand zugeteilt",
			},
		},
		"concealed": {
			survey.AllocationBook{Arms: arms, Commitment: hash, SealedAt: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), Concealed: true, Scheme: allocation.Scheme{Method: allocation.Blocks, Unit: allocation.ByRun}},
			[]string{"Whole course runs were allotted in the ratio 2:1 (Course : Waiting list) by permuted blocks.", "before a course run was drawn"},
			[]string{"Ganze Kursgruppen wurden im Verhältnis 2:1 (Course : Waiting list) in permutierten Blöcken zugeteilt."},
		},
		"minimisation": {
			survey.AllocationBook{Arms: arms, Scheme: allocation.Scheme{Method: allocation.Minimisation, Unit: allocation.ByPerson, Best: 80, Factors: []allocation.Factor{site}}},
			[]string{"by minimisation, by which the group that keeps the balance is taken with 80 %; balance was kept by Site."},
			[]string{"durch Minimierung zugeteilt, bei der die ausgleichende Gruppe mit 80 % gewählt wird; ausgeglichen wurde nach Site."},
		},
		"simple": {
			survey.AllocationBook{Arms: arms, Scheme: allocation.Scheme{Method: allocation.Simple, Unit: allocation.ByPerson}},
			[]string{"by simple randomisation."}, []string{"durch einfache Randomisierung zugeteilt."},
		},
	} {
		p := &paper.Paper{Allocation: paper.AllocationOf(c.book), Flow: paper.Flow{Enrolled: 9, Arms: make([]paper.FlowArm, 2)}}
		for l, want := range map[prose.Language][]string{prose.English: c.en, prose.German: c.de} {
			text := strings.Join(strings.Fields(prose.Write(p, l).String()), " ")
			for _, sentence := range want {
				if !strings.Contains(text, sentence) {
					t.Errorf("%s, %s: %q is not in\n%s", name, l, sentence, text)
				}
			}
			if c.book.Commitment == "" && strings.Contains(text, "SHA-256") {
				t.Errorf("%s, %s: a seed is told of that there is not\n%s", name, l, text)
			}
		}
	}
	if paper.AllocationOf(survey.AllocationBook{Arms: arms[:1]}) != nil {
		t.Error("one group is allotted to")
	}
}
