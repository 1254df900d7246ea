package figure

import (
	"fmt"
	"strings"
)

// Flow shows how people came through a study, after the diagram of the CONSORT
// 2010 statement (Schulz, Altman, Moher 2010): those who came in, the arms they
// were allocated to, who answered at each wave and who was lost and why, and who
// is analysed.
type Flow struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Entry are the steps before allocation, from the first on.
	Entry []FlowStep
	// Arms are drawn side by side where there is room, else below each other.
	Arms []FlowArm
}

// FlowArm is one arm from allocation to analysis.
type FlowArm struct {
	Label string
	Steps []FlowStep
}

// FlowStep is a point that N people reached.
type FlowStep struct {
	// Label says what, as in "Allocated" or "Post: answered".
	Label string
	N     Count
	// Lost are the people missing at this step, by reason.
	Lost []FlowLoss
	// LostLabel names them; "Excluded" before allocation and "Lost" after it
	// by default.
	LostLabel string
}

// FlowLoss is one reason and how many people it took.
type FlowLoss struct {
	Reason string
	N      Count
}

// losses are the lines that tell who is missing: a sum and one line per reason.
// Without a reason of its own there is no sum to add up.
func (s FlowStep) losses(label string) []string {
	if len(s.Lost) == 0 {
		return nil
	}
	if s.LostLabel != "" {
		label = s.LostLabel
	}
	sum, hidden := 0, false
	for _, loss := range s.Lost {
		sum += loss.N.N
		hidden = hidden || loss.N.Below > 0
	}
	head := fmt.Sprintf("%s (n = %d)", label, sum)
	if hidden {
		head = label
	}
	lines := []string{head}
	for _, loss := range s.Lost {
		lines = append(lines, loss.N.String()+" "+loss.Reason)
	}
	return lines
}

const (
	excluded = "Excluded"
	lost     = "Lost"
)

func (s FlowStep) sentence(label string) string {
	text := s.Label + " " + s.N.of()
	if losses := s.losses(label); len(losses) > 0 {
		text += " (" + losses[0] + ": " + strings.Join(losses[1:], ", ") + ")"
	}
	return text
}

// Alt gives the figure's numbers in one sentence for the way in and one for
// each arm.
func (f Flow) Alt() string {
	var parts []string
	tell := func(name string, steps []FlowStep, label string) {
		told := make([]string, len(steps))
		for i, s := range steps {
			told[i] = s.sentence(label)
		}
		if len(told) > 0 {
			parts = append(parts, name+strings.Join(told, "; ")+".")
		}
	}
	tell("", f.Entry, excluded)
	for _, a := range f.Arms {
		tell(a.Label+": ", a.Steps, lost)
	}
	if len(parts) == 0 {
		return "No one has been asked yet."
	}
	return strings.Join(parts, " ")
}

// Table gives one row per step and one below it per reason of loss.
func (f Flow) Table() Table {
	table := Table{Header: []string{"Arm", "Step", "n"}}
	add := func(arm string, steps []FlowStep, label string) {
		for _, s := range steps {
			table.Rows = append(table.Rows, []string{arm, s.Label, s.N.String()})
			if s.LostLabel != "" {
				label = s.LostLabel
			}
			for _, loss := range s.Lost {
				table.Rows = append(table.Rows, []string{arm, label + ": " + loss.Reason, loss.N.String()})
			}
		}
	}
	add("", f.Entry, excluded)
	for _, a := range f.Arms {
		add(a.Label, a.Steps, lost)
	}
	return table
}

// Draw lays the figure out.
func (f Flow) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(f.ID, f.Title, f.Desc, f.Alt())
	if len(f.Table().Rows) == 0 {
		return l.only(d, f.Alt())
	}
	p := flowPlan{l: l, d: &d}
	stacked := !p.columnsFit(f.Arms)
	p.aside = stacked || l.width < 400
	y := p.entry(f.Entry, 4)
	joined := len(f.Entry) > 0
	if stacked {
		y = p.stack(f.Arms, y, joined)
	} else {
		y = p.columns(f.Arms, y, joined)
	}
	d.Height = y + 4
	return d
}
