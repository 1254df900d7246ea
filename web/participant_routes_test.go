package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

// TestEveryRouteOfAPersonIsTheirs sends whoever has a role, and other people, to every
// page of participants: without a personal link there is nothing, and what is somebody
// else's, of another run, of nobody or erased is not there.
func TestEveryRouteOfAPersonIsTheirs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	own, _ := w.arrive(t, 0)
	other, _ := w.arrive(t, 1)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	due, err := w.store.Due(t.Context(), w.study.ID, roster[0].ID)
	w.must(err)
	mine := string(due[0].Assessment.ID)
	everything := w.signedIn(t, "everything@example.org", administrator(), w.researcher(), w.facilitator(),
		w.inStudy(survey.RoleLead), w.inStudy(survey.RoleDataManager), w.inStudy(survey.RoleAuditor))
	strangers := map[string]*device{"nobody": w.device(t), "staff with every role": everything}
	routes, asked := 0, 0
	for _, r := range w.site.engine.Routes() {
		if r.Path != "/me" && !strings.HasPrefix(r.Path, "/me/") {
			continue
		}
		routes++
		path := func(assessment string) string {
			return strings.NewReplacer(":assessment", assessment, ":page", "1", ":entry", "none", ":note", "none", ":file", "none").Replace(r.Path)
		}
		send := func(d *device, path string) int {
			asked++
			d = d.plain()
			return d.do(d.request(r.Method, path, url.Values{})).status
		}
		for name, d := range strangers {
			before := w.store.committed.Load()
			if got := send(d, path(mine)); got != http.StatusUnauthorized {
				t.Errorf("%s %s for %s: %d, want 401", r.Method, r.Path, name, got)
			}
			if w.store.committed.Load() != before {
				t.Errorf("%s %s for %s was refused and still wrote something", r.Method, r.Path, name)
			}
		}
		if !strings.Contains(r.Path, ":assessment") {
			continue
		}
		for name, c := range map[string]struct {
			device *device
			id     string
		}{"another person": {other, mine}, "an identifier of nothing": {own, "01a16d27-fe60-7000-b9c2-67789015aa51"}} {
			want := http.StatusNotFound
			switch {
			case strings.HasSuffix(r.Path, "/help"): // tells nothing of the questionnaire, and leads home
				want = http.StatusSeeOther
			case strings.HasSuffix(r.Path, "/save"): // is no form
				want = http.StatusUnsupportedMediaType
			}
			before := w.store.committed.Load()
			if got := send(c.device, path(c.id)); got != want {
				t.Errorf("%s %s for %s: %d, want %d", r.Method, r.Path, name, got, want)
			}
			if w.store.committed.Load() != before {
				t.Errorf("%s %s for %s was refused and still wrote something", r.Method, r.Path, name)
			}
		}
	}
	if routes < 60 || asked < 140 {
		t.Errorf("only %d routes were asked, %d times", routes, asked)
	}
}
