package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"

	"tidemark/survey/instrument"
)

// REDCapForm is a definition as a form of a project, in which every field has a name
// of its own.
type REDCapForm struct {
	Definition *instrument.Definition
	Name       string
	// Fields are the names of items and scales, by their codes and keys.
	Fields map[string]string
}

// REDCapProject names the forms and fields of a project: as the definitions do, and
// with a number where another form has the name already.
func REDCapProject(definitions ...*instrument.Definition) []REDCapForm {
	forms, fields := map[string]bool{}, map[string]bool{redcapRecord: true}
	free := func(taken map[string]bool, name string) string {
		whole := name
		for n := 2; taken[name]; n++ {
			suffix := fmt.Sprintf("_%d", n)
			name = whole[:min(len(whole), maxCode-len(suffix))] + suffix
		}
		taken[name] = true
		return name
	}
	all := make([]REDCapForm, len(definitions))
	for i, d := range definitions {
		f := REDCapForm{Definition: d, Name: free(forms, asCode(d.Key, "form")), Fields: map[string]string{}}
		fields[f.Name+"_complete"] = true // REDCap's own
		for _, it := range d.Items {
			f.Fields[it.Code] = free(fields, asCode(it.Code, "q"))
		}
		for _, s := range d.Scales {
			if _, known := f.Fields[s.Key]; !known {
				f.Fields[s.Key] = free(fields, asCode(s.Key, "s"))
			}
		}
		all[i] = f
	}
	return all
}

// redcapRecord is the first field of every project.
const redcapRecord = "record_id"

// WriteREDCapProject writes the data dictionary of a project.
func WriteREDCapProject(w io.Writer, forms []REDCapForm) ([]Loss, error) {
	out := csv.NewWriter(w)
	lost := &losses{}
	if err := out.Write(redcapColumns); err != nil {
		return nil, err
	}
	// A project numbers its records in its first field.
	first := [18]string{colName: redcapRecord, colType: "text", colLabel: "Record ID"}
	if len(forms) > 0 {
		first[colForm] = forms[0].Name
	}
	if err := out.Write(first[:]); err != nil {
		return nil, err
	}
	for _, form := range forms {
		d := *form.Definition
		d.Key = form.Name // by which the rows name the form and its blocks
		f := redcapWriter{d: &d, lost: lost}
		for _, row := range f.rows() {
			form.rename(&row)
			if err := out.Write(row[:]); err != nil {
				return nil, err
			}
		}
	}
	out.Flush()
	return lost.grouped(), out.Error()
}

// mentioned are fields in a condition or a calculation.
var mentioned = regexp.MustCompile(`\[[a-z0-9_]+[\](]`)

// rename gives a row the names of the project.
func (f REDCapForm) rename(row *[18]string) {
	row[colName] = f.name(row[colName])
	within := func(text string) string {
		return mentioned.ReplaceAllStringFunc(text, func(m string) string {
			return "[" + f.name(m[1:len(m)-1]) + m[len(m)-1:]
		})
	}
	row[colBranching] = within(row[colBranching])
	if row[colType] == "calc" {
		row[colChoices] = within(row[colChoices])
	}
}

func (f REDCapForm) name(code string) string {
	if name, known := f.Fields[code]; known {
		return name
	}
	return code
}

// REDCapChoice is what REDCap calls the column of a choice of several.
func REDCapChoice(field string, value float64) string {
	return field + "___" + strings.NewReplacer("-", "_", ".", "_").Replace(numberText(value))
}
