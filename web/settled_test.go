package web

import (
	"html/template"
	"strings"
	"testing"

	"tidemark/web/locale"
)

// A text that is put into a template when it is read must come out to the letter as
// it would have come out of the page.
func TestTextsSettledAheadReadAsTheyWouldOnThePage(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(true)
	if err != nil {
		t.Fatal(err)
	}
	files, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range texts.Languages() {
		for key := range l.Texts() {
			source := `{{with .}}<p title="{{t "` + key + `"}}" {{scriptWords}}>{{- t "` + key + `" -}} {{rich "` + key + `"}}</p>{{else}}{{t "` + key + `"}}{{end}}` +
				`<textarea>{{range .}}{{t "` + key + `"}}{{end}}</textarea><link href="{{asset "tidemark.css"}}"> {{if t "` + key + `"}}{{t "` + key + `" "Count" 2}}{{end}}`
			ahead, then := writtenOut(t, source, files, l, true), writtenOut(t, source, files, l, false)
			if ahead != then {
				t.Fatalf("%s in %s:\n%s\nand not\n%s", key, l.Tag, ahead, then)
			}
		}
	}
}

func writtenOut(t *testing.T, source string, files *assets, l *locale.Language, ahead bool) string {
	t.Helper()
	page, err := template.New("page").Funcs(templateFuncs(files, l)).Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	if ahead {
		settledIn(files, l).settle(page)
		if left := strings.Count(page.Tree.Root.String(), "{{t "); left != 1 { // the one with a value
			t.Fatalf("%d calls are left: %s", left, page.Tree.Root)
		}
	}
	var b strings.Builder
	if err := page.Execute(&b, []int{1, 2}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEscapingAheadIsThatOfTheTemplates(t *testing.T) {
	t.Parallel()
	const all = "a\x00b\"c&d'e+f<g>h&amp;ü – …"
	var b strings.Builder
	if err := template.Must(template.New("").Parse(`{{.}}`)).Execute(&b, all); err != nil {
		t.Fatal(err)
	}
	if got := escapeAsTemplate(all); got != b.String() {
		t.Errorf("%q, want %q", got, b.String())
	}
}
