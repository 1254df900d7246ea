package web

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tidemark/web/locale"
)

// device is one browser without JavaScript: it keeps cookies, follows redirects,
// and sends forms as they stand on the page.
type device struct {
	t      *testing.T
	base   string
	client *http.Client
	// watch, when set, is given every page once more, as it is in the language
	// for tests.
	watch func(screen)
}

func newDevice(t *testing.T, base string) *device {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, base: base, client: &http.Client{Jar: jar}}
}

// forget drops every cookie, as a browser does when they run out.
func (d *device) forget() {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.client.Jar = jar
}

// plain is a device that stays where an answer is a redirect.
func (d *device) plain() *device {
	c := *d.client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &device{t: d.t, base: d.base, client: &c, watch: d.watch}
}

// screen is a page as it arrived.
type screen struct {
	device *device
	status int
	header http.Header
	// trailer is what came after the body.
	trailer http.Header
	path    string // where redirects ended
	body    string
	root    *html.Node
}

func (d *device) get(path string) screen {
	d.t.Helper()
	return d.do(d.request(http.MethodGet, path, nil))
}

// request is as a browser sends it from a page of ours.
func (d *device) request(method, path string, form url.Values) *http.Request {
	d.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.base+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		r.Header.Set("Origin", d.base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

func (d *device) post(path string, form url.Values) screen {
	d.t.Helper()
	return d.do(d.request(http.MethodPost, path, form))
}

// json posts as the script does.
func (d *device) json(path, body string) screen {
	d.t.Helper()
	r := d.request(http.MethodPost, path, nil)
	r.Body = io.NopCloser(strings.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return d.do(r)
}

func (d *device) do(r *http.Request) screen {
	d.t.Helper()
	response, err := d.client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	s := screen{
		device: d, status: response.StatusCode, header: response.Header,
		path: response.Request.URL.Path, body: string(body), trailer: response.Trailer,
	}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		if s.root, err = html.Parse(strings.NewReader(s.body)); err != nil {
			d.t.Fatal(err)
		}
		d.watchAgain(r, response)
	}
	return s
}

// watchAgain asks for a page once more in the language for tests. What was refused
// is sent again, because it changes nothing; anything else is only looked at.
func (d *device) watchAgain(sent *http.Request, got *http.Response) {
	d.t.Helper()
	if d.watch == nil {
		return
	}
	r := got.Request.Clone(d.t.Context())
	r.Method, r.Body, r.ContentLength = http.MethodGet, nil, 0
	if got.StatusCode >= http.StatusBadRequest && sent.Method != http.MethodGet {
		r = sent.Clone(d.t.Context())
		if sent.GetBody != nil {
			r.Body, _ = sent.GetBody()
		}
	}
	r.RequestURI = ""
	r.Header.Del("Cookie")
	for _, c := range d.client.Jar.Cookies(r.URL) {
		if c.Name != "tidemark_language" {
			r.AddCookie(c)
		}
	}
	r.AddCookie(&http.Cookie{Name: "tidemark_language", Value: locale.Pseudo})
	again := device{t: d.t, base: d.base, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	d.watch(again.do(r))
}

// want stops the test unless the page has the status and, somewhere, the texts.
func (s screen) want(status int, texts ...string) screen {
	s.device.t.Helper()
	if s.status != status {
		s.device.t.Fatalf("%s answers %d, want %d:\n%s", s.path, s.status, status, s.text())
	}
	for _, text := range texts {
		if !strings.Contains(s.text(), text) {
			s.device.t.Fatalf("%s does not say %q:\n%s", s.path, text, s.text())
		}
	}
	return s
}

// text is what a person reads, in one line.
func (s screen) text() string {
	if s.root == nil {
		return s.body
	}
	return textOf(s.root)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	v, _ := attrOK(n, name)
	return v
}

func attrOK(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// all are the elements of the names, in order.
func all(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

// follow opens the first link whose text contains the given one.
func (s screen) follow(text string) screen {
	s.device.t.Helper()
	for _, a := range all(s.root, "a") {
		if strings.Contains(textOf(a), text) {
			return s.device.get(attr(a, "href"))
		}
	}
	s.device.t.Fatalf("%s has no link %q:\n%s", s.path, text, s.text())
	return screen{}
}

// filledForm is a form as it stands on a page.
type filledForm struct {
	screen screen
	node   *html.Node
	fields url.Values
}

// form finds the form with the button.
func (s screen) form(button string) *filledForm {
	s.device.t.Helper()
	for _, n := range all(s.root, "form") {
		for _, b := range all(n, "button") {
			if textOf(b) == button {
				return s.filled(n)
			}
		}
	}
	s.device.t.Fatalf("%s has no form with the button %q:\n%s", s.path, button, s.text())
	return nil
}

// filled takes the fields as a browser would send them untouched.
func (s screen) filled(n *html.Node) *filledForm {
	f := &filledForm{screen: s, node: n, fields: url.Values{}}
	for _, in := range all(n, "input") {
		kind := attr(in, "type")
		_, checked := attrOK(in, "checked")
		if (kind == "radio" || kind == "checkbox") && !checked {
			continue
		}
		f.fields.Add(attr(in, "name"), attr(in, "value"))
	}
	for _, in := range all(n, "textarea") {
		f.fields.Add(attr(in, "name"), rawText(in))
	}
	for _, in := range all(n, "select") {
		for i, o := range all(in, "option") {
			if _, selected := attrOK(o, "selected"); selected || i == 0 {
				f.fields.Set(attr(in, "name"), attr(o, "value"))
			}
		}
	}
	return f
}

// rawText is what stands in a field, to the letter.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// enter types into a field that the form has.
func (f *filledForm) enter(name, text string) *filledForm {
	f.screen.device.t.Helper()
	for _, in := range all(f.node, "input", "textarea") {
		if attr(in, "name") == name && attr(in, "type") != "radio" && attr(in, "type") != "hidden" {
			f.fields.Set(name, text)
			return f
		}
	}
	f.screen.device.t.Fatalf("%s has no field %s", f.screen.path, name)
	return nil
}

// choose picks one of the offered answers, as a person can.
func (f *filledForm) choose(name, value string) *filledForm {
	f.screen.device.t.Helper()
	for _, in := range all(f.node, "input") {
		if attr(in, "name") == name && attr(in, "value") == value && attr(in, "type") != "hidden" {
			f.fields.Set(name, value)
			return f
		}
	}
	for _, in := range all(f.node, "select") {
		if attr(in, "name") == name && slices.ContainsFunc(all(in, "option"), func(o *html.Node) bool { return attr(o, "value") == value }) {
			f.fields.Set(name, value)
			return f
		}
	}
	f.screen.device.t.Fatalf("%s offers no %s = %q", f.screen.path, name, value)
	return nil
}

// items are the names of the questions, in order.
func (f *filledForm) items() []string {
	var names []string
	for _, in := range all(f.node, "input") {
		if name := attr(in, "name"); attr(in, "type") == "radio" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// press sends the form with one of its buttons.
func (f *filledForm) press(button string) screen {
	f.screen.device.t.Helper()
	for _, b := range slices.Backward(all(f.node, "button")) {
		if textOf(b) != button {
			continue
		}
		if name := attr(b, "name"); name != "" {
			f.fields.Set(name, attr(b, "value"))
		}
		if attr(f.node, "method") == "get" {
			return f.screen.device.get(attr(f.node, "action") + "?" + f.fields.Encode())
		}
		return f.screen.device.post(attr(f.node, "action"), f.fields)
	}
	f.screen.device.t.Fatalf("%s has no button %q", f.screen.path, button)
	return screen{}
}

// keep puts a cookie into the browser.
func (d *device) keep(name, value string) {
	d.t.Helper()
	u, err := url.Parse(d.base)
	if err != nil {
		d.t.Fatal(err)
	}
	d.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}
