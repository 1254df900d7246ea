package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAllocationIsVerifiedFromItsFile(t *testing.T) {
	t.Parallel()
	const golden = "../../survey/allocation/testdata/stratified.json"
	r := tidemark(t, "", "allocation", "verify", golden)
	if r.code != exitOK || !strings.Contains(r.stdout, "equal: 50 by lot, 8 by hand, 2 before") {
		t.Fatalf("%+v", r)
	}
	_, commitment, _ := strings.Cut(r.stdout, "SHA-256 of the seed: ")
	commitment, _, _ = strings.Cut(commitment, "\n")
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if r := tidemark(t, text, "allocation", "verify", "-", "--commitment", strings.ToUpper(commitment)); r.code != exitOK {
		t.Errorf("%+v", r)
	}
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text, want string
		more       []string
	}{
		"an arm":           {strings.Replace(text, `"arm": "a"`, `"arm": "b"`, 1), "not equal: record ", nil},
		"a time":           {strings.Replace(text, `"at": "2026-03-02T09:05`, `"at": "2026-03-02T09:06`, 1), "was changed", nil},
		"the scheme":       {strings.Replace(text, `Köln`, `Bonn`, 1), "not equal: record 1", nil},
		"another study":    {text, "not what was published", []string{"--commitment", strings.Repeat("0", 64)}},
		"no file of these": {"seq,at\n", "not a verification file", nil},
	} {
		path := filepath.Join(dir, name+".json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := tidemark(t, "", append([]string{"allocation", "verify", path}, c.more...)...)
		if r.code != exitFailure || !strings.Contains(r.stderr, c.want) || strings.Contains(r.stdout, "equal:") {
			t.Errorf("%s: exit %d, %s%s", name, r.code, r.stdout, r.stderr)
		}
	}
	if r := tidemark(t, "", "allocation", "verify", filepath.Join(dir, "none.json")); r.code != exitFailure {
		t.Errorf("a file that is not there: %+v", r)
	}
}
