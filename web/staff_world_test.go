package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"tidemark/analysis"

	"golang.org/x/net/html"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// account makes an account with the roles and a password of its own.
func (w *world) account(email string, grants ...survey.Grant) survey.User {
	w.t.Helper()
	u, err := w.cases.Users.Create(w.t.Context(), survey.SystemActor("test"), survey.NewUser{
		Email: email, Name: "Name of " + email, Grants: grants,
	})
	w.must(err)
	return u
}

// signedIn is a device on which somebody with the roles has signed in; the
// account is made if there is none.
func (w *world) signedIn(t *testing.T, email string, grants ...survey.Grant) *device {
	t.Helper()
	u, err := w.cases.Users.ByEmail(t.Context(), survey.SystemActor("test"), email)
	if errors.Is(err, survey.ErrNotFound) {
		u, err = w.account(email, grants...), nil
	}
	w.must(err)
	token, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), u.ID, false)
	w.must(err)
	d := w.device(t)
	d.plain().post("/sign-in/link/"+token, url.Values{}).want(303)
	return d
}

func administrator() survey.Grant { return survey.Grant{Role: survey.RoleAdministrator} }

func (w *world) researcher() survey.Grant {
	return survey.Grant{Role: survey.RoleResearcher, StudyID: w.study.ID}
}

func (w *world) facilitator() survey.Grant {
	return survey.Grant{Role: survey.RoleFacilitator, StudyID: w.study.ID}
}

// path is an address within the study, as path("/runs").
func (w *world) path(rest string) string { return "/studies/" + w.study.Key + rest }

// runPath is an address within the course run.
func (w *world) runPath(rest string) string { return w.path("/runs/" + string(w.run.ID) + rest) }

// plan locks the plan that a study suggests.
func (w *world) plan(study survey.Study) survey.Plan {
	w.t.Helper()
	ctx, actor := w.t.Context(), survey.SystemActor("test")
	b, err := w.cases.Plans.Book(ctx, actor, study.ID)
	w.must(err)
	p, err := w.cases.Plans.Write(ctx, actor, study.ID, survey.DraftPlan{Content: b.Default})
	w.must(err)
	p, err = w.cases.Plans.Lock(ctx, actor, study.ID, p.Revision)
	w.must(err)
	return p
}

// freeze takes a snapshot.
func (w *world) freeze(study survey.Study) survey.Snapshot {
	w.t.Helper()
	f, err := w.cases.Snapshots.Freeze(w.t.Context(), survey.SystemActor("test"), study.ID, survey.NewSnapshot{Name: "Frozen <b>first</b>"})
	w.must(err)
	return f
}

// answer lets person n answer everything that is open now with one value.
func (w *world) answer(n int, value func(item instrument.Item) float64) {
	w.t.Helper()
	ctx := w.t.Context()
	_, part, err := w.cases.SignIns.ByPersonalLink(ctx, w.links[n])
	w.must(err)
	if !part.Consented() {
		w.must(w.cases.Enrolments.Consent(ctx, survey.ParticipantActor(part), part.Study.ConsentVersion))
		_, part, err = w.cases.SignIns.ByPersonalLink(ctx, w.links[n])
		w.must(err)
	}
	a := survey.ParticipantActor(part)
	due, err := w.cases.Assessments.Due(ctx, a)
	w.must(err)
	for _, it := range due {
		if it.State != survey.AssessmentOpen && it.State != survey.AssessmentPartly {
			continue
		}
		answers := instrument.Numbers{}
		for _, item := range it.Definition.Items {
			v := value(item)
			options, _ := it.Definition.ItemOptions(item.Code)
			if !slices.ContainsFunc(options, func(o instrument.Option) bool { return o.Value == v }) {
				v = options[0].Value
			}
			answers[item.Code] = v
		}
		w.must(w.cases.Assessments.Submit(ctx, a, it.Assessment.ID, answers.Answers()))
	}
}

// always gives one answer to everything.
func always(v float64) func(instrument.Item) float64 {
	return func(instrument.Item) float64 { return v }
}

// checkNamed looks for fields and tables that nothing names.
func checkNamed(t *testing.T, s screen) {
	t.Helper()
	labelled := map[string]bool{}
	for _, l := range all(s.root, "label") {
		if textOf(l) != "" {
			labelled[attr(l, "for")] = true
		}
	}
	for _, in := range all(s.root, "input", "select", "textarea") {
		within := in.Parent.Data == "label" && textOf(in.Parent) != ""
		if attr(in, "type") != "hidden" && !within && !labelled[attr(in, "id")] && attr(in, "aria-label") == "" {
			t.Errorf("the field %s has no label", attr(in, "name"))
		}
		for id := range strings.FieldsSeq(attr(in, "aria-describedby")) {
			if byID(s.root, id) == nil {
				t.Errorf("the field %s is described by #%s, which is not there", attr(in, "name"), id)
			}
		}
	}
	for _, table := range all(s.root, "table") {
		if len(all(table, "caption")) != 1 {
			t.Error("a table has no caption")
		}
		for _, th := range all(table, "th") {
			if attr(th, "scope") == "" {
				t.Errorf("the heading %q has no scope", textOf(th))
			}
		}
	}
	for _, b := range all(s.root, "button", "a") {
		if textOf(b) == "" {
			t.Error("a button or a link has no text")
		}
	}
}

func byID(root *html.Node, id string) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// values are the fields of the form that is sent to an address, as they stand on
// the page, lists and texts included.
func (s screen) values(action string) url.Values {
	s.device.t.Helper()
	for _, f := range all(s.root, "form") {
		if attr(f, "action") != action {
			continue
		}
		v := s.filled(f).fields
		for _, area := range all(f, "textarea") {
			text := ""
			if area.FirstChild != nil {
				text = area.FirstChild.Data
			}
			v.Set(attr(area, "name"), text)
		}
		for _, list := range all(f, "select") {
			for i, o := range all(list, "option") {
				if _, chosen := attrOK(o, "selected"); chosen || i == 0 {
					v.Set(attr(list, "name"), attr(o, "value"))
				}
			}
		}
		return v
	}
	s.device.t.Fatalf("%s has no form to %s", s.path, action)
	return nil
}

// secondStudy is another study with a run of its own, which nobody of the first
// has to do with.
func (w *world) secondStudy() (survey.Study, survey.CourseRun) {
	w.t.Helper()
	ctx, admin := w.t.Context(), survey.SystemActor("test")
	study, err := w.cases.Studies.Create(ctx, admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: "another", Title: "Another study",
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	w.must(err)
	w.declare(study)
	w.must(w.cases.Studies.Open(ctx, admin, study.ID))
	return study, w.addRun(study, "Run of another study")
}

func (w *world) addRun(study survey.Study, name string) survey.CourseRun {
	w.t.Helper()
	run, err := w.cases.Runs.Create(w.t.Context(), survey.SystemActor("test"), study.ID, survey.NewRun{
		Name: name, StartsOn: courseStart, MeetingTime: "10:00", CourseKey: "learning_from_setbacks_8",
	})
	w.must(err)
	return run
}

// crossed is a request that another site makes a browser send.
func (d *device) crossed(path string, form url.Values) screen {
	d.t.Helper()
	r := d.request(http.MethodPost, path, form)
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return d.do(r)
}

// numbered makes distinct addresses.
func numbered(n int) string { return fmt.Sprintf("someone-%d@example.org", n) }

// tellFigures decides on figures of groups, as the server does from time to time.
func (w *world) tellFigures() {
	w.t.Helper()
	_, err := w.cases.Releases.Publish(w.t.Context(), survey.SystemActor("test"), func(df int) float64 {
		return analysis.CriticalT(0.95, float64(df))
	})
	w.must(err)
}
