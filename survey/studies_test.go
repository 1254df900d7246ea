package survey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/schedule"
)

func TestAStudyIsItsTemplate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		p, ok := survey.ProtocolByKey("learning_from_setbacks_8")
		if !ok {
			t.Fatal("no such template")
		}
		d := s.design(t)
		same(t, d.Study, s.study)
		same(t, []int{len(d.Arms), len(d.Waves)}, []int{len(p.Arms), len(p.Waves)})
		for i, w := range d.Waves {
			var sets []string
			for _, id := range w.Sets {
				sets = append(sets, d.Instruments[id].Definition.Key)
			}
			same(t, []any{w.Key, w.Kind, w.Rule, sets}, []any{p.Waves[i].Key, p.Waves[i].Kind, p.Waves[i].Rule, p.Waves[i].Sets})
		}
		text, err := s.cases.Studies.ConsentText(t.Context(), s.leader, s.study)
		noError(t, err)
		same(t, []any{text.Version, text.Language, text.Text.Check(false)}, []any{1, p.Language, []consent.Fault(nil)})
	})
}

// Ten weeks have a check-in for each meeting, and ask half a year later too. Each
// wave has its name in every language that the course is read in.
func TestAStudyOfTenWeeksAsksAlongTheWholeCourse(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_10", Key: "ten"})
		noError(t, err)
		d, err := s.cases.Studies.Design(t.Context(), s.admin, study.ID)
		noError(t, err)
		var got []string
		run := survey.CourseRun{StartsOn: schedule.Date{Year: 2026, Month: 3, Day: 2}}
		for _, w := range d.Waves {
			window := run.Window(w.Rule)
			got = append(got, fmt.Sprintf("%s %d–%d", w.Key,
				run.StartsOn.DaysUntil(schedule.DateOf(window.Opens)), run.StartsOn.DaysUntil(window.LastDay())))
		}
		same(t, strings.Join(got[:2], ", ")+" … "+strings.Join(got[9:], ", "),
			"pre -14–2, week_01 0–6 … week_09 56–62, week_10 63–69, post 64–84, followup_3m 147–175, followup_6m 247–275")
		texts, err := s.store.StudyTexts(t.Context(), study.ID)
		noError(t, err)
		for _, w := range d.Waves {
			for _, language := range []string{"de", "es"} {
				named := func(x survey.StudyText) bool {
					return x.Language == language && x.Key == survey.WaveText(w.Key) && x.Body != ""
				}
				if !slices.ContainsFunc(texts, named) {
					t.Errorf("wave %s has no name in %s", w.Key, language)
				}
			}
		}
	})
}

func TestStudiesShareTheInstrumentsTheyUse(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		before, err := s.store.InstrumentVersions(t.Context())
		noError(t, err)
		s.newStudy(t, "second")
		after, err := s.store.InstrumentVersions(t.Context())
		noError(t, err)
		same(t, len(after), len(before))
		same(t, len(after), 6)
	})
}

func TestAStudyWithFaultsIsNotCreated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		sound := survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "other"}
		for field, spoil := range map[string]func(*survey.NewStudy){
			"protocol":      func(n *survey.NewStudy) { n.Protocol = "unknown" },
			"title":         func(n *survey.NewStudy) { n.Title = strings.Repeat("x", 201) },
			"key":           func(n *survey.NewStudy) { n.Key = "Not a key" },
			"time_zone":     func(n *survey.NewStudy) { n.TimeZone = "Mars/Olympus" },
			"trend_minimum": func(n *survey.NewStudy) { n.TrendMinimum = 4 },
		} {
			n := sound
			spoil(&n)
			_, err := s.cases.Studies.Create(t.Context(), s.admin, n)
			faults, ok := err.(survey.FieldErrors) //nolint:errorlint // it is returned as it is
			if !ok || faults[field] == "" {
				t.Errorf("%s: got %v", field, err)
			}
		}
		sound.Key = s.study.Key
		s.unchanged(t, func() {
			_, err := s.cases.Studies.Create(t.Context(), s.admin, sound)
			wantError(t, err, survey.ErrDuplicate)
		})
		all, err := s.store.Studies(t.Context())
		noError(t, err)
		same(t, len(all), 1)
	})
}

func TestAKeyIsMadeOfTheTitle(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for title, want := range map[string]string{
			"Learning — from setbacks!":    "learning-from-setbacks",
			"  Über 2026  ":                "ber-2026",
			strings.Repeat("abcde ", 20):   strings.TrimSuffix(strings.Repeat("abcde-", 10), "-"),
			"a" + strings.Repeat("-", 100): "a",
		} {
			study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Title: title})
			noError(t, err)
			same(t, study.Key, want)
		}
		_, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Title: "学び"})
		wantFaults(t, err, survey.FieldErrors{"key": "study.bad_key"})
	})
}

func TestAStudyIsOpenedOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.unchanged(t, func() {
			wantError(t, s.cases.Studies.Open(t.Context(), s.admin, s.study.ID), survey.ErrConflict)
			wantError(t, s.cases.Studies.Open(t.Context(), s.admin, "nowhere"), survey.ErrConflict)
		})
	})
}

func TestCompletenessCountsEveryoneOnceAWave(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 5)
		s.enrol(t, "waitlist", 2)
		s.answer(t, people[0], "pre", 3)
		it := s.due(t, people[1], "pre", selfCompassion)
		_, err := s.cases.Assessments.Save(t.Context(), people[1], it.Assessment.ID, answers(it.Definition, 1, 3))
		noError(t, err)
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[2]))
		find := func(wave string) survey.WaveCompleteness {
			all, err := s.cases.Studies.Completeness(t.Context(), s.researcher, s.study.ID)
			noError(t, err)
			for _, c := range all {
				if c.Wave.Key == wave {
					c.Wave = survey.Wave{}
					return c
				}
			}
			t.Fatalf("no wave %s", wave)
			return survey.WaveCompleteness{}
		}
		same(t, find("pre"), survey.WaveCompleteness{Asked: 6, Submitted: 1, Partly: 1, Open: 4, Withdrawn: 1})
		same(t, find("week_01"), survey.WaveCompleteness{Scheduled: 4, Withdrawn: 1})
		s.at(day(startsOn).Add(5 * 24 * time.Hour))
		same(t, find("pre"), survey.WaveCompleteness{Asked: 6, Submitted: 1, Partly: 1, Missed: 4, Withdrawn: 1})
		same(t, find("week_01"), survey.WaveCompleteness{Asked: 4, Open: 4, Withdrawn: 1})
	})
}
