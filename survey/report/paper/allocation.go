package paper

import (
	"time"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// Allocation is how people were allotted to arms, as far as the reader of the paper may
// know it while the study goes on.
type Allocation struct {
	Method string `json:"method"` // simple, blocks, minimisation
	// Runs: whole course runs were allotted, and not each person.
	Runs  bool             `json:"whole_runs"`
	Ratio []AllocationPart `json:"ratio"`
	// Factors are what the lists are kept apart by, or what is balanced: "run" and
	// "course", or what was asked.
	Factors []string `json:"factors"`
	// Sizes of blocks, and the per cent by which minimisation prefers the better arm;
	// left out while whoever reads it could foresee an arm by them.
	Sizes []int `json:"block_sizes,omitempty"`
	Best  int   `json:"preference,omitempty"`
	// Commitment is the SHA-256 of the sealed seed, published when it was made;
	// empty: there is none yet.
	Commitment string    `json:"commitment,omitempty"`
	SealedAt   time.Time `json:"sealed_at,omitzero"`
	// Hand is how many were allotted by hand; left out where nobody was, or where
	// that is concealed.
	Hand int `json:"by_hand,omitempty"`
}

// AllocationPart is an arm's part of the ratio.
type AllocationPart struct {
	Arm   string `json:"arm"` // name
	Parts int    `json:"parts"`
}

// AllocationOf is what a paper says of how a study allots; nil when it has one arm. What
// is concealed from whoever asked for the book is left out.
func AllocationOf(b survey.AllocationBook) *Allocation {
	if len(b.Arms) < 2 {
		return nil
	}
	a := &Allocation{
		Method: string(b.Scheme.Method), Runs: b.Scheme.Unit == allocation.ByRun, Factors: []string{}, Sizes: b.Scheme.Sizes, Best: b.Scheme.Best,
		Commitment: b.Commitment, SealedAt: b.SealedAt,
	}
	for _, arm := range b.Arms {
		a.Ratio = append(a.Ratio, AllocationPart{arm.Name, arm.Share})
	}
	for _, f := range b.Scheme.Factors {
		a.Factors = append(a.Factors, f.Name)
	}
	if b.Tally != nil {
		for _, n := range b.Tally.Hand {
			a.Hand += n
		}
	}
	return a
}
