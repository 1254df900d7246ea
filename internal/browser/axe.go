package browser

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed axe/axe.min.js
var axeScript string

// Violation is one rule of accessibility that a page breaks.
type Violation struct {
	ID     string   `json:"id"`
	Help   string   `json:"help"`
	Impact string   `json:"impact"`
	Nodes  []string `json:"nodes"` // the elements, as HTML
}

// String names the rule and the first elements that break it.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s: %s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes[:min(3, len(v.Nodes))], " … "))
}

// runAxe runs rules of axe-core. What axe cannot decide by itself ("incomplete") is not
// counted.
const runAxe = `axe.run(document, {resultTypes: ["violations"], %s}).then(
	r => r.violations.map(v => ({id: v.id, help: v.help, impact: v.impact || "", nodes: v.nodes.map(n => n.html)})))`

// Every rule is meant, and "target-size", which is off unless it is asked for; and the
// rules that the width of a window has a say in.
var (
	allRules    = fmt.Sprintf(runAxe, `rules: {"target-size": {enabled: true}}`)
	layoutRules = fmt.Sprintf(runAxe, `runOnly: ["target-size", "scrollable-region-focusable"], rules: {"target-size": {enabled: true}}`)
)

// Axe gives the faults of accessibility that axe-core finds on the page.
func (t *Tab) Axe() ([]Violation, error) { return t.axe(allRules) }

// AxeOfLayout gives those that depend on how wide the window is, for a page on which
// Axe has been at another width: it takes a fraction of the time.
func (t *Tab) AxeOfLayout() ([]Violation, error) { return t.axe(layoutRules) }

func (t *Tab) axe(rules string) ([]Violation, error) {
	// The script is put in as a debugger does, so the page's policy against
	// foreign scripts stays in force for the page itself.
	// Where a page is looked at in several widths it is there already.
	there, err := Evaluate[bool](t, `typeof axe === "object"`)
	if err == nil && !there {
		_, err = Evaluate[bool](t, axeScript+"; true")
	}
	if err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	found, err := Evaluate[[]Violation](t, rules)
	if err == nil && slices.ContainsFunc(found, isTargetSize) {
		found, err = t.axeScrolled(rules, found)
	}
	if err != nil {
		return nil, fmt.Errorf("run axe-core on %s: %w", t.where(), err)
	}
	return found, nil
}

func isTargetSize(v Violation) bool { return v.ID == "target-size" }

// axeScrolled looks again from a little further down. What happens to stand half
// under the bar at the foot of the window is a target too small to axe; a person
// scrolls. Only what is too small in both places counts.
func (t *Tab) axeScrolled(rules string, found []Violation) ([]Violation, error) {
	again, err := Evaluate[[]Violation](t, "scrollBy({top: 120, behavior: 'instant'}), "+rules)
	if err != nil {
		return nil, err
	}
	var still []string
	for _, v := range again {
		if isTargetSize(v) {
			still = v.Nodes
		}
	}
	var kept []Violation
	for _, v := range found {
		if isTargetSize(v) {
			v.Nodes = slices.DeleteFunc(v.Nodes, func(node string) bool { return !slices.Contains(still, node) })
			if len(v.Nodes) == 0 {
				continue
			}
		}
		kept = append(kept, v)
	}
	return kept, nil
}
