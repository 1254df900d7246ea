package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tidemark/internal/browser"
	"tidemark/internal/served"
	"tidemark/internal/visitor"
	"tidemark/survey"
	"tidemark/web"
)

func statusAt(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	do(t, err)
	answer, err := http.DefaultClient.Do(request)
	do(t, err)
	do(t, answer.Body.Close())
	return answer.StatusCode
}

func TestAnAnswerIsKeptAndSentLaterWhenTooManyAreThere(t *testing.T) {
	t.Parallel()
	// One request at a time: whoever holds the one place keeps all others out.
	in := served.New(t, func(c *web.Config) { c.Load = web.Load{Places: 1, Wait: 50 * time.Millisecond} })
	people, err := in.Stage.Add(t.Context(), 2)
	do(t, err)
	tab := open(t, chrome(t), browser.Phone)
	do(t, tab.Visit(in.Base+"/p/"+people[0].Token), tab.Follow("main form button"), tab.Click("#of_age"), tab.Follow("main form button"), tab.Follow("a.btn"))
	choose(t, tab, "sc_01", 2)
	do(t, tab.Wait(isSaved))

	other := visitor.New(in.Base, nil)
	t.Cleanup(other.Close)
	_, err = other.Enter(t.Context(), people[1].Token)
	do(t, err)
	home, err := other.Consent(t.Context())
	do(t, err)
	slow := make(chan error, 1)
	do(t, in.Stage.Store.InTx(t.Context(), func(survey.Tx) error {
		go func() { slow <- other.Save(t.Context(), home.Due()[0], "sc_01", 3) }()
		// The other's answer waits for the database, and everybody for a place.
		for deadline := time.Now().Add(30 * time.Second); statusAt(t, in.Base+"/") != http.StatusTooManyRequests; {
			if time.Now().After(deadline) {
				t.Fatal("the only place is not taken")
			}
		}
		choose(t, tab, "sc_02", 4)
		do(t, tab.Wait(isUnsaved))
		if log := in.Log.String(); !strings.Contains(log, `"route":"/me/a/:assessment/save","status":429`) {
			t.Error("no answer was turned away")
		}
		wantText(t, tab, "#saving", "Not saved yet – will try again")
		if n := unsent(t, tab); n != 1 {
			t.Errorf("%d answers wait, want 1", n)
		}
		return nil
	}))
	do(t, <-slow)
	do(t, tab.Wait(isSaved))
	if n := unsent(t, tab); n != 0 {
		t.Errorf("%d answers still wait", n)
	}
	again(t, tab)
	if got := stored(t, tab); got != "sc_01=2&sc_02=4" {
		t.Errorf("the server has %q", got)
	}
}
