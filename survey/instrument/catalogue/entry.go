package catalogue

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/internal/definition"
)

//go:embed entries/*.json
var entryFiles embed.FS

// ErrUnknown is returned for an id that no entry has.
var ErrUnknown = errors.New("the catalogue has no such instrument")

// ErrNotReady is returned for an entry whose key was not confirmed.
var ErrNotReady = errors.New("the key of this instrument is not confirmed")

// An Entry is what is known of one published questionnaire. Items are numbered
// from 1 in the order of the author's sheet, to which the key is bound.
type Entry struct {
	// ID names the entry, such as "scs-26".
	ID string `json:"id"`
	// Ready: the key is confirmed. Why says what is missing otherwise.
	Ready bool   `json:"ready"`
	Why   string `json:"why"`
	// Proprietary: it may be used with a licence only.
	Proprietary bool     `json:"proprietary"`
	Name        string   `json:"name"`
	Short       string   `json:"short"`
	Authors     []string `json:"authors"`
	Year        int      `json:"year"`
	DOI         string   `json:"doi"`
	Citation    string   `json:"citation"`
	// Prefix begins the codes of its items and scales.
	Prefix   string   `json:"prefix"`
	Items    int      `json:"items"`
	Response Response `json:"response"`
	// Scales belong to every questionnaire made of the entry. Alternatives are
	// other ways to add up the same answers that are in print, for files alone.
	Scales       []Scale `json:"scales"`
	Alternatives []Scale `json:"alternatives"`
	// Direction says what high scores mean, as in "more resilience".
	Direction string   `json:"direction"`
	Missing   Missing  `json:"missing"`
	Risk      []Risk   `json:"risk"`
	Cutoffs   []Cutoff `json:"cutoffs"`
	Notes     []string `json:"notes"`
	Cautions  []string `json:"cautions"`
	// OtherKeys are sets of turned items that are in circulation for the same
	// questionnaire, in error or in another order.
	OtherKeys []OtherKey `json:"other_keys"`
	// OtherOrder is the entry of the same items in another order.
	OtherOrder string `json:"other_order"`
	// KeyOnForm: which items are turned is known only from the licensed form.
	KeyOnForm bool `json:"key_on_form"`
	// Subset says where the items stand in a longer form.
	Subset *Subset `json:"subset"`
	// Extra are parts of the sheet that are not scored.
	Extra []string `json:"extra"`
	LOINC *LOINC   `json:"loinc"`
	Terms Terms    `json:"terms"`
	// Minutes to answer.
	Minutes float64 `json:"minutes"`
	// Checked says on what the key rests.
	Checked string `json:"checked"`
}

// Response is the range of the answers.
type Response struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Points is the number of options; 0: a line, in steps of Step.
	Points int     `json:"points"`
	Step   float64 `json:"step"`
	// Ends describes the options, Recall the time that is asked about.
	Ends   string `json:"ends"`
	Recall string `json:"recall"`
	// SheetDescends: the official sheet lists the highest value first.
	SheetDescends bool `json:"sheet_descends"`
	// WordsDescend: the least value has the strongest word, such as "always".
	WordsDescend bool `json:"words_descend"`
}

// Scale is one score, with items by number. Its fields are those of
// [instrument.Scale].
type Scale struct {
	Key          string                   `json:"key"`
	Name         string                   `json:"name"`
	Label        string                   `json:"label"`
	Items        []int                    `json:"items"`
	Reversed     []int                    `json:"reversed"`
	Method       instrument.Method        `json:"method"`
	MinAnswered  int                      `json:"min_answered"`
	Direction    instrument.Direction     `json:"direction"`
	Primary      bool                     `json:"primary"`
	Parent       string                   `json:"parent"`
	Parts        []string                 `json:"parts"`
	Factor       float64                  `json:"factor"`
	Lookup       []instrument.LookupStep  `json:"lookup"`
	Norms        []instrument.Norm        `json:"norms"`
	Reliability  []instrument.Reliability `json:"reliability"`
	Bands        []instrument.Band        `json:"bands"`
	BandsWarning string                   `json:"bands_warning"`
	Changes      []instrument.Change      `json:"changes"`
}

// Missing is the rule for missing answers, and whose it is.
type Missing struct {
	Rule   string `json:"rule"`
	Source string `json:"source"`
}

// Risk is an item whose answers above Above may tell of danger.
type Risk struct {
	Item  int     `json:"item"`
	Above float64 `json:"above"`
	Why   string  `json:"why"`
}

// Cutoff is a score from which something is usually done.
type Cutoff struct {
	Score   string `json:"score"`
	Meaning string `json:"meaning"`
	Source  string `json:"source"`
}

// OtherKey is a set of turned items in circulation.
type OtherKey struct {
	Name     string `json:"name"`
	Reversed []int  `json:"reversed"`
	// Order: right for another order of the same items.
	Order bool `json:"order"`
}

// Subset says which items of another entry these are, in order.
type Subset struct {
	Of     string `json:"of"`
	Items  []int  `json:"items"`
	Source string `json:"source"`
}

// LOINC are the codes of a questionnaire in that vocabulary.
type LOINC struct {
	Panel  string   `json:"panel"`
	Items  []string `json:"items"`
	Total  string   `json:"total"`
	Source string   `json:"source"`
}

// Kinds of terms, the same as those of [instrument.Licence].
const (
	TermsFree        = "free"
	TermsConditional = "conditional"
	TermsAsk         = "ask"
	TermsProprietary = "proprietary"
)

// Terms are what the use of the wording demands, as far as is known. They are no
// legal advice.
type Terms struct {
	Kind string `json:"kind"`
	// Reference demands the number or letter of a licence.
	Reference     bool   `json:"reference"`
	Summary       string `json:"summary"`
	URL           string `json:"url"`
	CopyrightLine string `json:"copyright_line"`
	Evidence      string `json:"evidence"`
}

// All reads the catalogue, ordered by id. It reads anew on each call, so callers
// may keep and change what they get.
func All() ([]*Entry, error) {
	names, err := fs.Glob(entryFiles, "entries/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	all := make([]*Entry, 0, len(names))
	for _, name := range names {
		e, err := read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// ByID reads one entry. The id may be written as the key of a definition too, with
// "_" for "-". It returns ErrUnknown when there is none.
func ByID(id string) (*Entry, error) {
	name := path.Join("entries", strings.ReplaceAll(strings.ToLower(id), "_", "-")+".json")
	if !fs.ValidPath(name) || strings.Contains(id, "/") {
		return nil, fmt.Errorf("catalogue entry %q: %w", id, ErrUnknown)
	}
	if _, err := fs.Stat(entryFiles, name); err != nil {
		return nil, fmt.Errorf("catalogue entry %q: %w", id, ErrUnknown)
	}
	return read(name)
}

func read(name string) (*Entry, error) {
	data, err := entryFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read catalogue entry %s: %w", name, err)
	}
	e := &Entry{}
	if faults := definition.Decode(data, e); len(faults) > 0 {
		return nil, fmt.Errorf("read catalogue entry %s: %w", name, faults.Err())
	}
	return e, nil
}

// DefinitionKey is the key that questionnaires made of the entry have, unchanged:
// "scs_26" for "scs-26".
func (e *Entry) DefinitionKey() string { return strings.ReplaceAll(e.ID, "-", "_") }

// Code is the code of the n-th item, such as "scs_01".
func (e *Entry) Code(n int) string { return fmt.Sprintf("%s_%02d", e.Prefix, n) }

// Codes are the codes of numbered items.
func (e *Entry) Codes(numbers []int) []string {
	codes := make([]string, len(numbers))
	for i, n := range numbers {
		codes[i] = e.Code(n)
	}
	return codes
}

// Reversed are the numbers of the items that the primary scale turns; nil: none.
func (e *Entry) Reversed() []int {
	for _, s := range e.Scales {
		if s.Primary {
			return s.Reversed
		}
	}
	return nil
}

// Slider reports whether answers are set on a line in place of chosen options.
func (e *Entry) Slider() bool { return e.Response.Points == 0 }
