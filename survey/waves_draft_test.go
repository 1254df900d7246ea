package survey_test

import (
	"slices"
	"testing"

	"tidemark/survey"
)

// Occasions come and go while a study is a draft, as long as nothing else needs them.
func TestOccasionsOfADraftComeAndGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "drafted", TimeZone: zoneName})
		noError(t, err)
		design := func() survey.StudyDesign {
			d, err := s.store.Design(ctx, study.ID)
			noError(t, err)
			return d
		}
		wave := func(key string) survey.Wave {
			d := design()
			i := slices.IndexFunc(d.Waves, func(w survey.Wave) bool { return w.Key == key })
			if i < 0 {
				t.Fatalf("no wave %q", key)
			}
			return d.Waves[i]
		}
		f := survey.FormOf(design(), wave("followup_3m"))
		f.Name, f.ShortName, f.Anchor, f.Follows, f.Months, f.OpensDay, f.ClosesDay = "One month on", "1 mo", "wave", "post", "1", "0", "14"
		added, err := s.cases.Studies.AddWave(ctx, s.admin, study.ID, wave("post").ID, f)
		noError(t, err)
		same(t, []any{added.Key, wave(added.Key).Sets, wave(added.Key).Name}, []any{"one_month_on", wave("post").Sets, "One month on"})
		var keys []string
		for _, w := range design().Waves {
			keys = append(keys, w.Key)
		}
		same(t, keys[len(keys)-3:], []string{"post", "one_month_on", "followup_3m"})
		again, err := s.cases.Studies.AddWave(ctx, s.admin, study.ID, wave("pre").ID, f)
		noError(t, err)
		same(t, again.Key, "one_month_on_2")
		same(t, again.Position, added.Position+1)
		f.Name, f.Follows = "12 weeks", "none"
		_, err = s.cases.Studies.AddWave(ctx, s.admin, study.ID, added.ID, f)
		wantFaults(t, err, survey.FieldErrors{"follows": "rule.unknown_wave"})

		remove := func(key string) error { return s.cases.Studies.RemoveWave(ctx, s.admin, study.ID, wave(key).ID) }
		wantFaults(t, remove("post"), survey.FieldErrors{"wave": "wave.followed"})
		wantFaults(t, remove("pre"), survey.FieldErrors{"wave": "wave.only_one"})
		noError(t, remove("one_month_on"))
		noError(t, remove("one_month_on_2"))
		noError(t, remove("week_03"))
		wantFaults(t, remove("post"), survey.FieldErrors{"wave": "wave.only_one"})
		events, err := s.store.AuditEvents(ctx, study.ID, 1)
		noError(t, err)
		same(t, []any{events[0].Action, events[0].Detail}, []any{survey.ActionWaveRemoved, "week_03: Week 3"})

		// A study that is open keeps its occasions.
		open, err := s.store.Design(ctx, s.study.ID)
		noError(t, err)
		wantError(t, s.cases.Studies.RemoveWave(ctx, s.admin, s.study.ID, open.Waves[2].ID), survey.ErrConflict)
		_, err = s.cases.Studies.AddWave(ctx, s.admin, s.study.ID, open.Waves[2].ID, f)
		wantError(t, err, survey.ErrConflict)
	})
}
