package faults

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// loss is what a disk makes of what it was given and not told to keep.
type loss string

// The three ways: all of it is gone; each write is there or not; of each write, any
// of its sectors of 512 bytes are there. Names of files are taken to be kept.
const (
	lossDrop loss = "drop"
	lossHalf loss = "random half"
	lossTorn loss = "torn 512 B"
)

func losses() []loss { return []loss{lossDrop, lossHalf, lossTorn} }

const sector = 512

// disk is what would be left of a machine's files.
type disk struct {
	kept    map[string][]byte // on the disk for sure
	pending map[string][]op   // given since, in order
	flushed map[string]int    // how many of the pending a flush under way covers
}

// newDisk begins with the files of a folder.
func newDisk(folder string) (*disk, error) {
	d := &disk{kept: map[string][]byte{}, pending: map[string][]op{}, flushed: map[string]int{}}
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if d.kept[path], err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// do carries out the next thing on a tape.
func (d *disk) do(o op) {
	switch o.kind {
	case opWrite, opCut:
		d.pending[o.file] = append(d.pending[o.file], o)
	case opFlush:
		d.flushed[o.file] = len(d.pending[o.file])
	case opSafe:
		n := d.flushed[o.file]
		for _, p := range d.pending[o.file][:n] {
			d.kept[o.file] = apply(d.kept[o.file], p, nil)
		}
		d.pending[o.file] = d.pending[o.file][n:]
	case opRemove:
		delete(d.kept, o.file)
		delete(d.pending, o.file)
	default: // what is said on lines is nothing to a disk
	}
}

// apply carries a write or a cut out; of a write only the sectors that keep says.
func apply(content []byte, o op, keep func() bool) []byte {
	if o.kind == opCut {
		if int(o.at) <= len(content) {
			return content[:o.at:o.at]
		}
		return append(content, make([]byte, int(o.at)-len(content))...)
	}
	for from := 0; from < len(o.data); {
		at := int(o.at) + from
		n := min(sector-at%sector, len(o.data)-from)
		if keep == nil || keep() {
			if end := at + n; end > len(content) {
				content = append(content, make([]byte, end-len(content))...)
			}
			copy(content[at:], o.data[from:from+n])
		}
		from += n
	}
	return content
}

// cut writes what is left when the power goes now into a folder.
func (d *disk) cut(l loss, random *rand.Rand, folder string) error {
	for path, kept := range d.kept {
		if err := d.leave(path, kept, l, random, folder); err != nil {
			return err
		}
	}
	for path := range d.pending {
		if _, known := d.kept[path]; !known {
			if err := d.leave(path, nil, l, random, folder); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *disk) leave(path string, kept []byte, l loss, random *rand.Rand, folder string) error {
	content := kept
	half := func() bool { return random.IntN(2) == 0 }
	if l != lossDrop && len(d.pending[path]) > 0 {
		content = bytes.Clone(kept)
		for _, o := range d.pending[path] {
			switch {
			case l == lossTorn && o.kind == opWrite:
				content = apply(content, o, half)
			case half():
				content = apply(content, o, nil)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(folder, filepath.Base(path)), content, 0o600); err != nil {
		return fmt.Errorf("what is left: %w", err)
	}
	return nil
}

func TestADiskKeepsWhatWasFlushedAndLosesTheRestInThreeWays(t *testing.T) {
	t.Parallel()
	d, err := newDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	safe, open := bytes.Repeat([]byte("s"), 3*sector), bytes.Repeat([]byte("o"), 4*sector)
	for _, o := range []op{
		{kind: opWrite, file: "/d/f", data: safe}, {kind: opFlush, file: "/d/f"},
		{kind: opWrite, file: "/d/f", data: open, at: sector}, // while the flush is under way
		{kind: opSafe, file: "/d/f"},
	} {
		d.do(o)
	}
	seen := map[loss]map[string]bool{}
	for _, l := range losses() {
		seen[l] = map[string]bool{}
		for seed := range 64 {
			folder := t.TempDir()
			if err := d.cut(l, rand.New(rand.NewPCG(uint64(seed), 1)), folder); err != nil {
				t.Fatal(err)
			}
			left, err := os.ReadFile(filepath.Join(folder, "f"))
			if err != nil {
				t.Fatal(err)
			}
			shape := ""
			for at := 0; at < len(left); at += sector {
				shape += string(left[at])
			}
			seen[l][shape] = true
			if left[0] != 's' {
				t.Errorf("%s: what was flushed is lost: %q", l, shape)
			}
		}
	}
	if len(seen[lossDrop]) != 1 || !seen[lossDrop]["sss"] {
		t.Errorf("drop leaves %v", seen[lossDrop])
	}
	if len(seen[lossHalf]) != 2 || !seen[lossHalf]["soooo"] {
		t.Errorf("half leaves %v", seen[lossHalf])
	}
	if n := len(seen[lossTorn]); n < 12 { // of the 16 there are, less those that look alike
		t.Errorf("torn leaves only %d shapes: %v", n, seen[lossTorn])
	}
}
