package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
)

// descriptions are the files that say what the others are, the manifest last.
func (b *bundler) descriptions(f *frame, tables map[string]dataset.Table, s survey.Snapshot) error {
	var all []bundled
	for _, t := range []bundled{
		{name: "wide", key: []string{"participant"}},
		{name: "long", key: []string{"participant", "wave", "instrument", "item"}, refers: true, reasons: true},
		{name: "scores", key: []string{"participant", "wave", "instrument", "scale"}, refers: true, reasons: true},
	} {
		t.path, t.table = "data/table-"+t.name+"_data.csv", tables[t.name]
		all = append(all, t)
	}
	all = append(all, b.forms...)
	if err := b.json("datapackage.json", f.dataPackage(b.manifest, all)); err != nil {
		return err
	}
	if err := b.json("dataset_description.json", f.psychDS(all, s)); err != nil {
		return err
	}
	for path, text := range map[string]string{"CITATION.cff": f.citation(s)} {
		if err := b.file(path, -1, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			return err
		}
	}
	if err := b.file("README.txt", -1, func(w io.Writer) error { _, err := io.WriteString(w, f.readme(b.manifest)); return err }); err != nil {
		return err
	}
	return b.json("manifest.json", b.manifest)
}

// The Frictionless Data Package, version 1 (specs.frictionlessdata.io).
type (
	packageField struct {
		Name        string         `json:"name"`
		Type        string         `json:"type"`
		Format      string         `json:"format,omitempty"`
		Title       string         `json:"title,omitempty"`
		Constraints map[string]any `json:"constraints,omitempty"`
		// Categories are of version 2, and passed over by readers of version 1.
		Categories []packageCategory `json:"categories,omitempty"`
	}
	packageCategory struct {
		Value any    `json:"value"`
		Label string `json:"label"`
	}
	packageReference struct {
		Fields    []string `json:"fields"`
		Reference struct {
			Resource string   `json:"resource"`
			Fields   []string `json:"fields"`
		} `json:"reference"`
	}
	packageSchema struct {
		Fields        []packageField     `json:"fields"`
		MissingValues []string           `json:"missingValues"`
		PrimaryKey    []string           `json:"primaryKey"`
		ForeignKeys   []packageReference `json:"foreignKeys,omitempty"`
	}
	packageResource struct {
		Name      string        `json:"name"`
		Path      string        `json:"path"`
		Profile   string        `json:"profile"`
		Title     string        `json:"title"`
		Format    string        `json:"format"`
		MediaType string        `json:"mediatype"`
		Encoding  string        `json:"encoding"`
		Bytes     int64         `json:"bytes"`
		Hash      string        `json:"hash"`
		Schema    packageSchema `json:"schema"`
	}
	dataPackage struct {
		Profile     string            `json:"profile"`
		Name        string            `json:"name"`
		Title       string            `json:"title"`
		Description string            `json:"description"`
		Created     string            `json:"created"`
		Version     string            `json:"version"`
		Resources   []packageResource `json:"resources"`
	}
)

func (f *frame) dataPackage(m Manifest, tables []bundled) dataPackage {
	p := dataPackage{
		Profile: "tabular-data-package", Name: m.Study, Title: m.Title, Description: describe(m), Created: m.Snapshot.TakenAt,
		Version: strconv.Itoa(m.Snapshot.Number),
	}
	for _, t := range tables {
		r := packageResource{
			Name: t.name, Path: t.path, Profile: "tabular-data-resource", Title: t.table.Label,
			Format: "csv", MediaType: "text/csv", Encoding: "utf-8",
			Schema: packageSchema{MissingValues: []string{""}, PrimaryKey: t.key},
		}
		for _, file := range m.Files {
			if file.Path == r.Path {
				r.Bytes, r.Hash = file.Bytes, "sha256:"+file.SHA256
			}
		}
		for _, v := range t.table.Variables {
			r.Schema.Fields = append(r.Schema.Fields, fieldOf(v))
		}
		if t.reasons { // in CSV the reason for a missing value has a column of its own
			r.Schema.Fields = withMissing(r.Schema.Fields)
		}
		if t.refers {
			ref := packageReference{Fields: []string{"participant"}}
			ref.Reference.Resource, ref.Reference.Fields = "wide", []string{"participant"}
			r.Schema.ForeignKeys = []packageReference{ref}
		}
		p.Resources = append(p.Resources, r)
	}
	return p
}

// withMissing puts the column that says why there is no value where it stands in
// CSV: before the times of an answer, and after the value of a score.
func withMissing(fields []packageField) []packageField {
	why := packageField{Name: "missing", Type: "string", Title: "Why there is no value"}
	var all []packageField
	for i, f := range fields {
		all = append(all, f)
		if f.Name == "text" || f.Name == "value" && fields[i+1].Name != "text" {
			all = append(all, why)
		}
	}
	return all
}

func fieldOf(v dataset.Variable) packageField {
	f := packageField{Name: v.Name, Title: oneLine(v.Label), Type: "string"}
	switch v.Kind {
	case dataset.Number:
		f.Type = "number"
		if v.Bounded {
			f.Constraints = map[string]any{"minimum": v.Low, "maximum": v.High}
		}
		for _, l := range v.Labels {
			f.Categories = append(f.Categories, packageCategory{l.Value, oneLine(l.Text)})
		}
	case dataset.Day:
		f.Type = "date"
	case dataset.Instant:
		f.Type, f.Format = "datetime", "any" // with milliseconds, ISO 8601
	case dataset.Text:
		for _, c := range v.Categories {
			f.Categories = append(f.Categories, packageCategory{c.Value, oneLine(c.Text)})
		}
	}
	return f
}

// psychDS is the metadata that Psych-DS asks for: schema.org's Dataset with every
// column of the files in data/ among the variables measured.
func (f *frame) psychDS(tables []bundled, s survey.Snapshot) any {
	type property struct {
		Type        string `json:"@type"`
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
	}
	var all []property
	seen := map[string]bool{}
	add := func(name, label string) {
		if !seen[name] {
			seen[name] = true
			all = append(all, property{"PropertyValue", name, oneLine(label)})
		}
	}
	for _, t := range tables {
		for _, v := range t.table.Variables {
			add(v.Name, v.Label)
		}
	}
	add("missing", "Why there is no value")
	return map[string]any{
		"@context": "https://schema.org/", "@type": "Dataset", "schemaVersion": "Psych-DS 0.4.0",
		"name": f.design.Study.Title, "description": describe(f.manifest(s, "")), "version": strconv.Itoa(s.Number),
		"dateCreated": s.TakenAt.UTC().Format("2006-01-02"), "inLanguage": f.design.Study.Language, "variableMeasured": all,
	}
}

func describe(m Manifest) string {
	text := fmt.Sprintf("Data of the study %q as they were frozen on %s (snapshot %d).", m.Title, m.Snapshot.TakenAt[:10], m.Snapshot.Number)
	if m.Simulated {
		text += " The people are simulated."
	}
	return text
}

// citation is a Citation File Format file (cff-version 1.2.0).
func (f *frame) citation(s survey.Snapshot) string {
	quoted := func(t string) string { return "'" + strings.ReplaceAll(oneLine(t), "'", "''") + "'" }
	author := "The team of the study " + f.design.Study.Title
	return "cff-version: 1.2.0\nmessage: Please cite these data with the date of the snapshot.\ntype: dataset\ntitle: " + quoted(f.design.Study.Title) +
		"\nauthors:\n  - name: " + quoted(author) +
		"\nversion: '" + strconv.Itoa(s.Number) + "'\ndate-released: " + s.TakenAt.UTC().Format("2006-01-02") + "\n"
}

// readmeProfile says in words whom a bundle is for.
func readmeProfile(p ManifestProfile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nProfile: %s\n%s\n", p.Name, p.Meaning)
	for _, w := range p.Words {
		fmt.Fprintf(&b, "%s\n", w)
	}
	if len(p.Changes) > 0 {
		b.WriteString("\nWithheld or changed:\n")
	}
	for _, c := range p.Changes {
		fmt.Fprintf(&b, "  - %s: %s; %s", strings.Join(c.Columns, ", "), c.What, c.Why)
		if c.People != nil {
			fmt.Fprintf(&b, " (%d people)", *c.People)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (f *frame) readme(m Manifest) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n%s\n", m.Title, strings.Repeat("=", len([]rune(m.Title))), describe(m))
	b.WriteString(`
People appear under codes. A variable has one name in every file; the codebook has
its wording, values, scoring and terms.

data/        the tables as CSV in UTF-8: wide (one row a person), long (one row an
             answer), scores (one row a score), and a table for each questionnaire
             (one row a person and occasion). Empty means missing. A text that a
             spreadsheet would compute begins with an apostrophe.
spss/ stata/ jamovi/ excel/ parquet/
             the same with labels, levels of measurement, and why a value is missing
fhir/ odm/ redcap/
             design, people, answers and scores for systems of clinics (FHIR R4) and
             trials (CDISC ODM), and what a REDCap project is made of
codebook.csv, codebook.html, codebook.ddi.xml
             every variable: as a table, as a page to read and print, and for archives
scripts/     read.R, read.py, read.sps, read.do read and label the tables;
             recompute.R computes the report's main figures again
datapackage.json, dataset_description.json, CITATION.cff
             for archives: Frictionless Data Package, Psych-DS, citation
manifest.json
             every file with its rows and SHA-256, and the versions of all

Not in here:
`)
	for _, w := range m.Withheld {
		fmt.Fprintf(&b, "  - %s\n", w)
	}
	b.WriteString(readmeProfile(m.Profile))
	b.WriteString("\nQuestionnaires:\n")
	for _, i := range m.Instruments {
		fmt.Fprintf(&b, "  - %s %s: %s\n", i.Key, i.Version, oneLine(i.Title))
	}
	return b.String()
}
