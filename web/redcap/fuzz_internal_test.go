package redcap

import (
	"errors"
	"testing"

	"tidemark/survey/export"
)

// FuzzFilterLogic: any logic is refused in words, or decides on every row.
func FuzzFilterLogic(f *testing.F) {
	for _, s := range []string{
		"", `[q1] > "2" and ([q2] = '' or [q1(1)] <> 3)`, `[pre_arm_1][q1] >= 1.5`, `((((((`, `[q1]`, `and`, `[q1] = "x`, "[q1] = \xff", `[q1] = 1 or or [q2]=2`,
	} {
		f.Add(s)
	}
	columns := []column{{name: "q1"}, {name: "q2"}, {name: "q1(1)"}}
	rows := []export.ProjectRow{{Event: "pre_arm_1"}, {Event: "post_arm_1"}}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseLogic(text, columns, map[string]bool{"pre_arm_1": true, "post_arm_1": true})
		if err != nil {
			if _, ok := errors.AsType[*fault](err); !ok {
				t.Errorf("%q fails with %v", text, err)
			}
			return
		}
		for i := range rows {
			c(rows, i)
		}
	})
}
