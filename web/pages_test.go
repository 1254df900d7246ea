package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// participantScreens shows every template a participant can see, and every kind
// of error, by the name of the template and what is special.
func participantScreens(t *testing.T, w *world) map[string]screen {
	t.Helper()
	shown := map[string]screen{}
	d := w.device(t)
	shown["front"] = d.get("/").want(200)
	shown["help"] = d.get("/help").want(200)
	shown["error not found"] = d.get("/nowhere").want(404)
	shown["error dead link"] = d.get("/p/nobody").want(404)
	shown["error no cookie"] = d.get("/me").want(401)
	shown["error held"] = d.post("/me/a/x/page/1", url.Values{"sc_01": {"1"}}).want(401)
	shown["link"] = d.get("/p/" + w.links[0]).want(200)
	shown["consent"] = shown["link"].form("Continue").press("Continue").want(200)
	shown["error consent"] = d.get("/me/a/x").want(403)
	shown["consent fault"] = shown["consent"].form("I agree").press("I agree").want(422)
	shown["home due"] = shown["consent"].form("I agree").choose("of_age", "yes").press("I agree").want(200)
	shown["consent given"] = d.get("/me/consent").want(200, "You agreed to this text on")
	shown["data"] = d.get("/me/data").want(200)
	shown["data paused"] = shown["data"].form("Pause messages").press("Pause messages").want(200)
	finder, _ := w.arrive(t, 0)
	shown["data fault"] = finder.post("/me/data/copy", url.Values{"as": {"json"}}).want(422)
	shown["leave"] = d.get("/me/data/leave").want(200)
	shown["calendar"] = d.get("/me/calendar").want(200)
	// The address is shown this once: another language would take it away.
	shown["calendar held"] = shown["calendar"].form("Make an address").press("Make an address").want(200)
	shown["questions"] = shown["home due"].follow("Begin").want(200)
	shown["questions fault"] = d.post(shown["questions"].path, url.Values{"sc_01": {"9"}, "sc_02": {"2"}, "zz": {"1"}}).want(422, "does not belong")
	shown["review skipped"] = answerAll(t, shown["questions"], func(i string) string { return map[string]string{"sc_02": "3"}[i] })
	shown["home partly"] = d.get("/me").want(200, "Go on")
	shown["review all"] = answerAll(t, d.get(shown["questions"].path), func(string) string { return "3" })
	shown["done more"] = shown["review all"].form("Send my answers").press("Send my answers").want(200)
	shown["error sent"] = d.post(shown["questions"].path, url.Values{"sc_01": {"1"}}).want(409)
	s := shown["done more"]
	for range 2 {
		s = answerAll(t, s.follow("Go on"), func(string) string { return "3" })
		s = s.form("Send my answers").press("Send my answers").want(200)
	}
	shown["done next"] = s.want(200, "opens Thursday 3 December")
	shown["home nothing"] = d.get("/me").want(200, "Nothing to do right now")
	shown["error method"] = d.post("/me", url.Values{}).want(405)
	w.days(250) // past the last wave, while the link still works
	again, _ := w.arrive(t, 0)
	shown["home over"] = again.get("/me").want(200, "No more questions are planned")
	shown["done last"] = again.get(w.assessment(0, 0)+"/done").want(200, "That was the last one")
	shown["error expired"] = again.get(w.assessment(0, 3)).want(410)
	shown["data left"] = again.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	shown["consent left"] = again.get("/me/consent").want(200, "You have left this study")
	shown["error left"] = again.get(w.assessment(0, 0)).want(410)
	shown["leave left"] = again.get("/me/data/leave").want(200)
	shown["erased"] = shown["leave left"].form("Erase it").press("Erase it").want(200)
	return shown
}

func TestEveryParticipantPageIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	shown := participantScreens(t, w)
	for name, s := range shown {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkFrame(t, s)
			checkLabels(t, s)
			if name != "help" && !slices.ContainsFunc(all(s.root, "a"), func(a *html.Node) bool {
				return attr(a, "href") == "/help" && strings.Contains(textOf(a), "Need to talk to someone now?")
			}) {
				t.Error("the page does not say where to find someone to talk to")
			}
		})
	}
	seen := map[string]bool{}
	for name := range shown {
		template, _, _ := strings.Cut(name, " ")
		seen[template] = true
	}
	for _, name := range []string{"front", "help", "error", "link", "consent", "home", "questions", "review", "done", "data", "leave", "erased"} {
		if !seen[name] {
			t.Errorf("template %s was not shown", name)
		}
	}
}

// checkFrame holds a page to what every page has.
func checkFrame(t *testing.T, s screen) {
	t.Helper()
	root := all(s.root, "html")[0]
	if attr(root, "lang") != "en" || attr(root, "dir") != "ltr" {
		t.Errorf("lang %q, dir %q", attr(root, "lang"), attr(root, "dir"))
	}
	for _, name := range []string{"title", "h1", "main"} {
		elements := slices.DeleteFunc(all(s.root, name), func(n *html.Node) bool { return n.Namespace != "" }) // a drawing has titles too
		if n := len(elements); n != 1 {
			t.Errorf("%d elements %s, want 1", n, name)
		}
	}
	if title := textOf(all(s.root, "title")[0]); (s.status == 422 || strings.Contains(s.body, "error-summary")) != strings.HasPrefix(title, "Error: ") {
		t.Errorf("status %d with the title %q", s.status, title)
	}
	ids := map[string]bool{}
	level := 1
	for n := range s.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || a.Key == "tabindex" && a.Val != "-1" && attr(n, "role") != "region" {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("two elements have the id %s", a.Val)
			}
			if a.Key == "id" {
				ids[a.Val] = true
			}
			if (a.Key == "src" || a.Key == "href" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "tel:") &&
				!(strings.HasPrefix(a.Val, "https://") && attr(n, "rel") == "noreferrer") { // to a crisis line, without saying from where
				t.Errorf("<%s %s=%q> leads elsewhere", n.Data, a.Key, a.Val)
			}
		}
		switch n.Data {
		case "style":
			t.Error("a style sheet within the page")
		case "script":
			if attr(n, "src") == "" {
				t.Error("a script within the page")
			}
		case "h1", "h2", "h3", "h4":
			if l := int(n.Data[1] - '0'); l > level+1 {
				t.Errorf("a heading of level %d under one of level %d", l, level)
			} else {
				level = l
			}
		}
	}
	for _, a := range all(s.root, "a") {
		if to, inside := strings.CutPrefix(attr(a, "href"), "#"); inside && !ids[to] {
			t.Errorf("a link to #%s leads nowhere", to)
		}
	}
	for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "NaN"} {
		if strings.Contains(s.text(), bad) {
			t.Errorf("the page says %q", bad)
		}
	}
	if key := messageKey.FindString(s.text()); key != "" {
		t.Errorf("the page says %q", key)
	}
}

// messageKey is a key whose text is missing.
var messageKey = regexp.MustCompile(`\b(error|answer|text|time_zone|study|run|people|user|sign_in)\.[a-z_]+`)

// checkLabels looks for fields that nothing names.
func checkLabels(t *testing.T, s screen) {
	t.Helper()
	for _, in := range all(s.root, "input", "select", "textarea") {
		if attr(in, "type") == "hidden" {
			continue
		}
		named := slices.ContainsFunc(all(s.root, "label"), func(l *html.Node) bool {
			return attr(in, "id") != "" && attr(l, "for") == attr(in, "id") && textOf(l) != ""
		})
		if !named && (in.Parent.Data != "label" || textOf(in.Parent) == "") {
			t.Errorf("the field %s has no label", attr(in, "name"))
		}
	}
	for _, f := range all(s.root, "fieldset") {
		if legends := all(f, "legend"); len(legends) != 1 || textOf(legends[0]) == "" {
			t.Errorf("a group of answers has no question")
		}
	}
	for _, b := range all(s.root, "button") {
		if textOf(b) == "" {
			t.Error("a button has no text")
		}
	}
}

func TestAHeadIsAGetWithoutItsBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	css, err := w.site.assets.path("tidemark.css")
	w.must(err)
	for _, path := range []string{"/", "/help", "/nowhere", "/p/" + w.links[0], "/p/nobody", "/me", s.path, w.assessment(0, 0) + "/review", css} {
		as := func(method string) screen {
			r := d.request(method, path, nil)
			r.Header.Set("Accept-Encoding", "identity")
			return d.do(r)
		}
		get, head := as(http.MethodGet), as(http.MethodHead)
		if head.status != get.status || head.body != "" {
			t.Errorf("%s: HEAD answers %d with %d bytes, GET %d", path, head.status, len(head.body), get.status)
		}
		for _, name := range []string{"Content-Type", "Content-Length", "Cache-Control", "Content-Security-Policy", "Content-Encoding"} {
			if head.header.Get(name) != get.header.Get(name) {
				t.Errorf("%s: HEAD says %s: %q, GET %q", path, name, head.header.Get(name), get.header.Get(name))
			}
		}
	}
}

func TestEveryAnswerCarriesTheSafeHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for name, s := range participantScreens(t, w) {
		policy := "same-origin"
		if strings.HasPrefix(s.path, "/p/") {
			policy = "strict-origin" // the address holds the link's token
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": policy, "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Content-Type": "text/html; charset=utf-8",
			"Content-Security-Policy": contentPolicy,
		} {
			if got := s.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
	for _, directive := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(contentPolicy, directive) {
			t.Errorf("the content policy lacks %s", directive)
		}
	}
	if strings.Contains(contentPolicy, "unsafe") || strings.Contains(contentPolicy, "http") {
		t.Errorf("the content policy is open: %s", contentPolicy)
	}
}

func TestAddressesWithTokensAreNotPassedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for _, path := range []string{"/p/" + w.links[0], "/p/x", "/sign-in/link/x", "/sign-in/link/x/y"} {
		if got := w.device(t).get(path).header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("%s: the policy is %q", path, got)
		}
	}
}

func TestALanguageKnowsItsDirection(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"en": "ltr", "de-CH": "ltr", "ar": "rtl", "AR-eg": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "arn": "ltr", "": "ltr"} {
		if got := direction(language); got != want {
			t.Errorf("%q is written %s, want %s", language, got, want)
		}
	}
}
