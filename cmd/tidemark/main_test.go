package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tidemark/internal/browser"
	"tidemark/internal/chromium"
)

// What takes long to begin is begun once: the browser, in which every window has
// cookies of its own, and a study with simulated people, which is copied.
var (
	lasting     context.Context // as long as the tests
	lastingDir  string
	lastingEnds []func()

	startBrowser = sync.OnceValues(func() (*browser.Browser, error) {
		path, err := chromium.Find()
		if err != nil {
			return nil, err
		}
		b, stop, err := browser.Start(lasting, path)
		if err == nil {
			lastingEnds = append(lastingEnds, stop)
		}
		return b, err
	})
)

func TestMain(m *testing.M) {
	ctx, cancel := context.WithCancel(context.Background())
	dir, err := os.MkdirTemp("", "tidemark-cmd-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lasting, lastingDir = ctx, dir
	code := m.Run()
	for _, end := range lastingEnds {
		end()
	}
	cancel()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// chrome is the browser of all tests; every window it opens has cookies of its own.
func chrome(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := startBrowser()
	switch {
	case errors.Is(err, chromium.ErrNotFound) && os.Getenv("REQUIRE_BROWSER") == "":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	return b
}

var played struct {
	sync.Mutex

	folders map[string]string // by number of people
}

// playedDemo is a folder of the test's own with a demo of so many people that has been
// played; "" for as many as there are without a word.
func playedDemo(t *testing.T, people string) string {
	t.Helper()
	played.Lock()
	defer played.Unlock()
	from, known := played.folders[people]
	if !known {
		from = filepath.Join(lastingDir, "demo-"+people)
		args := []string{"demo", "--addr", "127.0.0.1:0", "--dir", from}
		if people != "" {
			args = append(args, "--people", people)
		}
		s := start(t, args...)
		s.await(t, s.out.String, "Stop with")
		s.stop(t)
		if played.folders == nil {
			played.folders = map[string]string{}
		}
		played.folders[people] = from
	}
	to := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
