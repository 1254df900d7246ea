package prose_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/report/paper"
	"tidemark/survey/report/prose"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTextsReadAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	two := rehearsed(t, 1, 122)
	exploratory := planned(two)
	exploratory.Version, exploratory.Seen = 0, nil
	one := alone(rehearsed(t, 1, 122))
	few := rehearsed(t, 4, 60)
	few = keep(few, func(i int, _ paper.Person) bool { return i < 18 })
	for name, p := range map[string]*paper.Paper{
		"planned":     build(t, two, thorough(two)),
		"exploratory": build(t, two, exploratory),
		"alone":       build(t, one, planned(one)),
		"few":         build(t, few, planned(few)),
	} {
		for _, l := range prose.Languages() {
			text := prose.Write(p, l).String()
			if name != "planned" { // the list is the same kind of lines there
				text, _, _ = strings.Cut(text, "\nTidemark contributors")
			}
			golden(t, name+"."+string(l)+".txt", text)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(got, "\n"), strings.Split(string(want), "\n")); diff != "" {
		t.Errorf("%s (-got +want; -update rewrites it):\n%s", name, diff)
	}
}
