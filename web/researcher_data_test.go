package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// stalled is a connection whose other end has stopped reading.
type stalled struct {
	*httptest.ResponseRecorder
	reached *atomic.Int64
	goOn    <-chan struct{}
}

// Write waits, as it does once the buffers of a connection are full.
func (s stalled) Write(b []byte) (int, error) {
	s.reached.Add(1)
	<-s.goOn
	return s.ResponseRecorder.Write(b)
}

func TestDownloadsThatStallKeepNobodyFromAnswering(t *testing.T) {
	t.Parallel()
	const downloads = 20 // more than there are connections to the database
	w := newWorld(t, 80)
	for n := range 60 {
		w.answer(n, always(2))
	}
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	_, answering := w.begin(t, 70)
	var reached atomic.Int64
	goOn, ended := make(chan struct{}), make(chan int, downloads)
	for range downloads {
		r := d.request(http.MethodPost, w.path("/data/long"), url.Values{})
		for _, c := range d.client.Jar.Cookies(r.URL) {
			r.AddCookie(c)
		}
		go func() {
			s := stalled{httptest.NewRecorder(), &reached, goOn}
			w.site.Handler().ServeHTTP(s, r)
			ended <- s.Code
		}()
	}
	for reached.Load() < maxDownloads {
		time.Sleep(time.Millisecond)
	}
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		answering.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	}()
	select {
	case <-saved:
	case <-time.After(time.Minute):
		t.Error("nobody can answer while downloads stall")
	}
	close(goOn)
	<-saved
	whole := 0
	for range downloads {
		switch code := <-ended; code {
		case http.StatusOK:
			whole++
		case http.StatusServiceUnavailable:
		default:
			t.Errorf("a download ended with %d", code)
		}
	}
	if whole < maxDownloads {
		t.Errorf("%d downloads were served, want at least %d", whole, maxDownloads)
	}
}

func TestTablesAreDownloadedInEveryFormat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.get(w.path("/data")).want(200)
	for key, begins := range map[string]string{"sav": "$FL2", "dta": "<stata_dta>", "xlsx": "PK", "omv": "PK", "parquet": "PAR1", "jsonl": `{"study":`} {
		if !strings.Contains(page.body, `name="format" value="`+key+`"`) {
			t.Errorf("the page does not offer %s", key)
		}
		for _, what := range []string{"long", "wide", "scores"} {
			got := d.post(w.path("/data/"+what), url.Values{"format": {key}}).want(200)
			if body := got.body; !strings.HasPrefix(body, begins) && (what != "scores" || body != "") {
				t.Errorf("%s as %s begins with %.20q", what, key, body)
			}
			if name := got.header.Get("Content-Disposition"); !strings.Contains(name, "_"+what+"_") || !strings.Contains(name, "."+key) {
				t.Errorf("%s as %s is saved as %s", what, key, name)
			}
		}
		d.post(w.path("/data/texts"), url.Values{"format": {key}}).want(400)
	}
	d.post(w.path("/data/long"), url.Values{"format": {"exe"}}).want(400)
	for key, begins := range map[string]string{"fhir": `{"resourceType":"Bundle"`, "odm": "<?xml", "redcap": "PK"} {
		if !strings.Contains(page.body, `name="format" value="`+key+`"`) {
			t.Errorf("the page does not offer %s", key)
		}
		got := d.post(w.path("/data/study"), url.Values{"format": {key}}).want(200)
		if name := got.header.Get("Content-Disposition"); !strings.HasPrefix(got.body, begins) || !strings.Contains(name, "_study_") || !strings.Contains(name, "."+key+".") {
			t.Errorf("the study as %s, saved as %s, begins with %.40q", key, name, got.body)
		}
	}
	for key, begins := range map[string]string{"html": "<!doctype html>", "ddi": "<?xml"} {
		got := d.post(w.path("/data/codebook"), url.Values{"format": {key}}).want(200)
		if name := got.header.Get("Content-Disposition"); !strings.HasPrefix(got.body, begins) || !strings.HasPrefix(name, "attachment") {
			t.Errorf("the codebook as %s, sent as %s, begins with %.40q", key, name, got.body)
		}
	}
	d.post(w.path("/data/study"), url.Values{"format": {"sav"}}).want(400)
	d.post(w.path("/data/study"), url.Values{}).want(404)
}
