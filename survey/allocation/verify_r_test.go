package allocation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/readers"
)

// What the documentation hands out recomputes a file without this program, and finds
// what was changed.
func TestTheScriptInTheDocumentationVerifiesAFile(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../../docs/verify_allocation.R")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/stratified.json")
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(string(data), `"draws"`)
	for want, text := range map[string]string{
		"equal: 60 records":                             string(data),
		"record 7 was changed":                          before + `"draws"` + strings.Replace(after, `"seq": 1,`, `"seq": 7,`, 1),
		"the seed is not the one that was committed to": strings.Replace(string(data), `"seed": "`, `"seed": "00`, 1),
	} {
		path := filepath.Join(t.TempDir(), "allocation.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(readers.R(t, string(script), path))); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
