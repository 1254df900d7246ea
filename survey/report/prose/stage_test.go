package prose_test

import (
	"path/filepath"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/plan"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report/paper"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// A Tuesday, in a week without a change of clocks.
var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// rehearsed reads the dataset of a rehearsal of so many people.
func rehearsed(t testing.TB, seed uint64, people int) *paper.Dataset {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "rehearsal.db"), storetest.Vault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: db, Keys: keys, Seed: seed, Now: storyEnds, People: people})
	if err != nil {
		t.Fatal(err)
	}
	d, err := paper.Read(t.Context(), db, survey.SystemActor("test"), r.Study.ID, storyEnds)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// keep leaves the people in that are asked for, in the order of the dataset.
func keep(d *paper.Dataset, is func(i int, p paper.Person) bool) *paper.Dataset {
	var rows []int
	for i, p := range d.People {
		if is(i, p) {
			rows = append(rows, i)
		}
	}
	cut := func(column *[]float64) {
		if *column == nil {
			return
		}
		out := make([]float64, len(rows))
		for k, i := range rows {
			out[k] = (*column)[i]
		}
		*column = out
	}
	people := make([]paper.Person, len(rows))
	for k, i := range rows {
		people[k] = d.People[i]
	}
	d.People = people
	for w, states := range d.States {
		d.States[w] = make([]paper.State, len(rows))
		for k, i := range rows {
			d.States[w][k] = states[i]
		}
	}
	for i := range d.Measures {
		m := &d.Measures[i]
		for w := range m.Values {
			cut(&m.Values[w])
			for k := range m.Items.Values[w] {
				cut(&m.Items.Values[w][k])
			}
		}
	}
	for i := range d.Doses {
		cut(&d.Doses[i].Values)
	}
	for i := range d.Experience {
		cut(&d.Experience[i].Values)
	}
	return d
}

// alone is the course arm of a dataset as a study of one group.
func alone(d *paper.Dataset) *paper.Dataset {
	d = keep(d, func(_ int, p paper.Person) bool { return !d.Arms[p.Arm].Control })
	d.Arms = []paper.Arm{d.Arms[0]}
	return d
}

// planned is the default plan of a dataset, locked before anything was seen.
func planned(d *paper.Dataset) paper.PlanUsed {
	return paper.PlanUsed{
		Content: plan.Default(d.Design()), Version: 1, LockedAt: storyEnds.AddDate(0, -6, 0), Hash: "7c1f09ab",
		Seen: &paper.Seen{},
	}
}

// thorough makes use of everything that a plan can ask for.
func thorough(d *paper.Dataset) paper.PlanUsed {
	p := planned(d)
	least := 0.5
	p.Content.Thresholds[0].MCID, p.Content.Thresholds[0].MCIDSource = &least, "by agreement"
	p.Content.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupScale, Key: "sc_total"}}
	p.Content.Covariates = []plan.Covariate{{Kind: plan.CovariateRun}}
	p.Content.Sensitivity = plan.Sensitivities()
	return p
}

func build(t testing.TB, d *paper.Dataset, p paper.PlanUsed) *paper.Paper {
	t.Helper()
	out, err := paper.Build(t.Context(), d, paper.Options{Plan: p, Now: storyEnds, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
