package consent

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Element is something every consent text must tell.
type Element string

// The elements, in the order in which people read them.
const (
	Who             Element = "who"             // who runs the study
	Purpose         Element = "purpose"         // what it is for
	Asked           Element = "asked"           // what is asked, and how long it takes
	Voluntary       Element = "voluntary"       // that one need not, and loses nothing
	Withdrawal      Element = "withdrawal"      // how to stop, and until when data can be removed
	Risks           Element = "risks"           // what may be hard
	Confidentiality Element = "confidentiality" // who reads answers, when, and its limits
	Storage         Element = "storage"         // where data are kept, and how long
	Sharing         Element = "sharing"         // of anonymised data
	Contact         Element = "contact"         // whom to ask, and where to complain
	Ethics          Element = "ethics"          // who has approved, or why nobody needed to
	Support         Element = "support"         // help during and afterwards
)

// Elements lists them all, in the order in which people read them.
func Elements() []Element {
	return []Element{
		Who, Purpose, Asked, Voluntary, Withdrawal, Risks, Confidentiality, Storage, Sharing, Contact, Ethics, Support,
	}
}

// Valid reports whether e is one of the elements.
func (e Element) Valid() bool { return slices.Contains(Elements(), e) }

// ChoiceKey names something a person can agree to besides taking part.
type ChoiceKey string

// The optional consents a text can ask for.
const (
	ContactLater ChoiceKey = "contact_later" // to be asked about later studies
	ShareData    ChoiceKey = "share_data"    // anonymised answers for other researchers
)

// ChoiceKeys lists them all.
func ChoiceKeys() []ChoiceKey { return []ChoiceKey{ContactLater, ShareData} }

// Valid reports whether k is one of the choices.
func (k ChoiceKey) Valid() bool { return slices.Contains(ChoiceKeys(), k) }

// Choice is an optional consent in words, as "You may …".
type Choice struct {
	Key   ChoiceKey `json:"key"`
	Label string    `json:"label"`
}

// Section is one element told: a heading, and paragraphs separated by empty
// lines. A section of a text from before there were elements has none.
type Section struct {
	Element Element `json:"element,omitempty"`
	Heading string  `json:"heading,omitempty"`
	Body    string  `json:"body"`
}

// Paragraphs are the section's.
func (s Section) Paragraphs() []string { return paragraphs(s.Body) }

// Text is what people are told, in one language.
type Text struct {
	Title   string `json:"title"`
	Summary string `json:"summary,omitempty"`
	// Changed says what is different from the version before; empty in a
	// first version.
	Changed  string    `json:"changed,omitempty"`
	Sections []Section `json:"sections"`
	// Safety says who reads the answers and when, and what happens then. It
	// belongs to the section about confidentiality.
	Safety  string   `json:"safety,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
	// MinimumAge is how old people must say they are, in years; 0: they are
	// not asked.
	MinimumAge int `json:"minimum_age,omitempty"`
}

// Structured reports whether the text is told element by element. Texts from
// before there were elements are not.
func (t Text) Structured() bool {
	return slices.ContainsFunc(t.Sections, func(s Section) bool { return s.Element != "" })
}

// Section is the section that tells an element; the zero Section when none does.
func (t Text) Section(e Element) Section {
	for _, s := range t.Sections {
		if s.Element == e {
			return s
		}
	}
	return Section{}
}

// Choice is an optional consent the text asks for.
func (t Text) Choice(k ChoiceKey) (Choice, bool) {
	for _, c := range t.Choices {
		if c.Key == k {
			return c, true
		}
	}
	return Choice{}, false
}

// Paragraphs splits the summary, the safety text or what has changed.
func Paragraphs(text string) []string { return paragraphs(text) }

func paragraphs(text string) []string {
	var all []string
	for part := range strings.SplitSeq(lines(text), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// Canonical is the one form of the text that is kept and hashed: JSON with the
// fields of Text in their order, without spaces.
func (t Text) Canonical() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(t); err != nil {
		return nil, fmt.Errorf("write consent text: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Parse reads the canonical form.
func Parse(data []byte) (Text, error) {
	var t Text
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		return Text{}, fmt.Errorf("read consent text: %w", err)
	}
	return t, nil
}

// Hash is the SHA-256 of the canonical form in hexadecimal; empty for a text that
// cannot be written, of which there is none but a faulty one.
func (t Text) Hash() string {
	data, err := t.Canonical()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
