package definition

import (
	"fmt"
	"strings"
)

// A Fault is one mistake in a definition file.
type Fault struct {
	// Place is the path to the value, such as "items[3].code"; empty when the
	// file as a whole is meant.
	Place string
	// Problem says what is wrong, in words for the author of the file.
	Problem string
	// Line of the file, from 1; 0 where lines are not counted.
	Line int
}

// String gives the fault as "place: problem", with its line in front where it has
// one.
func (f Fault) String() string {
	text := f.Problem
	if f.Place != "" {
		text = f.Place + ": " + text
	}
	if f.Line > 0 {
		text = fmt.Sprintf("line %d: %s", f.Line, text)
	}
	return text
}

// Faults are all mistakes found in one definition file, in file order. It is an
// error when it is not empty; functions that return it as an error return nil
// instead of an empty Faults.
type Faults []Fault

// Error lists every fault on a line of its own, after their number.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f)+1)
	if len(f) == 1 {
		return "1 fault in the definition: " + f[0].String()
	}
	lines = append(lines, fmt.Sprintf("%d faults in the definition:", len(f)))
	for _, fault := range f {
		lines = append(lines, "  "+fault.String())
	}
	return strings.Join(lines, "\n")
}

// Add appends a fault.
func (f *Faults) Add(place, format string, args ...any) {
	*f = append(*f, Fault{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// Err returns the faults as an error, or nil when there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
