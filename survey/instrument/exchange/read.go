package exchange

import (
	"bytes"
	"encoding/json"
	"io"
	"path"
	"strings"

	"tidemark/survey/instrument"
)

// Read reads a file of any format that is known, told by its content and, where
// that leaves a doubt, by its name: our own format, a data dictionary in CSV, a
// Questionnaire in JSON, a workbook. Faults in a file of our own format are of the
// type instrument.Faults, other faults of the type *FileError.
func Read(name string, r io.Reader) ([]*instrument.Definition, []Loss, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	extension := strings.ToLower(path.Ext(name))
	var one *instrument.Definition
	var lost []Loss
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		one, lost, err = ReadXLSForm(bytes.NewReader(data))
	case isQuestionnaire(data):
		one, lost, err = ReadFHIR(bytes.NewReader(data))
	case extension == ".csv" || extension == ".tsv" || isDictionary(data):
		return ReadREDCap(bytes.NewReader(data))
	case extension == ".xls" || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, nil, unreadable("Workbooks in the old form .xls cannot be read. Save it as “Excel workbook (.xlsx)”.")
	default:
		one, err = instrument.ParseFile(name, data)
	}
	if err != nil {
		return nil, lost, err
	}
	return []*instrument.Definition{one}, lost, nil
}

// isQuestionnaire tells a FHIR resource, of whatever type: its reader says what is
// wrong with the others.
func isQuestionnaire(data []byte) bool {
	var head struct {
		ResourceType string `json:"resourceType"`
	}
	return len(data) <= MaxBytes && json.Unmarshal(data, &head) == nil && head.ResourceType != ""
}

// isDictionary tells a data dictionary by its first columns, whatever its name.
func isDictionary(data []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n"))
	line := strings.ToLower(string(first[:min(len(first), 400)]))
	return strings.Contains(line, strings.ToLower(redcapColumns[colName])) && strings.Contains(line, strings.ToLower(redcapColumns[colForm])) ||
		strings.Contains(line, redcapNames[colName]+",") && strings.Contains(line, redcapNames[colForm])
}

// WriteYAML writes a definition in our own format as YAML, which is easier to edit
// by hand than JSON.
func WriteYAML(d *instrument.Definition) ([]byte, error) { return d.YAML() }

// WriteOwn writes a definition in our own format, for people to read and edit.
func WriteOwn(d *instrument.Definition) ([]byte, error) {
	data, err := d.Canonical()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
