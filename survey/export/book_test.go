package export_test

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tidemark/survey/export"
)

func codebookAs(t *testing.T, l *little, key string) []byte {
	t.Helper()
	f, ok := export.FormatOf("codebook", key)
	if !ok {
		t.Fatalf("there is no codebook as %s", key)
	}
	var b bytes.Buffer
	n, err := export.In(t.Context(), f, "codebook", l.store, system(), l.study.ID, &b)
	l.must(err)
	if rows := len(table(t, read(t, export.Codebook, l.store, l.study.ID))); n != rows {
		t.Errorf("%s tells of %d variables, the CSV of %d", key, n, rows)
	}
	return b.Bytes()
}

// elements are all of a page.
func elements(n *html.Node) (all []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode {
			all = append(all, c)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// The page has a row for each variable of the CSV, with wording, values and reasons,
// needs nothing from elsewhere, and can be read out.
func TestTheCodebookAsAPage(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	root, err := html.Parse(bytes.NewReader(codebookAs(t, l, "html")))
	l.must(err)
	var rows []string
	ids, linked, level := map[string]bool{}, []string{}, 0
	for _, n := range elements(root) {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("two parts are called %s", id)
			}
			ids[id] = true
		}
		for _, name := range []string{"src", "href"} {
			if v := attribute(n, name); v != "" && !strings.HasPrefix(v, "#") {
				t.Errorf("%s needs %s from elsewhere", n.Data, v)
			}
		}
		linked = append(linked, strings.TrimPrefix(attribute(n, "href"), "#"), attribute(n, "aria-labelledby"))
		switch n.Data {
		case "h1", "h2", "h3":
			if now := int(n.Data[1] - '0'); now > level+1 {
				t.Errorf("%q is a heading of level %d after %d", textOf(n), now, level)
			} else {
				level = now
			}
		case "th":
			if attribute(n, "scope") == "" {
				t.Errorf("the heading %q is of nothing", textOf(n))
			}
		case "tr":
			rows = append(rows, textOf(n))
		case "script", "img", "link":
			t.Errorf("the page has a %s", n.Data)
		case "html":
			if attribute(n, "lang") == "" {
				t.Error("the page has no language")
			}
		}
	}
	for _, id := range linked {
		if id != "" && !ids[id] {
			t.Errorf("nothing is called %s", id)
		}
	}
	for _, e := range given(t, read(t, export.Codebook, l.store, l.study.ID)) {
		label, chosen := e["label"], ""
		if strings.Contains(e["variable"], "___") {
			label, chosen, _ = strings.Cut(label, ": ")
		}
		i := slices.IndexFunc(rows, func(r string) bool {
			return strings.HasPrefix(r, strings.TrimSpace(e["variable"]+" ")) && strings.Contains(r, spaced(label)) && strings.Contains(r, spaced(chosen))
		})
		if i < 0 {
			t.Errorf("the page has no row for %s, %q", e["variable"], e["label"])
			continue
		}
		for v := range strings.SplitSeq(e["values"], "; ") {
			if value, words, is := strings.Cut(v, " = "); is && !strings.Contains(rows[i], spaced(value+" "+words)) {
				t.Errorf("the row of %s lacks the value %q: %s", e["variable"], v, rows[i])
			}
		}
		if !strings.Contains(rows[i], spaced(e["missing"])) || !strings.Contains(rows[i], spaced(e["scoring"])) {
			t.Errorf("the row of %s lacks why a value is missing, or the scoring: %s", e["variable"], rows[i])
		}
	}
}

func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// ddiOrder is the order of elements by the standard, as far as we write them.
var ddiOrder = map[string]string{
	"codeBook": "docDscr stdyDscr fileDscr dataDscr", "docDscr": "citation", "citation": "titlStmt rspStmt prodStmt",
	"titlStmt": "titl subTitl altTitl parTitl IDNo", "prodStmt": "producer copyright prodDate prodPlac software",
	"stdyDscr": "citation stdyInfo method dataAccs othrStdyMat notes", "stdyInfo": "subject abstract sumDscr",
	"sumDscr": "timePrd collDate nation geogCover geogUnit anlyUnit universe dataKind", "method": "dataColl", "dataColl": "timeMeth dataCollector collMode",
	"fileDscr": "fileTxt", "fileTxt": "fileName fileCont dimensns fileType", "dimensns": "caseQnty varQnty",
	"dataDscr": "varGrp var", "varGrp": "labl txt concept notes",
	"var":  "location labl qstn valrng universe txt catgry concept derivation varFormat notes",
	"qstn": "qstnLit", "valrng": "range", "catgry": "catValu labl", "derivation": "drvdesc",
}

func TestTheCodebookAsDDI(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	var root node
	l.must(xml.Unmarshal(codebookAs(t, l, "ddi"), &root))
	if root.XMLName.Space != "ddi:codebook:2_5" || root.get("version") != "2.5" {
		t.Errorf("the root is %v", root.XMLName)
	}
	ids := map[string]bool{}
	root.walk(func(n node, within []string) {
		if id := n.get("ID"); id != "" {
			if ids[id] {
				t.Errorf("two elements are called %s", id)
			}
			ids[id] = true
		}
		inOrder(t, ddiOrder, n, within)
	})
	data := root.all("dataDscr")[0]
	refer := func(n node, name string) {
		for id := range strings.FieldsSeq(n.get(name)) {
			if !ids[id] {
				t.Errorf("nothing is called %s", id)
			}
		}
	}
	grouped := 0
	for _, g := range data.all("varGrp") {
		refer(g, "var")
		grouped += len(strings.Fields(g.get("var")))
	}
	vars := data.all("var")
	for i, e := range given(t, read(t, export.Codebook, l.store, l.study.ID)) {
		if e["item_or_scale"] != "" || e["instrument"] != "" {
			grouped--
		}
		name := e["variable"]
		if e["files"] == "texts" && e["item_or_scale"] != "" {
			name = e["item_or_scale"]
		}
		at := slices.IndexFunc(vars, func(v node) bool {
			label := v.all("labl")[0].Text
			return v.get("name") == name && label == e["label"]
		})
		if at < 0 {
			t.Errorf("row %d: nothing is called %s, %q", i+1, name, e["label"])
			continue
		}
		refer(vars[at], "files")
		if got := strings.ReplaceAll(vars[at].get("files"), "F_", ""); len(strings.Fields(got)) != len(strings.Fields(e["files"])) {
			t.Errorf("%s is in %q, want %q", name, got, e["files"])
		}
		var values []string
		for _, c := range vars[at].all("catgry") {
			if c.get("missing") == "" {
				values = append(values, c.all("catValu")[0].Text+" = "+c.all("labl")[0].Text)
			}
		}
		for _, other := range vars[at].all("txt") {
			values = append([]string{other.Text}, values...)
		}
		if got := strings.Join(values, "; "); got != e["values"] {
			t.Errorf("the values of %s are %q, want %q", name, got, e["values"])
		}
		low, high := "", ""
		for _, r := range vars[at].all("valrng") {
			low, high = r.all("range")[0].get("min"), r.all("range")[0].get("max")
		}
		if low != e["min"] || high != e["max"] {
			t.Errorf("%s goes from %q to %q, want %q to %q", name, low, high, e["min"], e["max"])
		}
		for _, q := range vars[at].all("qstn") {
			if text := q.all("qstnLit")[0].Text; !strings.HasPrefix(e["label"], text) {
				t.Errorf("the question of %s is %q, want %q", name, text, e["label"])
			}
		}
	}
	if grouped != 0 {
		t.Errorf("%d variables more are in groups than there are", grouped)
	}
}
