package allocation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Method is a way of allocating.
type Method string

// The methods. Blocks with factors are stratified.
const (
	Simple       Method = "simple"
	Blocks       Method = "blocks"
	Minimisation Method = "minimisation"
)

// Valid reports whether m is one of the methods.
func (m Method) Valid() bool { return m == Simple || m == Blocks || m == Minimisation }

// Unit is what gets an arm: one person, or all of a course run together.
type Unit string

// The units.
const (
	ByPerson Unit = "person"
	ByRun    Unit = "run"
)

// Valid reports whether u is one of the units.
func (u Unit) Valid() bool { return u == ByPerson || u == ByRun }

// The names of factors whose level is known without being asked for.
const (
	FactorRun    = "run"    // the course run
	FactorCourse = "course" // the course that is given
)

// WholeStudy is the stratum of draws that are not stratified.
const WholeStudy = "study"

// Bounds of a scheme.
const (
	MaxArms    = 10
	MaxShare   = 20
	MaxParts   = 60 // of all arms together
	MaxSizes   = 6
	MaxBlock   = 200 // allocations in one block
	MaxFactors = 6
	MaxLevels  = 30
	MaxWeight  = 100
	MaxName    = 64 // characters of a name or level
	MaxBest    = 95 // per cent; see ICH E9
)

// Arm is an arm by key, with its parts of the ratio.
type Arm struct {
	Key   string `json:"key"`
	Share int    `json:"share"`
}

// Factor is something known before the draw that the arms should be balanced by.
type Factor struct {
	Name   string   `json:"name"`             // "run", "course", or as asked: "Site"
	Levels []string `json:"levels,omitempty"` // what can be chosen; none for "run" and "course"
	Weight int      `json:"weight,omitempty"` // in minimisation, from 1
}

// Asked reports whether the level is to be given by whoever enrols.
func (f Factor) Asked() bool { return f.Name != FactorRun && f.Name != FactorCourse }

// AskedOf are the factors that are asked of people.
func (s Scheme) AskedOf() []Factor {
	var asked []Factor
	for _, f := range s.Factors {
		if f.Asked() {
			asked = append(asked, f)
		}
	}
	return asked
}

// Takes reports whether the factor can have this level.
func (f Factor) Takes(level string) bool {
	if f.Asked() {
		return slices.Contains(f.Levels, level)
	}
	return Plain(level)
}

// Scheme is how a study allocates.
type Scheme struct {
	Method  Method   `json:"method"`
	Unit    Unit     `json:"unit"`
	Arms    []Arm    `json:"arms"`
	Sizes   []int    `json:"sizes,omitempty"`   // of blocks, in allocations
	Factors []Factor `json:"factors,omitempty"` // strata of blocks, or what minimisation balances
	Best    int      `json:"best,omitempty"`    // minimisation: per cent for the best part
}

// Parts is the sum of the shares: a block must be a multiple of it.
func (s Scheme) Parts() int {
	sum := 0
	for _, a := range s.Arms {
		sum += a.Share
	}
	return sum
}

// LeastBest is the smallest per cent for the best part that prefers it at all: what
// chance alone would give it, and one more.
func (s Scheme) LeastBest() int { return 100/s.Parts() + 1 }

// ErrScheme: a scheme cannot be used.
var ErrScheme = errors.New("this scheme cannot be used")

// Check is nil for a scheme that can be used; else [ErrScheme] with the reason.
func (s Scheme) Check() error {
	switch {
	case !s.Method.Valid():
		return fmt.Errorf("%w: unknown method %q", ErrScheme, s.Method)
	case !s.Unit.Valid():
		return fmt.Errorf("%w: unknown unit %q", ErrScheme, s.Unit)
	case len(s.Arms) < 1 || len(s.Arms) > MaxArms:
		return fmt.Errorf("%w: %d arms", ErrScheme, len(s.Arms))
	}
	keys := map[string]bool{}
	for _, a := range s.Arms {
		if !Plain(a.Key) || keys[a.Key] || a.Share < 1 || a.Share > MaxShare {
			return fmt.Errorf("%w: arm %q", ErrScheme, a.Key)
		}
		keys[a.Key] = true
	}
	if s.Parts() > MaxParts {
		return fmt.Errorf("%w: a ratio of %d parts", ErrScheme, s.Parts())
	}
	if err := s.checkFactors(); err != nil {
		return err
	}
	switch s.Method {
	case Simple:
		if len(s.Sizes)+len(s.Factors)+s.Best > 0 {
			return fmt.Errorf("%w: simple allocation has neither sizes nor factors", ErrScheme)
		}
	case Blocks:
		return s.checkSizes()
	case Minimisation:
		if len(s.Factors) == 0 || len(s.Sizes) > 0 || s.Best < s.LeastBest() || s.Best > 100 {
			return fmt.Errorf("%w: minimisation needs factors, and between %d and 100 per cent", ErrScheme, s.LeastBest())
		}
	}
	return nil
}

func (s Scheme) checkSizes() error {
	if len(s.Sizes) == 0 || len(s.Sizes) > MaxSizes || s.Best != 0 {
		return fmt.Errorf("%w: %d sizes of blocks", ErrScheme, len(s.Sizes))
	}
	for i, n := range s.Sizes {
		if n < 1 || n > MaxBlock || n%s.Parts() != 0 || i > 0 && n <= s.Sizes[i-1] {
			return fmt.Errorf("%w: a block of %d", ErrScheme, n)
		}
	}
	return nil
}

func (s Scheme) checkFactors() error {
	if len(s.Factors) > MaxFactors {
		return fmt.Errorf("%w: %d factors", ErrScheme, len(s.Factors))
	}
	names := map[string]bool{}
	for _, f := range s.Factors {
		weighted := f.Weight >= 1 && f.Weight <= MaxWeight
		switch {
		case !Plain(f.Name) || names[f.Name]:
			return fmt.Errorf("%w: factor %q", ErrScheme, f.Name)
		case f.Name == FactorRun && s.Unit == ByRun:
			return fmt.Errorf("%w: a run cannot be balanced within itself", ErrScheme)
		case weighted != (s.Method == Minimisation):
			return fmt.Errorf("%w: weight of %q", ErrScheme, f.Name)
		case f.Asked() && (len(f.Levels) < 2 || len(f.Levels) > MaxLevels), !f.Asked() && len(f.Levels) > 0:
			return fmt.Errorf("%w: levels of %q", ErrScheme, f.Name)
		}
		names[f.Name] = true
		for i, level := range f.Levels {
			if !Plain(level) || slices.Contains(f.Levels[:i], level) {
				return fmt.Errorf("%w: level %q of %q", ErrScheme, level, f.Name)
			}
		}
	}
	return nil
}

// Plain reports whether a name or level can stand in a stratum and in a line of a
// record: not empty, not longer than MaxName, without control characters, spaces at
// its ends, and the signs that hold strata apart.
func Plain(text string) bool {
	n := 0
	for _, r := range text {
		n++
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '=' || r == ';' || r == '|' || r == 0xfffd || r == 0x2028 || r == 0x2029 {
			return false
		}
	}
	return n >= 1 && n <= MaxName && strings.TrimSpace(text) == text
}

// Stratum is the list that a draw belongs to, by the levels of its factors.
func (s Scheme) Stratum(levels []string) string {
	if s.Method != Blocks || len(s.Factors) == 0 {
		return WholeStudy
	}
	parts := make([]string, len(s.Factors))
	for i, f := range s.Factors {
		parts[i] = f.Name + "=" + levels[i]
	}
	return strings.Join(parts, "; ")
}

// Text is the scheme in lines, the same for the same scheme, which its records are
// chained to.
func (s Scheme) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "method %s\nunit %s\n", s.Method, s.Unit)
	for _, a := range s.Arms {
		fmt.Fprintf(&b, "arm %s=%d\n", a.Key, a.Share)
	}
	if len(s.Sizes) > 0 {
		sizes := make([]string, len(s.Sizes))
		for i, n := range s.Sizes {
			sizes[i] = strconv.Itoa(n)
		}
		fmt.Fprintf(&b, "sizes %s\n", strings.Join(sizes, " "))
	}
	for _, f := range s.Factors {
		fmt.Fprintf(&b, "factor %s=%d|%s\n", f.Name, f.Weight, strings.Join(f.Levels, "|"))
	}
	if s.Best > 0 {
		fmt.Fprintf(&b, "best %d\n", s.Best)
	}
	return b.String()
}

// arm finds an arm by key; −1 when there is none.
func (s Scheme) arm(key string) int {
	return slices.IndexFunc(s.Arms, func(a Arm) bool { return a.Key == key })
}

func (s Scheme) shares() []int {
	shares := make([]int, len(s.Arms))
	for i, a := range s.Arms {
		shares[i] = a.Share
	}
	return shares
}
