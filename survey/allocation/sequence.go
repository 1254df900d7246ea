package allocation

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
)

// Kind says how somebody came to an arm.
type Kind string

// By lot; by hand, outside of the sequence; or before the study had a sealed seed.
const (
	ByLot  Kind = "lot"
	ByHand Kind = "hand"
	Before Kind = "before"
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return k == ByLot || k == ByHand || k == Before }

// Assignment is one arm given.
type Assignment struct {
	Kind    Kind
	Stratum string   // of a draw by lot
	Number  int      // of a draw by lot in its stratum, from 1; else 0
	Levels  []string // one for each factor of the scheme; none before sealed seeds
	Arm     string   // key
}

// Sequence gives one arm after the other. It is not for several goroutines.
type Sequence struct {
	scheme  Scheme
	mac     hash.Hash
	shares  []int
	numbers map[string]int // of the last draw by stratum
	blocks  map[string]*block
	balance balance
}

// block is where a stratum stands.
type block struct {
	number, start int   // from 1; draws before it
	arms          []int // permuted
}

// NewSequence begins a sequence. A scheme that cannot be used is [ErrScheme].
func NewSequence(s Scheme, seed Seed) (*Sequence, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return &Sequence{
		scheme: s, mac: hmac.New(sha256.New, seed[:]), shares: s.shares(), numbers: map[string]int{},
		blocks: map[string]*block{}, balance: newBalance(s),
	}, nil
}

// Note takes an earlier assignment into account as it was made, whatever the seed
// would have said: the next number of its stratum, and the balance. One that the
// scheme does not know, or out of its turn, is an error.
func (q *Sequence) Note(a Assignment) error {
	arm := q.scheme.arm(a.Arm)
	switch {
	case arm < 0:
		return fmt.Errorf("there is no arm %q", a.Arm)
	case a.Kind == Before:
		return nil
	case !a.Kind.Valid():
		return fmt.Errorf("unknown kind %q", a.Kind)
	}
	if a.Kind == ByHand && (q.scheme.Unit == ByRun || len(q.scheme.Factors) == 0) {
		return nil
	}
	if err := q.known(a.Levels); err != nil {
		return err
	}
	if a.Kind == ByHand {
		q.balance.add(a.Levels, q.balance.fewest(arm))
		return nil
	}
	if want := q.scheme.Stratum(a.Levels); a.Stratum != want {
		return fmt.Errorf("stratum %q, want %q", a.Stratum, want)
	}
	if want := q.numbers[a.Stratum] + 1; a.Number != want {
		return fmt.Errorf("number %d of stratum %q, want %d", a.Number, a.Stratum, want)
	}
	if q.scheme.Method == Minimisation {
		part := q.minimised(a.Number, a.Levels)
		if q.balance.arms[part] != arm {
			part = q.balance.fewest(arm)
		}
		q.balance.add(a.Levels, part)
	}
	q.numbers[a.Stratum]++
	return nil
}

// Next draws for somebody with these levels, one for each factor, and notes it.
func (q *Sequence) Next(levels []string) (Assignment, error) {
	if err := q.known(levels); err != nil {
		return Assignment{}, err
	}
	stratum := q.scheme.Stratum(levels)
	number := q.numbers[stratum] + 1
	var arm int
	switch q.scheme.Method {
	case Simple:
		arm = newStream(q.mac, forDraw, stratum, number).lot(q.shares)
	case Blocks:
		arm = q.fromBlock(stratum, number)
	case Minimisation:
		part := q.minimised(number, levels)
		q.balance.add(levels, part)
		arm = q.balance.arms[part]
	}
	q.numbers[stratum] = number
	return Assignment{Kind: ByLot, Stratum: stratum, Number: number, Levels: levels, Arm: q.scheme.Arms[arm].Key}, nil
}

func (q *Sequence) known(levels []string) error {
	if len(levels) != len(q.scheme.Factors) {
		return fmt.Errorf("%d levels for %d factors", len(levels), len(q.scheme.Factors))
	}
	for i, f := range q.scheme.Factors {
		if !f.Takes(levels[i]) {
			return fmt.Errorf("%q is no level of %q", levels[i], f.Name)
		}
	}
	return nil
}

// fromBlock is the arm at the place of a draw in its block.
func (q *Sequence) fromBlock(stratum string, number int) int {
	b := q.blocks[stratum]
	if b == nil {
		b = &block{number: 1, arms: q.permuted(stratum, 1)}
		q.blocks[stratum] = b
	}
	for number > b.start+len(b.arms) {
		b.start += len(b.arms)
		b.number++
		b.arms = q.permuted(stratum, b.number)
	}
	return b.arms[number-1-b.start]
}

func (q *Sequence) permuted(stratum string, number int) []int {
	s := newStream(q.mac, forBlock, stratum, number)
	size := q.scheme.Sizes[s.below(len(q.scheme.Sizes))]
	arms := make([]int, 0, size)
	for i, share := range q.shares {
		for range share * size / q.scheme.Parts() {
			arms = append(arms, i)
		}
	}
	for i := size - 1; i > 0; i-- {
		j := s.below(i + 1)
		arms[i], arms[j] = arms[j], arms[i]
	}
	return arms
}

// minimised is a part that keeps the levels in balance, most of the time.
func (q *Sequence) minimised(number int, levels []string) int {
	best := q.balance.best(levels)
	s := newStream(q.mac, forDraw, WholeStudy, number)
	parts := len(best)
	if s.below(100*(parts-1)) < (100-q.scheme.Best)*parts {
		return s.below(parts)
	}
	return s.lot(best)
}
