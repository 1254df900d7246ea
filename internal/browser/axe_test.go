package browser_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"

	"tidemark/internal/browser"
	"tidemark/internal/chromium"
)

// planted is a page with three faults: a picture without words, targets too
// small and too close for a finger, and something wider than a telephone. Its
// policy refuses scripts, as those of the program do.
const planted = `<!doctype html><html lang="en"><title>Faults</title>
<main><h1>Faults</h1><img src="/x.png">
<p><a href="/a" style="font-size:8px">a</a><a href="/b" style="font-size:8px">b</a></p>
<div style="width:900px">wide</div><script>document.title = "ran"</script></main></html>`

func TestPlantedFaultsAreFound(t *testing.T) {
	t.Parallel()
	path, err := chromium.Find()
	if err != nil {
		if os.Getenv("REQUIRE_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'")
		if _, err := w.Write([]byte(planted)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	b, stop, err := browser.Start(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	tab, closeTab, err := b.Open(browser.Phone)
	if err != nil {
		t.Fatal(err)
	}
	defer closeTab()
	if err := tab.Visit(server.URL); err != nil {
		t.Fatal(err)
	}
	found, err := tab.Axe()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"image-alt", "target-size"} {
		if !slices.ContainsFunc(found, func(v browser.Violation) bool { return v.ID == id }) {
			t.Errorf("axe found %v, and not %s", found, id)
		}
	}
	if over, err := tab.Overflow(); err != nil || over < 400 {
		t.Errorf("the page is found to be %d px too wide (%v), want about 510", over, err)
	}
	if len(tab.Complaints()) == 0 {
		t.Error("the refused script is not in the complaints")
	}
}
