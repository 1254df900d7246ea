package prose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/report"
)

// sources are the files of a directory without their tests.
func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// Every template has an argument for every gap, and marks that are closed.
func TestTemplatesHaveWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, f := range sources(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || call.Ellipsis.IsValid() {
				return true
			}
			name, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || name.Sel.Name != "put" && name.Sel.Name != "more" || len(call.Args) == 0 {
				return true
			}
			template, ok := literal(call.Args[0])
			if !ok {
				return true
			}
			seen++
			if got := strings.Count(template, "{}"); got != len(call.Args)-1 {
				t.Errorf("%d gaps for %d arguments: %s", got, len(call.Args)-1, template)
			}
			if strings.Count(template, "*")%2 != 0 || strings.Count(template, "~")%2 != 0 {
				t.Errorf("a mark is not closed: %s", template)
			}
			return true
		})
	}
	if seen < 200 {
		t.Errorf("%d templates were looked at", seen)
	}
}

// literal is a string written in the source, in pieces perhaps.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, okA := literal(e.X)
		b, okB := literal(e.Y)
		return a + b, okA && okB
	}
	return "", false
}

// What can be missing has a phrase in every language.
func TestEveryReasonIsExplainedInEveryLanguage(t *testing.T) {
	t.Parallel()
	reasons := []analysis.Reason{report.ReasonTooFewPeople, report.ReasonNoReliability, report.ReasonNotAsked, report.ReasonOneItem}
	for _, f := range sources(t, "../../../analysis") {
		for _, decl := range f.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if !ok || len(value.Values) == 0 || !strings.HasPrefix(value.Names[0].Name, "Reason") {
					continue
				}
				if s, ok := literal(value.Values[0]); ok {
					reasons = append(reasons, analysis.Reason(s))
				}
			}
		}
	}
	if len(reasons) < 50 {
		t.Fatalf("%d reasons were found", len(reasons))
	}
	for _, r := range reasons {
		if (english{}).reason(r) == "" || (german{}).reason(r) == "" {
			t.Errorf("%s: %q, %q", r, english{}.reason(r), german{}.reason(r))
		}
	}
}

func TestReferencesAreInOrderAndSayWhatTheirCitationSays(t *testing.T) {
	t.Parallel()
	all := References()
	for i, r := range all {
		if i > 0 && strings.ToLower(all[i-1].Entry) >= strings.ToLower(r.Entry) {
			t.Errorf("%s stands behind %s", r.Key, all[i-1].Key)
		}
		head, _, _ := strings.Cut(r.Entry, ")")
		if !strings.HasPrefix(r.Entry, r.Names[0]+",") || !strings.HasSuffix(head, "("+r.Year) {
			t.Errorf("%s: %v, %s for %q", r.Key, r.Names, r.Year, r.Entry)
		}
		for _, name := range r.Names {
			if !strings.Contains(head, name+",") {
				t.Errorf("%s: %q does not name %s", r.Key, head, name)
			}
		}
		if authors := strings.Count(head, ", &"); len(r.Names) == 2 && authors != 1 || r.More && authors != 1 {
			t.Errorf("%s: %d last authors", r.Key, authors)
		}
		if strings.Count(r.Entry, "*")%2 != 0 || r.Line().String() != strings.ReplaceAll(r.Entry, "*", "") {
			t.Errorf("%s: %q", r.Key, r.Line().String())
		}
	}
	if slices.ContainsFunc(all, func(r Reference) bool { return r.Year == "" }) {
		t.Error("a work has no year")
	}
}

// cites are the keys that the source of a language cites.
func TestEveryKeyInTheSourceIsAReferenceAndEveryReferenceIsCited(t *testing.T) {
	t.Parallel()
	var known []string
	for _, r := range References() {
		known = append(known, string(r.Key))
	}
	cited := map[string]bool{}
	for _, f := range sources(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			case *ast.Ident:
				name = fun.Name
			}
			for i, arg := range call.Args {
				text, ok := literal(arg)
				switch {
				case !ok:
				case name == "put" || name == "more":
					for _, keys := range marked(text) {
						cited[keys] = true
					}
				case name == "cite" && i == 0, name == "citing" && i == 1:
					for key := range strings.SplitSeq(text, ";") {
						cited[strings.TrimSpace(key)] = true
					}
				}
			}
			return true
		})
	}
	for key := range cited {
		if !slices.Contains(known, key) {
			t.Errorf("%s is cited and not listed", key)
		}
	}
	for _, key := range known {
		if !cited[key] {
			t.Errorf("%s is listed and not cited", key)
		}
	}
}

// marked are the keys in a template.
func marked(template string) []string {
	var keys []string
	for rest := template; ; {
		i := strings.IndexAny(rest, "[<")
		if i < 0 {
			return keys
		}
		j := strings.IndexAny(rest[i:], "]>")
		if j < 0 {
			return keys
		}
		for key := range strings.SplitSeq(rest[i+1:i+j], ";") {
			keys = append(keys, strings.TrimSpace(key))
		}
		rest = rest[i+j:]
	}
}

func TestNamesOfAStudyAreNotTakenForMarks(t *testing.T) {
	t.Parallel()
	w := &line{n: english{}.numerals(), cites: &citations{and: "and"}}
	w.put("In *{}* and {} [holm1979], after <jacobson1991>.", "a*b~c", "[x] <y> {}")
	want := "In a*b~c and [x] <y> {} (Holm, 1979), after Jacobson and Truax (1991)."
	if got := w.s.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if w.s[1].Style != report.Italic || w.s[1].Text != "a*b~c" {
		t.Errorf("the italics are %+v", w.s)
	}
}
