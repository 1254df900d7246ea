package survey

// CheckState is what a check of an installation came to.
type CheckState string

// A check found nothing, something that should be looked at, or something that is wrong.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning"
	CheckFault   CheckState = "fault"
)

// CheckOfChanges is the name of the check that asks whether changes are taken.
const CheckOfChanges = "changes"

// Check is one thing looked at in an installation, in plain words: no secret, no answer,
// nobody's name or address.
type Check struct {
	Name  string     `json:"check"`
	State CheckState `json:"state"`
	Says  string     `json:"says"`         // one sentence: what was found
	Do    string     `json:"do,omitempty"` // what to do about it
}

// Sound reports whether no check found a fault.
func Sound(checks []Check) bool {
	for _, c := range checks {
		if c.State == CheckFault {
			return false
		}
	}
	return true
}
