package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/report"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/sheet"
)

// wrongFile tells a wrong command line, a column that is not there, from a wrong
// file.
func (c *analyzeCmd) wrongFile(err error) error {
	if _, ok := errors.AsType[sheet.UnknownColumnError](err); ok {
		return misuse("%s: %w", c.source(), err)
	}
	faults, ok := errors.AsType[sheet.Faults](err)
	if !ok {
		return fmt.Errorf("%s: %w", c.source(), err)
	}
	hint := ""
	if c.Wave == "" && slices.ContainsFunc(faults, func(f sheet.Fault) bool { return f.Repeated }) {
		hint = "\nIf the file has one row a person and wave, say so: --wave COL --score COL --pre WAVE --post WAVE"
	}
	return fmt.Errorf("%s cannot be used:\n%w%s", c.source(), faults, hint)
}

// compare chooses the groups: which the result is about and which are compared.
// It says what it chose.
func (c *analyzeCmd) compare(people sheet.People, o *report.Options) ([]string, error) {
	levels := people.Levels()
	for _, name := range []string{c.Control, c.Course} {
		if name != "" && !slices.Contains(levels, name) {
			return nil, misuse("there is no group %q; column %q holds %s", name, c.Group, strings.Join(levels, ", "))
		}
	}
	switch {
	case c.Group == "":
		return nil, nil
	case len(levels) == 0:
		return []string{fmt.Sprintf("Column %q names no group, so everyone is taken together.", c.Group)}, nil
	case len(levels) > maxGroups:
		return nil, misuse("column %q holds %d different groups; is it the right column?", c.Group, len(levels))
	}
	o.Groups, o.Focus = levels, levels[0]
	course, control := c.pair(levels)
	if control == "" {
		if len(levels) == 1 {
			return []string{fmt.Sprintf("There is one group, %s, so nothing is compared.", levels[0])}, nil
		}
		return []string{fmt.Sprintf("There are %d groups; name two with --course and --control to compare them.", len(levels))}, nil
	}
	o.Focus, o.Course, o.Control = course, course, control
	note := fmt.Sprintf("The difference in change is %s − %s.", course, control)
	if c.Control == "" {
		note += " Turn it round with --control."
	}
	return []string{note}, nil
}

// maxGroups is more than a study has and less than a column of scores.
const maxGroups = 12

// pair is the two groups to compare; empty when they are not known.
func (c *analyzeCmd) pair(levels []string) (course, control string) {
	if c.Course != "" {
		return c.Course, c.Control
	}
	if len(levels) != 2 {
		return "", ""
	}
	a, b := levels[0], levels[1]
	if c.Control == a || c.Control == "" && filedata.SoundsLikeControl(a) && !filedata.SoundsLikeControl(b) {
		return b, a
	}
	return a, b
}
