package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/export/deidentify"
)

type exportCmd struct {
	Config
	Named    string   `arg:"" optional:"" name:"study" help:"Key of the study."`
	Study    string   `placeholder:"KEY" help:"The same, as a flag."`
	What     string   `enum:"long,wide,scores,questionnaires,texts,practice,reflections,codebook,study,bundle" default:"long" help:"long: one row an answer; wide: one row a person; scores: one row a score; questionnaires: a CSV file for each questionnaire, one row a person and occasion; texts: one row an answer in the person's own words, which are in no other file; practice: one row a practice at home; reflections: what people wrote and share; codebook: what the columns mean; study: design, people, answers and scores in one file, in a format of other systems; bundle: everything of a snapshot as a ZIP archive, with scripts and a manifest (default: ${default})."`
	Format   string   `enum:"csv,sav,dta,omv,xlsx,parquet,jsonl,fhir,odm,redcap,html,ddi" default:"csv" help:"csv; of long, wide and scores also sav (SPSS), dta (Stata), omv (jamovi), xlsx (Excel), parquet or jsonl (JSON Lines), which know why an answer is missing; of study fhir (FHIR R4), odm (CDISC ODM) or redcap (what a REDCap project is made of); of codebook also html (a page to read and print) or ddi (DDI Codebook 2.5, for archives) (default: ${default})."`
	Profile  string   `enum:"internal,shared,public" default:"internal" help:"Whom for. internal: the study's own team; shared: colleagues, with times moved and nothing in own words; public: everybody, with new codes, whole weeks in place of times and no rare answers that tell who somebody is. shared and public need a snapshot (default: ${default})."`
	LeaveOut []string `name:"leave-out" placeholder:"CODE" help:"With shared or public: questions to withhold besides, by their codes, or run for the groups."`
	From     int      `name:"snapshot" placeholder:"N" help:"Number of the snapshot to read (default: the data as they are now)."`
	Out      string   `placeholder:"FILE" help:"Where to write (default: standard output). It appears only once it is whole. Of a folder (one that is there, or a name ending in /): under a name of its own, with SHA256SUMS and, of a snapshot, a manifest."`
}

// Help is shown under the command's flags.
func (exportCmd) Help() string {
	return `People appear under their codes; names and addresses are never exported. Each
export is noted in the audit trail.

Examples:
  tidemark export learning-from-setbacks --what wide --out wide.csv
  tidemark export learning-from-setbacks --snapshot 1 --profile shared --out files/
  tidemark export --study learning-from-setbacks --what wide --format sav --out wide.sav
  tidemark export --study learning-from-setbacks --what wide --snapshot 1
  tidemark export --study learning-from-setbacks --what bundle --snapshot 1 --out bundle.zip
  tidemark export --study learning-from-setbacks --what bundle --snapshot 1 --profile public --out public.zip
  tidemark export --study learning-from-setbacks --what codebook --out codebook.csv
  tidemark export --study learning-from-setbacks --what study --format fhir --out study.fhir.json
  tidemark export --study learning-from-setbacks --what scores | head`
}

// frugalGC is how much the heap may grow between collections, in per cent.
const frugalGC = 25

// Run writes the export and says how many rows it has.
func (c exportCmd) Run(ctx context.Context, p *program) error {
	switch {
	case c.Study == "":
		c.Study = c.Named
	case c.Named != "" && c.Named != c.Study:
		return misuse("%s and --study %s are two studies; name one", c.Named, c.Study)
	}
	if c.Study == "" {
		return misuse("say which study: tidemark export KEY, or --study KEY")
	}
	if c.From != 0 && (c.What == "practice" || c.What == "reflections") {
		return misuse("a snapshot holds no %s; leave --snapshot out to read the data as they are now", c.What)
	}
	if err := c.checkProfile(); err != nil {
		return err
	}
	if c.What == "bundle" && c.From == 0 {
		return misuse("a bundle is of a snapshot; say which with --snapshot")
	}
	format, formatted := export.FormatOf(c.What, c.Format)
	if err := c.checkFormat(formatted); err != nil {
		return err
	}
	// A stream keeps next to nothing: collected four times as often, its heap
	// stays at 1 MB in place of 4.
	defer debug.SetGCPercent(debug.SetGCPercent(frugalGC))
	standBack()
	c.frugal = true
	return p.on(ctx, c.Config, func(in *installation) error {
		study, err := in.study(ctx, c.Study)
		if err != nil {
			return err
		}
		var data survey.DataReader = in.store
		detail := c.What
		if formatted {
			detail += " as " + format.Key
		}
		if c.From != 0 {
			q := export.Request{Study: study.ID, Snapshot: c.From, Profile: deidentify.Profile(c.Profile), LeaveOut: c.LeaveOut}
			if data, err = export.Open(ctx, in.cases.Snapshots, operator(), q); err != nil {
				return err
			}
			detail = q.Detail(detail)
		}
		if r, others := export.ReportOf(data); others {
			p.say("%s\n", strings.Join(r.Words(), "\n"))
		}
		// Noted first: nothing leaves without a line in the trail.
		if err := in.cases.Studies.NoteUse(ctx, operator(), study.ID, survey.ActionExported, detail); err != nil {
			return err
		}
		taken := survey.Snapshot{}
		if c.From != 0 {
			if taken, err = in.cases.Snapshots.Get(ctx, operator(), study.ID, c.From); err != nil {
				return err
			}
		}
		source := export.Source{Data: data, Actor: operator(), Study: study.ID, Snapshot: taken, Program: readBuild().short()}
		made, err := c.make(ctx, p, in, source, format)
		if err != nil {
			return fmt.Errorf("export %s of study %s: %w", c.What, study.Key, err)
		}
		if c.From == 0 || c.What == "bundle" || !c.inFolder() {
			return nil
		}
		m, err := export.ManifestOf(ctx, source, []export.ManifestFile{made})
		if err != nil {
			return err
		}
		return c.manifest(p, m)
	})
}

// make writes the file.
func (c exportCmd) make(ctx context.Context, p *program, in *installation, s export.Source, f export.Format) (export.ManifestFile, error) {
	switch {
	case c.What == "bundle":
		return c.file(p, "zip", "files", func(w io.Writer) (int, error) {
			m, err := export.Bundle(ctx, s.Data, s.Actor, s.Study, s.Snapshot, s.Program, w)
			return len(m.Files) + 1, err // with the manifest
		})
	case f.Key != "":
		return c.file(p, f.FileEnding(), f.Counts, func(w io.Writer) (int, error) {
			return export.In(ctx, f, c.What, s.Data, s.Actor, s.Study, w)
		})
	}
	return c.file(p, "csv", "rows", func(w io.Writer) (int, error) { return -1, c.write(ctx, in, s.Data, s.Study, w) })
}

// checkProfile refuses what a profile cannot give.
func (c exportCmd) checkProfile() error {
	switch {
	case c.Profile == string(deidentify.Internal) && len(c.LeaveOut) > 0:
		return misuse("--leave-out is for --profile shared or public")
	case c.Profile == string(deidentify.Internal):
		return nil
	case c.From == 0:
		return misuse("a file for others is made of a snapshot, so that it can be made again; say which with --snapshot")
	case c.What == "texts":
		return misuse("a %s file holds nothing in people's own words", c.Profile)
	}
	return nil
}

// checkFormat says which formats there are of what is asked for.
func (c exportCmd) checkFormat(known bool) error {
	var keys []string
	for _, f := range export.FormatsOf(c.What) {
		keys = append(keys, f.Key)
	}
	switch {
	case known || c.Format == "csv" && c.What != export.WholeStudy:
		return nil
	case len(keys) == 0:
		return misuse("%s is there as CSV alone; leave --format out", c.What)
	case c.What == export.WholeStudy:
		return misuse("the whole study is not there as %s; say --format %s", c.Format, strings.Join(keys, " or "))
	}
	if keys[0] != "csv" {
		keys = append([]string{"csv"}, keys...)
	}
	return misuse("%s is not there as %s, but as %s", c.What, c.Format, strings.Join(keys, ", "))
}

// write writes the file that was asked for.
func (c exportCmd) write(ctx context.Context, in *installation, data survey.DataReader, study survey.StudyID, w io.Writer) error {
	switch c.What {
	case "practice":
		return export.Practice(ctx, in.store, operator(), study, w)
	case "reflections":
		return export.Reflections(ctx, in.store, in.cases.Notes, operator(), study, w)
	}
	return map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error{
		"long": export.Long, "wide": export.Wide, "scores": export.Scores, "texts": export.Texts, "codebook": export.Codebook,
	}[c.What](ctx, data, operator(), study, w)
}
