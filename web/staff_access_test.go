package web

import (
	"net/url"
	"strings"
	"testing"
)

// givesRoles: leads of the study and administrators; for others there is nothing.
func givesRoles(w who, t target) int {
	if knows(w, t) && (w == admin || w == lead) {
		return yes
	}
	return gone
}

// reaches: facilitators of the run, and data managers of the study.
func reaches(w who, t target) int {
	if t.study == "own" && (t.run == "own" || t.run == "second") && w == manager {
		return yes
	}
	return leads(w, t)
}

// audits: administrators, and auditors of anything; checks: not of single studies.
func audits(w who, t target) int {
	if w == auditor {
		return yes
	}
	return checks(w, t)
}

func checks(w who, _ target) int {
	if w == admin || w == trailReader {
		return yes
	}
	return no
}

// targets are all that an address can name.
func targets(path string) []target {
	switch {
	case strings.Contains(path, ":run"):
		var all []target
		for _, study := range []string{"own", "other", "unknown"} {
			for _, run := range []string{"own", "second", "other", "unknown"} {
				all = append(all, target{name: study + " study, " + run + " run", study: study, run: run})
			}
		}
		return all
	case strings.Contains(path, ":study"):
		return []target{{name: "own study", study: "own"}, {name: "other study", study: "other"}, {name: "unknown study", study: "unknown"}}
	case strings.Contains(path, ":user"):
		return []target{{name: "a user", user: true}, {name: "unknown user"}}
	}
	return []target{{name: "the installation"}}
}

func checkAccess(t *testing.T, w *world, a asker, aim target, right staffRoute, method, path string, n int) {
	t.Helper()
	var values url.Values
	if right.form != nil {
		values = right.form(n)
	}
	d := a.device.plain()
	committed := w.store.committed.Load()
	s := d.do(d.request(method, path, values))
	if a.who == anonymous || a.who == participant {
		if s.status != 303 || !strings.HasPrefix(s.header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s for %s: %d to %q, want the sign-in page", method, path, a.who, s.status, s.header.Get("Location"))
		}
		return
	}
	want := right.access(a.who, aim)
	if want == yes {
		want = right.status
	}
	if s.status != want {
		t.Errorf("%s %s (%s) for %s: %d, want %d", method, path, aim.name, a.who, s.status, want)
	}
	if (want == no || want == gone) && w.store.committed.Load() != committed {
		t.Errorf("%s %s for %s was refused and still wrote something", method, path, a.who)
	}
}
