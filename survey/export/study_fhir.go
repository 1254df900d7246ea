package export

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/export/fhir"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// Addresses of our own extensions and systems in FHIR.
const (
	fhirWave     = "urn:tidemark:wave"
	fhirRun      = "urn:tidemark:run"
	fhirLaterRun = "urn:tidemark:crossover-run"
	fhirCrossed  = "urn:tidemark:crossed-at"
	fhirShare    = "urn:tidemark:share-consent"
	fhirContact  = "urn:tidemark:contact-consent"
	fhirStudy    = "urn:tidemark:study"
	fhirPerson   = "urn:tidemark:participant:" // and the key of the study
	fhirScale    = "urn:tidemark:scale:"       // and the key of the questionnaire
	fhirCount    = "urn:tidemark:count"
	fhirArmKey   = "urn:tidemark:arm"
)

// writeFHIR writes the study as a FHIR R4 bundle: the study, every questionnaire that
// was asked, and for each person who they are, what they answered, and their scores.
// It gives the number of resources.
func writeFHIR(ctx context.Context, r survey.DataReader, f *frame, w io.Writer) (int, error) {
	study := f.design.Study
	fw := &fhirWriter{frame: f, study: fhir.ID(string(study.ID))}
	fw.out = fhir.New(w, fhir.ID(string(study.ID), "bundle"), f.lastChange(), study.Simulated)
	if err := fw.design(); err != nil {
		return 0, err
	}
	if err := f.eachVisit(ctx, r, fw); err != nil {
		return 0, err
	}
	return fw.out.Entries(), fw.out.Close()
}

type fhirWriter struct {
	*frame
	out   *fhir.Bundle
	study string // identifier of the ResearchStudy
}

// id is that of something in the study.
func (w *fhirWriter) id(parts ...string) string {
	return fhir.ID(append([]string{string(w.frame.design.Study.ID)}, parts...)...)
}

func (w *fhirWriter) design() error {
	s := w.frame.design.Study
	study := fhir.ResearchStudy{
		ResourceType: "ResearchStudy", ID: w.study, Language: s.Language, Title: s.Title,
		Identifier: []fhir.Identifier{{System: fhirStudy, Value: s.Key}},
		Status:     map[survey.StudyState]string{survey.StudyDraft: "in-review", survey.StudyOpen: "active", survey.StudyClosed: "completed"}[s.State],
	}
	if study.Status == "" {
		study.Status = "active" // a snapshot is of a study that was open
	}
	for _, a := range w.frame.design.Arms {
		study.Arm = append(study.Arm, fhir.Arm{Name: a.Name, Extension: []fhir.Extension{{URL: fhirArmKey, ValueString: a.Key}}})
	}
	if err := w.out.Add(study.ID, study); err != nil {
		return err
	}
	for _, d := range w.definitions() {
		id := w.id("questionnaire", d.Key, d.Version)
		q, err := exchange.FHIRResource(d, id)
		if err != nil {
			return err
		}
		if err := w.out.Add(id, q); err != nil {
			return err
		}
	}
	return nil
}

func fhirTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(fhir.TimeForm)
}

// person writes who somebody is: a Patient with a code, and their part in the study.
func (w *fhirWriter) person(i int) error {
	e := w.people[i]
	named := []fhir.Identifier{{System: fhirPerson + w.frame.design.Study.Key, Value: e.Code}}
	patient := fhir.Patient{ResourceType: "Patient", ID: w.id("patient", e.Code), Identifier: named}
	if err := w.out.Add(patient.ID, patient); err != nil {
		return err
	}
	arm, _ := w.frame.design.Arm(e.ArmID)
	subject := fhir.ResearchSubject{
		ResourceType: "ResearchSubject", ID: w.id("subject", e.Code), Identifier: named, Status: "on-study",
		Period: &fhir.Period{Start: fhirTime(e.EnrolledAt)}, Study: fhir.To(w.study), Individual: fhir.To(patient.ID), AssignedArm: arm.Key,
		Extension: []fhir.Extension{{URL: fhirRun, ValueString: w.runs[e.RunID].name}},
	}
	switch {
	case !e.WithdrawnAt.IsZero():
		subject.Status, subject.Period.End = "withdrawn", fhirTime(e.WithdrawnAt)
	case !e.DeclinedAt.IsZero():
		subject.Status, subject.Period.End = "not-registered", fhirTime(e.DeclinedAt)
	}
	if e.Crossed() {
		subject.Extension = append(subject.Extension,
			fhir.Extension{URL: fhirLaterRun, ValueString: w.runs[e.CrossedTo].name},
			fhir.Extension{URL: fhirCrossed, ValueDateTime: fhirTime(e.CrossedAt)})
	}
	for _, k := range []struct {
		key consent.ChoiceKey
		url string
	}{{consent.ShareData, fhirShare}, {consent.ContactLater, fhirContact}} {
		if granted, asked := w.choices[e.ID][k.key]; asked {
			subject.Extension = append(subject.Extension, fhir.Extension{URL: k.url, ValueBoolean: &granted})
		}
	}
	return w.out.Add(subject.ID, subject)
}

// visit writes a questionnaire as it was answered, and its scores.
func (w *fhirWriter) visit(v *visit, scores []visitScore) error {
	code := w.people[v.person].Code
	patient := fhir.To(w.id("patient", code))
	response := fhir.QuestionnaireResponse{
		ResourceType: "QuestionnaireResponse", ID: w.id("response", code, v.wave.Key, v.def.Key, v.def.Version),
		Questionnaire: exchange.FHIRAddress(v.def) + "|" + v.def.Version, Status: "completed",
		Subject: patient, Author: patient, Source: patient, Authored: fhirTime(v.submitted),
		Extension: []fhir.Extension{{URL: fhirWave, ValueString: v.wave.Key}},
	}
	if v.submitted.IsZero() {
		response.Status, response.Authored = "in-progress", fhirTime(v.saved)
	}
	if len(v.def.Layout) == 0 {
		for _, item := range v.def.Items {
			response.Item = w.answer(response.Item, v, item)
		}
	}
	for n, page := range v.def.Layout {
		group := fhir.Item{LinkID: "page_" + strconv.Itoa(n+1)} // as in the Questionnaire
		for _, c := range page.Items {
			if item, known := v.def.Item(c); known {
				group.Item = w.answer(group.Item, v, item)
			}
		}
		if len(group.Item) > 0 {
			response.Item = append(response.Item, group)
		}
	}
	if err := w.out.Add(response.ID, response); err != nil {
		return err
	}
	for _, s := range scores {
		if err := w.score(v, s, patient, response.ID); err != nil {
			return err
		}
	}
	return nil
}

func absent(code string) []fhir.Extension {
	return []fhir.Extension{{URL: fhir.AbsentReason, ValueCode: code}}
}

// answer adds what a person said to an item, or why they did not. An answer in their
// own words is masked: see Texts.
func (w *fhirWriter) answer(to []fhir.Item, v *visit, item instrument.Item) []fhir.Item {
	row, there := v.answers[item.Code]
	if !there {
		return to
	}
	into := fhir.Item{LinkID: item.Code}
	switch {
	case row.Missing == survey.MissingSkipped:
		into.Extension = absent("asked-declined")
	case row.Missing == survey.MissingNotShown:
		into.Extension = absent("not-asked")
	case row.Missing != survey.NotMissing || w.ownWords[v.at][item.Code]: // withheld
		into.Extension = absent("masked")
	default:
		into.Answer = fhirAnswers(v.def, item, row)
	}
	return append(to, into)
}

func fhirAnswers(d *instrument.Definition, item instrument.Item, row survey.ResponseRow) []fhir.Answer {
	value := row.Value
	switch item.Type {
	case instrument.TypeYesNo:
		yes := value == 1
		return []fhir.Answer{{ValueBoolean: &yes}}
	case instrument.TypeDate:
		return []fhir.Answer{{ValueDate: row.Text}}
	case instrument.TypeNumber, instrument.TypeSlider:
		if item.Range != nil && item.Range.Step == 1 && value == math.Trunc(value) {
			whole := int64(value)
			return []fhir.Answer{{ValueInteger: &whole}}
		}
		return []fhir.Answer{{ValueDecimal: &value}}
	default:
		var all []fhir.Answer
		options, _ := d.ItemOptions(item.Code)
		chosen := []float64{value}
		if item.Type == instrument.TypeMultiple {
			chosen = instrument.ValueOf(instrument.TypeMultiple, row.Value, row.Text).Choices()
		}
		for _, c := range chosen {
			coding := &fhir.Coding{Code: string(appendNumber(nil, c)), Extension: []fhir.Extension{{URL: fhir.OrdinalValue, ValueDecimal: &c}}}
			if i := slices.IndexFunc(options, func(o instrument.Option) bool { return o.Value == c }); i >= 0 {
				coding.Display = options[i].Label
			}
			all = append(all, fhir.Answer{ValueCoding: coding})
		}
		return all
	}
}

// score writes a score as an Observation that follows from the response.
func (w *fhirWriter) score(v *visit, s visitScore, patient *fhir.Reference, response string) error {
	count := func(code, words string, n int) fhir.Component {
		return fhir.Component{Code: fhir.Concept{Coding: []fhir.Coding{{System: fhirCount, Code: code, Display: words}}}, ValueInteger: &n}
	}
	o := fhir.Observation{
		ResourceType: "Observation", ID: w.id("score", w.people[v.person].Code, v.wave.Key, v.def.Key, v.def.Version, s.scale.Key),
		Status: "final", Subject: patient, EffectiveDateTime: fhirTime(v.submitted),
		Extension: []fhir.Extension{{URL: fhirWave, ValueString: v.wave.Key}},
		Category: []fhir.Concept{{Coding: []fhir.Coding{{
			System: "http://terminology.hl7.org/CodeSystem/observation-category", Code: "survey", Display: "Survey",
		}}}},
		Code:   fhir.Concept{Coding: []fhir.Coding{{System: fhirScale + v.def.Key, Code: s.scale.Key, Display: s.scale.Name}}, Text: s.scale.Name},
		Method: &fhir.Concept{Text: s.rule}, DerivedFrom: []*fhir.Reference{fhir.To(response)},
		Component: []fhir.Component{
			count("answered", "Items of the scale that were answered", int(s.answered)), count("items", "Items of the scale", len(s.scale.Items)),
		},
	}
	if s.valid {
		o.ValueQuantity = &fhir.Quantity{Value: s.value, Unit: "score", System: fhir.UCUM, Code: "{score}"}
	} else {
		o.DataAbsentReason = &fhir.Concept{Coding: []fhir.Coding{{System: fhir.AbsentSystem, Code: "unknown", Display: "Unknown"}}, Text: whyTooFew.Text}
	}
	return w.out.Add(o.ID, o)
}
