package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown are the folders whose every exported function is shown
// at work by a runnable example: packages that others may use without the rest.
var shown = []string{"analysis/"}

// notShown reports an exported function of a folder that has no Example, and an
// Example whose output is not checked.
func notShown(all []source) []string {
	examples := map[string]bool{} // folder and name
	var found []string
	for _, s := range all {
		if !s.test() {
			continue
		}
		for _, f := range functions(s) {
			name, ok := strings.CutPrefix(f.Name.Name, "Example")
			if !ok {
				continue
			}
			if !checksOutput(s, f) {
				found = append(found, s.dir()+": "+f.Name.Name+" is never run: it says no output")
			}
			function, _, _ := strings.Cut(name, "_")
			examples[s.dir()+" "+function] = true
		}
	}
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, f := range functions(s) {
			if f.Name.IsExported() && !examples[s.dir()+" "+f.Name.Name] {
				found = append(found, s.dir()+": "+f.Name.Name+" has no example")
			}
		}
	}
	slices.Sort(found)
	return found
}

// functions are those of a file that are not methods.
func functions(s source) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
			all = append(all, f)
		}
	}
	return all
}

// checksOutput reports whether a comment in an example says what it prints.
func checksOutput(s source, f *ast.FuncDecl) bool {
	return slices.ContainsFunc(s.file.Comments, func(c *ast.CommentGroup) bool {
		text := strings.ToLower(strings.TrimSpace(c.Text()))
		within := f.Pos() < c.Pos() && c.End() < f.End()
		return within && (strings.HasPrefix(text, "output:") || strings.HasPrefix(text, "unordered output:"))
	})
}

func TestEveryFunctionOfTheStatisticsIsShownAtWork(t *testing.T) {
	t.Parallel()
	var statistics []source
	for _, s := range sources(t) {
		if under(s.dir(), shown) && !under(s.dir(), []string{"analysis/internal/"}) {
			statistics = append(statistics, s)
		}
	}
	if len(statistics) == 0 {
		t.Fatal("no source was looked at")
	}
	for _, what := range notShown(statistics) {
		t.Error(what)
	}
}

func TestAFunctionThatIsNotShownAtWorkIsFound(t *testing.T) {
	t.Parallel()
	var all []source
	set := token.NewFileSet()
	for path, text := range map[string]string{
		"analysis/a.go": "package a\nfunc Shown() {}\nfunc Alone() {}\nfunc Elsewhere() {}\nfunc inner() {}\nfunc (r R) Method() {}\n",
		"analysis/a_test.go": "package a\nfunc ExampleShown_often() {\n\t// Output:\n\t// 1\n}\n" +
			"func ExampleShown() {\n\t// nothing is compared\n}\n",
		"analysis/b/b_test.go": "package b\nfunc ExampleElsewhere() {\n\t// Unordered output:\n\t// 1\n}\n",
	} {
		f, err := parser.ParseFile(set, path, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{path, f, set})
	}
	want := []string{
		"analysis: Alone has no example",
		"analysis: Elsewhere has no example",
		"analysis: ExampleShown is never run: it says no output",
	}
	if d := cmp.Diff(notShown(all), want); d != "" {
		t.Errorf("not shown (-got +want):\n%s", d)
	}
}
