package odm

// Text is a text in some languages.
type Text struct {
	Translated []Translated `xml:"TranslatedText"`
}

// Translated is a text in a language.
type Translated struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

// In is a text in one language; nil where there is none.
func In(language, text string) *Text {
	if text == "" {
		return nil
	}
	return &Text{[]Translated{{language, text}}}
}

// Study is what is asked, of whom and when.
type Study struct {
	XMLName     struct{}  `xml:"Study"`
	OID         string    `xml:"OID,attr"`
	Name        string    `xml:"GlobalVariables>StudyName"`
	Description string    `xml:"GlobalVariables>StudyDescription"`
	Protocol    string    `xml:"GlobalVariables>ProtocolName"`
	Units       []Unit    `xml:"BasicDefinitions>MeasurementUnit"`
	MetaData    *MetaData `xml:"MetaDataVersion"`
}

// Unit is a unit of numbers.
type Unit struct {
	OID    string `xml:"OID,attr"`
	Name   string `xml:"Name,attr"`
	Symbol Text   `xml:"Symbol"`
}

// MetaData are the definitions that the data refer to.
type MetaData struct {
	OID        string      `xml:"OID,attr"`
	Name       string      `xml:"Name,attr"`
	Events     []Ref       `xml:"Protocol>StudyEventRef"`
	EventDefs  []Event     `xml:"StudyEventDef"`
	Forms      []Form      `xml:"FormDef"`
	Groups     []Group     `xml:"ItemGroupDef"`
	Items      []Item      `xml:"ItemDef"`
	Lists      []CodeList  `xml:"CodeList"`
	Conditions []Condition `xml:"ConditionDef"`
	Methods    []Method    `xml:"MethodDef"`
}

// Ref refers to a definition, from one that it is a part of.
type Ref struct {
	Event     string `xml:"StudyEventOID,attr,omitempty"`
	Form      string `xml:"FormOID,attr,omitempty"`
	Group     string `xml:"ItemGroupOID,attr,omitempty"`
	Item      string `xml:"ItemOID,attr,omitempty"`
	Order     int    `xml:"OrderNumber,attr"`
	Mandatory YesNo  `xml:"Mandatory,attr"`
	Method    string `xml:"MethodOID,attr,omitempty"`
	Condition string `xml:"CollectionExceptionConditionOID,attr,omitempty"`
}

// YesNo is written in words.
type YesNo bool

// MarshalText writes it.
func (y YesNo) MarshalText() ([]byte, error) {
	if y {
		return []byte("Yes"), nil
	}
	return []byte("No"), nil
}

// Event is an occasion on which forms are filled in.
type Event struct {
	OID       string `xml:"OID,attr"`
	Name      string `xml:"Name,attr"`
	Repeating YesNo  `xml:"Repeating,attr"`
	Type      string `xml:"Type,attr"` // Scheduled or Common
	Forms     []Ref  `xml:"FormRef"`
}

// Form is a form.
type Form struct {
	OID         string `xml:"OID,attr"`
	Name        string `xml:"Name,attr"`
	Repeating   YesNo  `xml:"Repeating,attr"`
	Description *Text  `xml:"Description"`
	Groups      []Ref  `xml:"ItemGroupRef"`
}

// Group is a part of a form.
type Group struct {
	OID         string `xml:"OID,attr"`
	Name        string `xml:"Name,attr"`
	Repeating   YesNo  `xml:"Repeating,attr"`
	Description *Text  `xml:"Description"`
	Items       []Ref  `xml:"ItemRef"`
}

// Item is a variable.
type Item struct {
	OID         string   `xml:"OID,attr"`
	Name        string   `xml:"Name,attr"`
	DataType    string   `xml:"DataType,attr"`
	Length      int      `xml:"Length,attr,omitempty"`
	Digits      int      `xml:"SignificantDigits,attr,omitempty"`
	Description *Text    `xml:"Description"`
	Question    *Text    `xml:"Question"`
	Unit        *UnitRef `xml:"MeasurementUnitRef"`
	Checks      []Check  `xml:"RangeCheck"`
	List        *ListRef `xml:"CodeListRef"`
}

// UnitRef refers to a unit.
type UnitRef struct {
	OID string `xml:"MeasurementUnitOID,attr"`
}

// ListRef refers to a code list.
type ListRef struct {
	OID string `xml:"CodeListOID,attr"`
}

// Check bounds a number.
type Check struct {
	Comparator string `xml:"Comparator,attr"` // GE or LE
	SoftHard   string `xml:"SoftHard,attr"`
	Value      string `xml:"CheckValue"`
}

// CodeList says what values mean.
type CodeList struct {
	OID      string `xml:"OID,attr"`
	Name     string `xml:"Name,attr"`
	DataType string `xml:"DataType,attr"`
	Items    []Code `xml:"CodeListItem"`
}

// Code is a value and what it means.
type Code struct {
	Value  string `xml:"CodedValue,attr"`
	Order  int    `xml:"OrderNumber,attr"`
	Decode Text   `xml:"Decode"`
}

// Condition is when something is not asked.
type Condition struct {
	OID         string      `xml:"OID,attr"`
	Name        string      `xml:"Name,attr"`
	Description *Text       `xml:"Description"`
	Expression  *Expression `xml:"FormalExpression"`
}

// Expression is a rule in some language.
type Expression struct {
	Context string `xml:"Context,attr"`
	Text    string `xml:",chardata"`
}

// Method is how something is computed.
type Method struct {
	OID         string `xml:"OID,attr"`
	Name        string `xml:"Name,attr"`
	Type        string `xml:"Type,attr"` // Computation
	Description *Text  `xml:"Description"`
}
