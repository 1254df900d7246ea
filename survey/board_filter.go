package survey

import "strings"

// BoardShow chooses people of a board by how they stand.
type BoardShow string

// The choices. A person can be in several of them.
const (
	ShowEveryone BoardShow = ""
	ShowLate     BoardShow = "late"    // something is open now and not complete
	ShowNew      BoardShow = "new"     // takes part and has given nothing yet
	ShowGone     BoardShow = "gone"    // has left, or said that they do not take part
	ShowWaiting  BoardShow = "waiting" // in an arm that waits for the course
)

// Valid reports whether s is one of the choices.
func (s BoardShow) Valid() bool {
	switch s {
	case ShowEveryone, ShowLate, ShowNew, ShowGone, ShowWaiting:
		return true
	}
	return false
}

// BoardFilter picks people of a board. The zero filter picks everyone.
type BoardFilter struct {
	Show BoardShow
	Arm  string // the key of an arm; empty: all
	Text string // part of a code or a name, in any case; empty: all
}

// Empty reports whether f picks everyone.
func (f BoardFilter) Empty() bool { return f == BoardFilter{} }

// Late reports whether the person takes part and something is open for them now
// that they have not completed.
func (r BoardRow) Late() bool {
	if r.Enrolment.Stopped() {
		return false
	}
	for _, c := range r.Cells {
		if c.Applies && (c.State == AssessmentOpen || c.State == AssessmentPartly) {
			return true
		}
	}
	return false
}

// Begun reports whether the person has given anything at all.
func (r BoardRow) Begun() bool {
	for _, c := range r.Cells {
		if c.Applies && c.Given {
			return true
		}
	}
	return false
}

// In reports whether the person stands as chosen.
func (r BoardRow) In(s BoardShow) bool {
	switch s {
	case ShowLate:
		return r.Late()
	case ShowNew:
		return !r.Enrolment.Stopped() && !r.Begun()
	case ShowGone:
		return r.Enrolment.Stopped()
	case ShowWaiting:
		return r.Control
	case ShowEveryone:
	}
	return true
}

// Select gives the rows that a filter picks, in order.
func (b Board) Select(f BoardFilter) []BoardRow {
	arm := ArmID("")
	for _, a := range b.Arms {
		if a.Key == f.Arm {
			arm = a.ID
		}
	}
	text := strings.ToLower(strings.TrimSpace(f.Text))
	var rows []BoardRow
	for _, r := range b.Rows {
		if r.In(f.Show) && (f.Arm == "" || r.Enrolment.ArmID == arm) && r.named(text) {
			rows = append(rows, r)
		}
	}
	return rows
}

// named reports whether a text in lower case is part of the code or the name.
func (r BoardRow) named(text string) bool {
	return text == "" || strings.Contains(strings.ToLower(r.Enrolment.Code), text) || strings.Contains(strings.ToLower(r.Name), text)
}

// Count is how many people stand as chosen.
func (b Board) Count(s BoardShow) int {
	n := 0
	for _, r := range b.Rows {
		if r.In(s) {
			n++
		}
	}
	return n
}
