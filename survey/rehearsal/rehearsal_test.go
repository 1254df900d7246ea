package rehearsal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/instrument"
	"tidemark/survey/rehearsal"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// A Tuesday, in a week without a change of clocks.
var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

const secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// stage is a database with a rehearsal in it.
type stage struct {
	store  *store.Store
	keys   *auth.Keys
	cases  *survey.UseCases // at the time the story ends
	result *rehearsal.Result
}

func empty(t *testing.T) *stage {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "rehearsal.db"), storetest.Vault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	id := 0
	return &stage{store: db, keys: keys, cases: survey.NewUseCases(survey.Env{
		Store: db, Now: func() time.Time { return storyEnds }, Keys: keys,
		NewID: func() string { id++; return fmt.Sprintf("00000000-0000-7000-8000-%012d", id) },
	})}
}

func play(t *testing.T, seed uint64) *stage {
	t.Helper()
	s := empty(t)
	began := time.Now()
	var err error
	s.result, err = rehearsal.Play(t.Context(), rehearsal.Options{Store: s.store, Keys: s.keys, Seed: seed, Now: storyEnds})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d: %d people, %d questionnaires in %v", seed, s.result.People, s.result.Submitted, time.Since(began).Round(time.Millisecond))
	return s
}

func (s *stage) design(t *testing.T) survey.StudyDesign {
	t.Helper()
	d, err := s.store.Design(t.Context(), s.result.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAPlayIsAStudyWithThreeRuns(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	d := s.design(t)
	if !d.Study.Simulated || d.Study.State != survey.StudyOpen {
		t.Errorf("simulated %v, state %s; want a simulated, open study", d.Study.Simulated, d.Study.State)
	}
	runs, err := s.store.Runs(t.Context(), d.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	names, people := map[string]bool{}, 0
	for _, r := range runs {
		names[r.Run.Name] = true
		people += r.Enrolled
		roster, err := s.store.Roster(t.Context(), d.Study.ID, r.Run.ID)
		if err != nil {
			t.Fatal(err)
		}
		arms := map[survey.ArmID]int{}
		for _, e := range roster {
			arms[e.ArmID]++
		}
		a, b := arms[d.Arms[0].ID], arms[d.Arms[1].ID]
		if a+b != len(roster) || a-b > 2 || b-a > 2 {
			t.Errorf("%s: %d and %d of %d people in the arms, want halves", r.Run.Name, a, b, len(roster))
		}
	}
	if len(runs) != 3 || len(names) != 3 || people != rehearsal.DefaultPeople {
		t.Errorf("%d runs with %d names and %d people, want 3, 3 and %d", len(runs), len(names), people, rehearsal.DefaultPeople)
	}
	for _, c := range []struct {
		run  survey.RunID
		week int
	}{{s.result.Ended, 31}, {s.result.Running, 5}, {s.result.Coming, 0}} {
		run, err := s.store.Run(t.Context(), d.Study.ID, c.run)
		if err != nil {
			t.Fatal(err)
		}
		if got := run.Week(storyEnds); got != c.week {
			t.Errorf("%s is in week %d, want %d", run.Name, got, c.week)
		}
	}
}

func TestTheTrailShowsThatUseCasesDidIt(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	events, err := s.store.AuditEvents(t.Context(), s.result.Study.ID, 100000)
	if err != nil {
		t.Fatal(err)
	}
	count := map[survey.Action]int{}
	for _, e := range events {
		count[e.Action]++
		if e.At.After(storyEnds) {
			t.Fatalf("%s at %s, after the story ends", e.Action, e.At)
		}
		if e.Action == survey.ActionSubmitted && e.ActorKind != survey.ActorParticipant {
			t.Fatalf("a questionnaire was submitted by %s", e.ActorKind)
		}
	}
	if count[survey.ActionSubmitted] != s.result.Submitted {
		t.Errorf("%d submissions in the trail, want %d", count[survey.ActionSubmitted], s.result.Submitted)
	}
	if count[survey.ActionEnrolled] != rehearsal.DefaultPeople || count[survey.ActionAttendanceNoted] != 8+5 {
		t.Errorf("the trail has %v", count)
	}
}

// lost is the share of a run's people who have not answered all of a wave.
func (s *stage) lost(t *testing.T, run survey.RunID, kind survey.WaveKind) float64 {
	t.Helper()
	wave, _ := s.design(t).WaveOfKind(kind)
	progress, err := s.store.Progress(t.Context(), s.result.Study.ID, run)
	if err != nil {
		t.Fatal(err)
	}
	people, answered := 0, 0
	for _, p := range progress {
		if p.WaveID == wave.ID {
			people++
			if p.Submitted == p.Sets {
				answered++
			}
		}
	}
	return 1 - float64(answered)/float64(people)
}

func TestPeopleAreLostAsInRealStudies(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		s := play(t, seed)
		pre := s.lost(t, s.result.Ended, survey.WavePre)
		post := s.lost(t, s.result.Ended, survey.WavePost)
		later := s.lost(t, s.result.Ended, survey.WaveFollowUp)
		if post < 0.25 || post > 0.35 {
			t.Errorf("seed %d: %.2f lost after the course, want .25 to .35", seed, post)
		}
		if pre > 0.05 || later <= post || later > 0.6 {
			t.Errorf("seed %d: lost before %.2f, after %.2f, later %.2f", seed, pre, post, later)
		}
		roster, err := s.store.Roster(t.Context(), s.result.Study.ID, s.result.Ended)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for _, e := range roster {
			if e.Withdrawn() {
				left++
			}
		}
		if left < 4 || float64(left) > 0.6*post*float64(len(roster)) {
			t.Errorf("seed %d: %d of %d said that they leave; the others lost should be silent", seed, left, len(roster))
		}
		coming := s.lost(t, s.result.Coming, survey.WavePre)
		if coming < 0.4 || coming > 0.6 {
			t.Errorf("seed %d: %.2f of the coming run have yet to answer, want about half", seed, coming)
		}
	}
}

// pairs are the primary scores before and after, by arm.
func (s *stage) pairs(t *testing.T, scale string) map[string][][2]float64 {
	t.Helper()
	d := s.design(t)
	pre, _ := d.WaveOfKind(survey.WavePre)
	post, _ := d.WaveOfKind(survey.WavePost)
	arms := map[survey.EnrolmentID]string{}
	people, err := s.store.Enrolments(t.Context(), d.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		arm, _ := d.Arm(e.ArmID)
		arms[e.ID] = arm.Key
	}
	before, after := map[survey.EnrolmentID]float64{}, map[survey.EnrolmentID]float64{}
	err = s.store.EachScore(t.Context(), d.Study.ID, nil, func(r *survey.ScoreRow) error {
		switch {
		case r.Scale != scale || !r.Valid:
		case r.WaveID == pre.ID:
			before[r.EnrolmentID] = r.Value
		case r.WaveID == post.ID:
			after[r.EnrolmentID] = r.Value
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string][][2]float64{}
	for id, b := range before {
		if a, ok := after[id]; ok {
			pairs[arms[id]] = append(pairs[arms[id]], [2]float64{b, a})
		}
	}
	return pairs
}

// dz is the mean change in standard deviations of the change.
func dz(pairs [][2]float64) float64 {
	mean, square := 0.0, 0.0
	for _, p := range pairs {
		mean += (p[1] - p[0]) / float64(len(pairs))
	}
	for _, p := range pairs {
		square += math.Pow(p[1]-p[0]-mean, 2) / float64(len(pairs)-1)
	}
	return mean / math.Sqrt(square)
}

func TestTheCourseWorksAndWaitingDoesNot(t *testing.T) {
	t.Parallel()
	var waiting [][2]float64
	for seed := uint64(1); seed <= 3; seed++ {
		s := play(t, seed)
		p := s.pairs(t, "sc_total")
		d := dz(p["course"])
		t.Logf("seed %d: course d_z %.2f (n %d), waiting %.2f (n %d)", seed, d, len(p["course"]), dz(p["waitlist"]), len(p["waitlist"]))
		if d < 0.4 || len(p["course"]) < 15 {
			t.Errorf("seed %d: course d_z = %.2f with %d pairs, want more than 0.4", seed, d, len(p["course"]))
		}
		waiting = append(waiting, p["waitlist"]...)
	}
	if d := dz(waiting); math.Abs(d) > 0.35 {
		t.Errorf("waiting list d_z = %.2f over %d pairs, want near 0", d, len(waiting))
	}
}

func TestTheTwelveItemsHangTogether(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	d := s.design(t)
	pre, _ := d.WaveOfKind(survey.WavePre)
	def, err := instrument.BuiltinByKey("self_compassion")
	if err != nil {
		t.Fatal(err)
	}
	scale, _ := def.Primary()
	sheets := map[survey.AssessmentID]instrument.Numbers{}
	err = s.store.EachSubmitted(t.Context(), d.Study.ID, []survey.WaveID{pre.ID}, func(r *survey.ResponseRow) error {
		if r.Missing == survey.NotMissing && strings.HasPrefix(r.Item, "sc_") {
			if sheets[r.AssessmentID] == nil {
				sheets[r.AssessmentID] = instrument.Numbers{}
			}
			sheets[r.AssessmentID][r.Item] = r.Value
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reversed := map[string]bool{}
	for _, code := range scale.Reversed {
		reversed[code] = true
	}
	var rows [][]float64
	for _, a := range sheets {
		if len(a) < len(scale.Items) {
			continue
		}
		var row []float64
		for _, code := range scale.Items {
			v := a[code]
			if reversed[code] {
				v = instrument.Reverse(def.Options, v)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	if a := rehearsal.Alpha(rows); a < 0.80 || a > 0.90 {
		t.Errorf("α = %.3f over %d people, want .80 to .90", a, len(rows))
	}
}

func TestTheLinksLeadIn(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	ctx := t.Context()
	_, part, err := s.cases.SignIns.ByPersonalLink(ctx, s.result.Participant)
	if err != nil {
		t.Fatal(err)
	}
	if part.Consented() || part.Enrolment.RunID != s.result.Coming {
		t.Errorf("the participant has consented (%v) or is in run %s", part.Consented(), part.Enrolment.RunID)
	}
	due, err := s.cases.Assessments.Due(ctx, survey.ParticipantActor(part))
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, item := range due {
		if item.State == survey.AssessmentOpen && item.Answered == 0 {
			open++
		}
	}
	if open != 3 {
		t.Errorf("%d questionnaires wait for the participant, want 3", open)
	}
	study := s.result.Study.ID
	for _, c := range []struct {
		token string
		may   func(survey.Actor) bool
	}{
		{s.result.Facilitator, func(a survey.Actor) bool { return a.MayStartRuns(study) && !a.MayAnalyse(study) }},
		{s.result.Researcher, func(a survey.Actor) bool { return a.MayAnalyse(study) && !a.MayStartRuns(study) }},
		{s.result.Administrator, func(a survey.Actor) bool { return a.IsAdministrator() && !a.MayAnalyse(study) }},
	} {
		for range 2 { // they work repeatedly
			_, user, err := s.cases.SignIns.ByStaffLink(ctx, survey.Client{}, c.token)
			if err != nil {
				t.Fatal(err)
			}
			if !c.may(survey.UserActor(user)) {
				t.Errorf("%s has the roles %+v", user.Email, user.Grants)
			}
		}
	}
	again, err := rehearsal.Invite(ctx, s.cases)
	if err != nil {
		t.Fatal(err)
	}
	if again.Participant != s.result.Participant || again.Researcher == s.result.Researcher {
		t.Error("inviting again should give the same personal link and a new staff link")
	}
}

func TestTheFacilitatorSeesARunInItsFifthWeek(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	board, err := s.cases.Runs.Board(t.Context(), survey.SystemActor("test"), s.result.Study.ID, s.result.Running)
	if err != nil {
		t.Fatal(err)
	}
	if rate := float64(board.Present) / float64(board.Places); rate < 0.75 || rate > 0.92 {
		t.Errorf("%d of %d places attended, want about .84", board.Present, board.Places)
	}
	states := map[survey.AssessmentState]int{}
	for _, row := range board.Rows {
		if row.Control && row.Noted > 0 {
			t.Errorf("%s waits and was expected at %d meetings", row.Enrolment.Code, row.Noted)
		}
		for _, c := range row.Cells {
			if c.Applies {
				states[c.State]++
			}
		}
	}
	for _, state := range []survey.AssessmentState{
		survey.AssessmentSubmitted, survey.AssessmentOpen, survey.AssessmentExpired,
		survey.AssessmentScheduled, survey.AssessmentWithdrawn, survey.AssessmentPartly,
	} {
		if states[state] == 0 {
			t.Errorf("no cell of the board is %s: %v", state, states)
		}
	}
	if _, err := s.cases.Releases.Publish(t.Context(), survey.SystemActor("test"), func(int) float64 { return 2 }); err != nil {
		t.Fatal(err)
	}
	trend, err := s.cases.Runs.Trend(t.Context(), survey.SystemActor("test"), s.result.Study.ID, s.result.Running)
	if err != nil {
		t.Fatal(err)
	}
	if first, fourth := trend.Points[0], trend.Points[3]; !first.Shown || !fourth.Shown || fourth.Mean < first.Mean {
		t.Errorf("the weekly mean goes from %+v to %+v, want no fall: rounding may hide a rise", first, fourth)
	}
}

// dump writes everything an export is made of.
func (s *stage) dump(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	ctx, id := t.Context(), s.result.Study.ID
	people, err := s.store.Enrolments(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		fmt.Fprintf(&b, "%+v\n", e)
	}
	err = errors.Join(
		s.store.EachResponse(ctx, id, func(r *survey.ResponseRow) error { _, err := fmt.Fprintf(&b, "%+v\n", *r); return err }),
		s.store.EachScore(ctx, id, nil, func(r *survey.ScoreRow) error { _, err := fmt.Fprintf(&b, "%+v\n", *r); return err }),
	)
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestASeedRepeatsThePlay(t *testing.T) {
	t.Parallel()
	first, second, other := play(t, 5).dump(t), play(t, 5).dump(t), play(t, 6).dump(t)
	if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(second, "\n")); diff != "" {
		t.Errorf("the same seed gave other data:\n%.2000s", diff)
	}
	if first == other {
		t.Error("another seed gave the same data")
	}
}

func TestAnInterruptedPlayLeavesNothing(t *testing.T) {
	t.Parallel()
	s := empty(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := rehearsal.Play(ctx, rehearsal.Options{
		Store: s.store, Keys: s.keys, Seed: 1, Now: storyEnds,
		Progress: func(_ string, done, total int) {
			if done > total/2 && total > 1 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	studies, err := s.store.Studies(t.Context())
	if err != nil || len(studies) != 0 {
		t.Errorf("%d studies are left (%v)", len(studies), err)
	}
}

func TestASecondPlayIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	before := s.dump(t)
	_, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: s.store, Keys: s.keys, Seed: 2, Now: storyEnds})
	if !errors.Is(err, survey.ErrDuplicate) {
		t.Errorf("got %v, want ErrDuplicate", err)
	}
	if s.dump(t) != before {
		t.Error("the first play was changed")
	}
}

func TestTheNumberOfPeopleIsBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, 1, rehearsal.MinPeople - 1, rehearsal.MaxPeople + 1} {
		if _, err := rehearsal.Play(t.Context(), rehearsal.Options{People: n, Now: storyEnds}); !errors.Is(err, rehearsal.ErrPeople) {
			t.Errorf("%d people: got %v, want ErrPeople", n, err)
		}
	}
}

func TestPlaysOfOtherSizesAndDaysComeToAnEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		people int
		now    time.Time
	}{
		{rehearsal.MinPeople, time.Date(2027, 3, 28, 0, 30, 0, 0, time.UTC)},  // clocks go forward
		{33, time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)},                  // clocks go back
		{57, time.Date(2028, 2, 29, 23, 59, 59, 999_000_000, time.UTC)},       // leap day
		{200, time.Date(2027, 1, 1, 6, 0, 0, 0, time.FixedZone("", 14*3600))}, // far east of the study
	} {
		s := empty(t)
		r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: s.store, Keys: s.keys, Seed: 9, Now: c.now, People: c.people})
		if err != nil {
			t.Errorf("%d people at %s: %v", c.people, c.now, err)
			continue
		}
		if r.Submitted < 3*c.people {
			t.Errorf("%d people at %s: only %d questionnaires", c.people, c.now, r.Submitted)
		}
	}
}

func TestTheAnalysisWasPlannedBeforeAnybodyWasEnrolled(t *testing.T) {
	t.Parallel()
	s := play(t, 1)
	study := s.result.Study.ID
	plans, err := s.store.Plans(t.Context(), study)
	if err != nil || len(plans) != 1 || !plans[0].Locked() {
		t.Fatalf("%d plans (%v), want a locked one", len(plans), err)
	}
	lock := plans[0].Lock
	if !lock.Seen.NoOutcome() || !lock.Seen.Unseen() || lock.By.Name != "Noor Vale" {
		t.Errorf("it was locked as %+v", lock)
	}
	people, err := s.store.Enrolments(t.Context(), study)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		if !e.EnrolledAt.After(lock.At) {
			t.Errorf("%s was enrolled at %s, before the plan was locked", e.Code, e.EnrolledAt)
		}
	}
	snapshots, err := s.store.Snapshots(t.Context(), study)
	if err != nil || len(snapshots) != 1 || snapshots[0].PlanVersion != 1 || snapshots[0].Counts.Scores == 0 {
		t.Errorf("snapshots %+v (%v), want one with scores and the plan", snapshots, err)
	}
}

// The long template asks about the person, in which some questions follow on
// others, and about harshness, of which a course should leave less.
func TestTheLongTemplateIsAnsweredByWhoIsAskedMore(t *testing.T) {
	t.Parallel()
	s := empty(t)
	var err error
	s.result, err = rehearsal.Play(t.Context(), rehearsal.Options{
		Store: s.store, Keys: s.keys, Seed: 3, Now: storyEnds, People: 60, Protocol: "learning_from_setbacks_8_long",
	})
	if err != nil {
		t.Fatal(err)
	}
	d := s.design(t)
	kinds := map[survey.WaveID]survey.WaveKind{}
	for _, w := range d.Waves {
		kinds[w.ID] = w.Kind
	}
	answered, passed := map[string]int{}, map[string]int{}
	if err := s.store.EachResponse(t.Context(), s.result.Study.ID, func(r *survey.ResponseRow) error {
		switch {
		case r.Missing == survey.NotMissing:
			answered[r.Item]++
		case r.Missing == survey.MissingNotShown:
			passed[r.Item]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if answered["dm_age"] < 30 || answered["dm_gender"] < 30 || answered["dm_language"] < 30 {
		t.Errorf("people say little of themselves: %v", answered)
	}
	if n := passed["dm_course_about"]; n == 0 || n+answered["dm_course_about"] > answered["dm_age"]+10 {
		t.Errorf("a question that follows on another was passed over %d times and answered %d", n, answered["dm_course_about"])
	}
	if passed["dm_age"] > 0 || passed["sc_01"] > 0 {
		t.Errorf("questions for everybody were passed over: %v", passed)
	}
	sum, n := map[survey.WaveKind]float64{}, map[survey.WaveKind]float64{}
	if err := s.store.EachScore(t.Context(), s.result.Study.ID, nil, func(r *survey.ScoreRow) error {
		if r.Scale == "sj_total" && r.Valid {
			sum[kinds[r.WaveID]] += r.Value
			n[kinds[r.WaveID]]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	before, after := sum[survey.WavePre]/n[survey.WavePre], sum[survey.WavePost]/n[survey.WavePost]
	if n[survey.WavePre] < 30 || n[survey.WavePost] < 15 || before-after < 0.05 {
		t.Errorf("harshness %.2f in %v people before and %.2f in %v after", before, n[survey.WavePre], after, n[survey.WavePost])
	}
}
