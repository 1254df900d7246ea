package export

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/ddi"
)

// ddiFiles are the files that a codebook describes, in this order.
var ddiFiles = []struct{ key, contents string }{
	{inWide, "One row a person"}, {inLong, "One row an answer"}, {inScores, "One row a score"},
	{inTexts, "One row an answer in the person's own words"}, {inPractice, "One row a practice at home"},
	{inReflections, "What people wrote for themselves and share"},
}

// writeDDI writes the codebook for archives, as a DDI Codebook 2.5. It gives the
// number of variables.
func writeDDI(_ context.Context, _ survey.DataReader, f *frame, w io.Writer) (int, error) {
	b := f.book()
	s := b.Study
	day := b.At.UTC().Format(time.DateOnly)
	cited := ddi.Citation{
		Title: ddi.Titl{Lang: s.Language, Text: s.Title}, ID: s.Key, Producer: "The team of the study " + s.Title,
		Date: &ddi.Dated{Date: day, Text: day}, Software: "Tidemark",
	}
	book := ddi.CodeBook{Lang: "en", Document: cited, Study: ddi.Study{
		Citation: cited, Unit: "Individual", Kind: "Survey data", TimeMeth: "Longitudinal: panel", CollMode: "Self-administered questionnaire: web-based",
		Abstract: fmt.Sprintf("%d people in %d groups at %d occasions.", b.People, len(f.design.Arms), len(f.design.Waves)),
	}}
	if s.Simulated {
		book.Study.Notes = append(book.Study.Notes, "The people are simulated (a rehearsal).")
	}
	if b.Profile != "" {
		book.Study.Notes = append(book.Study.Notes, "Made for others, under the profile "+b.Profile+": "+f.profile().Meaning())
	}
	d := &ddiBuilder{frame: f, taken: names{}}
	for _, v := range b.General {
		d.add(v, nil)
	}
	for _, section := range b.Sections {
		d.section(section)
	}
	book.Data = d.data
	for _, file := range ddiFiles {
		about := ddi.File{ID: "F_" + file.key, Name: file.key + ".csv", Contents: file.contents, Type: "text/csv; charset=utf-8"}
		if file.key == inWide {
			about.Cases = strconv.Itoa(b.People)
		}
		for _, v := range d.data.Variables {
			if slices.Contains(strings.Fields(v.Files), about.ID) {
				about.Variables++
			}
		}
		book.Files = append(book.Files, about)
	}
	return len(book.Data.Variables), book.Write(w)
}

type ddiBuilder struct {
	*frame
	data  ddi.Data
	taken names // identifiers
}

func (d *ddiBuilder) id(name string) string {
	id := "V_" + name
	for n := 2; !d.taken.take(id); n++ {
		id = fmt.Sprintf("V_%s.%d", name, n)
	}
	return id
}

// section describes the variables of a questionnaire at a wave.
func (d *ddiBuilder) section(s bookSection) {
	var ids []string
	for _, v := range s.Variables {
		ids = append(ids, d.add(v, &s))
	}
	g := ddi.Group{
		ID: fmt.Sprintf("G_%d", len(d.data.Groups)+1), Type: "section", Variables: strings.Join(ids, " "),
		Label: ddi.Label{Lang: s.Def.Language, Text: s.Wave.Name + ": " + s.Def.Title}, Text: s.Def.Intro,
	}
	for _, n := range []ddi.Note{
		{Type: "instrument", Text: s.Def.Key + " " + s.Def.Version}, {Type: "wave", Text: s.Wave.Key},
		{Type: "status", Text: s.Def.Status}, {Type: "terms", Text: s.Def.Terms}, {Type: "citation", Text: s.Def.Citation},
	} {
		if n.Text != "" {
			g.Notes = append(g.Notes, n)
		}
	}
	d.data.Groups = append(d.data.Groups, g)
}

// add describes a variable, and gives its identifier.
func (d *ddiBuilder) add(v bookVariable, s *bookSection) string {
	name, language := v.variable, ""
	if s != nil {
		language = s.Def.Language
		if v.files == inTexts { // a question answered in words, which has no variable of its own
			name = v.key
		}
	}
	label := v.label
	if v.Chosen != "" {
		label += ": " + v.Chosen
	}
	out := ddi.Variable{
		ID: d.id(name), Name: name, Label: ddi.Label{Lang: language, Text: label}, Text: v.Others(),
		Format: ddi.Format{Type: map[varType]string{typeText: "character", typeDate: "character", typeTime: "character"}[v.kind]},
	}
	out.Format.Type = cmp.Or(out.Format.Type, "numeric")
	switch v.kind {
	case typeNumeric:
		out.Interval = "contin"
	case typeOrdinal, typeCategory:
		out.Interval = "discrete"
	case typeDate:
		out.Format.Category = "date"
	case typeTime:
		out.Format.Category = "time"
	case typeText:
	}
	var files []string
	for _, file := range ddiFiles {
		if slices.Contains(strings.Fields(v.files), file.key) {
			files = append(files, "F_"+file.key)
		}
	}
	out.Files = strings.Join(files, " ")
	if v.bounded {
		out.Range = &ddi.Range{Min: v.Low(), Max: v.High()}
	}
	for _, p := range v.Pairs() {
		out.Values = append(out.Values, ddi.Category{Value: p.Value, Label: ddi.Label{Lang: language, Text: p.Text}})
		if _, err := strconv.ParseFloat(p.Value, 64); err != nil {
			out.Format.Type = "character"
		}
	}
	if v.key != "" {
		d.ofItem(&out, v, s)
	}
	if v.missing != "" {
		out.Notes = append(out.Notes, ddi.Note{Type: "missing", Text: v.missing})
	}
	d.data.Variables = append(d.data.Variables, out)
	return out.ID
}

// ofItem adds what is known of an item or a scale.
func (d *ddiBuilder) ofItem(out *ddi.Variable, v bookVariable, s *bookSection) {
	vocabulary := "item"
	if v.scoring != "" {
		vocabulary = "scale"
		out.Derived = v.scoring
		if v.reversed != "" {
			out.Derived += "; turned around: " + v.reversed
		}
		out.Values = append(out.Values, d.missing([]dataset.Reason{whyTooFew})...)
	} else {
		out.Question = &ddi.Question{Literal: ddi.Label{Lang: s.Def.Language, Text: v.label}}
		if v.Condition != "" {
			out.Universe = "Asked only if " + v.Condition
		}
		why := d.whyMissing()
		if v.files == inTexts {
			why = nil // no row
		}
		out.Values = append(out.Values, d.missing(why)...)
		for _, n := range []ddi.Note{{Type: "scales", Text: v.scales}, {Type: "reversed", Text: v.reversed}} {
			if n.Text != "" {
				out.Notes = append(out.Notes, n)
			}
		}
	}
	out.Concept = &ddi.Concept{Vocabulary: vocabulary, Text: s.Def.Key + " " + v.key}
}

// missing are the reasons that the long and the scores file give.
func (d *ddiBuilder) missing(why []dataset.Reason) (all []ddi.Category) {
	for _, r := range why {
		all = append(all, ddi.Category{Missing: "Y", Value: r.Key, Label: ddi.Label{Lang: "en", Text: r.Text}})
	}
	return all
}
