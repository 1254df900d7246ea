package odm

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"time"
)

// Subject is a person's data.
type Subject struct {
	XMLName struct{}    `xml:"SubjectData"`
	Key     string      `xml:"SubjectKey,attr"`
	Events  []EventData `xml:"StudyEventData"`
}

// EventData is what was filled in on an occasion.
type EventData struct {
	OID   string     `xml:"StudyEventOID,attr"`
	Forms []FormData `xml:"FormData"`
}

// FormData is a form that was filled in.
type FormData struct {
	OID    string      `xml:"FormOID,attr"`
	Groups []GroupData `xml:"ItemGroupData"`
}

// GroupData is a part of it.
type GroupData struct {
	OID   string     `xml:"ItemGroupOID,attr"`
	Items []ItemData `xml:"ItemData"`
}

// ItemData is a value, or why there is none.
type ItemData struct {
	OID    string      `xml:"ItemOID,attr"`
	IsNull string      `xml:"IsNull,attr,omitempty"` // Yes or absent
	Value  *string     `xml:"Value,attr"`
	Why    *Annotation `xml:"Annotation"`
}

// Annotation is a note on a value: a flag of a code list.
type Annotation struct {
	Number int  `xml:"SeqNum,attr"`
	Flag   Flag `xml:"Flag>FlagValue"`
}

// Flag is a value of a code list.
type Flag struct {
	List  string `xml:"CodeListOID,attr"`
	Value string `xml:",chardata"`
}

// Null is an item without a value, for a reason of a code list.
func Null(item, list, why string) ItemData {
	return ItemData{OID: item, IsNull: "Yes", Why: &Annotation{1, Flag{list, why}}}
}

// Of is an item with a value.
func Of(item, value string) ItemData { return ItemData{OID: item, Value: &value} }

// File says what a file is of.
type File struct {
	OID         string
	Description string
	At          time.Time // of the data
	Program     string
}

// TimeForm is how instants are written.
const TimeForm = "2006-01-02T15:04:05.000Z"

// Writer writes one file.
type Writer struct {
	out *bufio.Writer
	xml *xml.Encoder
	end []xml.EndElement
}

// New begins a file with the study and opens its data.
func New(w io.Writer, f File, s Study) (*Writer, error) {
	ow := &Writer{out: bufio.NewWriterSize(w, 64<<10)}
	ow.xml = xml.NewEncoder(ow.out)
	ow.xml.Indent("", " ")
	attribute := func(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }
	at := f.At.UTC().Format(TimeForm)
	if _, err := ow.out.WriteString(xml.Header); err != nil {
		return nil, fmt.Errorf("odm file: %w", err)
	}
	err := ow.open("ODM",
		attribute("xmlns", "http://www.cdisc.org/ns/odm/v1.3"), attribute("ODMVersion", "1.3.2"), attribute("FileType", "Snapshot"),
		attribute("FileOID", f.OID), attribute("Description", f.Description), attribute("CreationDateTime", at), attribute("AsOfDateTime", at),
		attribute("Originator", f.Program), attribute("SourceSystem", f.Program))
	if err == nil {
		err = ow.xml.Encode(s)
	}
	if err == nil {
		err = ow.open("ClinicalData", attribute("StudyOID", s.OID), attribute("MetaDataVersionOID", s.MetaData.OID))
	}
	if err != nil {
		return nil, fmt.Errorf("odm file: %w", err)
	}
	return ow, nil
}

func (w *Writer) open(name string, attributes ...xml.Attr) error {
	start := xml.StartElement{Name: xml.Name{Local: name}, Attr: attributes}
	w.end = append(w.end, start.End())
	return w.xml.EncodeToken(start)
}

// Subject writes a person's data.
func (w *Writer) Subject(s Subject) error {
	if err := w.xml.Encode(s); err != nil {
		return fmt.Errorf("odm file: %w", err)
	}
	return nil
}

// Close ends the file.
func (w *Writer) Close() error {
	for _, end := range slices.Backward(w.end) {
		if err := w.xml.EncodeToken(end); err != nil {
			return fmt.Errorf("odm file: %w", err)
		}
	}
	if err := w.xml.Close(); err != nil {
		return fmt.Errorf("odm file: %w", err)
	}
	if err := w.out.WriteByte('\n'); err != nil {
		return fmt.Errorf("odm file: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("odm file: %w", err)
	}
	return nil
}
