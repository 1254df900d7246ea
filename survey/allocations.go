package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/allocation"
)

// Allocations are the use cases of how a study allocates: choosing it, seeing what
// it has given, and checking it once the seed is revealed.
type Allocations struct{ env Env }

// AllocationBook is how a study allocates, as far as the actor may see it now.
type AllocationBook struct {
	Study  Study
	Arms   []Arm
	Scheme allocation.Scheme
	// Concealed: the actor enrols people and the study is not closed, so sizes
	// of blocks, weights, chances and counts are kept from them, and are empty
	// here. Who knows them could foresee an arm.
	Concealed bool
	// Commitment is the SHA-256 of the seed, SealedAt when it was made; empty
	// before the study was opened.
	Commitment string
	SealedAt   time.Time
	// Usual: nothing was chosen.
	Usual bool
	// Runs are those of the study; empty where Tally is nil.
	Runs []CourseRun
	// Tally counts the arms given; nil when they are concealed.
	Tally *AllocationTally
	// Revealed is the outcome of recomputing everything; nil before the study is
	// closed.
	Revealed *AllocationProof
}

// AllocationTally counts arms given, in the order of the arms.
type AllocationTally struct {
	Rows []TallyRow // by stratum, or by level of a factor
	Lot  []int      // by lot; people, or whole runs
	Hand []int      // by hand
	// Before is who was allocated before the study had a sealed seed.
	Before []int
}

// TallyRow is one stratum or level.
type TallyRow struct {
	Name  string
	ByArm []int
}

// AllocationProof is what recomputing the draws of a closed study comes to.
type AllocationProof struct {
	Seed    string // 64 hexadecimal digits
	Head    string // hash of all draws
	Verdict allocation.Verdict
	// Deviation is where the draws are not what the seed gives; empty: nowhere.
	Deviation string
	// Moved is how many people do not stand in the arm that was drawn for them.
	Moved int
}

// Book is how a study allocates, for everyone who has to do with it.
func (u *Allocations) Book(ctx context.Context, a Actor, id StudyID) (AllocationBook, error) {
	if !a.MayKnowStudy(id) {
		return AllocationBook{}, ErrNotFound
	}
	var b AllocationBook
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		b, err = u.book(ctx, r, a, id)
		return err
	})
	if err != nil {
		return AllocationBook{}, fmt.Errorf("allocation of study %s: %w", id, err)
	}
	return b, nil
}

func (u *Allocations) book(ctx context.Context, r Reader, a Actor, id StudyID) (AllocationBook, error) {
	d, err := r.Design(ctx, id)
	if err != nil {
		return AllocationBook{}, err
	}
	b := AllocationBook{Study: d.Study, Arms: d.Arms}
	if _, err = r.AllocationSetting(ctx, id); errors.Is(err, ErrNotFound) {
		b.Usual, err = true, nil
	}
	if err != nil {
		return b, err
	}
	b.Concealed = concealed(a, d.Study)
	seal, err := r.AllocationSeal(ctx, id)
	if errors.Is(err, ErrNotFound) {
		if b.Scheme, err = schemeOf(ctx, r, d); err == nil && b.Concealed {
			b.Scheme = outline(b.Scheme)
		}
		return b, err
	}
	if err != nil {
		return b, err
	}
	b.Scheme, b.Commitment, b.SealedAt = seal.Scheme, seal.Commitment, seal.At
	if b.Concealed {
		b.Scheme = outline(b.Scheme)
		return b, nil
	}
	draws, err := r.Draws(ctx, id)
	if err != nil {
		return b, err
	}
	runs, err := r.Runs(ctx, id)
	if err != nil {
		return b, err
	}
	for _, run := range runs {
		b.Runs = append(b.Runs, run.Run)
	}
	b.Tally = tallyOf(d, seal.Scheme, draws, runs)
	if d.Study.State == StudyClosed {
		b.Revealed, err = u.prove(ctx, r, d, seal, draws)
	}
	return b, err
}

// concealed reports whether somebody who enrols could foresee arms from what they
// would be shown. While a study is a draft its researchers have to choose.
func concealed(a Actor, s Study) bool {
	switch s.State {
	case StudyClosed:
		return false
	case StudyDraft:
		return !a.MayAnalyse(s.ID) && !a.IsAdministrator()
	default:
		return a.MayRunAny(s.ID)
	}
}

// outline is what of a scheme helps nobody to foresee an arm.
func outline(s allocation.Scheme) allocation.Scheme {
	s.Sizes, s.Best = nil, 0
	s.Factors = slices.Clone(s.Factors)
	for i := range s.Factors {
		s.Factors[i].Weight = 0
	}
	return s
}

// tallyOf counts draws: blocks by stratum, minimisation by the levels of each
// factor.
func tallyOf(d StudyDesign, s allocation.Scheme, draws []Draw, runs []RunSummary) *AllocationTally {
	place := map[ArmID]int{}
	for i, a := range d.Arms {
		place[a.ID] = i
	}
	names := map[string]string{}
	for _, r := range runs {
		names[string(r.Run.ID)] = r.Run.Name
	}
	n := len(d.Arms)
	t := &AllocationTally{Lot: make([]int, n), Hand: make([]int, n), Before: make([]int, n)}
	rows := map[string]int{}
	add := func(key, name string, arm int) {
		i, ok := rows[key]
		if !ok {
			i = len(t.Rows)
			rows[key] = i
			t.Rows = append(t.Rows, TallyRow{Name: name, ByArm: make([]int, n)})
		}
		t.Rows[i].ByArm[arm]++
	}
	for _, draw := range draws {
		arm := place[draw.ArmID]
		switch draw.Kind {
		case allocation.ByHand:
			t.Hand[arm]++
		case allocation.Before:
			t.Before[arm]++
		case allocation.ByLot:
			t.Lot[arm]++
		}
		counted := draw.Kind == allocation.ByLot || draw.Kind == allocation.ByHand && s.Method == allocation.Minimisation
		if !counted || len(draw.Levels) != len(s.Factors) || len(s.Factors) == 0 {
			continue
		}
		whole := ""
		for i, f := range s.Factors {
			level := draw.Levels[i]
			if name, ok := names[level]; ok && f.Name == allocation.FactorRun {
				level = name
			}
			if s.Method == allocation.Minimisation {
				add(f.Name+"="+draw.Levels[i], factorName(f)+": "+level, arm)
				continue
			}
			if whole != "" {
				whole += ", "
			}
			whole += level
		}
		if s.Method == allocation.Blocks {
			add(draw.Stratum, whole, arm)
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b TallyRow) int {
		if a.Name < b.Name {
			return -1
		}
		if a.Name > b.Name {
			return 1
		}
		return 0
	})
	return t
}

// factorName is what a factor is called in front of its levels.
func factorName(f allocation.Factor) string {
	switch f.Name {
	case allocation.FactorRun:
		return "Course run"
	case allocation.FactorCourse:
		return "Course"
	}
	return f.Name
}

// prove opens the seed and recomputes every draw.
func (u *Allocations) prove(ctx context.Context, r Reader, d StudyDesign, seal AllocationSeal, draws []Draw) (*AllocationProof, error) {
	f, err := u.file(d, seal, draws)
	if err != nil {
		return nil, err
	}
	p := &AllocationProof{Seed: f.Seed, Head: f.Head}
	var fault error
	if p.Verdict, fault = f.Verify(); fault != nil {
		p.Deviation = fault.Error()
	}
	people, err := r.Enrolments(ctx, d.Study.ID)
	if err != nil {
		return nil, err
	}
	drawn, byRun := map[EnrolmentID]ArmID{}, map[RunID]ArmID{}
	for _, draw := range draws {
		if draw.Unit == allocation.ByRun {
			byRun[draw.RunID] = draw.ArmID
			continue
		}
		drawn[draw.EnrolmentID] = draw.ArmID
	}
	for _, e := range people {
		arm, ok := drawn[e.ID]
		if !ok {
			arm = byRun[e.RunID]
		}
		if arm != e.ArmID {
			p.Moved++
		}
	}
	return p, nil
}

func (u *Allocations) file(d StudyDesign, seal AllocationSeal, draws []Draw) (allocation.File, error) {
	seed, err := u.env.openSeed(seal)
	if err != nil {
		return allocation.File{}, err
	}
	keys := armKeys(d)
	records := make([]allocation.Record, len(draws))
	for i, draw := range draws {
		records[i] = draw.record(keys)
	}
	return allocation.NewFile(seal.Opening(d.Study), seed, records), nil
}

// File is everything by which the allocation of a closed study can be recomputed,
// with the seed and without anybody's code. Its researchers and administrators may
// have it; before the study is closed it is ErrConflict. It is audited.
func (u *Allocations) File(ctx context.Context, a Actor, id StudyID) (allocation.File, error) {
	if !a.MayAnalyse(id) && !a.IsAdministrator() {
		return allocation.File{}, ErrForbidden
	}
	var f allocation.File
	event := u.env.event(a, id, u.env.now(), ActionAllocationFile, "study", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		d, err := tx.Design(ctx, id)
		if err != nil {
			return err
		}
		if d.Study.State != StudyClosed {
			return ErrConflict
		}
		seal, err := tx.AllocationSeal(ctx, id)
		if err != nil {
			return err
		}
		draws, err := tx.Draws(ctx, id)
		if err != nil {
			return err
		}
		if f, err = u.file(d, seal, draws); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return allocation.File{}, fmt.Errorf("allocation file of study %s: %w", id, err)
	}
	return f, nil
}

// Scheme is what a run's people are asked about before they are allocated, for
// whoever may enrol them: the factors alone.
func (u *Allocations) Scheme(ctx context.Context, a Actor, id StudyID) (allocation.Scheme, error) {
	if !a.MayRunAny(id) {
		return allocation.Scheme{}, ErrNotFound
	}
	seal, err := u.env.Store.AllocationSeal(ctx, id)
	if err == nil {
		return outline(seal.Scheme), nil
	}
	if !errors.Is(err, ErrNotFound) {
		return allocation.Scheme{}, fmt.Errorf("allocation of study %s: %w", id, err)
	}
	d, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return allocation.Scheme{}, fmt.Errorf("allocation of study %s: %w", id, err)
	}
	s, err := schemeOf(ctx, u.env.Store, d)
	if err != nil {
		return allocation.Scheme{}, fmt.Errorf("allocation of study %s: %w", id, err)
	}
	return outline(s), nil
}
