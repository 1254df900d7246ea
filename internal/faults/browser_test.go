package faults

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"tidemark/internal/stage"
	"tidemark/survey"
)

// browser is a member of staff's: it keeps cookies, which do not depend on the
// port, and follows no redirect.
type browser struct {
	t      *testing.T
	base   *url.URL // where its pages say they are from
	client *http.Client
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, u, &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ask makes a request and gives the status and the path it leads to.
func (b *browser) ask(method, address string, form url.Values) (int, string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", b.base.String())
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, to.Path
}

func (b *browser) cookies() []*http.Cookie { return b.client.Jar.Cookies(b.base) }

// put brings cookies back that the server has taken away.
func (b *browser) put(cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Path = "/"
	}
	b.client.Jar.SetCookies(b.base, cookies)
}

func addAdministrator(t *testing.T, s *stage.Stage, email, password string) {
	t.Helper()
	_, err := s.Cases.Users.Create(t.Context(), stage.Actor(), survey.NewUser{
		Email: email, Password: password, Grants: []survey.Grant{{Role: survey.RoleAdministrator}},
	})
	if err != nil {
		t.Fatal(err)
	}
}
