package web

import (
	"flag"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostileRounds is how often every field of every form is filled, each time with other
// texts: a few times each time, 500 in a long run, which brings every text to every field.
var hostileRounds = flag.Int("hostile", 3, "how many rounds of hostile texts go through every form")

// hostileTexts are ways to get out of a text, an attribute, a script or a comment, with
// ways to run something then, as they are and disguised.
func hostileTexts() []string {
	out := []string{``, `">`, `'>`, `</title>`, `</textarea>`, `</script>`, `--><!-- -->`, `]]>`, `" `, `' `}
	run := []string{
		`<script>xss()</script>`, `<img src=x onerror=xss()>`, `<svg onload=xss()>`, `<svg/onload=xss()//`, `<iframe srcdoc="<script>xss()</script>">`,
		`<a href="javascript:xss()">x</a>`, `<math><mtext><xss onclick=xss()>`, `<details open ontoggle=xss()>`, `<body onload=xss()>`,
		`<input autofocus onfocus=xss()>`, `<object data="javascript:xss()">`, `<base href="https://evil.example/">`, `<form action="https://evil.example/">`,
		`<style>@import "https://evil.example/"</style>`, `<link rel=stylesheet href="https://evil.example/">`, `<xss>`, `onmouseover=xss() x=`,
		`style=x:expression(xss()) onclick=xss() `, `{{.}}<xss>`, `${xss()}<xss>`, `javascript:xss()`, `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
		`<embed src="https://evil.example/">`, `<video><source onerror=xss()>`, `&lt;xss&gt;<xss>`,
	}
	var all []string
	for _, o := range out {
		for _, r := range run {
			all = append(all, o+r, o+strings.NewReplacer("<", "<\u0000", "script", "scr\u0000ipt", "on", "oN").Replace(r))
		}
	}
	return all
}

// TestHostileTextsMakeNoElement fills every field that takes text, of every form that
// staff and a participant are shown, and looks through each page, copy and letter for an
// element or attribute that our templates do not make.
func TestHostileTextsMakeNoElement(t *testing.T) {
	t.Parallel()
	texts := hostileTexts()
	if len(texts) != 500 {
		t.Fatalf("%d texts", len(texts))
	}
	found := 0 // unescaped, so that finding nothing below means something
	for _, text := range texts {
		if root, err := html.Parse(strings.NewReader("<p title=\"" + text + "\">" + text)); err == nil && len(foreign(root)) > 0 {
			found++
		}
	}
	if found < len(texts)/5 {
		t.Errorf("only %d texts are seen to do harm as they are", found)
	}
	w := newWorld(t, 2)
	w.answer(1, always(2))
	w.writing(1, "ana@example.org")
	d, _ := w.arrive(t, 0)
	boss := w.signedIn(t, "boss@example.org", administrator(), w.researcher(), w.facilitator())
	code := w.code(1)
	places := map[*device][]string{
		d: {"/me", "/me/data", "/me/calendar", "/me/practice", "/me/notes", "/me/consent/choices", w.assessment(0, 0) + "/page/1", "/help"},
		boss: {
			"/studies", w.path(""), w.path("/runs"), w.path("/new-run"), w.path("/waves"), w.path("/waves/pre"), w.path("/consent"), w.path("/safety"),
			w.path("/texts/de"), w.path("/texts/en"), w.path("/messages"), w.path("/messages/texts/invitation/en"), w.path("/messages/people/" + code),
			w.path("/tokens"), w.path("/plan/edit"), w.path("/snapshots"), w.path("/data"), w.path("/corrections"), w.path("/retention"), w.path("/results"),
			w.runPath(""), w.runPath("/details"), w.runPath("/calendar"), w.runPath("/people"), w.runPath("/people/list"), w.runPath("/entry"), w.runPath("/late"),
			w.runPath("/people/" + code), w.runPath("/people/" + code + "/part"), w.runPath("/brief"), w.runPath("/entry/poster"), "/account", "/instruments", "/courses",
			"/admin", "/admin/audit",
		},
	}
	fields, pages := 0, 0
	look := func(s screen, what string) {
		t.Helper()
		pages++
		if s.status >= 500 {
			t.Errorf("%s answers %d", what, s.status)
		}
		if s.root == nil {
			return
		}
		for _, f := range foreign(s.root) {
			t.Errorf("%s has %s", what, f)
		}
	}
	for round := range *hostileRounds {
		for device, paths := range places {
			for _, path := range paths {
				s := device.get(path)
				look(s, path)
				for _, form := range formsOf(s.root) {
					values, n := form.filled(func() string {
						fields++
						return texts[(round+fields*7)%len(texts)]
					})
					if n > 0 {
						look(device.post(form.action(path), values), fmt.Sprintf("what became of the form %s on %s", form.action(path), path))
					}
				}
			}
		}
		look(d.post("/me/data/copy", url.Values{"as": {"html"}}), "a person's copy")
		for _, l := range w.round() {
			root, err := html.Parse(strings.NewReader(l.HTML))
			w.must(err)
			for _, f := range foreign(root) {
				t.Errorf("a letter has %s", f)
			}
			if strings.ContainsAny(l.Subject, "\r\n") {
				t.Errorf("the subject %q has lines", l.Subject)
			}
		}
	}
	if fields < 60**hostileRounds {
		t.Errorf("only %d fields were filled", fields)
	}
	t.Logf("%d rounds: %d fields filled, %d pages looked through", *hostileRounds, fields, pages)
}

// foreign are elements and attributes that no template of ours makes.
func foreign(n *html.Node) (found []string) {
	for n := range n.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
			value := strings.ToLower(strings.TrimSpace(a.Val))
			loads := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction" || a.Key == "data" || a.Key == "srcdoc"
			if strings.HasPrefix(a.Key, "on") || loads && (strings.HasPrefix(value, "javascript:") || strings.Contains(value, "evil.example") && n.Data != "a") {
				found = append(found, "<"+n.Data+" "+a.Key+"="+a.Val+">")
			}
		}
		switch n.Data {
		case "script":
			if attributes["src"] == "" && attributes["type"] != "application/json" {
				found = append(found, "<script> of its own")
			}
		case "iframe", "object", "embed", "base", "xss", "math", "video":
			found = append(found, "<"+n.Data+">")
		}
	}
	return found
}

// pageForm is a form of a page that is posted.
type pageForm struct{ root *html.Node }

func formsOf(root *html.Node) (all []pageForm) {
	if root == nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && strings.EqualFold(attribute(n, "method"), "post") {
			all = append(all, pageForm{n})
		}
	}
	return all
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (f pageForm) action(page string) string {
	if to := attribute(f.root, "action"); to != "" {
		return to
	}
	return page
}

// filled is the form as it is, with a text in every field that takes one, and how many
// those are.
func (f pageForm) filled(text func() string) (values url.Values, n int) {
	values = url.Values{}
	for e := range f.root.Descendants() {
		name := attribute(e, "name")
		if e.Type != html.ElementNode || name == "" {
			continue
		}
		switch kind := attribute(e, "type"); {
		case e.Data == "textarea", e.Data == "input" && (kind == "" || kind == "text" || kind == "search" || kind == "email" || kind == "tel"):
			values.Add(name, text())
			n++
		case e.Data == "input" && (kind == "radio" || kind == "checkbox"):
			if hasAttribute(e, "checked") {
				values.Add(name, attribute(e, "value"))
			}
		case e.Data == "input":
			values.Add(name, attribute(e, "value"))
		case e.Data == "select":
			for o := range e.Descendants() {
				if o.Type == html.ElementNode && o.Data == "option" && (hasAttribute(o, "selected") || values.Get(name) == "") {
					values.Set(name, attribute(o, "value"))
				}
			}
		case e.Data == "button" && values.Get(name) == "":
			values.Set(name, attribute(e, "value"))
		}
	}
	return values, n
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
