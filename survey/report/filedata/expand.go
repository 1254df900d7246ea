package filedata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/report/sheet"
)

// maxRange is the longest run of items that is written out.
const maxRange = 1000

// Expand writes out a list of names in which "bdi_1..bdi_21" stands for all from
// the first to the last: by the numbers at their ends, or else by their order in
// the file.
func Expand(list string, header []string) ([]string, error) {
	var names []string
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		first, last, isRange := strings.Cut(part, "..")
		if !isRange {
			names = append(names, part)
			continue
		}
		run, err := between(strings.TrimSpace(first), strings.TrimSpace(last), header)
		if err != nil {
			return nil, err
		}
		names = append(names, run...)
	}
	return names, nil
}

func between(first, last string, header []string) ([]string, error) {
	a, b := stem(first), stem(last)
	from, err := strconv.Atoi(first[len(a):])
	to, other := strconv.Atoi(last[len(b):])
	if a == b && err == nil && other == nil && from <= to && to-from < maxRange {
		var run []string
		for i := from; i <= to; i++ {
			run = append(run, fmt.Sprintf("%s%0*d", a, len(first)-len(a), i))
		}
		// bdi_01..bdi_21 has its zeros, bdi_1..bdi_21 has none.
		if slices.ContainsFunc(run, func(n string) bool { return slices.Contains(header, n) }) || len(header) == 0 {
			return run, nil
		}
	}
	i, j := slices.Index(header, first), slices.Index(header, last)
	for k, name := range map[int]string{0: first, 1: last} {
		if []int{i, j}[k] < 0 {
			return nil, sheet.UnknownColumnError{Name: name, Have: header}
		}
	}
	if i > j {
		return nil, fmt.Errorf("%s..%s runs backwards: %q comes later in the file", first, last, first)
	}
	return header[i : j+1], nil
}

// stem is a name without the digits at its end.
func stem(name string) string { return strings.TrimRight(name, "0123456789") }
