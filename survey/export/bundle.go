package export

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
)

// Manifest says what is in a bundle, and what is not.
type Manifest struct {
	Schema    string           `json:"schema"`
	Study     string           `json:"study"`
	Title     string           `json:"title"`
	Simulated bool             `json:"simulated"`
	Snapshot  ManifestSnapshot `json:"snapshot"`
	// Program has written the bundle; the data are those of the snapshot.
	Program     string               `json:"program"`
	Instruments []ManifestInstrument `json:"instruments"`
	Withheld    []string             `json:"withheld"`
	Profile     ManifestProfile      `json:"profile"`
	Files       []ManifestFile       `json:"files"`
}

// ManifestSnapshot is the frozen data that a bundle is of.
type ManifestSnapshot struct {
	Number  int    `json:"number"`
	Name    string `json:"name"`
	TakenAt string `json:"taken_at"`
	TakenBy string `json:"taken_by"`
	Program string `json:"program"`
	SHA256  string `json:"sha256"`
}

// ManifestInstrument is a questionnaire that was asked.
type ManifestInstrument struct {
	Key     string `json:"key"`
	Version string `json:"version"`
	Title   string `json:"title"`
	// SHA256 is that of its definition.
	SHA256 string `json:"sha256"`
}

// ManifestFile is one file. Rows are -1 where a file has none.
type ManifestFile struct {
	Path   string `json:"path"`
	Rows   int    `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// manifestSchema names the form of the manifest.
const manifestSchema = "tidemark.bundle/1"

// withheld is what no bundle holds.
var withheld = []string{
	"names, addresses and every other way to reach a person",
	"answers in people's own words (the file texts)",
	"practice at home, and what people wrote for themselves: a snapshot holds neither",
}

// bundler writes the files of a bundle, one after the other.
type bundler struct {
	out      *zip.Writer
	folder   string
	manifest Manifest
	forms    []bundled // the tables of questionnaires
}

// bundled is a table that is there as CSV.
type bundled struct {
	name, path string
	table      dataset.Table
	key        []string
	refers     bool // to the people of the wide table
	reasons    bool // has a column that says why there is no value
}

// Bundle writes everything of a snapshot as a ZIP archive: the tables as CSV, SPSS,
// Stata, jamovi, Excel and Parquet files, the whole study for other systems, the
// codebook, scripts that read them and compute
// the report's figures again, descriptions for archives (Frictionless, Psych-DS,
// Citation File Format), and a manifest with the hash of every file. The same
// snapshot gives the same archive, byte by byte, from the same program. r reads the
// snapshot, or a snapshot under a profile. Whoever may analyse the study may; anyone else is survey.ErrForbidden.
func Bundle(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, s survey.Snapshot, program string, w io.Writer) (Manifest, error) {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return Manifest{}, wrap(err, "bundle")
	}
	b := &bundler{out: zip.NewWriter(w), folder: f.folder(s)}
	b.manifest = f.manifest(s, program)
	if err := b.write(ctx, f, r, a, s); err != nil {
		return Manifest{}, wrap(err, "bundle")
	}
	return b.manifest, wrap(b.out.Close(), "bundle")
}

// folder is what everything of a bundle is in.
func (f *frame) folder(s survey.Snapshot) string {
	name := fmt.Sprintf("%s_snapshot_%d", f.design.Study.Key, s.Number)
	if f.others != nil {
		name += "_" + string(f.profile())
	}
	return name + "/"
}

func (f *frame) manifest(s survey.Snapshot, program string) Manifest {
	m := Manifest{
		Schema: manifestSchema, Study: f.design.Study.Key, Title: f.design.Study.Title, Simulated: f.design.Study.Simulated,
		Program: program, Withheld: withheld, Profile: f.manifestProfile(),
		Snapshot: ManifestSnapshot{
			Number: s.Number, Name: s.Name, TakenAt: s.TakenAt.UTC().Format(time.RFC3339), TakenBy: s.TakenBy.Name,
			Program: s.Program, SHA256: s.Hash,
		},
	}
	seen := map[survey.InstrumentID]bool{}
	for _, sheet := range f.sheets {
		if v := f.design.Instruments[sheet.instrument]; !seen[sheet.instrument] {
			seen[sheet.instrument] = true
			m.Instruments = append(m.Instruments, ManifestInstrument{v.Definition.Key, v.Definition.Version, v.Definition.Title, v.Hash})
		}
	}
	return m
}

func (b *bundler) write(ctx context.Context, f *frame, r survey.DataReader, a survey.Actor, s survey.Snapshot) error {
	study := f.design.Study.ID
	tables := map[string]dataset.Table{}
	for _, t := range []struct {
		name string
		csv  func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error
		make func(context.Context, survey.DataReader) (tableSource, error)
	}{{"wide", Wide, f.wideTable}, {"long", Long, f.longTable}, {"scores", Scores, f.scoresTable}} {
		source, err := t.make(ctx, r)
		if err != nil {
			return err
		}
		tables[t.name] = source.table
		if err := b.file("data/table-"+t.name+"_data.csv", source.table.Rows, func(w io.Writer) error { return t.csv(ctx, r, a, study, w) }); err != nil {
			return err
		}
	}
	if err := b.questionnaires(ctx, f, r); err != nil {
		return err
	}
	for _, format := range Formats() {
		if format.Key == "jsonl" {
			continue // says nothing that the others do not
		}
		for _, name := range []string{"wide", "long"} {
			if name == "long" && (format.Key == "omv" || format.Key == "xlsx") {
				continue // both keep a table in memory, and have the wide one
			}
			err := b.file(strings.ToLower(format.Name)+"/"+name+"."+format.Key, tables[name].Rows, func(w io.Writer) error {
				_, err := In(ctx, format, name, r, a, study, w)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	for _, format := range documents() {
		for _, what := range format.of {
			if what == Questionnaires {
				continue // they stand beside the other tables
			}
			path := what + "." + format.FileEnding() // beside codebook.csv
			if what == WholeStudy {
				path = format.Key + "/" + path
			}
			err := b.file(path, -1, func(w io.Writer) error {
				_, err := In(ctx, format, what, r, a, study, w)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	if err := b.file("codebook.csv", -1, func(w io.Writer) error { return Codebook(ctx, r, a, study, w) }); err != nil {
		return err
	}
	told := f.scripted(tables["wide"])
	for _, name := range []string{"read.R", "recompute.R", "read.py", "read.sps", "read.do"} {
		if err := b.file("scripts/"+name, -1, func(w io.Writer) error { return scriptTemplates.ExecuteTemplate(w, name, told) }); err != nil {
			return err
		}
	}
	return b.descriptions(f, tables, s)
}

// questionnaires adds a table for each, under a name that Psych-DS reads: letters and
// digits in its parts.
func (b *bundler) questionnaires(ctx context.Context, f *frame, r survey.DataReader) error {
	taken := names{}
	for _, q := range f.questionnaires() {
		short := strings.ReplaceAll(q.name, "_", "")
		name := short
		for n := 2; !taken.take(name); n++ {
			name = short + strconv.Itoa(n)
		}
		t := f.tableOf(q)
		path := "data/instrument-" + name + "_data.csv"
		err := b.file(path, -1, func(w io.Writer) (err error) {
			t.Rows, err = f.writeQuestionnaire(ctx, r, q, w)
			return err
		})
		if err != nil {
			return err
		}
		b.manifest.Files[len(b.manifest.Files)-1].Rows = t.Rows
		b.forms = append(b.forms, bundled{name: name, path: path, table: t, key: []string{"participant", "wave"}, refers: true})
	}
	return nil
}

// file adds a file and notes it in the manifest.
func (b *bundler) file(path string, rows int, write func(io.Writer) error) error {
	part, err := b.out.CreateHeader(&zip.FileHeader{Name: b.folder + path, Method: zip.Deflate}) // without a time
	if err != nil {
		return err
	}
	sum, size := sha256.New(), &counter{}
	buffered := bufio.NewWriterSize(io.MultiWriter(part, sum, size), 64<<10)
	if err := write(buffered); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b.manifest.Files = append(b.manifest.Files, ManifestFile{path, rows, size.n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (b *bundler) json(path string, v any) error {
	return b.file(path, -1, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(v)
	})
}

// counter counts bytes.
type counter struct{ n int64 }

// Write never fails.
func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }
