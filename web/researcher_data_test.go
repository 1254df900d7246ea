package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
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
	case <-time.After(10 * time.Second):
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
