package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/consent"
	"tidemark/survey/export"
	"tidemark/survey/export/deidentify"
	"tidemark/survey/rehearsal"
	"tidemark/survey/storetest"
)

// described is a rehearsal in which people are asked who they are, frozen.
func described(t *testing.T) *frozen {
	t.Helper()
	store := storetest.SQLite(t)
	keys, err := auth.New(strings.Repeat("5a", 32))
	no(t, err)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	played, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: store, Keys: keys, Seed: 7, People: 60, Now: now, Protocol: "learning_from_setbacks_8_long"})
	no(t, err)
	n := 0
	f := &frozen{cases: survey.NewUseCases(survey.Env{
		Store: store, Now: func() time.Time { return now }, Keys: keys, Version: "1.0",
		NewID: func() string { n++; return "00000000-0000-7000-9000-" + strconv.Itoa(100000000000+n) },
	}), study: played.Study}
	people, err := store.Enrolments(t.Context(), f.study.ID)
	no(t, err)
	var said []survey.ConsentChoice
	for i, p := range people[2:] { // two were never asked, and three say no
		said = append(said, survey.ConsentChoice{
			ID: survey.ConsentID(fmt.Sprintf("00000000-0000-7000-9001-%012d", i)), StudyID: f.study.ID, EnrolmentID: p.ID,
			Choice: consent.ShareData, Granted: i >= 3, Version: 1, Language: "en", DecidedAt: now,
		})
	}
	no(t, store.InTx(t.Context(), func(tx survey.Tx) error { return tx.CreateConsentChoices(t.Context(), said) }))
	f.snapshot, err = f.cases.Snapshots.Freeze(t.Context(), system(), f.study.ID, survey.NewSnapshot{Name: "All"})
	no(t, err)
	f.data, err = f.cases.Snapshots.Open(t.Context(), system(), f.study.ID, f.snapshot.Number)
	no(t, err)
	return f
}

func (f *frozen) under(t *testing.T, p deidentify.Profile, leaveOut ...string) survey.DataReader {
	t.Helper()
	r, err := export.Open(t.Context(), f.cases.Snapshots, system(), export.Request{
		Study: f.study.ID, Snapshot: f.snapshot.Number, Profile: p, LeaveOut: leaveOut,
	})
	no(t, err)
	return r
}

// tableOf is a table of data as CSV, read back.
func tableOf(t *testing.T, write exporter, r survey.DataReader, study survey.StudyID) []map[string]string {
	t.Helper()
	var b bytes.Buffer
	no(t, write(t.Context(), r, system(), study, &b))
	return table(t, records(t, b.Bytes()))
}

func records(t *testing.T, b []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	no(t, err)
	return all
}

// instants are the columns of times and days of a table.
func instants(row map[string]string) map[string]time.Time {
	all := map[string]time.Time{}
	for name, value := range row {
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			all[name] = at
		} else if at, err := time.Parse(time.DateOnly, value); err == nil {
			all[name] = at
		}
	}
	return all
}

func TestFilesForOthers(t *testing.T) {
	t.Parallel()
	f := described(t)
	as := tableOf(t, export.Wide, f.data, f.study.ID)
	for _, column := range append([]string{"sc_total_pre", "rs_total_pre", "sc_01_pre", "rs_01_pre", "resilience_submitted_pre", "share_consent"}, known...) {
		if !slices.ContainsFunc(as, func(row map[string]string) bool { return row[column] != "" }) {
			t.Fatalf("nobody has %s", column)
		}
	}
	t.Run("shared", func(t *testing.T) { f.sharedKeepsIntervals(t, as) })
	t.Run("public", func(t *testing.T) { f.publicTellsNobody(t, as) })
	t.Run("bundles", func(t *testing.T) { f.bundlesForOthers(t, as) })
	t.Run("left out", f.whatIsLeftOut)
}

func (f *frozen) sharedKeepsIntervals(t *testing.T, as []map[string]string) {
	rows := tableOf(t, export.Wide, f.under(t, deidentify.Shared), f.study.ID)
	before := map[string]map[string]string{}
	for _, row := range as {
		before[row["participant"]] = row
	}
	if len(rows) != 55 {
		t.Errorf("%d people are in the file, want 55: those who said yes", len(rows))
	}
	weeks := map[time.Duration]int{}
	for _, row := range rows {
		old := instants(before[row["participant"]])
		moved := time.Duration(0)
		for name, at := range instants(row) {
			by := at.Sub(old[name])
			if moved == 0 {
				moved = by
			}
			if by != moved || by%(7*24*time.Hour) != 0 || by.Abs() < 28*24*time.Hour {
				t.Fatalf("%s of %s is moved by %v, others by %v", name, row["participant"], by, moved)
			}
		}
		if len(instants(row)) < 2 || len(instants(row)) != len(old) {
			t.Fatalf("%s has %d times, had %d", row["participant"], len(instants(row)), len(old))
		}
		weeks[moved]++
		for name, value := range row {
			switch {
			case name == "run" || name == "run_starts" || name == "contact_consent" || strings.HasPrefix(name, "crossover"):
			case !instants(row)[name].IsZero():
			case value != before[row["participant"]][name]:
				t.Errorf("%s of %s was %q and is %q", name, row["participant"], before[row["participant"]][name], value)
			}
		}
		if !strings.HasPrefix(row["run"], "Group ") || row["contact_consent"] != "" {
			t.Errorf("run %q, contact %q", row["run"], row["contact_consent"])
		}
	}
	if len(weeks) < 20 {
		t.Errorf("55 people are moved in only %d ways", len(weeks))
	}
	for _, row := range tableOf(t, export.Texts, f.under(t, deidentify.Shared), f.study.ID) {
		t.Errorf("the file has somebody's own words: %v", row)
	}
}

// known are the columns by which people can be known.
var known = []string{"run", "dm_age_pre", "dm_school_pre", "dm_gender___1_pre", "dm_gender___2_pre", "dm_gender___3_pre", "dm_gender___4_pre", "dm_gender___9_pre"}

func (f *frozen) publicTellsNobody(t *testing.T, as []map[string]string) {
	public := f.under(t, deidentify.Public)
	rows := tableOf(t, export.Wide, public, f.study.ID)
	codes := map[string]bool{}
	for _, row := range as {
		codes[row["participant"]] = true
	}
	answers := func(rows []map[string]string, shared bool) []string {
		var all []string
		for _, row := range rows {
			if !shared || row["share_consent"] == "1" {
				all = append(all, fmt.Sprint(row["sc_01_pre"], row["rs_01_pre"], row["sc_total_pre"], row["arm"]))
			}
		}
		return all
	}
	was, is := answers(as, true), answers(rows, false)
	if slices.Equal(was, is) {
		t.Error("people are in the order in which they were")
	}
	slices.Sort(was)
	slices.Sort(is)
	if !slices.Equal(was, is) {
		t.Errorf("the answers are not those that were given: %d and %d", len(was), len(is))
	}
	for i, row := range rows {
		if codes[row["participant"]] || row["participant"] != fmt.Sprintf("A%03d", i+1) {
			t.Errorf("person %d has the code %s", i, row["participant"])
		}
		for name, at := range instants(row) {
			if at.Year() < 1998 || at.Year() > 2001 || at.Weekday() != time.Monday || at.Sub(at.Truncate(24*time.Hour)) != 0 {
				t.Errorf("%s is %v", name, at)
			}
		}
		if row["run_starts"] != "2000-01-03" {
			t.Errorf("the first meeting was on %s", row["run_starts"])
		}
	}
	for _, column := range []string{"run", "dm_age_pre", "dm_school_pre"} {
		people := map[string]int{}
		for _, row := range rows {
			people[row[column]]++
		}
		for value, n := range people {
			if n < 5 && value != "" { // who was not asked, or left it out, has none
				t.Errorf("%s is %q of %d people", column, value, n)
			}
		}
	}
	// Who stands out, counted again from the file.
	report, _ := export.ReportOf(public)
	groups, withheld := map[string]int{}, map[string]string{}
	for _, row := range tableOf(t, export.Long, public, f.study.ID) {
		withheld[row["participant"]+row["item"]] = row["missing"]
	}
	for _, row := range rows {
		key := ""
		for _, column := range known {
			why := withheld[row["participant"]+strings.TrimSuffix(strings.Split(column, "___")[0], "_pre")]
			if why != string(deidentify.Withheld) {
				why = ""
			}
			key += row[column] + why + "|"
		}
		groups[key]++
	}
	smallest, below := math.MaxInt, 0
	for _, n := range groups {
		smallest = min(smallest, n)
		if n < 5 {
			below += n
		}
	}
	if report.Smallest != smallest || report.Below != below || report.People != len(rows) || len(report.Columns) != 4 {
		t.Errorf("the report says smallest %d, below %d of %d, by %v; the file %d and %d", report.Smallest, report.Below, report.People, report.Columns, smallest, below)
	}
}

func (f *frozen) bundlesForOthers(t *testing.T, as []map[string]string) {
	for _, p := range []deidentify.Profile{deidentify.Shared, deidentify.Public} {
		var first, again bytes.Buffer
		for _, b := range []*bytes.Buffer{&first, &again} {
			_, err := export.Bundle(t.Context(), f.under(t, p), system(), f.study.ID, f.snapshot, "1.0", b)
			no(t, err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Errorf("two %s bundles of one snapshot differ", p)
		}
		_, files := unpacked(t, first.Bytes())
		var m export.Manifest
		no(t, json.Unmarshal(files["manifest.json"], &m))
		if m.Profile.Name != string(p) || m.Profile.LeftOut != 5 || !m.Profile.Asked || m.Profile.Alike.K != p.Least() || len(m.Profile.Words) == 0 {
			t.Errorf("the manifest of %s says %+v", p, m.Profile)
		}
		told := map[string]bool{}
		for _, c := range m.Profile.Changes {
			for _, column := range c.Columns {
				told[column] = told[column] || c.Why != ""
			}
		}
		for _, column := range []string{"dm_language", "dm_gender_own", "contact_consent", "enrolled_at", "run"} {
			if !told[column] {
				t.Errorf("the manifest of %s does not tell of %s", p, column)
			}
		}
		for path, content := range files {
			if strings.HasSuffix(path, ".xlsx") || strings.HasSuffix(path, ".omv") {
				continue // packed; made of the same rows
			}
			for _, row := range as {
				for name, at := range instants(row) {
					if name != "run_starts" && bytes.Contains(content, []byte(at.UTC().Format("2006-01-02T15:04:05.000Z"))) {
						t.Fatalf("%s, %s: %s of %s stands in it", p, path, name, row["participant"])
					}
				}
				if p == deidentify.Public && bytes.Contains(content, []byte(row["participant"])) {
					t.Fatalf("%s, %s: the code %s stands in it", p, path, row["participant"])
				}
				if bytes.Contains(content, []byte(row["run"])) {
					t.Fatalf("%s, %s: the group's name %q stands in it", p, path, row["run"])
				}
			}
		}
	}
}

func (f *frozen) whatIsLeftOut(t *testing.T) {
	all, _ := export.ReportOf(f.under(t, deidentify.Public))
	without := f.under(t, deidentify.Public, "dm_school", "run", "sc_01")
	report, _ := export.ReportOf(without)
	if report.Below > all.Below || len(report.Columns) != 2 {
		t.Errorf("without school and group %d people stand out by %v; with them %d", report.Below, report.Columns, all.Below)
	}
	for _, c := range all.Columns { // what the report promised
		r, _ := export.ReportOf(f.under(t, deidentify.Public, c.Item))
		if r.Below != c.BelowWithout {
			t.Errorf("without %s %d people stand out; the report said %d", c.Item, r.Below, c.BelowWithout)
		}
	}
	for _, row := range tableOf(t, export.Wide, without, f.study.ID) {
		for _, column := range []string{"dm_school_pre", "sc_01_pre", "sc_total_pre"} {
			if row[column] != "" {
				t.Errorf("%s is %q", column, row[column])
			}
		}
		if row["run"] != deidentify.OneGroup || row["sc_02_pre"] != "" && row["rs_total_pre"] == "" && row["resilience_submitted_pre"] != "" {
			t.Errorf("run %q, another scale %q", row["run"], row["rs_total_pre"])
		}
	}
	_, err := export.Open(t.Context(), f.cases.Snapshots, system(), export.Request{Study: f.study.ID, Snapshot: 1, Profile: deidentify.Public, LeaveOut: []string{"nonsense"}})
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("leaving out nonsense: %v", err)
	}
}

func TestAnsweredDaysForOthers(t *testing.T) {
	t.Parallel()
	l, code := everyKind(t)
	taken, err := l.cases.Snapshots.Freeze(t.Context(), system(), l.study.ID, survey.NewSnapshot{Name: "All"})
	l.must(err)
	rows := func(p deidentify.Profile) map[string]map[string]string {
		r, err := export.Open(t.Context(), l.cases.Snapshots, system(), export.Request{Study: l.study.ID, Snapshot: taken.Number, Profile: p})
		l.must(err)
		all := map[string]map[string]string{}
		for _, row := range tableOf(t, export.Long, r, l.study.ID) {
			if row["wave"] == "kinds" {
				all[row["item"]] = row
			}
		}
		return all
	}
	before, shared, public := rows(deidentify.Internal), rows(deidentify.Shared), rows(deidentify.Public)
	moved := instants(shared["k_day"])["answered_at"].Sub(instants(before["k_day"])["answered_at"])
	day, err := time.Parse(time.DateOnly, shared["k_day"]["text"])
	l.must(err)
	if was := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC); day.Sub(was) != moved || moved == 0 || shared["k_day"]["participant"] != code {
		t.Errorf("the day is moved by %v, the time by %v", day.Sub(was), moved)
	}
	if row := public["k_day"]; row["value"] != "2024" || row["text"] != "" {
		t.Errorf("for everybody the day is %q %q", row["value"], row["text"])
	}
	for _, all := range []map[string]map[string]string{shared, public} {
		for _, item := range []string{"k_line", "k_long"} {
			if row := all[item]; row["missing"] != "withheld" || row["text"] != "" {
				t.Errorf("own words: %v", row)
			}
		}
		if row := all["k_several"]; row["text"] != "1,3" {
			t.Errorf("several: %v", row)
		}
	}
	// The same in a format that knows kinds.
	r, err := export.Open(t.Context(), l.cases.Snapshots, system(), export.Request{Study: l.study.ID, Snapshot: taken.Number, Profile: deidentify.Public})
	l.must(err)
	for _, f := range export.Formats() {
		for _, what := range export.Tables() {
			var b bytes.Buffer
			_, err := export.In(t.Context(), f, what, r, system(), l.study.ID, &b)
			l.must(err)
			if f.Key == "jsonl" && what == "wide" && !strings.Contains(b.String(), `"k_day_kinds":2024`) {
				t.Errorf("JSON Lines: %s", b.String())
			}
		}
	}
}
