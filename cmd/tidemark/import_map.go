package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"

	"tidemark/survey"
	"tidemark/survey/datafile"
	"tidemark/survey/pastwaves"
)

// describe says what was recognised, what would be written, and what is wrong.
func (p *program) describe(look survey.ImportPreview) {
	for _, note := range look.Table.Notes {
		p.say("%s\n", note)
	}
	used, unused := 0, []string{}
	for i, t := range look.Mapping {
		if t.Kind == pastwaves.Ignore {
			unused = append(unused, look.Table.Columns[i].Name)
		} else {
			used++
		}
	}
	p.say("%d rows, %d columns read, %d not used%s\n", len(look.Table.Rows), used, len(unused), shortList(unused))
	if look.Earlier > 0 {
		p.say("The same file was brought in before, as import %d.\n", look.Earlier)
	}
	c := look.Counts
	if look.Result.Faulty == 0 {
		p.say("%d new people, %d questionnaires: %d answers added, %d replaced; %d there already, %d kept as they are\n",
			c.People, c.Questionnaires, c.Added, c.Replaced, c.Same, c.Kept)
	}
	for _, told := range []struct {
		n    int
		text string
	}{
		{look.Table.Emptied + c.Missing, "cells stand for no answer"},
		{c.OwnWords, "answers in people’s own words are in the file texts; bring it in afterwards with --existing fill"},
		{c.NotAsked, "answers are to questions that others keep from being asked, and do not count"},
		{c.Risky, "answers meet a rule about risk; nobody is alerted to answers of the past"},
	} {
		if told.n > 0 {
			p.say("%d %s\n", told.n, told.text)
		}
	}
	const most = 50
	for i, f := range look.Result.Faults {
		if i == most {
			p.say("… and %d more\n", look.Result.Faulty-most)
			break
		}
		p.say("%s\n", faultLine(f))
	}
}

func faultLine(f pastwaves.Fault) string {
	var place []string
	if f.Line > 0 {
		place = append(place, fmt.Sprintf("line %d", f.Line))
	}
	if f.Column != "" {
		place = append(place, f.Column)
	}
	if len(place) == 0 {
		return f.Text
	}
	return strings.Join(place, ", ") + ": " + f.Text
}

func shortList(names []string) string {
	const most = 8
	if len(names) == 0 {
		return ""
	}
	if len(names) > most {
		names = append(names[:most:most], "…")
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// writeMap writes what was recognised, to be edited.
func (p *program) writeMap(path string, look survey.ImportPreview) error {
	return p.into(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write([]string{"column", "target"}); err != nil {
			return err
		}
		for i, t := range look.Mapping {
			target := t.String()
			if t.Kind == pastwaves.Ignore {
				target = "ignore"
			}
			if err := out.Write([]string{look.Table.Columns[i].Name, target}); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}

// readMap reads what columns are from a file; one that is not named in it is not used.
func readMap(path string, t *datafile.Table) ([]string, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the file that was asked for
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 || len(rows[0]) != 2 || rows[0][0] != "column" || rows[0][1] != "target" {
		return nil, fmt.Errorf("%s: the first row must name the columns \"column\" and \"target\"", path)
	}
	columns := make([]string, len(t.Columns))
	for i, r := range rows[1:] {
		at := t.Column(r[0])
		if at < 0 {
			return nil, fmt.Errorf("%s, row %d: the file has no column %q", path, i+2, r[0])
		}
		target, err := pastwaves.ParseTarget(r[1])
		if err != nil {
			return nil, fmt.Errorf("%s, row %d: %w", path, i+2, err)
		}
		columns[at] = target.String()
	}
	return columns, nil
}
