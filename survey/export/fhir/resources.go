package fhir

// Reference points to a resource.
type Reference struct {
	Reference string `json:"reference"`
}

// Identifier names something within a system.
type Identifier struct {
	System string `json:"system,omitempty"`
	Value  string `json:"value"`
}

// Coding is a code of a system.
type Coding struct {
	Extension []Extension `json:"extension,omitempty"`
	System    string      `json:"system,omitempty"`
	Code      string      `json:"code,omitempty"`
	Display   string      `json:"display,omitempty"`
}

// Concept is what is meant, in codes and words.
type Concept struct {
	Coding []Coding `json:"coding,omitempty"`
	Text   string   `json:"text,omitempty"`
}

// Extension is what FHIR has no place for.
type Extension struct {
	URL           string   `json:"url"`
	ValueBoolean  *bool    `json:"valueBoolean,omitempty"`
	ValueCode     string   `json:"valueCode,omitempty"`
	ValueDateTime string   `json:"valueDateTime,omitempty"`
	ValueDecimal  *float64 `json:"valueDecimal,omitempty"`
	ValueString   string   `json:"valueString,omitempty"`
}

// Addresses of extensions and systems of FHIR itself.
const (
	OrdinalValue = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
	AbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
	AbsentSystem = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
	UCUM         = "http://unitsofmeasure.org"
)

// Period is from when to when.
type Period struct {
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
}

// ResearchStudy is the study.
type ResearchStudy struct {
	ResourceType string       `json:"resourceType"`
	ID           string       `json:"id"`
	Language     string       `json:"language,omitempty"`
	Identifier   []Identifier `json:"identifier,omitempty"`
	Title        string       `json:"title,omitempty"`
	Status       string       `json:"status"`
	Description  string       `json:"description,omitempty"`
	Arm          []Arm        `json:"arm,omitempty"`
}

// Arm is a group of a study.
type Arm struct {
	Extension []Extension `json:"extension,omitempty"`
	Name      string      `json:"name"`
	Type      *Concept    `json:"type,omitempty"`
}

// Patient is a person, of whom nothing is told but the code.
type Patient struct {
	ResourceType string       `json:"resourceType"`
	ID           string       `json:"id"`
	Identifier   []Identifier `json:"identifier"`
}

// ResearchSubject is a person's part in the study.
type ResearchSubject struct {
	ResourceType string       `json:"resourceType"`
	ID           string       `json:"id"`
	Extension    []Extension  `json:"extension,omitempty"`
	Identifier   []Identifier `json:"identifier"`
	Status       string       `json:"status"`
	Period       *Period      `json:"period,omitempty"`
	Study        *Reference   `json:"study"`
	Individual   *Reference   `json:"individual"`
	AssignedArm  string       `json:"assignedArm,omitempty"`
}

// QuestionnaireResponse is a questionnaire as a person has answered it.
type QuestionnaireResponse struct {
	ResourceType  string      `json:"resourceType"`
	ID            string      `json:"id"`
	Extension     []Extension `json:"extension,omitempty"`
	Questionnaire string      `json:"questionnaire"`
	Status        string      `json:"status"`
	Subject       *Reference  `json:"subject"`
	Authored      string      `json:"authored,omitempty"`
	Author        *Reference  `json:"author,omitempty"`
	Source        *Reference  `json:"source,omitempty"`
	Item          []Item      `json:"item,omitempty"`
}

// Item is a group or a question of a response.
type Item struct {
	Extension []Extension `json:"extension,omitempty"`
	LinkID    string      `json:"linkId"`
	Answer    []Answer    `json:"answer,omitempty"`
	Item      []Item      `json:"item,omitempty"`
}

// Answer is one of the answers to a question.
type Answer struct {
	ValueBoolean *bool    `json:"valueBoolean,omitempty"`
	ValueDecimal *float64 `json:"valueDecimal,omitempty"`
	ValueInteger *int64   `json:"valueInteger,omitempty"`
	ValueDate    string   `json:"valueDate,omitempty"`
	ValueCoding  *Coding  `json:"valueCoding,omitempty"`
}

// Observation is a score.
type Observation struct {
	ResourceType      string       `json:"resourceType"`
	ID                string       `json:"id"`
	Extension         []Extension  `json:"extension,omitempty"`
	Status            string       `json:"status"`
	Category          []Concept    `json:"category,omitempty"`
	Code              Concept      `json:"code"`
	Subject           *Reference   `json:"subject"`
	EffectiveDateTime string       `json:"effectiveDateTime,omitempty"`
	ValueQuantity     *Quantity    `json:"valueQuantity,omitempty"`
	DataAbsentReason  *Concept     `json:"dataAbsentReason,omitempty"`
	Method            *Concept     `json:"method,omitempty"`
	DerivedFrom       []*Reference `json:"derivedFrom,omitempty"`
	Component         []Component  `json:"component,omitempty"`
}

// Component is a part of an observation.
type Component struct {
	Code         Concept `json:"code"`
	ValueInteger *int    `json:"valueInteger,omitempty"`
}

// Quantity is a number with its unit.
type Quantity struct {
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"`
	System string  `json:"system,omitempty"`
	Code   string  `json:"code,omitempty"`
}
