package survey_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// draft makes a study that is not open yet, with its researcher and facilitator.
func (s *stage) draft(t *testing.T, key string) (study survey.Study, researcher, leader survey.Actor) {
	t.Helper()
	study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: key, TimeZone: zoneName,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	noError(t, err)
	s.declare(t, study)
	return study, s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID}),
		s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
}

// shares are the same part for every arm.
func (s *stage) shares(t *testing.T, study survey.StudyID, parts ...int) map[survey.ArmID]int {
	t.Helper()
	d, err := s.store.Design(t.Context(), study)
	noError(t, err)
	shares := map[survey.ArmID]int{}
	for i, a := range d.Arms {
		shares[a.ID] = parts[i]
	}
	return shares
}

func site() allocation.Factor {
	return allocation.Factor{Name: "Site", Levels: []string{"Harbour", "Hill"}, Weight: 2}
}

func TestEveryMethodIsDrawnRecordedAndVerified(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		for name, c := range map[string]struct {
			n     survey.NewAllocation
			parts []int
		}{
			"simple":       {survey.NewAllocation{Method: allocation.Simple, Unit: allocation.ByPerson}, []int{1, 1}},
			"blocks":       {survey.NewAllocation{Method: allocation.Blocks, Unit: allocation.ByPerson, Sizes: []int{6, 3}}, []int{2, 1}},
			"stratified":   {survey.NewAllocation{Method: allocation.Blocks, Unit: allocation.ByPerson, Factors: []allocation.Factor{{Name: "run"}, site()}}, []int{1, 1}},
			"minimisation": {survey.NewAllocation{Method: allocation.Minimisation, Unit: allocation.ByPerson, Best: 80, Factors: []allocation.Factor{{Name: "course", Weight: 1}, site()}}, []int{1, 2}},
			"runs":         {survey.NewAllocation{Method: allocation.Blocks, Unit: allocation.ByRun, Sizes: []int{2}}, []int{1, 1}},
		} {
			study, researcher, leader := s.draft(t, name)
			c.n.Shares = s.shares(t, study.ID, c.parts...)
			noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, c.n))
			noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
			d, err := s.store.Design(ctx, study.ID)
			noError(t, err)
			people := 0
			for i := range 4 {
				run := newRun()
				run.Name = fmt.Sprint("Run ", i)
				r, err := s.cases.Runs.Create(ctx, leader, study.ID, run)
				noError(t, err)
				for j := range 3 {
					e := survey.Enrolling{People: make([]survey.Person, 1+j), Facts: map[string]string{"Site": []string{"Harbour", "Hill"}[(i+j)%2]}}
					if j == 1 {
						e.Arm, e.Reason = d.Arms[i%2].ID, "sisters"
					}
					_, err = s.cases.Runs.Enrol(ctx, leader, study.ID, r.ID, e)
					noError(t, err)
					people += 1 + j
				}
			}
			draws, err := s.store.Draws(ctx, study.ID)
			noError(t, err)
			audited, err := s.store.CountAudit(ctx, study.ID, survey.ActionDrawn)
			noError(t, err)
			byHand, err := s.store.CountAudit(ctx, study.ID, survey.ActionAssigned)
			noError(t, err)
			same(t, audited+byHand, len(draws))
			same(t, byHand, 8)
			want := people
			if name == "runs" {
				want = 4 + 8
			}
			same(t, len(draws), want)
			_, err = s.cases.Allocations.File(ctx, researcher, study.ID)
			wantError(t, err, survey.ErrConflict)
			noError(t, s.cases.Studies.Close(ctx, researcher, study.ID, true))
			f, err := s.cases.Allocations.File(ctx, researcher, study.ID)
			noError(t, err)
			var b bytes.Buffer
			noError(t, f.Write(&b))
			read, err := allocation.Read(&b)
			noError(t, err)
			v, err := read.Verify()
			noError(t, err)
			same(t, v, allocation.Verdict{ByLot: want - 8, ByHand: 8})
			// A reimplementation agrees, from the seed that was sealed.
			if name == "simple" {
				same(t, againSimple(t, f), armsByLot(f))
			}
			book, err := s.cases.Allocations.Book(ctx, leader, study.ID)
			noError(t, err)
			same(t, *book.Revealed, survey.AllocationProof{Seed: f.Seed, Head: f.Head, Verdict: v})
			same(t, book.Commitment, f.Commitment)
		}
	})
}

func armsByLot(f allocation.File) (arms []string) {
	for _, d := range f.Draws {
		if d.Kind == allocation.ByLot {
			arms = append(arms, d.Arm)
		}
	}
	return arms
}

// The seed is committed to at the opening, and nothing that anybody is shown before
// the end tells it, or what enrolling people could use.
func TestTheSeedIsSealedAndNobodySeesWhatComesNext(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		_, err := s.add(t, 5)
		noError(t, err)
		both := s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID}, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID})
		seal, err := s.store.AllocationSeal(ctx, s.study.ID)
		noError(t, err)
		plain, err := s.keys.OpenSeed(s.study.ID, seal.KeyID, seal.Sealed)
		noError(t, err)
		seed, err := allocation.SeedOf(plain)
		noError(t, err)
		same(t, seed.Commitment(), seal.Commitment)
		if bytes.Contains(seal.Sealed, plain) {
			t.Error("the seed is stored in plain")
		}
		for who, a := range map[string]survey.Actor{"leader": s.leader, "both": both, "researcher": s.researcher, "admin": s.admin} {
			b, err := s.cases.Allocations.Book(ctx, a, s.study.ID)
			noError(t, err)
			same(t, []any{b.Commitment, b.SealedAt, b.Revealed == nil}, []any{seal.Commitment, s.clock(), true})
			text := fmt.Sprintf("%+v", b)
			if strings.Contains(text, seed.Reveal()) || strings.Contains(text, fmt.Sprint(plain)) {
				t.Errorf("%s is shown the seed", who)
			}
			enrols := who == "leader" || who == "both"
			same(t, []bool{b.Concealed, b.Scheme.Sizes == nil, b.Tally == nil}, []bool{enrols, enrols, enrols})
		}
		scheme, err := s.cases.Allocations.Scheme(ctx, s.leader, s.study.ID)
		noError(t, err)
		same(t, []any{scheme.Sizes == nil, scheme.Best, len(scheme.Factors)}, []any{true, 0, 1})
		trail, err := s.cases.Audits.Page(ctx, s.admin, survey.AuditFilter{Study: &s.study.ID, Limit: 100})
		noError(t, err)
		committed := false
		for _, e := range trail.Lines {
			if strings.Contains(e.Detail, seed.Reveal()) || e.Action == survey.ActionDrawn && strings.Contains(e.Detail, "course") {
				t.Errorf("the trail tells %q", e.Detail)
			}
			committed = committed || e.Action == survey.ActionSeedSealed && strings.Contains(e.Detail, seal.Commitment)
		}
		same(t, committed, true)
		noError(t, s.cases.Studies.Close(ctx, s.researcher, s.study.ID, true))
		b, err := s.cases.Allocations.Book(ctx, s.leader, s.study.ID)
		noError(t, err)
		same(t, []any{b.Concealed, b.Revealed.Seed, b.Revealed.Deviation, b.Revealed.Moved}, []any{false, seed.Reveal(), "", 0})
	})
}

func TestDrawsMadeAtOnceAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		second := newRun()
		second.Name = "Second"
		other, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, second)
		noError(t, err)
		runs := []survey.RunID{s.run.ID, other.ID}
		var wait sync.WaitGroup
		for i := range 16 {
			wait.Go(func() {
				_, err := s.cases.Runs.AddPeople(ctx, s.leader, s.study.ID, runs[i%2], make([]survey.Person, 1+i%3), "")
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		draws, err := s.store.Draws(ctx, s.study.ID)
		noError(t, err)
		last := map[string]int{}
		for i, d := range draws {
			same(t, d.Seq, i+1)
			last[d.Stratum]++
			same(t, d.Number, last[d.Stratum])
		}
		same(t, []int{len(draws), len(last)}, []int{31, 2})
		noError(t, s.cases.Studies.Close(ctx, s.admin, s.study.ID, true))
		b, err := s.cases.Allocations.Book(ctx, s.admin, s.study.ID)
		noError(t, err)
		same(t, []any{b.Revealed.Deviation, b.Revealed.Verdict.ByLot}, []any{"", 31})
	})
}

func TestADrawOutlivesItsPerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.enrol(t, "course", 1)[0]
		_, err := s.add(t, 3)
		noError(t, err)
		s.erase(t, a)
		draws, err := s.store.Draws(ctx, s.study.ID)
		noError(t, err)
		same(t, []any{len(draws), draws[0].EnrolmentID, draws[0].Reason, draws[0].Kind}, []any{4, survey.EnrolmentID(""), "", allocation.ByHand})
		_, err = s.add(t, 3) // goes on
		noError(t, err)
		noError(t, s.cases.Studies.Close(ctx, s.admin, s.study.ID, true))
		b, err := s.cases.Allocations.Book(ctx, s.admin, s.study.ID)
		noError(t, err)
		same(t, []any{b.Revealed.Deviation, b.Revealed.Verdict}, []any{"", allocation.Verdict{ByLot: 6, ByHand: 1}})
	})
}

// A study that was opened before there were sealed seeds has none, and people. Its
// next draw makes one.
func TestAStudyFromBeforeSealedSeedsGoesOn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, _, leader := s.draft(t, "old")
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
			return second(tx.SetStudyState(ctx, study.ID, survey.StudyDraft, survey.StudyOpen))
		}))
		b, err := s.cases.Allocations.Book(ctx, s.admin, study.ID)
		noError(t, err)
		same(t, []any{b.Commitment, b.Tally == nil, b.Usual}, []any{"", true, true})
		run, err := s.cases.Runs.Create(ctx, leader, study.ID, newRun())
		noError(t, err)
		d, err := s.store.Design(ctx, study.ID)
		noError(t, err)
		old := survey.NewPerson{
			Participant: survey.Participant{ID: "old-person", StudyID: study.ID, Code: "P-OLD2", CreatedAt: s.clock()},
			Enrolment:   survey.Enrolment{ID: "old", StudyID: study.ID, ParticipantID: "old-person", RunID: run.ID, ArmID: d.Arms[1].ID, EnrolledAt: s.clock()},
			Link:        survey.PersonalLink{StudyID: study.ID, EnrolmentID: "old", Generation: 1, TokenHash: "old-hash", ExpiresAt: s.clock()},
		}
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error { return tx.Enrol(ctx, []survey.NewPerson{old}) }))
		_, err = s.cases.Runs.AddPeople(ctx, leader, study.ID, run.ID, make([]survey.Person, 4), "")
		noError(t, err)
		draws, err := s.store.Draws(ctx, study.ID)
		noError(t, err)
		same(t, []any{len(draws), draws[0].Kind, draws[0].EnrolmentID, draws[1].Number}, []any{5, allocation.Before, survey.EnrolmentID("old"), 1})
		noError(t, s.cases.Studies.Close(ctx, s.admin, study.ID, true))
		b, err = s.cases.Allocations.Book(ctx, s.admin, study.ID)
		noError(t, err)
		same(t, b.Revealed.Verdict, allocation.Verdict{ByLot: 4, Before: 1})
		same(t, []any{b.Revealed.Deviation, b.Revealed.Moved, b.Tally.Before}, []any{"", 0, []int{0, 1}})
	})
}

func TestHowAStudyAllocatesIsChosenWhileItIsADraft(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, researcher, leader := s.draft(t, "chosen")
		good := survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByPerson, Shares: s.shares(t, study.ID, 2, 1),
			Factors: []allocation.Factor{site()},
		}
		for name, c := range map[string]struct {
			change func(*survey.NewAllocation)
			want   survey.FieldErrors
		}{
			"no method":  {func(n *survey.NewAllocation) { n.Method = "" }, survey.FieldErrors{"method": "allocation.bad_method"}},
			"no unit":    {func(n *survey.NewAllocation) { n.Unit = "" }, survey.FieldErrors{"unit": "allocation.bad_unit"}},
			"no share":   {func(n *survey.NewAllocation) { n.Shares = s.shares(t, study.ID, 1, 0) }, survey.FieldErrors{"share_waitlist": "allocation.bad_share"}},
			"the ratio":  {func(n *survey.NewAllocation) { n.Sizes = []int{4} }, survey.FieldErrors{"sizes": "allocation.sizes_ratio"}},
			"no size":    {func(n *survey.NewAllocation) { n.Sizes = []int{-1} }, survey.FieldErrors{"sizes": "allocation.bad_sizes"}},
			"many sizes": {func(n *survey.NewAllocation) { n.Sizes = []int{3, 6, 9, 12, 15, 18, 21} }, survey.FieldErrors{"sizes": "allocation.many_sizes"}},
			"one level":  {func(n *survey.NewAllocation) { n.Factors[0].Levels = []string{"Hill"} }, survey.FieldErrors{"factor_1_levels": "allocation.few_levels"}},
			"a level":    {func(n *survey.NewAllocation) { n.Factors[0].Levels = []string{"Hill", "a=b"} }, survey.FieldErrors{"factor_1_levels": "allocation.bad_level"}},
			"no name":    {func(n *survey.NewAllocation) { n.Factors[0].Name = "" }, survey.FieldErrors{"factor_1": "allocation.bad_factor"}},
			"twice":      {func(n *survey.NewAllocation) { n.Factors = append(n.Factors, site()) }, survey.FieldErrors{"factor_2": "allocation.factor_twice"}},
			"a run in itself": {func(n *survey.NewAllocation) {
				n.Unit, n.Factors = allocation.ByRun, []allocation.Factor{{Name: "run"}}
			}, survey.FieldErrors{"factor_1": "allocation.run_in_run"}},
			"no factor": {func(n *survey.NewAllocation) {
				n.Method, n.Best, n.Factors = allocation.Minimisation, 80, nil
			}, survey.FieldErrors{"factors": "allocation.no_factor"}},
			"no chance": {func(n *survey.NewAllocation) { n.Method, n.Best = allocation.Minimisation, 96 }, survey.FieldErrors{"best": "allocation.bad_best"}},
			"no weight": {func(n *survey.NewAllocation) {
				n.Method, n.Best, n.Factors[0].Weight = allocation.Minimisation, 80, 0
			}, survey.FieldErrors{"factor_1_weight": "allocation.bad_weight"}},
		} {
			n := good
			n.Factors = []allocation.Factor{site()}
			c.change(&n)
			err := s.cases.Allocations.Set(ctx, researcher, study.ID, n)
			t.Log(name)
			wantFaults(t, err, c.want)
		}
		noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, good))
		b, err := s.cases.Allocations.Book(ctx, researcher, study.ID)
		noError(t, err)
		same(t, []any{b.Scheme.Sizes, b.Scheme.Arms[0].Share, b.Usual, b.Concealed}, []any{[]int{6, 9}, 2, false, false})
		noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
		wantError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, good), survey.ErrConflict)
		run, err := s.cases.Runs.Create(ctx, leader, study.ID, newRun())
		noError(t, err)
		enrol := func(facts map[string]string, arm survey.ArmID, reason string) error {
			_, err := s.cases.Runs.Enrol(ctx, leader, study.ID, run.ID, survey.Enrolling{People: make([]survey.Person, 1), Facts: facts, Arm: arm, Reason: reason})
			return err
		}
		wantFaults(t, enrol(nil, "", ""), survey.FieldErrors{"fact_1": "allocation.fact_missing"})
		wantFaults(t, enrol(map[string]string{"Site": "Valley"}, "", ""), survey.FieldErrors{"fact_1": "allocation.fact_missing"})
		wantFaults(t, enrol(map[string]string{"Site": "Hill"}, b.Arms[0].ID, " "), survey.FieldErrors{"reason": "allocation.reason_missing"})
		noError(t, enrol(map[string]string{"Site": "Hill"}, "", ""))
		draws, err := s.store.Draws(ctx, study.ID)
		noError(t, err)
		same(t, []any{len(draws), draws[0].Stratum, draws[0].Levels}, []any{1, "Site=Hill", []string{"Hill"}})
	})
}

func TestAClosedStudyAsksNothingMore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.enrol(t, "course", 1)[0]
		noError(t, s.cases.Enrolments.Consent(ctx, a, s.study.ConsentVersion))
		a = s.again(t, a.Participation.Enrolment.ID)
		it := s.due(t, a, "pre", "resilience")
		late := s.enrol(t, "course", 1)[0]
		wantFaults(t, s.cases.Studies.Close(ctx, s.admin, s.study.ID, false), survey.FieldErrors{"sure": "study.not_sure"})
		noError(t, s.cases.Studies.Close(ctx, s.admin, s.study.ID, true))
		a, late = s.again(t, a.Participation.Enrolment.ID), s.again(t, late.Participation.Enrolment.ID)
		_, err := s.cases.Assessments.Save(ctx, a, it.Assessment.ID, answers(it.Definition, 3, 1))
		wantError(t, err, survey.ErrStudyClosed)
		wantError(t, s.cases.Assessments.Submit(ctx, a, it.Assessment.ID, answers(it.Definition, 3, 2)), survey.ErrStudyClosed)
		wantError(t, s.cases.Enrolments.Consent(ctx, late, s.study.ConsentVersion), survey.ErrStudyClosed)
		items, err := s.cases.Assessments.Due(ctx, a)
		noError(t, err)
		for _, it := range items {
			same(t, it.State, survey.AssessmentExpired)
		}
		_, err = s.add(t, 1)
		wantFaults(t, err, survey.FieldErrors{"people": "study.not_open"})
		wantError(t, s.cases.Studies.Close(ctx, s.admin, s.study.ID, true), survey.ErrConflict)
		wantError(t, s.cases.Studies.Open(ctx, s.admin, s.study.ID), survey.ErrConflict)
		// What is a person's own stays within their reach.
		_, err = s.cases.OwnData.Overview(ctx, a, "")
		noError(t, err)
		noError(t, s.cases.Enrolments.Withdraw(ctx, a))
	})
}
