package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Way is how answers get to the server.
type Way string

// With the page's script each answer is saved as it is given, and the page is
// sent as a form besides; without it, pages are sent as forms alone.
const (
	Scripted Way = "scripted"
	Plain    Way = "plain"
)

var (
	assetLink      = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)
	assessmentLink = regexp.MustCompile(`href="/me/a/([^"/]+)"`)
	consentVersion = regexp.MustCompile(`name="version" value="(\d+)"`)
	choice         = regexp.MustCompile(`type="radio" name="([^"]+)" value="([^"]+)"`)
	questionsPath  = regexp.MustCompile(`^/me/a/([^/]+)/page/(\d+)$`)
	hiddenField    = regexp.MustCompile(`<input type="hidden" name="(_[a-z]+)" value="([^"]*)"`)
)

// Enter opens a personal link, presses its button and comes to the home page.
func (v *Visitor) Enter(ctx context.Context, token string) (Page, error) {
	greeting, err := v.get(ctx, "link", "/p/"+token)
	if err != nil {
		return Page{}, err
	}
	if err := v.assets(ctx, greeting); err != nil {
		return Page{}, err
	}
	return v.post(ctx, "enter", "/p/"+token, nil)
}

// assets gets the files a page uses that the browser does not have yet.
func (v *Visitor) assets(ctx context.Context, p Page) error {
	for _, m := range assetLink.FindAllStringSubmatch(p.Body, -1) {
		if v.cached[m[1]] {
			continue
		}
		status, header, body, err := v.do(ctx, "asset", http.MethodGet, m[1], formType, "")
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return &StatusError{Kind: "asset " + m[1], Status: status, Body: start(body), After: retryAfter(header)}
		}
		v.cached[m[1]] = true
	}
	return nil
}

// Consent reads the consent text and agrees.
func (v *Visitor) Consent(ctx context.Context) (Page, error) {
	text, err := v.get(ctx, "read consent", "/me/consent")
	if err != nil {
		return Page{}, err
	}
	version := consentVersion.FindStringSubmatch(text.Body)
	if version == nil {
		return Page{}, errors.New("the consent page asks for nothing")
	}
	return v.post(ctx, "consent", "/me/consent", url.Values{"version": {version[1]}, "of_age": {"yes"}, "decision": {"agree"}})
}

// Home opens the page of what is due.
func (v *Visitor) Home(ctx context.Context) (Page, error) { return v.get(ctx, "home", "/me") }

// Due are the assessments a home page offers.
func (p Page) Due() []string {
	var ids []string
	for _, m := range assessmentLink.FindAllStringSubmatch(p.Body, -1) {
		if !slices.Contains(ids, m[1]) {
			ids = append(ids, m[1])
		}
	}
	return ids
}

// Open opens an assessment where the person left it.
func (v *Visitor) Open(ctx context.Context, id string) (Page, error) {
	return v.get(ctx, "open", "/me/a/"+id)
}

// Question is an item as a page of questions shows it.
type Question struct {
	Item   string
	Values []float64 // of its options
}

// Questions are those on a page, in order.
func (p Page) Questions() []Question {
	var qs []Question
	for _, m := range choice.FindAllStringSubmatch(p.Body, -1) {
		value, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			continue
		}
		if len(qs) == 0 || qs[len(qs)-1].Item != m[1] {
			qs = append(qs, Question{Item: m[1]})
		}
		last := &qs[len(qs)-1]
		last.Values = append(last.Values, value)
	}
	return qs
}

// Save saves one answer as the page's script does. When it returns nil the
// server has said that the answer is safe.
func (v *Visitor) Save(ctx context.Context, id, item string, value float64) error {
	body, err := json.Marshal(map[string]map[string]float64{"answers": {item: value}})
	if err != nil {
		return err
	}
	status, header, text, err := v.do(ctx, "save", http.MethodPost, "/me/a/"+id+"/save", jsonType, string(body))
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return &StatusError{Kind: "save", Status: status, Body: start(text), After: retryAfter(header)}
	}
	return nil
}

// saveFrom saves one answer to a question of a page with all that the page's script
// tells beside it, and gives the answer as the server then knows it.
func (v *Visitor) saveFrom(ctx context.Context, p Page, id, item string, value float64) (known string, err error) {
	page, err := strconv.Atoi(questionsPath.FindStringSubmatch(p.Path)[2])
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]any{
		"answers": map[string]float64{item: value}, "layout": map[string]string{item: "stack"}, "base": map[string]string{item: ""},
		"page": page, "opened": p.hidden().Get("_opened"),
	})
	if err != nil {
		return "", err
	}
	status, header, text, err := v.do(ctx, "save", http.MethodPost, "/me/a/"+id+"/save", jsonType, string(body))
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		return "", &StatusError{Kind: "save", Status: status, Body: start(text), After: retryAfter(header)}
	}
	var reply struct{ Known map[string]string }
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		return "", fmt.Errorf("save: %w", err)
	}
	return reply.Known[item], nil
}

// hidden are the fields of a page that nobody sees.
func (p Page) hidden() url.Values {
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(p.Body, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	return fields
}

// Post sends JSON as a page's script does, and gives what came back.
func (v *Visitor) Post(ctx context.Context, path, body string) (status int, reply string, err error) {
	status, _, reply, err = v.do(ctx, "script", http.MethodPost, path, jsonType, body)
	return status, reply, err
}

// Continue sends a page of questions and comes to the next.
func (v *Visitor) Continue(ctx context.Context, p Page, answers map[string]float64) (Page, error) {
	return v.onward(ctx, p, url.Values{}, answers)
}

func (v *Visitor) onward(ctx context.Context, p Page, form url.Values, answers map[string]float64) (Page, error) {
	for item, value := range answers {
		form.Set(item, strconv.FormatFloat(value, 'g', -1, 64))
	}
	return v.post(ctx, "page", p.Path, form)
}

// Submit sends the answers in for good and comes to the thanks.
func (v *Visitor) Submit(ctx context.Context, id string) (Page, error) {
	return v.post(ctx, "submit", "/me/a/"+id+"/submit", nil)
}

// Answer chooses among the options of a question.
type Answer func(Question) float64

// Fill answers an assessment from where it stands to its submission.
func (v *Visitor) Fill(ctx context.Context, id string, way Way, answer Answer) error {
	p, err := v.Open(ctx, id)
	if err != nil {
		return err
	}
	if err := v.assets(ctx, p); err != nil {
		return err
	}
	for questionsPath.MatchString(p.Path) {
		answers, form, known := map[string]float64{}, p.hidden(), url.Values{}
		for _, q := range p.Questions() {
			answers[q.Item] = answer(q)
			if way != Scripted {
				continue
			}
			stamp, err := v.saveFrom(ctx, p, id, q.Item, answers[q.Item])
			if err != nil {
				return err
			}
			known.Set(q.Item, stamp)
		}
		if way == Scripted { // what is saved is not taken a second time
			form.Set("_shown", known.Encode())
		}
		if len(answers) == 0 {
			return fmt.Errorf("%s asks nothing", p.Path)
		}
		if p, err = v.onward(ctx, p, form, answers); err != nil {
			return err
		}
	}
	if !strings.HasSuffix(p.Path, "/review") {
		return fmt.Errorf("the questions lead to %s", p.Path)
	}
	if p, err = v.Submit(ctx, id); err != nil {
		return err
	}
	if !strings.HasSuffix(p.Path, "/done") {
		return fmt.Errorf("the submission leads to %s", p.Path)
	}
	return nil
}

// Complete is one participation: from the personal link through consent to the
// submission of the first questionnaire that is due.
func (v *Visitor) Complete(ctx context.Context, token string, way Way, answer Answer) error {
	if _, err := v.Enter(ctx, token); err != nil {
		return err
	}
	home, err := v.Consent(ctx)
	if err != nil {
		return err
	}
	due := home.Due()
	if len(due) == 0 {
		return errors.New("nothing is due")
	}
	return v.Fill(ctx, due[0], way, answer)
}
