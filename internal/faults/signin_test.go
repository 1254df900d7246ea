package faults

import (
	"net/http"
	"net/url"
	"testing"
)

func TestASignInOnOneReplicaHoldsOnTheOtherAndEndsOnBoth(t *testing.T) {
	t.Parallel()
	r := startReplicas(t)
	const email, password = "ana@example.org", "seven brown kettles sing"
	addAdministrator(t, r.Stage, email, password)
	staff := newBrowser(t, r.proxy.URL)
	one, other := r.servers[0].URL(), r.servers[1].URL()
	expect := func(step, method, address string, form url.Values, status int, where string) {
		t.Helper()
		got, location := staff.ask(method, address, form)
		if got != status || location != where {
			t.Errorf("%s: status %d to %q, want %d to %q", step, got, location, status, where)
		}
	}
	for range 5 {
		expect("a stranger", http.MethodGet, other+"/account", nil, http.StatusSeeOther, "/sign-in")
		expect("signing in", http.MethodPost, one+"/sign-in", url.Values{"email": {email}, "password": {password}}, http.StatusSeeOther, "/admin")
		expect("signed in, at the other", http.MethodGet, other+"/account", nil, http.StatusOK, "")
		cookies := staff.cookies()
		expect("signing out", http.MethodPost, other+"/sign-out", url.Values{}, http.StatusSeeOther, "/sign-in")
		staff.put(cookies) // somebody kept the cookie
		expect("signed out, with the old cookie", http.MethodGet, one+"/account", nil, http.StatusSeeOther, "/sign-in")
		one, other = other, one
	}
}
