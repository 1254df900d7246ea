package archtest

import (
	"bytes"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxLines bounds a file: it is one noun or one action.
const maxLines = 600

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, ".go", ".sql", ".html", ".css", ".js") {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines; at most %d can be found one's way in", path, n, maxLines)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, s := range sources(t) {
		documented[s.dir()] = documented[s.dir()] || filepath.Base(s.path) == "doc.go" && s.file.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no doc.go with a package comment", dir)
		}
	}
}

func TestPackagesAreNamedAfterWhatTheyHold(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if slices.Contains([]string{"util", "utils", "common", "models", "helpers", "manager"}, name) {
			t.Errorf("%s: a package %s may hold anything", s.path, name)
		}
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s:%d: func init", s.path, s.line(f.Pos()))
			}
		}
	}
}

// mayBegin are the folders whose code may begin a context of its own: programs.
var mayBegin = []string{"cmd/", "internal/"}

// maySkip are the only files that may skip a test: each opens something that may
// be missing on a machine, and refuses to skip when it must not be.
var maySkip = []string{"survey/storetest/postgres.go", "cmd/tidemark/main_test.go", "internal/browser/axe_test.go", "internal/readers/find.go", "internal/faults/needs_test.go"}

// banned are calls that lose data or intent. GORM's Save writes every column,
// Preload hides queries, AutoMigrate rebuilds tables and has deleted children.
func banned(s source, receiver, method string) string {
	switch {
	case method == "AutoMigrate" || method == "Preload":
		return "migrations and queries are written out"
	case method == "Save" && s.dir() == "survey/store":
		return "writes name their columns"
	case receiver == "context" && method == "TODO":
		return "a context is handed in"
	case receiver == "context" && method == "Background" && !s.test() && !under(s.dir(), mayBegin):
		return "a context is handed in"
	case skips(receiver, method) && !slices.Contains(maySkip, s.path) && !s.imports("pgregory.net/rapid"):
		return "a test that may skip says nothing; only what opens a database or a browser may"
	}
	return ""
}

// skips reports a call that skips a test. Rapid's Skip is another: it passes over
// one of many random cases.
func skips(receiver, method string) bool {
	return strings.HasPrefix(method, "Skip") && slices.Contains([]string{"t", "b", "tb", "f"}, receiver)
}

func under(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(dir+"/", f) })
}

func TestNoSourceCallsWhatIsBanned(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			calls++
			receiver, _ := method.X.(*ast.Ident)
			name := ""
			if receiver != nil {
				name = receiver.Name
			}
			if why := banned(s, name, method.Sel.Name); why != "" {
				t.Errorf("%s:%d: %s.%s: %s", s.path, s.line(call.Pos()), name, method.Sel.Name, why)
			}
			return true
		})
	}
	if calls == 0 {
		t.Error("no call was looked at")
	}
}

func TestWhatIsBannedIsKnown(t *testing.T) {
	t.Parallel()
	at := func(path string) source { return source{path: path, file: &ast.File{}} }
	store, use, page := at("survey/store/a.go"), at("survey/a.go"), at("web/a_test.go")
	for _, c := range []struct {
		s                source
		receiver, method string
		want             bool
	}{
		{store, "db", "AutoMigrate", true},
		{store, "", "Preload", true},
		{store, "db", "Save", true},
		{use, "assessments", "Save", false},
		{use, "context", "Background", true},
		{page, "context", "Background", false},
		{page, "context", "TODO", true},
		{page, "t", "Skip", true},
		{page, "def", "Skip", false},
		{at("survey/storetest/postgres.go"), "t", "Skipf", false},
	} {
		if got := banned(c.s, c.receiver, c.method) != ""; got != c.want {
			t.Errorf("%s: %s.%s: banned %v, want %v", c.s.path, c.receiver, c.method, got, c.want)
		}
	}
}

// A merge that was not ended makes a rule of a style sheet nonsense, silently.
func TestNoConflictIsLeftOver(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, ".go", ".sql", ".html", ".css", ".js", ".md", ".json", ".yaml") {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"<<<<<<" + "< ", ">>>>>>" + "> "} {
			if bytes.HasPrefix(text, []byte(mark)) || bytes.Contains(text, []byte("\n"+mark)) {
				t.Errorf("%s has a conflict of a merge in it", path)
			}
		}
	}
}
