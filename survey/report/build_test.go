package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// unexported lets go-cmp look past what reports keep for figures.
var unexported = cmpopts.IgnoreUnexported(report.Change{})

// scored are the scores of one scale at both waves by enrolment, read without
// the package under test.
func (s *stage) scored(t *testing.T, scale string) (pre, post map[survey.EnrolmentID]float64, arm map[survey.EnrolmentID]string) {
	t.Helper()
	ctx, study := t.Context(), s.result.Study.ID
	d, err := s.store.Design(ctx, study)
	if err != nil {
		t.Fatal(err)
	}
	kinds, arms := map[survey.WaveID]survey.WaveKind{}, map[survey.ArmID]string{}
	for _, w := range d.Waves {
		kinds[w.ID] = w.Kind
	}
	for _, a := range d.Arms {
		arms[a.ID] = a.Name
	}
	people, err := s.store.Enrolments(ctx, study)
	if err != nil {
		t.Fatal(err)
	}
	pre, post, arm = map[survey.EnrolmentID]float64{}, map[survey.EnrolmentID]float64{}, map[survey.EnrolmentID]string{}
	for _, e := range people {
		arm[e.ID] = arms[e.ArmID]
	}
	err = s.store.EachScore(ctx, study, nil, func(r *survey.ScoreRow) error {
		if r.Scale == scale && r.Valid {
			switch kinds[r.WaveID] {
			case survey.WavePre:
				pre[r.EnrolmentID] = r.Value
			case survey.WavePost:
				post[r.EnrolmentID] = r.Value
			case survey.WaveDuring, survey.WaveFollowUp:
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pre, post, arm
}

// moments are the textbook mean and SD.
func moments(x []float64) (mean, sd float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sd += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, math.Sqrt(sd)
}

func TestTheNumbersOfAStudyAreThoseOfItsScores(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 0)
	r := s.build(t, report.Spec{})
	for _, o := range r.Outcomes {
		pre, post, arm := s.scored(t, o.Scale.Key)
		changes := map[string][]float64{}
		for i := range o.Groups {
			g := &o.Groups[i]
			var a, b, d []float64
			for id, v := range pre {
				if w, both := post[id]; both && arm[id] == g.Group {
					a, b, d = append(a, v), append(b, w), append(d, w-v)
				}
			}
			changes[g.Group] = d
			ma, sa := moments(a)
			mb, sb := moments(b)
			md, sd := moments(d)
			n := float64(len(d))
			if g.Pairs != len(d) {
				t.Errorf("%s, %s: %d pairs, want %d", o.Scale.Key, g.Group, g.Pairs, len(d))
			}
			near(t, "mean before", g.MeanPre, ma, 1e-12)
			near(t, "SD before", g.SDPre, sa, 1e-12)
			near(t, "mean after", g.MeanPost, mb, 1e-12)
			near(t, "SD after", g.SDPost, sb, 1e-12)
			near(t, "change", g.Mean, md, 1e-12)
			near(t, "t", g.T, md/(sd/math.Sqrt(n)), 1e-9)
			near(t, "d_z", g.Dz, md/sd, 1e-10)
			// Hedges' correction to four digits by its usual approximation.
			near(t, "g_av", g.Gav, (1-3/(4*(n-1)-1))*md/math.Sqrt((sa*sa+sb*sb)/2), 2e-3)
		}
		mx, sx := moments(changes["Course"])
		my, sy := moments(changes["Waiting list"])
		se := math.Sqrt(sx*sx/float64(len(changes["Course"])) + sy*sy/float64(len(changes["Waiting list"])))
		near(t, "difference", o.Comparison.Difference, mx-my, 1e-12)
		near(t, "Welch's t", o.Comparison.T, (mx-my)/se, 1e-9)
	}
	if o := r.Outcomes[0]; o.Scale.Key != "sc_total" || !o.Scale.Primary || r.Outcomes[1].Scale.Parent != "sc_total" {
		t.Errorf("the outcomes begin with %s, %s", o.Scale.Key, r.Outcomes[1].Scale.Key)
	}
}

func TestAlphaIsThatOfTheAnswers(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 0)
	r := s.build(t, report.Spec{})
	d, err := s.store.Design(t.Context(), s.result.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	wave, _ := d.WaveOfKind(survey.WavePre)
	sheets := map[survey.EnrolmentID]map[string]float64{}
	err = s.store.EachResponse(t.Context(), s.result.Study.ID, func(a *survey.ResponseRow) error {
		if a.WaveID == wave.ID && !a.SubmittedAt.IsZero() && a.Missing == survey.NotMissing {
			if sheets[a.EnrolmentID] == nil {
				sheets[a.EnrolmentID] = map[string]float64{}
			}
			sheets[a.EnrolmentID][a.Item] = a.Value
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Outcomes {
		def, err := instrument.BuiltinByKey(o.Scale.Instrument)
		if err != nil {
			t.Fatal(err)
		}
		scale, _ := def.Scale(o.Scale.Key)
		columns, sums := make([][]float64, len(scale.Items)), []float64{}
		for _, sheet := range sheets {
			row, sum := make([]float64, len(scale.Items)), 0.0
			complete := true
			for i, code := range scale.Items {
				v, ok := sheet[code]
				complete = complete && ok
				if slices.Contains(scale.Reversed, code) {
					v = 6 - v // the options run from 1 to 5
				}
				row[i], sum = v, sum+v
			}
			if !complete {
				continue
			}
			for i, v := range row {
				columns[i] = append(columns[i], v)
			}
			sums = append(sums, sum)
		}
		between := 0.0
		for _, c := range columns {
			_, sd := moments(c)
			between += sd * sd
		}
		_, total := moments(sums)
		k := float64(len(columns))
		near(t, "α of "+o.Scale.Key, o.AlphaPre.Value, k/(k-1)*(1-between/(total*total)), 1e-10)
		if o.AlphaPre.People != len(sums) || o.Reliability.Value != o.AlphaPre.Value {
			t.Errorf("%s: α of %d people, want %d; reliability %v", o.Scale.Key, o.AlphaPre.People, len(sums), o.Reliability.Value)
		}
	}
}

func TestEveryoneIsSomewhereInTheFlow(t *testing.T) {
	t.Parallel()
	s := play(t, 2, 0)
	r := s.build(t, report.Spec{})
	for _, f := range r.Flow {
		if f.Enrolled != f.NotYet+f.Due || f.Due != f.Answered+f.Withdrawn+f.Lost+f.Open {
			t.Errorf("%s, %s does not add up: %+v", f.Wave.Key, f.Arm, f)
		}
	}
	if all := r.FlowOf("pre", ""); all.Enrolled != s.result.People || all.Answered == 0 {
		t.Errorf("before the course: %+v, want %d enrolled", all, s.result.People)
	}
	for _, o := range r.Outcomes {
		for _, g := range o.Groups {
			sum := g.Pairs
			for _, e := range g.Excluded {
				sum += e.N
			}
			if sum != g.People {
				t.Errorf("%s, %s: %d people, but %d pairs and %+v", o.Scale.Key, g.Group, g.People, g.Pairs, g.Excluded)
			}
		}
	}
	// Who let the survey pass, and who left, is lost to every outcome.
	post := r.FlowOf("post", "Course")
	if o := r.Outcomes[0].Main(); o.Lost.Lost > post.Withdrawn+post.Lost || post.Over != post.Missed+post.Answered {
		t.Errorf("%d of the outcome are lost, %+v in the flow", o.Lost.Lost, post)
	}
}

func TestOnlyWhoMayAnalyseGetsAReport(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 24)
	study := s.result.Study.ID
	user := func(g ...survey.Grant) survey.Actor { return survey.UserActor(survey.User{ID: "u", Grants: g}) }
	for _, c := range []struct {
		name  string
		actor survey.Actor
		want  error
	}{
		{"researcher", user(survey.Grant{Role: survey.RoleResearcher, StudyID: study}), nil},
		{"researcher elsewhere", user(survey.Grant{Role: survey.RoleResearcher, StudyID: "other"}), survey.ErrForbidden},
		{"facilitator", user(survey.Grant{Role: survey.RoleFacilitator, StudyID: study}), survey.ErrForbidden},
		{"administrator", user(survey.Grant{Role: survey.RoleAdministrator}), survey.ErrForbidden},
		{"participant", survey.ParticipantActor(survey.Participation{}), survey.ErrForbidden},
		{"nobody", survey.Actor{}, survey.ErrForbidden},
	} {
		r, err := report.Build(t.Context(), s.store, c.actor, study, report.Spec{Now: storyEnds})
		if !errors.Is(err, c.want) || (r != nil) != (c.want == nil) {
			t.Errorf("%s: %v, %v", c.name, r != nil, err)
		}
	}
	if _, err := report.Build(t.Context(), s.store, survey.SystemActor("test"), "none", report.Spec{}); !errors.Is(err, survey.ErrNotFound) {
		t.Errorf("no such study: %v", err)
	}
	for name, spec := range map[string]report.Spec{
		"arm": {Arm: "x"}, "wave": {Post: "week_01"}, "level": {Level: 95},
	} {
		_, err := report.Build(t.Context(), s.store, survey.SystemActor("test"), study, spec)
		if faults, ok := errors.AsType[survey.FieldErrors](err); !ok || faults[name] == "" {
			t.Errorf("wrong %s: %v", name, err)
		}
	}
}

func TestQueriesDoNotGrowWithPeople(t *testing.T) {
	t.Parallel()
	var counts []int
	for _, people := range []int{24, 122} {
		s := play(t, 1, people)
		ctx, count := store.WithQueryCount(t.Context())
		buildFrom(ctx, t, s.store, s.result.Study.ID, report.Spec{})
		counts = append(counts, count.N())
	}
	if counts[0] != counts[1] || counts[0] == 0 || counts[0] > 15 {
		t.Errorf("%d queries for 24 people and %d for 122", counts[0], counts[1])
	}
}

// shuffled gives the same data in another order.
type shuffled struct {
	survey.Reader
}

func (r shuffled) Design(ctx context.Context, id survey.StudyID) (survey.StudyDesign, error) {
	d, err := r.Reader.Design(ctx, id)
	d.Arms = slices.Clone(d.Arms)
	slices.Reverse(d.Arms)
	return d, err
}

func (r shuffled) Enrolments(ctx context.Context, id survey.StudyID) ([]survey.Enrolment, error) {
	all, err := r.Reader.Enrolments(ctx, id)
	slices.Reverse(all)
	return all, err
}

func (r shuffled) EachScore(ctx context.Context, id survey.StudyID, waves []survey.WaveID, f func(*survey.ScoreRow) error) error {
	return backwards(f, func(f func(*survey.ScoreRow) error) error { return r.Reader.EachScore(ctx, id, waves, f) })
}

func (r shuffled) EachSubmitted(ctx context.Context, id survey.StudyID, waves []survey.WaveID, f func(*survey.ResponseRow) error) error {
	return backwards(f, func(f func(*survey.ResponseRow) error) error { return r.Reader.EachSubmitted(ctx, id, waves, f) })
}

func backwards[T any](f func(*T) error, each func(func(*T) error) error) error {
	var all []T
	if err := each(func(r *T) error { all = append(all, *r); return nil }); err != nil {
		return err
	}
	for _, r := range slices.Backward(all) {
		if err := f(&r); err != nil {
			return err
		}
	}
	return nil
}

func TestTheOrderOfPeopleAndArmsDoesNotMatter(t *testing.T) {
	t.Parallel()
	s := play(t, 3, 60)
	for _, arm := range []string{"", "waitlist", report.Everyone} {
		want := s.build(t, report.Spec{Arm: arm})
		got := buildFrom(t.Context(), t, shuffled{s.store}, s.result.Study.ID, report.Spec{Arm: arm})
		byLabel := cmpopts.SortSlices(func(a, b report.Change) bool { return a.Group < b.Group })
		if d := cmp.Diff(got.Outcomes, want.Outcomes, unexported, byLabel); d != "" {
			t.Errorf("arm %q: outcomes differ:\n%.1500s", arm, d)
		}
		if got.Basis.Fingerprint != want.Basis.Fingerprint {
			t.Errorf("arm %q: the same data have another fingerprint", arm)
		}
	}
}

// Not parallel: it changes the number of processors of the whole process.
func TestTheNumberOfProcessorsDoesNotMatter(t *testing.T) {
	s := play(t, 3, 60)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	one := s.build(t, report.Spec{})
	runtime.GOMAXPROCS(8)
	if d := cmp.Diff(s.build(t, report.Spec{}), one, unexported); d != "" {
		t.Errorf("the report differs:\n%.1500s", d)
	}
}

func TestTheFingerprintFollowsTheData(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 24)
	before := s.build(t, report.Spec{}).Basis.Fingerprint
	if again := s.build(t, report.Spec{Arm: report.Everyone}).Basis.Fingerprint; again != before {
		t.Error("the same data under another choice of arm have another fingerprint")
	}
	if other := s.build(t, report.Spec{Post: "followup_3m"}).Basis.Fingerprint; other == before {
		t.Error("another wave has the same fingerprint")
	}
	changed := buildFrom(t.Context(), t, oneAnswerOff{s.store}, s.result.Study.ID, report.Spec{})
	if changed.Basis.Fingerprint == before {
		t.Error("one answer more or less leaves the fingerprint as it is")
	}
}

// oneAnswerOff changes the first answer it gives.
type oneAnswerOff struct{ survey.Reader }

func (r oneAnswerOff) EachSubmitted(ctx context.Context, id survey.StudyID, waves []survey.WaveID, f func(*survey.ResponseRow) error) error {
	first := true
	return r.Reader.EachSubmitted(ctx, id, waves, func(a *survey.ResponseRow) error {
		if first && a.Missing == survey.NotMissing {
			first = false
			a.Value = 6 - a.Value + 0.5
		}
		return f(a)
	})
}

func TestACancelledReportEnds(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 24)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := report.Build(ctx, s.store, survey.SystemActor("test"), s.result.Study.ID, report.Spec{Now: storyEnds}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

var errGone = errors.New("the database went away")

// dying fails in the middle of one stream.
type dying struct{ survey.Reader }

func (r dying) EachScore(_ context.Context, _ survey.StudyID, _ []survey.WaveID, f func(*survey.ScoreRow) error) error {
	return errors.Join(f(&survey.ScoreRow{}), errGone)
}

func TestAFailedStreamIsTheErrorOfTheReport(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 24)
	if _, err := report.Build(t.Context(), dying{s.store}, survey.SystemActor("test"), s.result.Study.ID, report.Spec{Now: storyEnds}); !errors.Is(err, errGone) {
		t.Errorf("got %v, want the failure", err)
	}
}

func TestAReportReadsAsText(t *testing.T) {
	t.Parallel()
	r := play(t, 1, 60).build(t, report.Spec{})
	var got bytes.Buffer
	if err := r.WriteText(&got); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/report.txt"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")); d != "" {
		t.Errorf("the report (-got +want):\n%s", d)
	}
}

func TestNumbersInFilesAreWholeAndNeverNaN(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 24) // so few that much is hidden or cannot be had
	r := s.build(t, report.Spec{})
	var out bytes.Buffer
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("the JSON has a number that is none")
	}
	var back map[string]any
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(r.Frames()) != len(report.TableNames()) {
		t.Errorf("%d frames of %d", len(r.Frames()), len(report.TableNames()))
	}
	for _, f := range r.Frames() {
		out.Reset()
		if err := f.WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		header := records[0]
		if header[len(header)-1] != "missing" || len(slices.Compact(slices.Sorted(slices.Values(header)))) != len(header) {
			t.Errorf("%s: header %v", f.Name, header)
		}
		for _, row := range records[1:] {
			for i, cell := range row[:len(row)-1] {
				if cell == "NaN" || strings.Contains(cell, "Inf") {
					t.Errorf("%s: %s is %s", f.Name, header[i], cell)
				}
			}
		}
	}
	r = play(t, 1, 60).build(t, report.Spec{})
	f, _ := r.Frame(report.TableOutcomes)
	mean, err := strconv.ParseFloat(f.Rows[0][slices.Index(f.Header, "mean_pre")], 64)
	if err != nil || mean != r.Outcomes[0].Main().MeanPre.Value {
		t.Errorf("mean_pre reads back as %v (%v), want %v", mean, err, r.Outcomes[0].Main().MeanPre.Value)
	}
	if row := f.Rows[0]; len(row) != len(f.Header) {
		t.Errorf("%d cells under %d columns", len(row), len(f.Header))
	}
}

func TestHolmHoldsOverTheDeclaredFamily(t *testing.T) {
	t.Parallel()
	r := play(t, 1, 0).build(t, report.Spec{})
	var ps []float64
	for _, o := range r.Outcomes {
		if o.Scale.Parent == "" {
			ps = append(ps, o.Main().P.Value)
			if o.Family.Size != 3 || o.Family.Name != "main outcomes" {
				t.Errorf("%s is in the family %+v", o.Scale.Key, o.Family)
			}
		} else if o.Family.Size != 6 || !strings.HasPrefix(o.Family.Name, "parts of Self-compassion") {
			t.Errorf("%s is in the family %+v", o.Scale.Key, o.Family)
		}
	}
	slices.Sort(ps)
	holm, running := map[float64]float64{}, 0.0
	for i, p := range ps { // Holm (1979), by hand
		running = max(running, min(1, float64(len(ps)-i)*p))
		holm[p] = running
	}
	for _, o := range r.Outcomes {
		if o.Scale.Parent == "" {
			near(t, "corrected p of "+o.Scale.Key, o.Main().PHolm, holm[o.Main().P.Value], 1e-15)
		}
	}
}

func TestAStudyWithoutPairsHasAReportThatSaysSo(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 20)
	r := s.build(t, report.Spec{Post: "followup_3m"}) // hardly anybody is so far
	var out bytes.Buffer
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	c := r.Outcomes[0].Main()
	if c.Pairs >= report.DefaultMinimum {
		t.Fatalf("%d pairs: the test needs fewer", c.Pairs)
	}
	if _, ok := r.Outcomes[0].Raincloud(c, "x"); ok {
		t.Error("single people of a small group are drawn")
	}
	if _, ok := r.Outcomes[0].ChangeBar(c, "x"); ok {
		t.Error("the shares of a small group are drawn")
	}
	if c.Pairs > 0 && !strings.Contains(out.String(), "So few people") {
		t.Errorf("the report does not say why nothing is shown:\n%s", out.String())
	}
}
