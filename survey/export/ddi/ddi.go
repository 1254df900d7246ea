package ddi

import (
	"encoding/xml"
	"fmt"
	"io"
)

// CodeBook is the document.
type CodeBook struct {
	XMLName  struct{} `xml:"codeBook"`
	XMLNS    string   `xml:"xmlns,attr"`
	Version  string   `xml:"version,attr"`
	Lang     string   `xml:"xml:lang,attr,omitempty"`
	Document Citation `xml:"docDscr>citation"`
	Study    Study    `xml:"stdyDscr"`
	Files    []File   `xml:"fileDscr"`
	Data     Data     `xml:"dataDscr"`
}

// Citation names a thing and says who made it.
type Citation struct {
	Title    Titl   `xml:"titlStmt>titl"`
	ID       string `xml:"titlStmt>IDNo,omitempty"`
	Producer string `xml:"prodStmt>producer,omitempty"`
	Date     *Dated `xml:"prodStmt>prodDate"`
	Software string `xml:"prodStmt>software,omitempty"`
}

// Titl is a title.
type Titl struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

// Dated is a day, for programs and for people.
type Dated struct {
	Date string `xml:"date,attr"`
	Text string `xml:",chardata"`
}

// Study describes the study.
type Study struct {
	Citation Citation `xml:"citation"`
	Abstract string   `xml:"stdyInfo>abstract,omitempty"`
	Unit     string   `xml:"stdyInfo>sumDscr>anlyUnit,omitempty"`
	Kind     string   `xml:"stdyInfo>sumDscr>dataKind,omitempty"`
	TimeMeth string   `xml:"method>dataColl>timeMeth,omitempty"`
	CollMode string   `xml:"method>dataColl>collMode,omitempty"`
	Notes    []string `xml:"notes,omitempty"`
}

// File is a file of data.
type File struct {
	ID        string `xml:"ID,attr"`
	Name      string `xml:"fileTxt>fileName"`
	Contents  string `xml:"fileTxt>fileCont"`
	Cases     string `xml:"fileTxt>dimensns>caseQnty,omitempty"`
	Variables int    `xml:"fileTxt>dimensns>varQnty"`
	Type      string `xml:"fileTxt>fileType"`
}

// Data are the variables, and which belong together.
type Data struct {
	Groups    []Group    `xml:"varGrp"`
	Variables []Variable `xml:"var"`
}

// Group are the variables of a questionnaire at a wave.
type Group struct {
	ID        string `xml:"ID,attr"`
	Type      string `xml:"type,attr"` // section
	Variables string `xml:"var,attr"`  // identifiers, with spaces between
	Label     Label  `xml:"labl"`
	Text      string `xml:"txt,omitempty"`
	Notes     []Note `xml:"notes"`
}

// Label is a short text.
type Label struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

// Note is what has no place elsewhere.
type Note struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// Variable is a variable.
type Variable struct {
	ID       string     `xml:"ID,attr"`
	Name     string     `xml:"name,attr"`
	Files    string     `xml:"files,attr"`
	Interval string     `xml:"intrvl,attr,omitempty"` // contin or discrete
	Label    Label      `xml:"labl"`
	Question *Question  `xml:"qstn"`
	Range    *Range     `xml:"valrng>range"`
	Universe string     `xml:"universe,omitempty"`
	Text     []string   `xml:"txt,omitempty"`
	Values   []Category `xml:"catgry"`
	Concept  *Concept   `xml:"concept"`
	Derived  string     `xml:"derivation>drvdesc,omitempty"`
	Format   Format     `xml:"varFormat"`
	Notes    []Note     `xml:"notes"`
}

// Question is the wording of a question.
type Question struct {
	Literal Label `xml:"qstnLit"`
}

// Range bounds the values.
type Range struct {
	Min string `xml:"min,attr"`
	Max string `xml:"max,attr"`
}

// Category is a value and what it means.
type Category struct {
	Missing string `xml:"missing,attr,omitempty"` // Y
	Value   string `xml:"catValu"`
	Label   Label  `xml:"labl"`
}

// Concept ties the variables of one question or scale together.
type Concept struct {
	Vocabulary string `xml:"vocab,attr"`
	Text       string `xml:",chardata"`
}

// Format is how values are written.
type Format struct {
	Type     string `xml:"type,attr"` // numeric or character
	Category string `xml:"category,attr,omitempty"`
}

// Write writes the document.
func (c CodeBook) Write(w io.Writer) error {
	c.XMLNS, c.Version = "ddi:codebook:2_5", "2.5"
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("ddi codebook: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(c); err != nil {
		return fmt.Errorf("ddi codebook: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("ddi codebook: %w", err)
	}
	return nil
}
