package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidemark/internal/readers"
	"tidemark/survey/export"
)

// whole writes a study in a format that holds all of it.
func whole(t *testing.T, l *little, key string) ([]byte, int) {
	t.Helper()
	return inFormat(t, l, export.WholeStudy, key)
}

// inFormat is something in a format, the same twice and without contact data.
func inFormat(t *testing.T, l *little, what, key string) ([]byte, int) {
	t.Helper()
	f, ok := export.FormatOf(what, key)
	if !ok {
		t.Fatalf("there is no %s of %s", key, what)
	}
	var b, again bytes.Buffer
	n, err := export.In(t.Context(), f, what, l.store, system(), l.study.ID, &b)
	l.must(err)
	_, err = export.In(t.Context(), f, what, l.store, system(), l.study.ID, &again)
	l.must(err)
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("two %s files of the same data differ", key)
	}
	for _, contact := range []string{"Ana", "Ruiz", "ana@example.org"} {
		if bytes.Contains(b.Bytes(), []byte(contact)) {
			t.Errorf("%s holds contact data: %q", key, contact)
		}
	}
	return b.Bytes(), n
}

// resource has what the test reads of any resource.
type resource struct {
	ResourceType, ID, Status, Questionnaire, Version, URL, Authored, AssignedArm, EffectiveDateTime string
	Identifier                                                                                      []struct{ System, Value string }
	Subject, Individual, Study                                                                      struct{ Reference string }
	Period                                                                                          struct{ Start, End string }
	Extension                                                                                       []extension
	Item                                                                                            []fhirItem
	Code                                                                                            struct {
		Coding []struct{ System, Code, Display string }
	}
	ValueQuantity    *struct{ Value json.Number }
	DataAbsentReason *struct{ Text string }
	Method           struct{ Text string }
	DerivedFrom      []struct{ Reference string }
	Component        []struct{ ValueInteger json.Number }
}

type extension struct {
	URL, ValueString, ValueCode string
	ValueBoolean                *bool
}

type fhirItem struct {
	LinkID       string
	Text, Type   string
	Extension    []extension
	AnswerOption []struct {
		ValueCoding struct{ Code, Display string }
	}
	Answer []struct {
		ValueBoolean               *bool
		ValueDecimal, ValueInteger json.Number
		ValueDate                  string
		ValueCoding                *struct{ Code, Display string }
	}
	Item []fhirItem
}

func (r resource) said(url string) string {
	for _, e := range r.Extension {
		if e.URL == url {
			if e.ValueBoolean != nil {
				return map[bool]string{true: "1", false: "0"}[*e.ValueBoolean]
			}
			return e.ValueString
		}
	}
	return ""
}

// flat are all items of a list and within, by link.
func flat(items []fhirItem, into map[string]fhirItem) map[string]fhirItem {
	for _, i := range items {
		into[i.LinkID] = i
		flat(i.Item, into)
	}
	return into
}

type fhirBundle struct {
	ResourceType, Type, Timestamp string
	Entry                         []struct {
		FullURL  string
		Resource resource
	}
}

func readFHIR(t *testing.T, b []byte) (byURL map[string]resource, byType map[string][]resource) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.json")
	no(t, os.WriteFile(path, b, 0o600))
	for _, wrong := range readers.FHIR(t, path) {
		t.Error(wrong)
	}
	var bundle fhirBundle
	no(t, json.Unmarshal(b, &bundle))
	byURL, byType = map[string]resource{}, map[string][]resource{}
	for _, e := range bundle.Entry {
		if _, twice := byURL[e.FullURL]; twice || e.FullURL != "urn:uuid:"+e.Resource.ID {
			t.Errorf("%s is there twice, or bears another identifier", e.FullURL)
		}
		byURL[e.FullURL] = e.Resource
		byType[e.Resource.ResourceType] = append(byType[e.Resource.ResourceType], e.Resource)
	}
	return byURL, byType
}

// Every answer and score of the long and the scores file is in the bundle, and
// nothing else; the questionnaires have every question and option.
func TestFHIRHoldsTheStudy(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	b, n := whole(t, l, "fhir")
	byURL, byType := readFHIR(t, b)
	if n != len(byURL) {
		t.Errorf("%d resources are told of, %d written", n, len(byURL))
	}
	questions := map[string]map[string]fhirItem{}
	for _, q := range byType["Questionnaire"] {
		questions[q.URL+"|"+q.Version] = flat(q.Item, map[string]fhirItem{})
	}
	code := func(r resource) string { return byURL[r.Subject.Reference].Identifier[0].Value }
	got := map[string]string{}
	for _, r := range byType["QuestionnaireResponse"] {
		asked := questions[r.Questionnaire]
		if asked == nil {
			t.Errorf("%s is not in the bundle", r.Questionnaire)
		}
		for link, item := range flat(r.Item, map[string]fhirItem{}) {
			if asked[link].LinkID == "" {
				t.Errorf("%s is not asked in %s", link, r.Questionnaire)
			}
			if asked[link].Type != "group" {
				submitted := r.Authored
				if r.Status == "in-progress" {
					submitted = ""
				}
				key := strings.Join([]string{code(r), r.said("urn:tidemark:wave"), link}, " ")
				got[key] = answerOf(item, asked[link]) + " " + submitted
			}
		}
	}
	want := map[string]string{}
	for _, row := range given(t, read(t, export.Long, l.store, l.study.ID)) {
		why := map[string]string{"skipped": "asked-declined", "not_shown": "not-asked", "in_texts": "masked", "": ""}[row["missing"]]
		want[row["participant"]+" "+row["wave"]+" "+row["item"]] = row["value"] + row["text"] + why + " " + row["submitted_at"]
	}
	sameAll(t, "answer", got, want)
	scores := map[string]string{}
	for _, o := range byType["Observation"] {
		value, why := "", ""
		if o.ValueQuantity != nil {
			value = o.ValueQuantity.Value.String()
		}
		if o.DataAbsentReason != nil {
			why = o.DataAbsentReason.Text
		}
		from := byURL[o.DerivedFrom[0].Reference]
		if from.Authored != o.EffectiveDateTime || from.Subject != o.Subject {
			t.Errorf("the score %s does not fit what it comes from", o.ID)
		}
		key := strings.Join([]string{code(o), o.said("urn:tidemark:wave"), strings.TrimPrefix(o.Code.Coding[0].System, "urn:tidemark:scale:"), o.Code.Coding[0].Code}, " ")
		scores[key] = strings.Join([]string{value, why, o.Component[0].ValueInteger.String(), o.Component[1].ValueInteger.String(), o.Method.Text}, "|")
	}
	want = map[string]string{}
	for _, row := range given(t, read(t, export.Scores, l.store, l.study.ID)) {
		why := map[string]string{"too_few_answered": "too few items answered for a score"}[row["missing"]]
		want[strings.Join([]string{row["participant"], row["wave"], row["instrument"], row["scale"]}, " ")] = strings.Join([]string{row["value"], why, row["answered"], row["items"], row["rule"]}, "|")
	}
	sameAll(t, "score", scores, want)
	people(t, l, byURL, byType)
}

// answerOf is an answer in the writing of CSV.
func answerOf(item, asked fhirItem) string {
	for _, e := range item.Extension {
		return e.ValueCode
	}
	var all []string
	for _, a := range item.Answer {
		switch {
		case a.ValueBoolean != nil:
			all = append(all, map[bool]string{true: "1", false: "0"}[*a.ValueBoolean])
		case a.ValueCoding != nil:
			offered := slices.ContainsFunc(asked.AnswerOption, func(o struct {
				ValueCoding struct{ Code, Display string }
			}) bool {
				return o.ValueCoding == *a.ValueCoding
			})
			all = append(all, a.ValueCoding.Code+map[bool]string{false: " which is no option"}[offered])
		default:
			all = append(all, a.ValueDate+a.ValueDecimal.String()+a.ValueInteger.String())
		}
	}
	slices.SortFunc(all, func(a, b string) int {
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return int(x - y)
	})
	return strings.Join(all, ",")
}

// people compares who is in the bundle with the wide file.
func people(t *testing.T, l *little, byURL map[string]resource, byType map[string][]resource) {
	t.Helper()
	got, want := map[string]string{}, map[string]string{}
	for _, s := range byType["ResearchSubject"] {
		if byURL[s.Individual.Reference].Identifier[0] != s.Identifier[0] || byURL[s.Study.Reference].Identifier[0].Value != l.study.Key {
			t.Errorf("%s is somebody else", s.Identifier[0].Value)
		}
		got[s.Identifier[0].Value] = strings.Join([]string{
			s.AssignedArm, s.said("urn:tidemark:run"), s.Period.Start, s.Period.End, s.Status, s.said("urn:tidemark:share-consent"), s.said("urn:tidemark:contact-consent"),
		}, "|")
	}
	for _, row := range inJSON(t, l, "wide") {
		v := row.values
		status := "on-study"
		end := v["withdrawn_at"]
		switch {
		case end != "":
			status = "withdrawn"
		case v["declined_at"] != "":
			status, end = "not-registered", v["declined_at"]
		}
		want[v["participant"]] = strings.Join([]string{v["arm"], v["run"], v["enrolled_at"], end, status, v["share_consent"], v["contact_consent"]}, "|")
	}
	sameAll(t, "person", got, want)
}

// sameAll compares what was read with what is stored, one by one.
func sameAll(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("there is no %s", what)
	}
	for key, value := range want {
		if g, there := got[key]; g != value {
			t.Errorf("%s %s is %q (there: %t), want %q", what, key, g, there, value)
		}
	}
	for key, value := range got {
		if _, there := want[key]; !there {
			t.Errorf("%s %s is %s, and nowhere else", what, key, fmt.Sprintf("%q", value))
		}
	}
}
