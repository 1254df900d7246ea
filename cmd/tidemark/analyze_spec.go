package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/sheet"
)

// analyzeMore are the flags of the whole report.
type analyzeMore struct {
	Outcome     []string `sep:"none" placeholder:"NAME=PRE,POST,…" help:"An outcome: its columns of scores in the order of the waves. May be repeated."`
	Items       []string `sep:"none" placeholder:"NAME=COL..COL" help:"A scale scored from items; the items of further waves after a semicolon. An item may be an earlier scale. May be repeated."`
	Instrument  []string `placeholder:"[NAME=]ID" help:"Score the items of a scale by the key of this instrument, in the order of its sheet: turned items, range, sum or mean, ranges of scores."`
	Reverse     []string `sep:"none" placeholder:"[NAME=]ITEM,…" help:"Items that are turned round, by their place in the scale or by column."`
	Min         perScale `placeholder:"[NAME=]N" help:"Least possible answer (score, for scales without items)."`
	Max         perScale `placeholder:"[NAME=]N" help:"Greatest possible answer (score)."`
	MinAnswered perScale `placeholder:"[NAME=]N" help:"How many items a score needs (default: four fifths)."`
	Sum         []string `placeholder:"NAME,…" help:"Scales that add their items up; the others take the mean."`
	Bands       []string `sep:"none" placeholder:"NAME=A..B,…" help:"Ranges of scores in which people are counted."`
	Label       []string `sep:"none" placeholder:"NAME=TEXT" help:"What a scale is called in the report."`
	Higher      []string `placeholder:"NAME,…" help:"Scales on which high scores are good."`
	Lower       []string `placeholder:"NAME,…" help:"Scales on which low scores are good."`
	MCID        perScale `name:"mcid" placeholder:"[NAME=]N" help:"The least change that matters to people, in points, for responders."`
	Cohort      string   `name:"run" placeholder:"COL" help:"Column of the course run."`
	Dose        []string `placeholder:"COL,…" help:"Columns of how much of the course people took."`
	Baseline    []string `placeholder:"COL,…" help:"Columns of what was known before the course, described by group."`
	Covariate   []string `placeholder:"COL,…" help:"The same, and adjusted for."`

	Plan         string `placeholder:"FILE" help:"Analysis plan (plan.json) to follow."`
	PlanLocked   string `placeholder:"DATE" help:"Day on which the plan was registered, as 2026-03-01. Without it all results count as exploratory."`
	PlanTemplate bool   `help:"Write a plan to begin from instead of a report."`
	Codebook     string `placeholder:"FILE" help:"CSV of variables: their labels, roles, scales, ranges and missing codes; or the codebook.csv of an export."`
	Tables       string `placeholder:"DIR" help:"Folder for each table as CSV, with all digits."`
	Figures      string `placeholder:"DIR" help:"Folder for each figure as SVG, PNG and PDF."`
	Language     string `enum:"en,de" default:"en" help:"Language of the paragraphs: en or de (default: ${default})."`
}

// more reports whether something is asked for that the short form has not.
func (m *analyzeMore) more() bool {
	return len(m.Outcome)+len(m.Items)+len(m.Dose)+len(m.Baseline)+len(m.Covariate)+len(m.MCID)+len(m.Bands) > 0 ||
		m.Plan+m.Codebook+m.Tables+m.Figures+m.Cohort != "" || m.PlanTemplate || m.Language == "de"
}

// whole reports whether the whole report is asked for.
func (c *analyzeCmd) whole() bool {
	return c.more() || len(c.Score) > 1 || len(c.Waves) > 0 || c.Wave != "" && len(c.Score) > 0 && (c.Pre == "" || c.Post == "")
}

// spec says what the file holds, from the flags, the codebook and the plan.
func (c *analyzeCmd) spec(s *sheet.Sheet, book *filedata.Codebook, planned *plan.Plan) (filedata.Spec, error) {
	spec := filedata.Spec{
		File: c.source(), ID: c.ID, Group: c.Group, Control: c.Control, Course: c.Course, Run: c.Cohort, Wave: c.Wave, Waves: c.Waves,
		Doses: c.Dose, Baseline: slices.Concat(c.Baseline, c.Covariate), Missing: c.Missing, Book: book,
	}
	if c.Wave != "" {
		spec.Pre, spec.Post = c.Pre, c.Post
	}
	var err error
	if spec.Outcomes, err = c.outcomes(s.Header); err != nil {
		return spec, err
	}
	if book != nil {
		book.Fill(&spec, s.Header)
	}
	if len(spec.Outcomes) == 0 && planned != nil {
		if spec.Outcomes, err = c.fromPlan(planned, spec.Wave, s.Header); err != nil {
			return spec, err
		}
	}
	if len(spec.Outcomes) == 0 && c.PlanTemplate {
		spec.Outcomes = filedata.Guess(s.Header)
	}
	if len(spec.Outcomes) == 0 {
		return spec, misuse("nothing says which columns are outcomes; name them with --outcome NAME=PRE,POST or --items NAME=COL..COL; the columns are %s", strings.Join(s.Header, ", "))
	}
	return spec, c.describe(&spec, s.Header)
}

// outcomes are those of the flags.
func (c *analyzeCmd) outcomes(header []string) ([]filedata.Outcome, error) {
	var out []filedata.Outcome
	for _, text := range c.Items {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return nil, misuse("--items must look like NAME=item1..item9: %q", text)
		}
		o := filedata.Outcome{Key: strings.TrimSpace(name)}
		for wave := range strings.SplitSeq(rest, ";") {
			items, err := filedata.Expand(wave, header)
			if err != nil {
				return nil, misuse("--items %s: %w", name, err)
			}
			if strings.TrimSpace(wave) == "" {
				items = nil
			}
			o.Items = append(o.Items, items)
		}
		out = append(out, o)
	}
	for _, text := range c.Outcome {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return nil, misuse("--outcome must look like NAME=pre_column,post_column: %q", text)
		}
		columns := strings.Split(rest, ",")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		out = append(out, filedata.Outcome{Key: strings.TrimSpace(name), Columns: columns})
	}
	for _, score := range c.Score {
		out = append(out, filedata.Outcome{Key: score, Columns: []string{score}})
	}
	if c.Wave == "" && c.Pre != "" && c.Post != "" {
		out = append(out, filedata.Outcome{Key: c.title(), Columns: []string{c.Pre, c.Post}})
	}
	return out, nil
}

// fromPlan takes the outcomes from the plan: its scales are columns.
func (c *analyzeCmd) fromPlan(p *plan.Plan, wave string, header []string) ([]filedata.Outcome, error) {
	if wave == "" {
		out, err := filedata.PlanColumns(*p, header)
		if err != nil {
			return nil, misuse("%w", err)
		}
		return out, nil
	}
	var out []filedata.Outcome
	for _, o := range slices.Concat(p.Primary, p.Secondary) {
		if !slices.ContainsFunc(out, func(have filedata.Outcome) bool { return have.Key == o.Scale }) {
			out = append(out, filedata.Outcome{Key: o.Scale, Columns: []string{o.Scale}})
		}
	}
	if len(p.Primary) > 0 && c.Pre == "" && c.Post == "" {
		c.Pre, c.Post = p.Primary[0].Pre, p.Primary[0].Post
	}
	return out, nil
}

// describe adds to the outcomes what further flags say of them.
func (c *analyzeCmd) describe(spec *filedata.Spec, header []string) error {
	var keys []string
	for _, o := range spec.Outcomes {
		keys = append(keys, o.Key)
	}
	if err := c.checkNames(keys); err != nil {
		return err
	}
	reverse, err := named("reverse", c.Reverse, withItems(spec.Outcomes))
	if err != nil {
		return err
	}
	instruments, err := named("instrument", c.Instrument, withItems(spec.Outcomes))
	if err != nil {
		return err
	}
	bands, err := named("bands", c.Bands, keys)
	if err != nil {
		return err
	}
	labels, err := named("label", c.Label, keys)
	if err != nil {
		return err
	}
	for i := range spec.Outcomes {
		o := &spec.Outcomes[i]
		if id := instruments[o.Key]; id != "" {
			if err := keyOutcome(o, id); err != nil {
				return err
			}
		}
		if labels[o.Key] != "" {
			o.Name = labels[o.Key]
		} else if c.Name != "" && len(keys) == 1 {
			o.Name = c.Name
		}
		if reverse[o.Key] != "" {
			if o.Reverse, err = filedata.Expand(reverse[o.Key], header); err != nil {
				return misuse("--reverse %s: %w", o.Key, err)
			}
		}
		if given, err := bandsOf(bands[o.Key]); err != nil {
			return err
		} else if given != nil {
			o.Bands = given
		}
		o.Sum = o.Sum || slices.Contains(c.Sum, o.Key)
		c.directions(o)
		if err := c.ends(o); err != nil {
			return err
		}
	}
	return nil
}

func withItems(all []filedata.Outcome) []string {
	var keys []string
	for _, o := range all {
		if len(o.Items) > 0 {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

// checkNames finds flags about scales that are not there.
func (c *analyzeCmd) checkNames(keys []string) error {
	left := func(values []string) []string { return perScale(values).names() }
	for flag, names := range map[string][]string{
		"reverse": left(c.Reverse), "instrument": left(c.Instrument), "bands": left(c.Bands), "label": left(c.Label), "sum": c.Sum, "higher": c.Higher, "lower": c.Lower,
		"min": c.Min.names(), "max": c.Max.names(), "min-answered": c.MinAnswered.names(), "reliability": c.Reliability.names(),
		"sd": c.SD.names(), "norm-mean": c.NormMean.names(), "norm-sd": c.NormSD.names(), "mcid": c.MCID.names(),
	} {
		for _, name := range names {
			if slices.Contains(keys, name) {
				continue
			}
			hint := ""
			if near := sheet.Nearest(name, keys); len(near) > 0 {
				hint = fmt.Sprintf("; did you mean %q?", near[0])
			}
			return misuse("--%s: there is no scale %q%s; there is %s", flag, name, hint, strings.Join(keys, ", "))
		}
	}
	for _, name := range c.Higher {
		if slices.Contains(c.Lower, name) {
			return misuse("%s is named by --higher and by --lower", name)
		}
	}
	return nil
}

func (c *analyzeCmd) directions(o *filedata.Outcome) {
	switch {
	case slices.Contains(c.Higher, o.Key):
		o.Direction = instrument.HigherBetter
	case slices.Contains(c.Lower, o.Key):
		o.Direction = instrument.LowerBetter
	case c.HigherBetter:
		o.Direction = instrument.HigherBetter
	case c.LowerBetter:
		o.Direction = instrument.LowerBetter
	}
}

// ends reads the ends of an outcome's answers.
func (c *analyzeCmd) ends(o *filedata.Outcome) error {
	low, err := c.Min.value("min", o.Key)
	if err != nil {
		return err
	}
	high, err := c.Max.value("max", o.Key)
	if err != nil {
		return err
	}
	switch {
	case low != nil || high != nil:
		o.Min, o.Max = low, high
	case c.Range != "":
		o.Min, o.Max = &c.bounds[0], &c.bounds[1]
	}
	if (o.Min == nil) != (o.Max == nil) || o.Min != nil && !(*o.Min < *o.Max) {
		return misuse("--min and --max of %s go together, the smaller first", o.Key)
	}
	needs, err := c.MinAnswered.value("min-answered", o.Key)
	if err != nil {
		return err
	}
	if needs != nil {
		if o.MinAnswered = int(*needs); float64(o.MinAnswered) != *needs || o.MinAnswered < 1 {
			return misuse("--min-answered must be a whole number from 1")
		}
	}
	return nil
}

// bandsOf reads "0..4,5..9".
func bandsOf(text string) ([]filedata.Band, error) {
	if text == "" {
		return nil, nil
	}
	var out []filedata.Band
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(part, "..")
		a, err := strconv.ParseFloat(strings.TrimSpace(from), 64)
		b, other := strconv.ParseFloat(strings.TrimSpace(to), 64)
		if !ok || err != nil || other != nil || !(a <= b) {
			return nil, misuse("--bands must look like 0..4,5..9: %q", part)
		}
		out = append(out, filedata.Band{From: a, To: b})
	}
	return out, nil
}
