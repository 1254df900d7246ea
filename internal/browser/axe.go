package browser

import (
	_ "embed"
	"fmt"
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

// runAxe runs every rule of axe-core, and "target-size", which is off unless it
// is asked for. What axe cannot decide by itself ("incomplete") is not counted.
const runAxe = `axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then(
	r => r.violations.map(v => ({id: v.id, help: v.help, impact: v.impact || "", nodes: v.nodes.map(n => n.html)})))`

// Axe gives the faults of accessibility that axe-core finds on the page.
func (t *Tab) Axe() ([]Violation, error) {
	// The script is put in as a debugger does, so the page's policy against
	// foreign scripts stays in force for the page itself.
	if _, err := Evaluate[bool](t, axeScript+"; true"); err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	found, err := Evaluate[[]Violation](t, runAxe)
	if err != nil {
		return nil, fmt.Errorf("run axe-core on %s: %w", t.where(), err)
	}
	return found, nil
}
