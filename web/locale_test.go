package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"tidemark/web/locale"
)

// use is a place where a text is asked for.
type use struct {
	where, function, key string
	values               []string // the names of its values
}

// usesInTemplates are the calls of t and rich in all templates.
func usesInTemplates(p *pages) []use {
	var uses []use
	for name, page := range p.byName {
		for _, t := range page.Templates() {
			if t.Tree == nil {
				continue
			}
			eachCommand(t.Tree.Root, func(c *parse.CommandNode) {
				f, ok := c.Args[0].(*parse.IdentifierNode)
				if !ok || f.Ident != "t" && f.Ident != "rich" || len(c.Args) < 2 {
					return
				}
				key, ok := c.Args[1].(*parse.StringNode)
				if !ok {
					return // a key in a variable; messages have them
				}
				u := use{where: name.name + ".html", function: f.Ident, key: key.Text}
				for i := 2; i < len(c.Args); i += 2 {
					if s, ok := c.Args[i].(*parse.StringNode); ok {
						u.values = append(u.values, s.Text)
					}
				}
				uses = append(uses, u)
			})
		}
	}
	return uses
}

// eachCommand walks whatever nodes a template has: all their fields are looked
// into, so that no kind of node can be forgotten.
func eachCommand(n parse.Node, f func(*parse.CommandNode)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	if c, ok := n.(*parse.CommandNode); ok {
		f(c)
	}
	v := reflect.ValueOf(n).Elem()
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		field := v.Field(i)
		if field.Kind() == reflect.Slice {
			for j := range field.Len() {
				if child, ok := reflect.TypeAssert[parse.Node](field.Index(j)); ok {
					eachCommand(child, f)
				}
			}
		} else if child, ok := reflect.TypeAssert[parse.Node](field); ok {
			eachCommand(child, f)
		} else if field.Kind() == reflect.Struct { // BranchNode within if, range and with
			if child, ok := reflect.TypeAssert[*parse.BranchNode](field.Addr()); ok {
				eachCommand(child, f)
			}
		}
	}
}

// usesInCode are the calls of say, Say and HTML in the pages' code, and every string
// of the project's code that is the key of a text.
//
// A key that is put together, as "practice.done_" + what, stands for all that
// begin and end so.
func usesInCode(t *testing.T, known map[string]bool) (calls []use, mentioned map[string]bool) {
	t.Helper()
	mentioned = map[string]bool{}
	areas := map[string]bool{}
	for key := range known {
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../analysis") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s := literal(n); known[s] {
				mentioned[s] = true
			}
			if pattern, ok := putTogether(n); ok && areas[strings.Split(pattern, `\.`)[0]] {
				for key := range known {
					if regexp.MustCompile("^" + pattern + "$").MatchString(key) {
						mentioned[key] = true
					}
				}
			}
			if u, ok := sayCall(n); ok && strings.HasPrefix(path, "../web/") {
				u.where = path
				calls = append(calls, u)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return calls, mentioned
}

func literal(n ast.Node) string {
	if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
		if s, err := strconv.Unquote(l.Value); err == nil {
			return s
		}
	}
	return ""
}

// putTogether is a pattern of what a sum of texts can be, if it begins with one
// that is written there.
func putTogether(n ast.Node) (string, bool) {
	sum, ok := n.(*ast.BinaryExpr)
	if !ok || sum.Op != token.ADD {
		return "", false
	}
	part := func(e ast.Expr) string {
		if s := literal(e); s != "" {
			return regexp.QuoteMeta(s)
		}
		if p, ok := putTogether(e); ok {
			return p
		}
		return ".*"
	}
	pattern := part(sum.X) + part(sum.Y)
	return pattern, !strings.HasPrefix(pattern, ".*") && strings.Contains(pattern, `\.`)
}

// sayCall takes a call apart that asks for a text with a key written there.
func sayCall(n ast.Node) (use, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return use{}, false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"say", "Say", "HTML"}, f.Sel.Name) {
		return use{}, false
	}
	args := call.Args
	if f.Sel.Name == "say" && len(args) > 0 {
		args = args[1:]
	}
	if len(args) == 0 || literal(args[0]) == "" {
		return use{}, false
	}
	u := use{function: map[string]string{"say": "t", "Say": "t", "HTML": "rich"}[f.Sel.Name], key: literal(args[0])}
	for i := 1; i < len(args); i += 2 {
		u.values = append(u.values, literal(args[i]))
	}
	return u, true
}

var valueInText = regexp.MustCompile(`\{([^}]*)\}`)

func TestEveryTextAskedForExistsWithItsValuesAndEveryTextIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	texts := w.site.texts.In(locale.Fallback).Texts()
	known := map[string]bool{}
	for key := range texts {
		known[key] = true
	}
	written, err := loadPages(w.site.assets, w.site.texts) // before anything is settled
	w.must(err)
	uses := usesInTemplates(written)
	if len(uses) < 50 {
		t.Fatalf("only %d uses were found in templates", len(uses))
	}
	calls, asked := usesInCode(t, known)
	for _, u := range slices.Concat(uses, calls) {
		asked[u.key] = true
		words, ok := texts[u.key]
		if !ok {
			t.Errorf("%s asks for %q, which nobody wrote", u.where, u.key)
			continue
		}
		if strings.Contains(words, "<") && u.function != "rich" {
			t.Errorf("%s: %s has markup, and is asked for by %s", u.where, u.key, u.function)
		}
		for _, m := range valueInText.FindAllStringSubmatch(words, -1) {
			if !slices.Contains(u.values, m[1]) {
				t.Errorf("%s: %s is not given its %s", u.where, u.key, m[1])
			}
		}
		for _, v := range u.values {
			if v != "Count" && !strings.Contains(words, "{"+v+"}") {
				t.Errorf("%s: %s has no place for %s", u.where, u.key, v)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		base := strings.TrimSuffix(key, ".title") // of an error
		if !asked[key] && !asked[base] && !isDateWord(key) {
			t.Errorf("nobody asks for %s", key)
		}
	}
}

// isDateWord reports whether a key is the name of a weekday or a month, which is
// asked for by the day it is.
func isDateWord(key string) bool {
	name, ok := strings.CutPrefix(key, "date.")
	return ok && !strings.Contains(name, "_") && name != "minutes"
}

// Others than participants read English: a text with two homes says the same.
func TestStaffAndParticipantsAreToldTheSameInEnglish(t *testing.T) {
	t.Parallel()
	texts := newWorld(t, 1).site.texts.In(locale.Fallback)
	for key, words := range messages {
		if texts.Knows(key) && texts.Say(key) != words {
			t.Errorf("%s is %q to staff and %q to participants", key, words, texts.Say(key))
		}
	}
}

func TestEveryErrorHasItsWords(t *testing.T) {
	t.Parallel()
	texts := newWorld(t, 1).site.texts.In(locale.Fallback)
	source, err := os.ReadFile("errors.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`Status\w+, "([a-z_]+\.[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		for _, key := range []string{m[1], m[1] + ".title"} {
			if message(texts, key) == key {
				t.Errorf("%s has no words", key)
			}
		}
	}
}

func TestStudyTextsAreMarkedWhereTheyAreInAnotherLanguage(t *testing.T) {
	t.Parallel()
	l := newWorld(t, 1).site.texts.In("de")
	for want, got := range map[template.HTML]template.HTML{
		"a &amp; b": studyText(l, "de", "a & b"), "": studyText(l, "ar", ""),
		`<bdi lang="ar" dir="rtl">&lt;x&gt;</bdi>`: studyText(l, "ar", "<x>"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
