package export_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
)

// unzipped are the tables in an archive of questionnaires.
func unzipped(t *testing.T, b []byte) map[string][]map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	no(t, err)
	all := map[string][]map[string]string{}
	for _, part := range z.File {
		p, err := part.Open()
		no(t, err)
		var content bytes.Buffer
		_, err = content.ReadFrom(p)
		no(t, err)
		all[strings.TrimSuffix(part.Name, ".csv")] = given(t, records(t, content.Bytes()))
	}
	return all
}

// What the files of questionnaires hold is what the wide file holds, cell by cell and
// both ways: nothing is left out, nothing stands in the wrong place.
func TestTheFilesOfQuestionnairesAreTheWideFileTakenApart(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	b, n := inFormat(t, l, export.Questionnaires, "csv")
	wide := map[string]map[string]string{}
	for _, row := range inJSON(t, l, "wide") {
		wide[row.values["participant"]] = row.values
	}
	left := map[string]string{} // what only the wide file has
	for code, row := range wide {
		for name, value := range row {
			if value != "" {
				left[code+" "+name] = value
			}
		}
	}
	files, rows := unzipped(t, b), 0
	for name, file := range files {
		seen := map[string]bool{}
		for _, row := range file {
			rows++
			who, wave := row["participant"], row["wave"]
			if at := who + " " + wave; seen[at] {
				t.Errorf("%s: %s stands twice", name, at)
			} else {
				seen[at] = true
			}
			if row["instrument"] != name || row["instrument_version"] == "" || row["saved_at"] == "" {
				t.Errorf("%s has a row of %s %s, saved at %q", name, row["instrument"], row["instrument_version"], row["saved_at"])
			}
			for column, value := range row {
				in := column
				switch column {
				case "study", "simulated", "participant", "run", "arm":
					if value != wide[who][column] {
						t.Errorf("%s: %s of %s is %q", name, column, who, value)
					}
					continue
				case "wave", "instrument", "instrument_version", "saved_at":
					continue
				case "submitted_at":
					in = name + "_submitted"
				case "source":
					in = name + "_source"
				}
				in += "_" + wave
				want, there := wide[who][in]
				if !there || want != value {
					t.Errorf("%s: %s of %s is %q, want %q of %s", name, column, who, value, want, in)
				}
				delete(left, who+" "+in)
			}
		}
	}
	if n != rows || rows < 6 || len(files) < 4 {
		t.Errorf("%d rows are told of, %d written in %d files", n, rows, len(files))
	}
	for at, value := range left {
		if _, name, _ := strings.Cut(at, " "); slices.Contains([]string{"study", "simulated", "participant", "run", "run_starts", "arm", "enrolled_at", "withdrawn_at", "declined_at"}, name) {
			continue
		}
		t.Errorf("%s, which is %q, is in no file", at, value)
	}
}

// asLongSays compares the questionnaires of a bundle with its long and scores tables:
// as many values of each, and as many rows as the manifest says.
func asLongSays(t *testing.T, m export.Manifest, files map[string][]byte) {
	t.Helper()
	values, found := map[string]int{}, 0
	for _, path := range []string{"data/table-long_data.csv", "data/table-scores_data.csv"} {
		for _, row := range table(t, records(t, files[path])) {
			if row["value"] != "" {
				values[row["instrument"]]++
			}
		}
	}
	for _, file := range m.Files {
		if !strings.HasPrefix(file.Path, "data/instrument-") {
			continue
		}
		found++
		for _, row := range table(t, records(t, files[file.Path])) {
			for column, value := range row {
				if strings.Contains(column, "_") && !strings.HasSuffix(column, "_at") && column != "instrument_version" && value != "" {
					values[row["instrument"]]--
				}
			}
		}
	}
	for key, n := range values {
		if n != 0 {
			t.Errorf("the long and the scores table have %d values of %s more", n, key)
		}
	}
	if found != len(m.Instruments) || found < 4 {
		t.Errorf("%d questionnaires as tables of their own, of %d", found, len(m.Instruments))
	}
}

// An answer that belongs nowhere is an error here as in every file.
func TestQuestionnairesLeaveNoAnswerOut(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 2)
	r.responses = 10
	f, _ := export.FormatOf(export.Questionnaires, "csv")
	_, err := export.In(t.Context(), f, export.Questionnaires, rewired{r, func(call func(*survey.ResponseRow) error) func(*survey.ResponseRow) error {
		return func(row *survey.ResponseRow) error {
			row.WaveID = "nowhere"
			return call(row)
		}
	}}, system(), syntheticStudy, &bytes.Buffer{})
	if err == nil || errors.Is(err, survey.ErrForbidden) {
		t.Errorf("an answer at no wave: %v", err)
	}
}
