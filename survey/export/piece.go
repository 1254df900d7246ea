package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"tidemark/survey"
)

// Piece is one file that can be made: a table in a format, or a bundle.
type Piece struct {
	What   string // long, wide, scores, texts, codebook, study or bundle
	Format string // csv, or the key of a format; of a bundle zip
}

// ErrPiece reports a file that cannot be made.
var ErrPiece = errors.New("there is no such file")

// csvFiles are those that are there as CSV.
func csvFiles() map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error {
	return map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error{
		"long": Long, "wide": Wide, "scores": Scores, "texts": Texts, "codebook": Codebook,
	}
}

// Check reports a piece that cannot be made.
func (p Piece) Check() error {
	_, csv := csvFiles()[p.What]
	_, known := FormatOf(p.What, p.Format)
	switch {
	case p.What == "bundle" && p.Format == "zip", csv && p.Format == "csv", known:
		return nil
	}
	return fmt.Errorf("%w: %q as %q", ErrPiece, p.What, p.Format)
}

// Media is the media type of the file.
func (p Piece) Media() string {
	switch f, known := FormatOf(p.What, p.Format); {
	case known:
		return f.Media
	case p.Format == "zip":
		return "application/zip"
	}
	return "text/csv; charset=utf-8; header=present"
}

// Ending is that of the file's name.
func (p Piece) Ending() string {
	if f, known := FormatOf(p.What, p.Format); known {
		return f.FileEnding()
	}
	return p.Format
}

// String says what it is, as in the audit trail.
func (p Piece) String() string {
	if p.Format == "csv" || p.Format == "zip" {
		return p.What
	}
	return p.What + " as " + p.Format
}

// Source is what a piece is made of.
type Source struct {
	Data  survey.DataReader
	Actor survey.Actor
	Study survey.StudyID
	// Snapshot is what Data are of, which a bundle needs.
	Snapshot survey.Snapshot
	Program  string // with its version
}

// Write makes the file, and gives the number of its rows; -1: it has none.
func (p Piece) Write(ctx context.Context, s Source, w io.Writer) (rows int, err error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	if p.What == "bundle" {
		_, err := Bundle(ctx, s.Data, s.Actor, s.Study, s.Snapshot, s.Program, w)
		return -1, err
	}
	if f, known := FormatOf(p.What, p.Format); known {
		return In(ctx, f, p.What, s.Data, s.Actor, s.Study, w)
	}
	count := &rowCounter{}
	out := bufio.NewWriterSize(io.MultiWriter(w, count), 64<<10)
	if err := csvFiles()[p.What](ctx, s.Data, s.Actor, s.Study, out); err != nil {
		return 0, err
	}
	if err := out.Flush(); err != nil {
		return 0, wrap(err, p.What)
	}
	return count.rows(), nil
}

// ManifestOf is the manifest of files that were made one by one of a snapshot.
func ManifestOf(ctx context.Context, s Source, files []ManifestFile) (Manifest, error) {
	f, err := load(ctx, s.Data, s.Actor, s.Study)
	if err != nil {
		return Manifest{}, wrap(err, "manifest")
	}
	m := f.manifest(s.Snapshot, s.Program)
	m.Files = files
	return m, nil
}
