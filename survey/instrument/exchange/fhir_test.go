package exchange_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

func TestAQuestionnaireComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	all, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(all, parse(t, sample)) {
		data, _, err := exchange.WriteFHIR(d)
		if err != nil {
			t.Fatal(err)
		}
		back, lost, err := exchange.ReadFHIR(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", d.Key, err)
		}
		want := essence(d)
		for i := range want.Items { // told as left out
			want.Items[i].Unwanted, want.Items[i].Risk, want.Items[i].Fixed, want.Items[i].Identifying = false, nil, false, instrument.IdentifyingNot
		}
		if diff := cmp.Diff(essence(back), want); diff != "" {
			t.Errorf("%s: got -, want +:\n%s", d.Key, diff)
		}
		if back.Key != d.Key || back.Version != d.Version || back.Title != d.Title || back.Intro != d.Intro || back.Language != d.Language {
			t.Errorf("%s came back as %s %s %q", d.Key, back.Key, back.Version, back.Title)
		}
		for language, t1 := range d.Translations {
			t2 := back.Translations[language]
			for code, it := range t1.Items {
				if t2.Items[code].Text != it.Text {
					t.Errorf("%s, %s, %s: %q", d.Key, language, code, t2.Items[code].Text)
				}
			}
		}
		if len(lost) > 0 && told(lost, "condition") {
			t.Errorf("%s: %v", d.Key, lost)
		}
	}
}

// hospital is a Questionnaire as another system might send it.
const hospital = `{"resourceType": "Questionnaire", "status": "active", "title": "Sleep", "version": "3", "url": "http://example.org/q",
 "contained": [{"resourceType": "ValueSet", "id": "yn", "compose": {"include": [{"concept": [{"code": "Y", "display": "Yes"}, {"code": "N", "display": "No"}]}]}}],
 "item": [
  {"linkId": "/1", "type": "choice", "text": "Slept well?", "answerValueSet": "#yn", "code": [{"code": "1234-5"}], "required": true},
  {"linkId": "2", "type": "group", "text": "Night", "item": [
    {"linkId": "2.1", "type": "choice", "text": "How often awake?", "_text": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": "Wie oft wach?"}]}]},
     "answerOption": [
      {"valueCoding": {"code": "LA1", "display": "Never", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]}},
      {"valueCoding": {"code": "LA2", "display": "Often", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}]}}],
     "enableWhen": [{"question": "/1", "operator": "=", "answerCoding": {"code": "N"}}],
     "item": [{"linkId": "2.1.1", "type": "string", "text": "Why?", "enableWhen": [{"question": "2.1", "operator": "exists", "answerBoolean": true}]}]},
    {"linkId": "2.2", "type": "group", "text": "Bed", "item": [{"linkId": "2.2.1", "type": "decimal", "text": "Hours"}]},
    {"linkId": "2.3", "type": "attachment", "text": "Photo"}]},
  {"linkId": "3", "type": "open-choice", "text": "Other", "answerOption": [{"valueString": "Tea"}, {"valueString": "Milk"}], "repeats": true, "initial": [{"valueString": "Tea"}]}
 ]}`

func TestWhatAQuestionnaireHasBeyondOursIsListed(t *testing.T) {
	t.Parallel()
	d, lost, err := exchange.ReadFHIR(strings.NewReader(hospital))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1234-5", `"/1" became "q_1"`, "Y = 1, N = 2", "by their weight", "asked after it", "in line", "attachment", "own words", "in advance",
		"language is not stated", "version", "how it is scored",
	} {
		if !told(lost, want) {
			t.Errorf("%q is not told in:\n%v", want, lost)
		}
	}
	often, _ := d.Item("q_2_1")
	options, _ := d.ItemOptions("q_2_1")
	why, _ := d.Item("q_2_1_1")
	if often.ShowIf != "q_1 == 2" || len(options) != 2 || options[1].Value != 3 || why.ShowIf != "answered(q_2_1)" {
		t.Errorf("%+v %v %+v", often, options, why)
	}
	if got := d.Translations["de"].Items["q_2_1"].Text; got != "Wie oft wach?" {
		t.Errorf("German: %q", got)
	}
	var pages [][]string
	for _, p := range d.Layout {
		pages = append(pages, p.Items)
	}
	want := [][]string{{"q_1"}, {"q_2_1", "q_2_1_1", "q_2_2", "q_2_2_1"}, {"q_3"}}
	if diff := cmp.Diff(pages, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
}

func TestAFileThatIsNoQuestionnaireSaysSo(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "{", "[]", `{"resourceType":"Patient"}`, `{"resourceType":"Questionnaire","status":"draft"}`} {
		_, _, err := exchange.ReadFHIR(strings.NewReader(file))
		if _, ok := errors.AsType[*exchange.FileError](err); !ok {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func FuzzReadFHIR(f *testing.F) {
	f.Add([]byte(hospital))
	if d, err := instrument.Parse([]byte(sample)); err == nil {
		data, _, _ := exchange.WriteFHIR(d)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := exchange.ReadFHIR(bytes.NewReader(data))
		sound(t, err, d)
	})
}
