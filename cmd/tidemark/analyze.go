package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/sheet"
)

type analyzeCmd struct {
	File string `arg:"" placeholder:"FILE.csv" help:"The data; - reads standard input."`

	ID    string   `name:"id" placeholder:"COL" help:"Column that says who each row is about."`
	Pre   string   `placeholder:"COL" help:"Column of the earlier score. With --wave: the earlier wave."`
	Post  string   `placeholder:"COL" help:"Column of the later score. With --wave: the later wave."`
	Wave  string   `placeholder:"COL" help:"For files with one row a person and wave: column of the wave."`
	Waves []string `placeholder:"WAVE,…" help:"With --wave: the waves used, in the order of time (default: all)."`
	Score []string `placeholder:"COL,…" help:"With --wave: column of the score; several for a report on all of them."`

	Group   string `placeholder:"COL" help:"Column of the group. Two groups are compared in how much they changed."`
	Control string `placeholder:"NAME" help:"Which group the other is compared with."`
	Course  string `placeholder:"NAME" help:"Which group is compared with --control, when there are more than two."`

	HigherBetter bool     `xor:"direction" help:"High scores are good."`
	LowerBetter  bool     `xor:"direction" help:"Low scores are good."`
	Reliability  perScale `placeholder:"[NAME=]R" help:"Reliability of the measure, between 0 and 1, for reliable change."`
	SD           perScale `name:"sd" placeholder:"[NAME=]SD" help:"Spread to judge reliable change by (default: of the earlier scores)."`
	NormMean     perScale `placeholder:"[NAME=]M" help:"Mean of people without the problem; with --norm-sd gives the cut-off between both."`
	NormSD       perScale `name:"norm-sd" placeholder:"[NAME=]SD" help:"Spread of people without the problem."`
	Range        string   `placeholder:"MIN..MAX" help:"Least and greatest possible score, or answer with --items, as 1..5."`
	Level        float64  `default:"0.95" placeholder:"L" help:"Coverage of the intervals (default: ${default})."`
	Name         string   `placeholder:"TEXT" help:"What the scores measure, for the sentences."`
	Missing      []string `placeholder:"CODE,…" help:"Cells that mean missing, besides empty ones, NA, NaN and the like."`
	HideBelow    int      `placeholder:"N" help:"Hide results of fewer than N people."`
	Format       string   `enum:"text,json,html" default:"text" help:"text, json, or html: one page with figures (default: ${default})."`
	Out          string   `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole."`

	analyzeMore `group:"The whole report"`

	bounds [2]float64 // of Range
	facts  scaleFacts // of the one scale of the short form
}

// Help is shown under the command's flags.
func (analyzeCmd) Help() string {
	return `The file is CSV with names in its first row: separated by commas, semicolons or
tabs, with decimal points or commas, one row a person — or one row a person and
wave with --wave. Nobody's data leave this machine.

With --pre and --post alone the answer is short: one outcome, two waves. With
--outcome, --items, several --score, --plan or --codebook it is the whole report:
flow, models, sensitivity, subgroups, reliability, every table and figure.

Examples:
  tidemark analyze study.csv --id code --pre scs_1 --post scs_2 --higher-better
  tidemark analyze study.csv --id code --pre bdi_1 --post bdi_2 --lower-better \
      --group arm --control waitlist --reliability 0.89 --format html --out bdi.html
  tidemark analyze long.csv --id person --wave time --score bdi --pre 1 --post 4
  tidemark analyze study.csv --id code --group arm --control waitlist \
      --outcome scs=scs_1,scs_2,scs_3 --outcome pss=pss_1,pss_2,pss_3 \
      --higher scs --lower pss --format html --out report.html --tables tables
  tidemark analyze items.csv --items 'phq=phq1..phq9' --min 0 --max 3 --sum phq \
      --bands phq=0..4,5..9,10..27
  tidemark analyze study.csv --plan-template --out plan.json
  tidemark analyze study.csv --id code --plan plan.json --codebook codebook.csv`
}

// Run reads the file and writes what it says.
func (c analyzeCmd) Run(ctx context.Context, p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.whole() {
		return c.report(ctx, p)
	}
	people, found, err := c.read(p)
	if err != nil {
		return c.wrongFile(err)
	}
	opt := c.options()
	notes, err := c.compare(people, &opt)
	if err != nil {
		return err
	}
	a := analyzed{
		Schema: "tidemark.analysis/1", Version: readBuild().short(), At: p.now().UTC().Truncate(time.Second),
		File: c.source(), Notes: append(found, notes...),
		Outcome: report.Analyse(report.Columns{Pre: people.Pre, Post: people.Post, Group: people.Group}, opt),
	}
	if err := p.into(c.Out, func(w io.Writer) error { return a.write(w, c.Format) }); err != nil {
		return fmt.Errorf("write the analysis of %s: %w", c.source(), err)
	}
	return nil
}

// check finds what is wrong with the command line alone.
func (c *analyzeCmd) check() error {
	switch {
	case c.Wave != "" && len(c.Score) == 0 && !c.more():
		return misuse("--wave needs --score: the column of the score")
	case !c.whole() && (c.Pre == "" || c.Post == ""):
		return misuse("nothing says what to compare: give --pre and --post, or --outcome, --items, --plan or --codebook")
	case c.Wave == "" && len(c.Score) > 0:
		return misuse("--score needs --wave: the column that says when each score is from")
	case c.Wave != "" && c.ID == "":
		return misuse("--wave needs --id: the rows of a person are found by it")
	case c.Wave == "" && c.Pre != "" && c.Pre == c.Post:
		return misuse("--pre and --post name the same column")
	case c.Group == "" && (c.Control != "" || c.Course != ""):
		return misuse("--control and --course need --group: the column of the group")
	case c.Course != "" && c.Control == "":
		return misuse("--course needs --control: the group to compare with")
	case c.Course != "" && c.Course == c.Control:
		return misuse("--course and --control name the same group")
	case !(c.Level > 0 && c.Level < 1):
		return misuse("--level must lie between 0 and 1, as 0.95")
	case c.HideBelow < 0:
		return misuse("--hide-below must not be negative")
	}
	if err := c.readRange(); err != nil {
		return err
	}
	facts, err := c.factsOf("")
	c.facts = facts
	return err
}

// maxSpread keeps an infinity out.
const maxSpread = 1e300

func (c *analyzeCmd) readRange() error {
	if c.Range == "" {
		return nil
	}
	low, high, ok := strings.Cut(c.Range, "..")
	for i, text := range []string{low, high} {
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if !ok || err != nil || !(v > -maxSpread && v < maxSpread) {
			return misuse("--range must look like 1..5")
		}
		c.bounds[i] = v
	}
	if c.bounds[0] >= c.bounds[1] {
		return misuse("--range must begin with the smaller number, as 1..5")
	}
	return nil
}

// source is how the data are named in what is written.
func (c *analyzeCmd) source() string {
	if c.File == "-" {
		return "standard input"
	}
	return filepath.Base(c.File)
}

// read reads the people, and what was found out about their file.
func (c *analyzeCmd) read(p *program) (sheet.People, []string, error) {
	in := p.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return sheet.People{}, nil, err
		}
		defer f.Close()
		in = f
	}
	if c.Wave != "" {
		return sheet.ReadLong(in, sheet.Long{
			ID: c.ID, Wave: c.Wave, Score: c.Score[0], Pre: c.Pre, Post: c.Post, Group: c.Group, Missing: c.Missing,
		})
	}
	s, err := sheet.Read(in)
	if err != nil {
		return sheet.People{}, nil, err
	}
	people, err := s.Wide(sheet.Wide{ID: c.ID, Pre: c.Pre, Post: c.Post, Group: c.Group, Missing: c.Missing})
	return people, s.Notes, err
}

// options are those of the analysis, before the groups are known.
func (c *analyzeCmd) options() report.Options {
	o := report.Options{
		Scale: report.Scale{Key: "score", Name: c.title(), Label: c.title(), Min: c.bounds[0], Max: c.bounds[1], Direction: instrument.Neutral},
		Level: c.Level, Minimum: c.HideBelow, PreName: c.Pre, PostName: c.Post,
	}
	if c.Wave != "" {
		o.PreName, o.PostName = c.Wave+" "+c.Pre, c.Wave+" "+c.Post
	}
	switch {
	case c.HigherBetter:
		o.Scale.Direction = instrument.HigherBetter
	case c.LowerBetter:
		o.Scale.Direction = instrument.LowerBetter
	}
	f := &c.facts
	if f.reliability == nil {
		return o
	}
	o.Reliability = report.Reliability{
		Value: analysis.Estimate{Value: *f.reliability}, SD: analysis.Estimate{Reason: analysis.ReasonNoData},
		Source: "reliability as given, SD of all pairs at " + o.PreName,
	}
	if f.sd != nil {
		o.Reliability.SD, o.Reliability.Source = analysis.Estimate{Value: *f.sd}, "reliability and SD as given"
	}
	if f.normMean != nil {
		o.Norms = &analysis.Norms{Mean: *f.normMean, SD: *f.normSD}
	}
	return o
}

// title is what the scores measure: as given, the column of the score, or what
// the names of both columns have in common, as "BRS" of BRS_T1 and BRS_T2.
func (c *analyzeCmd) title() string {
	if c.Name != "" {
		return c.Name
	}
	if c.Wave != "" && len(c.Score) > 0 {
		return c.Score[0]
	}
	n := 0
	for n < len(c.Pre) && n < len(c.Post) && c.Pre[n] == c.Post[n] {
		n++
	}
	shared := c.Pre[:n]
	if cut := strings.LastIndexAny(shared, "_-. "); cut > 0 {
		return shared[:cut]
	}
	digit := func(s string) bool { return len(s) > n && s[n] >= '0' && s[n] <= '9' }
	if n >= 2 && digit(c.Pre) && digit(c.Post) {
		return shared
	}
	return "The score"
}
