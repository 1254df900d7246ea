package exchange

// The parts of a FHIR R4 Questionnaire (https://hl7.org/fhir/R4/questionnaire.html)
// that are read and written.

type fhirQuestionnaire struct {
	ResourceType string          `json:"resourceType"`
	ID           string          `json:"id,omitempty"`
	Extension    []fhirExtension `json:"extension,omitempty"`
	URL          string          `json:"url,omitempty"`
	Contained    []fhirValueSet  `json:"contained,omitempty"`
	Language     string          `json:"language,omitempty"`
	Version      string          `json:"version,omitempty"`
	Name         string          `json:"name,omitempty"`
	Title        string          `json:"title,omitempty"`
	TitleMore    *fhirMore       `json:"_title,omitempty"`
	Status       string          `json:"status"`
	Description  string          `json:"description,omitempty"`
	DescMore     *fhirMore       `json:"_description,omitempty"`
	Purpose      string          `json:"purpose,omitempty"`
	Copyright    string          `json:"copyright,omitempty"`
	Item         []fhirItem      `json:"item,omitempty"`
}

type fhirItem struct {
	Extension      []fhirExtension `json:"extension,omitempty"`
	LinkID         string          `json:"linkId"`
	Code           []fhirCoding    `json:"code,omitempty"`
	Prefix         string          `json:"prefix,omitempty"`
	Text           string          `json:"text,omitempty"`
	TextMore       *fhirMore       `json:"_text,omitempty"`
	Type           string          `json:"type"`
	EnableWhen     []fhirEnable    `json:"enableWhen,omitempty"`
	EnableBehavior string          `json:"enableBehavior,omitempty"`
	Required       bool            `json:"required,omitempty"`
	Repeats        bool            `json:"repeats,omitempty"`
	ReadOnly       bool            `json:"readOnly,omitempty"`
	MaxLength      int             `json:"maxLength,omitempty"`
	AnswerValueSet string          `json:"answerValueSet,omitempty"`
	AnswerOption   []fhirOption    `json:"answerOption,omitempty"`
	Initial        []any           `json:"initial,omitempty"`
	Item           []fhirItem      `json:"item,omitempty"`
}

type fhirOption struct {
	Extension    []fhirExtension `json:"extension,omitempty"`
	ValueCoding  *fhirCoding     `json:"valueCoding,omitempty"`
	ValueInteger *int64          `json:"valueInteger,omitempty"`
	ValueString  *string         `json:"valueString,omitempty"`
	ValueDate    *string         `json:"valueDate,omitempty"`
}

type fhirCoding struct {
	Extension   []fhirExtension `json:"extension,omitempty"`
	System      string          `json:"system,omitempty"`
	Code        string          `json:"code,omitempty"`
	Display     string          `json:"display,omitempty"`
	DisplayMore *fhirMore       `json:"_display,omitempty"`
}

type fhirEnable struct {
	Question string `json:"question"`
	Operator string `json:"operator"`

	AnswerBoolean *bool       `json:"answerBoolean,omitempty"`
	AnswerDecimal *float64    `json:"answerDecimal,omitempty"`
	AnswerInteger *int64      `json:"answerInteger,omitempty"`
	AnswerDate    *string     `json:"answerDate,omitempty"`
	AnswerString  *string     `json:"answerString,omitempty"`
	AnswerCoding  *fhirCoding `json:"answerCoding,omitempty"`
}

type fhirExtension struct {
	URL                  string          `json:"url"`
	Extension            []fhirExtension `json:"extension,omitempty"`
	ValueBoolean         *bool           `json:"valueBoolean,omitempty"`
	ValueCode            string          `json:"valueCode,omitempty"`
	ValueCoding          *fhirCoding     `json:"valueCoding,omitempty"`
	ValueCodeableConcept *fhirConcept    `json:"valueCodeableConcept,omitempty"`
	ValueDecimal         *float64        `json:"valueDecimal,omitempty"`
	ValueInteger         *int64          `json:"valueInteger,omitempty"`
	ValueString          string          `json:"valueString,omitempty"`
}

type fhirConcept struct {
	Coding []fhirCoding `json:"coding,omitempty"`
	Text   string       `json:"text,omitempty"`
}

// fhirMore carries the translations of a text.
type fhirMore struct {
	Extension []fhirExtension `json:"extension,omitempty"`
}

type fhirValueSet struct {
	ResourceType string `json:"resourceType"`
	ID           string `json:"id"`
	Compose      *struct {
		Include []struct {
			System  string       `json:"system,omitempty"`
			Concept []fhirCoding `json:"concept,omitempty"`
		} `json:"include,omitempty"`
	} `json:"compose,omitempty"`
	Expansion *struct {
		Contains []fhirCoding `json:"contains,omitempty"`
	} `json:"expansion,omitempty"`
}

// Addresses of extensions: those of FHIR itself, and ours for what it has no place
// for.
const (
	fhirOrdinal     = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
	fhirItemWeight  = "http://hl7.org/fhir/StructureDefinition/itemWeight"
	fhirTranslation = "http://hl7.org/fhir/StructureDefinition/translation"
	fhirMin         = "http://hl7.org/fhir/StructureDefinition/minValue"
	fhirMax         = "http://hl7.org/fhir/StructureDefinition/maxValue"
	fhirControl     = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
	fhirUnit        = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
	fhirStep        = "http://hl7.org/fhir/StructureDefinition/questionnaire-sliderStepValue"
	fhirExclusive   = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
	fhirHidden      = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
	fhirControls    = "http://hl7.org/fhir/questionnaire-item-control"

	ownScales    = "urn:tidemark:scales"
	ownCondition = "urn:tidemark:condition"
	ownRequired  = "urn:tidemark:required-if"
	ownAnswers   = "urn:tidemark:answers"
)

func extension(list []fhirExtension, url string) *fhirExtension {
	for i := range list {
		if list[i].URL == url {
			return &list[i]
		}
	}
	return nil
}

func (e *fhirExtension) number() (float64, bool) {
	switch {
	case e == nil:
	case e.ValueDecimal != nil:
		return *e.ValueDecimal, true
	case e.ValueInteger != nil:
		return float64(*e.ValueInteger), true
	}
	return 0, false
}

// control is the name of how an item is shown, such as "slider"; empty: none.
func control(list []fhirExtension) string {
	e := extension(list, fhirControl)
	if e == nil || e.ValueCodeableConcept == nil || len(e.ValueCodeableConcept.Coding) == 0 {
		return ""
	}
	return e.ValueCodeableConcept.Coding[0].Code
}

func controlled(code string) fhirExtension {
	return fhirExtension{URL: fhirControl, ValueCodeableConcept: &fhirConcept{Coding: []fhirCoding{{System: fhirControls, Code: code}}}}
}

// spoken are the translations of a text, by language.
func (m *fhirMore) spoken() map[string]string {
	if m == nil {
		return nil
	}
	texts := map[string]string{}
	for _, e := range m.Extension {
		if e.URL != fhirTranslation {
			continue
		}
		var language, content string
		for _, part := range e.Extension {
			switch part.URL {
			case "lang":
				language = part.ValueCode
			case "content":
				content = part.ValueString
			}
		}
		if language != "" && content != "" {
			texts[language] = content
		}
	}
	return texts
}

// said writes translations; nil when there are none. languages are in order.
func said(languages []string, text func(language string) string) *fhirMore {
	var m fhirMore
	for _, l := range languages {
		if t := text(l); t != "" {
			m.Extension = append(m.Extension, fhirExtension{URL: fhirTranslation, Extension: []fhirExtension{
				{URL: "lang", ValueCode: l}, {URL: "content", ValueString: t},
			}})
		}
	}
	if m.Extension == nil {
		return nil
	}
	return &m
}
