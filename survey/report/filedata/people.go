package filedata

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/report/paper"
	"tidemark/survey/report/sheet"
)

// person is one in the making.
type person struct {
	code, group, run string
	line             int // where the group was read
	rows             []int
}

// layOutPeople finds the people, their groups and course runs, and which row of
// the sheet holds them at each wave.
func (r *reading) layOutPeople() error {
	people, err := r.people()
	if err != nil {
		return err
	}
	if r.spec.Group != "" {
		n := len(people)
		people = slices.DeleteFunc(people, func(p *person) bool { return p.group == "" })
		if left := n - len(people); left > 0 {
			r.note("%d without a group (column %q) are left out.", left, r.spec.Group)
		}
	}
	if len(people) == 0 {
		return errors.New("nobody is left: no row has an identifier, a group and a wave that are used")
	}
	slices.SortStableFunc(people, func(a, b *person) int { return strings.Compare(a.code, b.code) })
	if err := r.layOutArms(people); err != nil {
		return err
	}
	r.layOutRuns(people)
	r.rows = make([][]int, len(r.data.Waves))
	for w := range r.rows {
		r.rows[w] = make([]int, len(people))
	}
	for i, p := range people {
		arm := slices.IndexFunc(r.data.Arms, func(a paper.Arm) bool { return a.Key == p.group })
		run := slices.Index(r.data.Runs, p.run)
		r.data.People = append(r.data.People, paper.Person{Code: p.code, Arm: max(0, arm), Run: max(0, run)})
		for w := range r.rows {
			r.rows[w][i] = p.rows[w]
		}
	}
	return nil
}

func (r *reading) note(format string, args ...any) {
	r.file.Notes = append(r.file.Notes, fmt.Sprintf(format, args...))
}

// people are those of the rows, in the order of their first one.
func (r *reading) people() ([]*person, error) {
	var errs sheet.Faults
	if r.spec.ID != "" {
		wave := -1
		if r.long() {
			wave = r.column[r.spec.Wave]
		}
		if err := r.sheet.Repeated(r.missing(), r.column[r.spec.ID], wave); err != nil {
			faults, _ := errors.AsType[sheet.Faults](err)
			errs = append(errs, faults...)
		}
	} else {
		r.note("Without a column of identifiers every row counts as another person.")
	}
	id, group, run, wave := r.texts(r.spec.ID), r.texts(r.spec.Group), r.texts(r.spec.Run), r.texts(r.spec.Wave)
	var people []*person
	index := map[string]*person{}
	others := 0
	for i, row := range r.sheet.Rows {
		code := fmt.Sprintf("line %07d", row.Line)
		if id != nil {
			code = id[i]
		}
		at := 0
		if wave != nil {
			if at = waveAt(r.cells, wave[i]); at < 0 {
				others++
				continue
			}
		}
		p := index[code]
		if p == nil {
			p = &person{code: code, rows: slices.Repeat([]int{-1}, len(r.data.Waves))}
			index[code] = p
			people = append(people, p)
		}
		if wave == nil {
			for w := range p.rows {
				p.rows[w] = i
			}
		} else {
			p.rows[at] = i
		}
		if fault := p.join(r, group, run, i); fault != nil {
			errs = append(errs, *fault)
		}
	}
	if others > 0 {
		r.note("%d rows of other waves are not used.", others)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return people, nil
}

// texts is a column of labels; nil for a column without a name.
func (r *reading) texts(name string) []string {
	if name == "" {
		return nil
	}
	return r.sheet.Texts(r.missing(), r.column[name])
}

// join puts a person into the group and run of a row.
func (p *person) join(r *reading, group, run []string, row int) *sheet.Fault {
	if run != nil && run[row] != "" {
		p.run = run[row]
	}
	if group == nil || group[row] == "" {
		return nil
	}
	line := r.sheet.Rows[row].Line
	if p.group == "" {
		p.group, p.line = group[row], line
	}
	if p.group == group[row] {
		return nil
	}
	return &sheet.Fault{Line: line, Column: r.sheet.Header[r.column[r.spec.Group]], Text: fmt.Sprintf(
		"%q is in group %q here and in %q in line %d; a person has one group, so correct one of them", p.code, group[row], p.group, p.line)}
}

// maxGroups is more than a study has and less than a column of scores.
const maxGroups = 12

// layOutArms chooses which groups are compared, and says so.
func (r *reading) layOutArms(people []*person) error {
	if r.spec.Group == "" {
		r.data.Arms = []paper.Arm{{Key: "", Name: "everyone"}}
		return nil
	}
	var levels []string
	for _, p := range people {
		if !slices.Contains(levels, p.group) {
			levels = append(levels, p.group)
		}
		if len(levels) > maxGroups {
			return fmt.Errorf("column %q holds more than %d different groups; is it the right column?", r.spec.Group, maxGroups)
		}
	}
	slices.Sort(levels)
	for _, name := range []string{r.spec.Control, r.spec.Course} {
		if name != "" && !slices.Contains(levels, name) {
			hint := ""
			if near := sheet.Nearest(name, levels); len(near) > 0 {
				hint = fmt.Sprintf("; did you mean %q?", near[0])
			}
			return fmt.Errorf("there is no group %q%s; column %q holds %s", name, hint, r.spec.Group, strings.Join(levels, ", "))
		}
	}
	course, control := Compared(levels, r.spec.Course, r.spec.Control)
	r.file.Course, r.file.Control = course, control
	if course != "" {
		levels = append([]string{course}, slices.DeleteFunc(levels, func(l string) bool { return l == course })...)
	}
	for _, l := range levels {
		r.data.Arms = append(r.data.Arms, paper.Arm{Key: l, Name: r.spec.Book.value(r.spec.Group, l), Control: l == control && control != ""})
	}
	switch {
	case control != "" && r.spec.Control == "":
		r.note("The difference in change is %s − %s. Turn it round with --control.", course, control)
	case control != "":
		r.note("The difference in change is %s − %s.", course, control)
	case len(levels) > 1:
		r.note("There are %d groups; name one with --control to compare the others with it.", len(levels))
	}
	return nil
}

// Compared chooses two of several groups to compare: as asked, or of two the one
// that sounds as if it waited or got something else as the control. Empty: none.
func Compared(levels []string, course, control string) (string, string) {
	others := slices.DeleteFunc(slices.Clone(levels), func(l string) bool { return l == control || l == course })
	switch {
	case course != "" && control != "":
		return course, control
	case course != "" && len(others) == 1:
		return course, others[0]
	case control != "" && len(others) > 0:
		return others[0], control
	case len(levels) != 2:
		return "", ""
	}
	a, b := levels[0], levels[1]
	if SoundsLikeControl(a) && !SoundsLikeControl(b) {
		return b, a
	}
	return a, b
}

// SoundsLikeControl knows what groups that wait or get something else are
// usually called.
func SoundsLikeControl(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"control", "ctrl", "kontroll", "wait", "warte", "usual", "placebo"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return slices.Contains([]string{"tau", "cau", "wl", "wlc", "kg", "0"}, name)
}

func (r *reading) layOutRuns(people []*person) {
	if r.spec.Run == "" {
		r.data.Runs = []string{""}
		return
	}
	for _, p := range people {
		if !slices.Contains(r.data.Runs, p.run) {
			r.data.Runs = append(r.data.Runs, p.run)
		}
	}
	slices.Sort(r.data.Runs)
}
