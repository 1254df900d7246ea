package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/allocation"
)

// NewAllocation is how a study is to allocate, as it is typed. A number that cannot
// be read is −1.
type NewAllocation struct {
	Method allocation.Method
	Unit   allocation.Unit
	Shares map[ArmID]int
	Sizes  []int // of blocks; none: two and three times the parts of the ratio
	Best   int   // per cent, for minimisation
	// Factors are what is balanced, in their order. Those without a name and
	// levels are passed over.
	Factors []allocation.Factor
}

// Set chooses how a study allocates. Its researchers may, while it is a draft; later
// it is ErrConflict. Faults are FieldErrors by field: method, unit, share_KEY, sizes,
// best, factors, and factor_N, factor_N_levels, factor_N_weight by place.
func (u *Allocations) Set(ctx context.Context, a Actor, id StudyID, n NewAllocation) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	now := u.env.now()
	event := u.env.event(a, id, now, ActionAllocationSet, "study", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil {
			return err
		}
		d, err := tx.Design(ctx, id)
		if err != nil {
			return err
		}
		if d.Study.State != StudyDraft {
			return ErrConflict
		}
		s, err := n.scheme(d.Arms)
		if err != nil {
			return err
		}
		for _, arm := range d.Arms {
			if err := tx.SetShare(ctx, id, arm.ID, n.Shares[arm.ID]); err != nil {
				return err
			}
		}
		event.Detail = strings.ReplaceAll(strings.TrimSpace(s.Text()), "\n", "; ")
		s.Arms = nil
		setting := AllocationSetting{StudyID: id, Scheme: s, SavedAt: now, SavedBy: a.author().Name}
		if err := tx.PutAllocationSetting(ctx, setting); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("allocation of study %s: %w", id, err)
	}
	return nil
}

// scheme is what was typed, or what is wrong with it.
func (n NewAllocation) scheme(arms []Arm) (allocation.Scheme, error) {
	s, faults := allocation.Scheme{Method: n.Method, Unit: n.Unit}, FieldErrors{}
	for _, a := range arms {
		share := n.Shares[a.ID]
		if share < 1 || share > allocation.MaxShare {
			faults["share_"+a.Key] = "allocation.bad_share"
			share = 1
		}
		s.Arms = append(s.Arms, allocation.Arm{Key: a.Key, Share: share})
	}
	if s.Parts() > allocation.MaxParts {
		faults["share_"+arms[0].Key] = "allocation.many_parts"
	}
	if !n.Unit.Valid() {
		faults["unit"] = "allocation.bad_unit"
	}
	switch n.Method {
	case allocation.Simple:
	case allocation.Blocks:
		s.Sizes = n.sizes(s.Parts(), faults)
		s.Factors = n.factors(false, faults)
	case allocation.Minimisation:
		s.Best = n.Best
		if len(faults) == 0 && (n.Best < s.LeastBest() || n.Best > allocation.MaxBest) {
			faults["best"] = "allocation.bad_best"
		}
		s.Factors = n.factors(true, faults)
		if len(s.Factors) == 0 && len(faults) == 0 {
			faults["factors"] = "allocation.no_factor"
		}
	default:
		faults["method"] = "allocation.bad_method"
	}
	if err := faults.OrNil(); err != nil {
		return s, err
	}
	if s.Check() != nil {
		return s, FieldErrors{"method": "allocation.bad_scheme"}
	}
	return s, nil
}

func (n NewAllocation) sizes(parts int, faults FieldErrors) []int {
	sizes := slices.Clone(n.Sizes)
	if len(sizes) == 0 {
		return []int{2 * parts, 3 * parts}
	}
	slices.Sort(sizes)
	sizes = slices.Compact(sizes)
	if len(sizes) > allocation.MaxSizes {
		faults["sizes"] = "allocation.many_sizes"
	}
	for _, size := range sizes {
		switch {
		case size < 1 || size > allocation.MaxBlock:
			faults["sizes"] = "allocation.bad_sizes"
		case size%parts != 0:
			faults["sizes"] = "allocation.sizes_ratio"
		}
	}
	return sizes
}

func (n NewAllocation) factors(weighted bool, faults FieldErrors) []allocation.Factor {
	var factors []allocation.Factor
	names := map[string]bool{}
	for i, f := range n.Factors {
		if f.Name == "" && len(f.Levels) == 0 {
			continue
		}
		field := fmt.Sprintf("factor_%d", i+1)
		if !weighted {
			f.Weight = 0
		} else if f.Weight < 1 || f.Weight > allocation.MaxWeight {
			faults[field+"_weight"] = "allocation.bad_weight"
		}
		switch {
		case names[strings.ToLower(f.Name)]:
			faults[field] = "allocation.factor_twice"
		case f.Name == allocation.FactorRun && n.Unit == allocation.ByRun:
			faults[field] = "allocation.run_in_run"
		case !allocation.Plain(f.Name), !f.Asked() && len(f.Levels) > 0:
			faults[field] = "allocation.bad_factor"
		}
		names[strings.ToLower(f.Name)] = true
		if f.Asked() {
			levelFaults(field+"_levels", f.Levels, faults)
		}
		factors = append(factors, f)
	}
	if len(factors) > allocation.MaxFactors {
		faults["factors"] = "allocation.many_factors"
	}
	return factors
}

func levelFaults(field string, levels []string, faults FieldErrors) {
	if len(levels) < 2 || len(levels) > allocation.MaxLevels {
		faults[field] = "allocation.few_levels"
	}
	seen := map[string]bool{}
	for _, l := range levels {
		if !allocation.Plain(l) || seen[strings.ToLower(l)] {
			faults[field] = "allocation.bad_level"
		}
		seen[strings.ToLower(l)] = true
	}
}
