package missing

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"tidemark/analysis"
	"tidemark/analysis/internal/parallel"
)

// plan is what all chains share.
type plan struct {
	r      *Imputations
	order  []int // incomplete columns in the order of visits
	blocks []peopleBlock
	// dummies are 0/1 columns of the arms but the first.
	dummies [][]float64
}

// peopleBlock is a set of people who are imputed from each other.
type peopleBlock struct {
	// Rows, by column.
	observed, absent [][]int
}

// plan sorts people into blocks and columns into an order.
func (r *Imputations) plan(opt ImputeOptions) (*plan, analysis.Reason) {
	p := &plan{r: r}
	var labels []string
	label := make(map[string]int)
	for _, a := range r.arms {
		if _, known := label[a]; !known {
			label[a] = len(labels)
			labels = append(labels, a)
		}
	}
	blocks := 1
	if r.WithinArms {
		blocks = len(labels)
	} else {
		p.dummies = make([][]float64, max(0, len(labels)-1))
		for d := range p.dummies {
			p.dummies[d] = make([]float64, r.N)
		}
		for i, a := range r.arms {
			if d := label[a]; d > 0 {
				p.dummies[d-1][i] = 1
			}
		}
	}
	k := len(r.columns)
	p.blocks = make([]peopleBlock, blocks)
	for b := range p.blocks {
		p.blocks[b] = peopleBlock{make([][]int, k), make([][]int, k)}
	}
	for j, x := range r.columns {
		for i, v := range x {
			b := &p.blocks[0]
			if r.WithinArms {
				b = &p.blocks[label[r.arms[i]]]
			}
			if math.IsNaN(v) {
				b.absent[j] = append(b.absent[j], i)
			} else {
				b.observed[j] = append(b.observed[j], i)
			}
		}
		if r.Missing[j] > 0 {
			p.order = append(p.order, j)
		}
		for _, b := range p.blocks {
			if len(b.absent[j]) > 0 && len(b.observed[j]) < 2 {
				r.Column = j
				return nil, analysis.ReasonNoDonors
			}
		}
	}
	if opt.Visit == FewestFirst {
		slices.SortStableFunc(p.order, func(a, b int) int { return cmp.Compare(r.Missing[a], r.Missing[b]) })
	}
	return p, ""
}

// chain runs imputation number i and returns the values of its last iteration,
// or nil if the context ends.
func (p *plan) chain(ctx context.Context, i int, trace *Trace) [][]float64 {
	var source rand.PCG
	parallel.Stream(&source, p.r.Seed, i)
	random := rand.New(&source) //nolint:gosec // imputations need no secrecy but the same numbers again
	k := len(p.r.columns)
	now := make([][]float64, k) // columns as they stand
	for j, x := range p.r.columns {
		now[j] = x
		if p.r.Missing[j] > 0 {
			now[j] = slices.Clone(x)
		}
	}
	for _, j := range p.order {
		for b := range p.blocks {
			block := &p.blocks[b]
			for _, row := range block.absent[j] {
				now[j][row] = now[j][block.observed[j][random.IntN(len(block.observed[j]))]]
			}
		}
	}
	m := newMatcher(random, p.r.Donors)
	predictors := make([][]float64, 0, k+len(p.dummies))
	for it := range p.r.Iterations {
		for _, j := range p.order {
			if ctx.Err() != nil {
				return nil
			}
			predictors = append(predictors[:0], p.dummies...)
			for l, x := range now {
				if l != j {
					predictors = append(predictors, x)
				}
			}
			for b := range p.blocks {
				m.impute(now[j], predictors, p.blocks[b].observed[j], p.blocks[b].absent[j])
			}
			trace.note(j, it, i, now[j], p.r.holes[j])
		}
	}
	values := make([][]float64, k)
	for _, j := range p.order {
		for _, row := range p.r.holes[j] {
			values[j] = append(values[j], now[j][row])
		}
	}
	return values
}
