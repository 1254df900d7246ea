package exchange

import (
	"fmt"
	"strings"
)

// MaxBytes is the largest file that is read.
const MaxBytes = 4 << 20

// maxText bounds one text of a definition, in bytes.
const maxText = 8000

// A Loss is something that could not be carried over, or only in another form.
type Loss struct {
	Place string // such as "row 12 (mood_1), Field Annotation"
	What  string
}

// String is the loss as one line.
func (l Loss) String() string {
	if l.Place == "" {
		return l.What
	}
	return l.Place + ": " + l.What
}

// losses collects what is lost; what repeats is said once with its places.
type losses struct{ list []Loss }

func (l *losses) add(place, format string, args ...any) {
	l.list = append(l.list, Loss{place, fmt.Sprintf(format, args...)})
}

// grouped joins the places of equal losses, in the order of first appearance.
func (l *losses) grouped() []Loss {
	const most = 8
	var order []string
	places := map[string][]string{}
	for _, one := range l.list {
		if _, known := places[one.What]; !known {
			order = append(order, one.What)
		}
		places[one.What] = append(places[one.What], one.Place)
	}
	grouped := make([]Loss, len(order))
	for i, what := range order {
		at := places[what]
		place := strings.Join(at[:min(len(at), most)], "; ")
		if len(at) > most {
			place += fmt.Sprintf(" and %d more", len(at)-most)
		}
		grouped[i] = Loss{place, what}
	}
	return grouped
}

// A FileError says why a file cannot be read at all, in words for whoever chose it.
type FileError struct{ Reason string }

// Error is the reason.
func (e *FileError) Error() string { return e.Reason }

func unreadable(format string, args ...any) error {
	return &FileError{Reason: fmt.Sprintf(format, args...)}
}
