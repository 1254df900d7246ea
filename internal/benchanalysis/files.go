package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// longFile is the only input that Go, too, reads from a file.
const longFile = "long_1e6.csv"

// file is an input as CSV: one row after another, until there are no more.
type file struct {
	name   string
	header string
	rows   int
	row    func(line []byte, i int) []byte // appends row i, without line end
}

// write writes the files into a folder.
func write(dir string, files ...file) error {
	for _, f := range files {
		if err := f.write(filepath.Join(dir, f.name)); err != nil {
			return err
		}
	}
	return nil
}

func (f file) write(path string) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := bufio.NewWriterSize(out, 1<<16)
	if _, err := w.WriteString(f.header + "\n"); err != nil {
		return err
	}
	line := make([]byte, 0, 256)
	for i := range f.rows {
		line = append(f.row(line[:0], i), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}

// inColumns is a file of columns of numbers.
func inColumns(name, header string, columns ...[]float64) file {
	return file{name, header, len(columns[0]), func(line []byte, i int) []byte {
		for k, c := range columns {
			if k > 0 {
				line = append(line, ',')
			}
			line = strconv.AppendFloat(line, c[i], 'f', -1, 64)
		}
		return line
	}}
}

// names are comma-separated names: the prefix and a number from 1.
func names(prefix string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = prefix + strconv.Itoa(i+1)
	}
	return strings.Join(all, ",")
}

// numbered gives whole numbers as numbers.
func numbered(x []int) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// files are all inputs.
func (in *inputs) files() []file {
	pairs, integers, items, small, visits := in.pairs(), in.integers(), in.items(), in.small(), in.visits()
	all := []file{
		inColumns("pairs_1e6.csv", "pre,post", pairs.pre, pairs.post),
		inColumns("pairs_1e5_int.csv", "pre,post", integers.pre, integers.post),
		inColumns("items_1e5x26.csv", names("i", len(items)), items...),
		inColumns("small_120.csv", names("pre", len(small.pre))+","+names("post", len(small.post)), slices.Concat(small.pre, small.post)...),
		inColumns("visits_200x6.csv", "id,arm,visit,y", numbered(visits.person), visits.arm, numbered(visits.visit), visits.y),
		long(),
	}
	for _, n := range []int{200, 2000} {
		all = append(all, inColumns(fmt.Sprintf("change_%d.csv", n), "change", in.change(n)))
	}
	for _, n := range []int{2000, 20_000} {
		w := in.weekly(n)
		all = append(all, inColumns(fmt.Sprintf("weekly_%d.csv", n), "id,arm,week,y", numbered(w.person), w.arm, w.week, w.y))
	}
	return all
}

// long is a million rows: 100,000 people in four arms at ten waves.
func long() file {
	const rows, waves = 1_000_000, 10
	arms := [...]string{"waitlist", "course", "online", "blended"}
	s := newStream(500)
	return file{longFile, "id,arm,wave,score", rows, func(line []byte, i int) []byte {
		person, wave := i/waves, i%waves
		if person+1 == 100_000 {
			line = append(line, "1e+05"...) // R takes the shorter form
		} else {
			line = strconv.AppendInt(line, int64(person+1), 10)
		}
		line = append(append(append(line, ','), arms[person%len(arms)]...), ',')
		line = append(strconv.AppendInt(line, int64(wave), 10), ',')
		score := 3 + float64(0.1*float64(wave)) + float64(0.7*s.normal())
		return strconv.AppendFloat(line, score, 'f', 3, 64)
	}}
}
