package export_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/analysis/design"
	"tidemark/analysis/mixed"
	"tidemark/internal/readers"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/export"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report"
	"tidemark/survey/storetest"
)

// frozen is a rehearsal, the last of its snapshots, and the reader of that.
type frozen struct {
	cases    *survey.UseCases
	study    survey.Study
	snapshot survey.Snapshot
	data     survey.DataReader
}

func newFrozen(t *testing.T) *frozen {
	t.Helper()
	store := storetest.SQLite(t)
	secret, err := auth.NewSecret()
	no(t, err)
	keys, err := auth.New(secret)
	no(t, err)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	played, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: store, Keys: keys, Seed: 4, People: 120, Now: now})
	no(t, err)
	n := 0
	f := &frozen{cases: survey.NewUseCases(survey.Env{
		Store: store, Now: func() time.Time { return now }, Keys: keys, Version: "1.0",
		NewID: func() string { n++; return "00000000-0000-7000-9000-" + strconv.Itoa(100000000000+n) },
	}), study: played.Study}
	f.snapshot, err = f.cases.Snapshots.Freeze(t.Context(), survey.UserActor(survey.User{
		ID: "u", Name: "Ines", Grants: []survey.Grant{{Role: survey.RoleResearcher, StudyID: f.study.ID}},
	}), f.study.ID, survey.NewSnapshot{Name: "All"})
	no(t, err)
	f.data, err = f.cases.Snapshots.Open(t.Context(), system(), f.study.ID, f.snapshot.Number)
	no(t, err)
	return f
}

func no(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *frozen) bundle(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := export.Bundle(t.Context(), f.data, system(), f.study.ID, f.snapshot, "1.0", &b)
	no(t, err)
	return b.Bytes()
}

// unpacked is the folder in a bundle, on disk.
func unpacked(t *testing.T, b []byte) (folder string, files map[string][]byte) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	no(t, err)
	dir, files := t.TempDir(), map[string][]byte{}
	for _, part := range r.File {
		p, err := part.Open()
		no(t, err)
		content, err := io.ReadAll(p)
		no(t, err)
		top, path, _ := strings.Cut(part.Name, "/")
		folder = filepath.Join(dir, top)
		files[path] = content
		no(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, path)), 0o755))
		no(t, os.WriteFile(filepath.Join(folder, path), content, 0o644))
	}
	return folder, files
}

func TestABundleIsWholeAndTheSameAgain(t *testing.T) {
	t.Parallel()
	f := newFrozen(t)
	first := f.bundle(t)
	if !bytes.Equal(first, f.bundle(t)) {
		t.Error("two bundles of one snapshot differ")
	}
	_, files := unpacked(t, first)
	var m export.Manifest
	no(t, json.Unmarshal(files["manifest.json"], &m))
	if m.Snapshot.SHA256 != f.snapshot.Hash || m.Snapshot.TakenBy != "Ines" || m.Study != f.study.Key || !m.Simulated || len(m.Instruments) < 4 || len(m.Withheld) == 0 {
		t.Errorf("the manifest says %+v", m)
	}
	if len(m.Files) != len(files)-1 {
		t.Errorf("the manifest has %d files of %d", len(m.Files), len(files)-1)
	}
	for _, file := range m.Files {
		sum := sha256.Sum256(files[file.Path])
		if hex.EncodeToString(sum[:]) != file.SHA256 || int64(len(files[file.Path])) != file.Bytes {
			t.Errorf("%s is not what the manifest says", file.Path)
		}
		if rows := strings.Count(string(files[file.Path]), "\n") - 1; strings.HasSuffix(file.Path, "_data.csv") && rows != file.Rows {
			t.Errorf("%s has %d rows, the manifest says %d", file.Path, rows, file.Rows)
		}
	}
	asLongSays(t, m, files)
	// The package describes every column of every table, in their order.
	var p struct {
		Resources []struct {
			Path, Hash string
			Schema     struct{ Fields []struct{ Name, Type string } }
		}
	}
	no(t, json.Unmarshal(files["datapackage.json"], &p))
	measured := map[string]bool{}
	var psych struct {
		VariableMeasured []struct{ Name string } `json:"variableMeasured"`
	}
	no(t, json.Unmarshal(files["dataset_description.json"], &psych))
	for _, v := range psych.VariableMeasured {
		measured[v.Name] = true
	}
	if len(p.Resources) != 3+len(m.Instruments) {
		t.Errorf("the package has %d tables", len(p.Resources))
	}
	for _, r := range p.Resources {
		header, _, _ := strings.Cut(string(files[r.Path]), "\n")
		var names []string
		for _, field := range r.Schema.Fields {
			names = append(names, field.Name)
		}
		if got := strings.Join(names, ","); got != header {
			t.Errorf("%s: the package describes\n%s, the file has\n%s", r.Path, got, header)
		}
		for name := range strings.SplitSeq(header, ",") {
			if !measured[name] {
				t.Errorf("%s is not among the variables measured", name)
			}
		}
	}
}

func TestOnlyWhoMayAnalyseGetsABundle(t *testing.T) {
	t.Parallel()
	f := newFrozen(t)
	var b bytes.Buffer
	if _, err := export.Bundle(t.Context(), f.data, survey.Actor{}, f.study.ID, f.snapshot, "1.0", &b); !errors.Is(err, survey.ErrForbidden) || b.Len() > 0 {
		t.Errorf("a bundle for nobody: %v, %d bytes", err, b.Len())
	}
	broken := errors.New("broken")
	if _, err := export.Bundle(t.Context(), f.data, system(), f.study.ID, f.snapshot, "1.0", failing{broken}); !errors.Is(err, broken) {
		t.Errorf("a bundle into a broken writer: %v", err)
	}
}

// figures are a row of what R prints.
type figures struct {
	Scale, Arm                           string
	Pairs                                int
	Change, Low, High, T, DF, P, Dz, Gav *float64
	AlphaPre                             *float64 `json:"alpha_pre"`
}

// R computes the report's figures again, from the bundle alone.
func TestRComputesTheReportAgain(t *testing.T) {
	t.Parallel()
	f := newFrozen(t)
	folder, files := unpacked(t, f.bundle(t))
	var said struct {
		Figures []figures
		Mixed   map[string][]struct {
			Term  string
			B, SE float64
		}
	}
	no(t, json.Unmarshal(readers.R(t, `setwd(commandArgs(TRUE)[1]); invisible(capture.output(source("scripts/recompute.R")));
		models <- lapply(outcomes, function(o) { m <- mixed(o); stopifnot(inherits(m, "lme")); s <- summary(m)$tTable
			data.frame(term = rownames(s), b = s[, "Value"], se = s[, "Std.Error"], row.names = NULL) });
		names(models) <- vapply(outcomes, function(o) o$scale, "");
		w <- in_words(wide); stopifnot(is.factor(w$arm), !is.null(attr(read_wide()$sc_01_pre, "labels")), identical(levels(w$sc_01_pre), names(wide_values$sc_01_pre)), sum(!is.na(w$sc_01_pre)) == sum(!is.na(wide$sc_01_pre)), inherits(wide$enrolled_at, "POSIXct"));
		stopifnot(nrow(read_long()) > 1000, nrow(read_scores()) > 100);
		cat(jsonlite::toJSON(list(figures = figures, mixed = models), digits = NA, na = "null"))`, folder), &said))
	got := said.Figures
	wide := table(t, records(t, files["data/table-wide_data.csv"]))
	for scale, terms := range said.Mixed {
		m := mixedModel(t, wide, scale)
		if len(terms) != 4 || len(m.Coefficients) != 4 {
			t.Fatalf("the model of %s has %d terms in R, %d here", scale, len(terms), len(m.Coefficients))
		}
		for i, c := range m.Coefficients {
			near := func(what string, r, ours float64) {
				if math.Abs(r-ours) > 1e-6*math.Max(1, math.Abs(ours)) {
					t.Errorf("%s, %s of %s is %v in R, %v here", scale, what, terms[i].Term, r, ours)
				}
			}
			near("the estimate", terms[i].B, c.Estimate.Value)
			near("the standard error", terms[i].SE, c.Satterthwaite.SE.Value)
		}
	}
	compared := 0
	for _, arm := range []string{"course", "waitlist"} {
		r, err := report.Build(t.Context(), f.data, system(), f.study.ID, report.Spec{Arm: arm, Now: f.snapshot.TakenAt, Snapshot: &f.snapshot})
		no(t, err)
		for _, o := range r.Outcomes {
			i := slices.IndexFunc(got, func(g figures) bool { return g.Scale == o.Scale.Key && g.Arm == arm })
			if i < 0 {
				t.Errorf("R has no figures of %s", o.Scale.Key)
				continue
			}
			g, c := got[i], o.Main()
			if g.Pairs != c.Pairs {
				t.Errorf("%s, %s: R has %d pairs, the report %d", o.Scale.Key, arm, g.Pairs, c.Pairs)
			}
			for what, v := range map[string][2]float64{
				"change": {*g.Change, c.Mean.Value}, "low": {*g.Low, c.CI.Low}, "high": {*g.High, c.CI.High},
				"t": {*g.T, c.T.Value}, "df": {*g.DF, c.DF.Value}, "p": {*g.P, c.P.Value},
				"dz": {*g.Dz, c.Dz.Value}, "gav": {*g.Gav, c.Gav.Value},
				"alpha": {*g.AlphaPre, o.AlphaPre.Value.Value},
			} {
				if math.Abs(v[0]-v[1]) > 1e-9*math.Max(1, math.Abs(v[1])) {
					t.Errorf("%s, %s: %s is %v in R, %v in the report", o.Scale.Key, arm, what, v[0], v[1])
				}
			}
			compared++
		}
	}
	if compared < 4 {
		t.Errorf("compared %d outcomes", compared)
	}
}

// mixedModel is the model of a scale before and after, as this program fits it.
func mixedModel(t *testing.T, wide []map[string]string, scale string) mixed.LMMResult {
	t.Helper()
	var id, arm []string
	var time, score []float64
	for _, row := range wide {
		for i, wave := range []string{"_pre", "_post"} {
			v, err := strconv.ParseFloat(row[scale+wave], 64)
			if err != nil || row["declined_at"] != "" {
				continue // not answered
			}
			id, arm, time, score = append(id, row["participant"]), append(arm, row["arm"]), append(time, float64(i)), append(score, v)
		}
	}
	d, err := design.Build("score ~ arm * time + (1 | id)", []design.Column{
		design.Factor("id", id), design.Factor("arm", arm, "course", "waitlist"), design.Numeric("time", time), design.Numeric("score", score),
	})
	no(t, err)
	m, err := mixed.LMM(t.Context(), d, mixed.LMMOptions{})
	no(t, err)
	return m
}

func TestPSPPRunsTheScriptOfABundle(t *testing.T) {
	t.Parallel()
	f := newFrozen(t)
	folder, files := unpacked(t, f.bundle(t))
	said := readers.PSPP(t, "CD '"+folder+"'.\n"+string(files["scripts/read.sps"])+"\nDISPLAY DICTIONARY /VARIABLES=arm sc_01_pre.\nFREQUENCIES arm.\n")
	for _, want := range []string{"Ordinal", "Nominal", "Almost never", "120"} {
		if !strings.Contains(said, want) {
			t.Errorf("PSPP does not say %q:\n%s", want, said)
		}
	}
}

func TestPandasReadsABundle(t *testing.T) {
	t.Parallel()
	f := newFrozen(t)
	folder, _ := unpacked(t, f.bundle(t))
	said := readers.Python(t, `import sys, os
os.chdir(sys.argv[1]); sys.path.insert(0, "scripts")
import read
wide = read.read_wide(); words = read.in_words(wide); long = read.read_table("long")
print(len(wide), str(wide["enrolled_at"].dtype), words["arm"].cat.categories.tolist(), len(long) > 1000, wide["sc_01_pre"].max() <= 5)`, folder)
	if want := "120 datetime64[ns, UTC] ['"; !strings.HasPrefix(string(said), want) || !strings.HasSuffix(strings.TrimSpace(string(said)), "True True") {
		t.Errorf("pandas says %s", said)
	}
}
