package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tidemark/survey/export"
)

// sums is the file in a folder that says what the others must be, as sha256sum
// writes and checks it.
const sums = "SHA256SUMS"

// inFolder reports whether the output is a folder, to which files are written under
// names of their own.
func (c exportCmd) inFolder() bool {
	if c.Out == "" || c.Out == "-" {
		return false
	}
	info, err := os.Stat(c.Out)
	return strings.HasSuffix(c.Out, "/") || strings.HasSuffix(c.Out, string(filepath.Separator)) || err == nil && info.IsDir()
}

// name is what a file is called in a folder.
func (c exportCmd) name(ending string) string {
	name := c.Study + "_" + c.What
	if c.From != 0 {
		name += fmt.Sprintf("_snapshot_%d", c.From)
	}
	if c.Profile != "internal" {
		name += "_" + c.Profile
	}
	return name + "." + ending
}

// file writes a file to where it was asked for, shows how far it has come, reads it
// back from the disk, and says how many rows it has and what its SHA-256 is. write
// gives the number of what is counted; for CSV, which is counted here, -1.
func (c exportCmd) file(p *program, ending, counts string, write func(io.Writer) (int, error)) (export.ManifestFile, error) {
	out := c.Out
	if c.inFolder() {
		if err := os.MkdirAll(c.Out, 0o755); err != nil { //nolint:gosec // as mkdir does
			return export.ManifestFile{}, err
		}
		out = filepath.Join(c.Out, c.name(ending))
	}
	var sum *export.Sum
	n := -1
	err := p.into(out, func(w io.Writer) (err error) {
		sum = export.NewSum(w)
		shown := p.showing(sum, out)
		buffered := bufio.NewWriterSize(sum, 64<<10)
		if n, err = write(buffered); err == nil {
			err = buffered.Flush()
		}
		shown()
		return err
	})
	if err != nil {
		return export.ManifestFile{}, err
	}
	if n < 0 {
		n = sum.Rows()
	}
	made := export.ManifestFile{Path: filepath.Base(out), Rows: n, Bytes: sum.Bytes(), SHA256: sum.SHA256()}
	if err := check(out, made); err != nil {
		return made, err
	}
	if out == "" || out == "-" {
		p.say("%d %s\n", n, counts)
		return made, nil
	}
	p.say("%d %s, %d bytes, SHA-256 %s\n", n, counts, made.Bytes, made.SHA256)
	if c.inFolder() {
		return made, p.note(c.Out, made)
	}
	return made, nil
}

// showing tells of a file while it is written: on a terminal in one line that is
// written over, elsewhere now and then in a line. What it gives ends that.
func (p *program) showing(sum *export.Sum, out string) (done func()) {
	if out == "" || out == "-" {
		return func() {}
	}
	began, every, form, last := p.now(), 5*time.Second, "%.1f MB written\n", ""
	if terminal(p.stderr) {
		every, form, last = 200*time.Millisecond, "\r%.1f MB written", "\r%30s\r"
	}
	said := began
	sum.Tell = func(s *export.Sum) {
		if now := p.now(); now.Sub(said) >= every {
			said = now
			p.say(form, float64(s.Bytes())/1e6)
		}
	}
	return func() {
		if said != began && last != "" {
			p.say(last, "")
		}
	}
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

var errNotWhole = errors.New("the file on the disk is not what was written")

// check reads a file back.
func check(path string, want export.ManifestFile) (err error) {
	if path == "" || path == "-" {
		return nil
	}
	f, err := os.Open(path) //nolint:gosec // the file that was just written
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err == nil && (n != want.Bytes || hex.EncodeToString(sum.Sum(nil)) != want.SHA256) {
		err = fmt.Errorf("%s: %w", path, errNotWhole)
	}
	return err
}

// note puts a file into the list of a folder, in place of what it said of that name.
func (p *program) note(dir string, made export.ManifestFile) error {
	path := filepath.Join(dir, sums)
	old, err := os.ReadFile(path) //nolint:gosec // in the folder that was named
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	lines := []string{made.SHA256 + "  " + made.Path}
	for line := range bytes.Lines(old) {
		text := strings.TrimRight(string(line), "\r\n")
		if text != "" && !strings.HasSuffix(text, "  "+made.Path) {
			lines = append(lines, text)
		}
	}
	slices.SortFunc(lines, func(a, b string) int { // by name
		_, a, _ = strings.Cut(a, "  ")
		_, b, _ = strings.Cut(b, "  ")
		return strings.Compare(a, b)
	})
	return p.into(path, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
		return err
	})
}

// manifest writes beside a file of a snapshot what it was made of and what was
// changed or withheld.
func (c exportCmd) manifest(p *program, m export.Manifest) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	base, _, _ := strings.Cut(m.Files[0].Path, ".")
	made := export.ManifestFile{Path: base + ".manifest.json"}
	data = append(data, '\n')
	digest := sha256.Sum256(data)
	made.SHA256 = hex.EncodeToString(digest[:])
	err = p.into(filepath.Join(c.Out, made.Path), func(w io.Writer) error { _, err := w.Write(data); return err })
	if err != nil {
		return err
	}
	return p.note(c.Out, made)
}
