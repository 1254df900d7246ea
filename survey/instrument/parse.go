package instrument

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"tidemark/survey/internal/definition"
)

var (
	// codePattern is what R, SPSS and SQL all accept as a column name.
	codePattern     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,25}$`)
	versionPattern  = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

const (
	maxItems    = 300
	maxScales   = 100
	maxVectors  = 200
	maxOptions  = 100
	maxSteps    = 1000
	maxPageSize = 50
	maxMinutes  = 240
	// scoreTolerance is the greatest difference between a vector's score and
	// the computed one; vectors are written with at least nine decimals.
	scoreTolerance = 1e-9
)

// Parse reads a definition from JSON and checks it. The error is of type Faults
// and holds every mistake, with its place; the definition is then nil.
func Parse(data []byte) (*Definition, error) {
	d := &Definition{}
	faults := definition.Decode(data, d)
	if len(faults) > 0 {
		return nil, faults
	}
	if err := d.check().Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// check finds every mistake of a definition and makes its conditions ready for
// use.
func (d *Definition) check() Faults {
	c := &checker{d: d, names: map[string]string{}}
	if c.tooLarge(); len(c.faults) > 0 { // the checks below take longer than the file is long
		return c.faults
	}
	c.head()
	c.options("options", d.Options)
	c.sets()
	c.items()
	c.layout()
	form, faults := d.compile()
	d.Form, c.faults = form, append(c.faults, faults...)
	c.scales()
	c.translations()
	c.vectors()
	if len(c.faults) == 0 { // scoring is defined only for a sound definition
		c.scoring()
	}
	return c.faults
}

// checker collects faults while it walks a definition.
type checker struct {
	d      *Definition
	faults Faults
	// names are the item codes and scale keys seen so far and their places:
	// both become columns of one table, so no two may be equal.
	names map[string]string
}

// tooLarge finds lists longer than any questionnaire needs.
func (c *checker) tooLarge() {
	limit := func(place string, n, most int) {
		if n > most {
			c.faults.Add(place, "has %d entries; %d are possible", n, most)
		}
	}
	if n := len(c.d.Items); n > maxItems {
		c.faults.Add("items", "has %d items; between 1 and %d are possible", n, maxItems)
	}
	limit("pages", len(c.d.Layout), maxItems)
	limit("sets", len(c.d.Sets), maxItems)
	limit("scales", len(c.d.Scales), maxScales)
	limit("vectors", len(c.d.Vectors), maxVectors)
	limit("translations", len(c.d.Translations), maxTranslations)
	limit("cautions", len(c.d.Cautions), maxScales)
	for i, item := range c.d.Items {
		if item.Risk != nil {
			limit(fmt.Sprintf("items[%d].risk.values", i), len(item.Risk.Values), maxOptions)
		}
	}
	for i, page := range c.d.Layout {
		limit(fmt.Sprintf("pages[%d].items", i), len(page.Items), maxPageSize)
	}
	for i, scale := range c.d.Scales {
		place := fmt.Sprintf("scales[%d]", i)
		limit(place+".items", len(scale.Items), maxItems)
		limit(place+".reversed", len(scale.Reversed), maxItems)
		limit(place+".parts", len(scale.Parts), maxScales)
		limit(place+".lookup", len(scale.Lookup), maxSums)
		limit(place+".norms", len(scale.Norms), maxScales)
		limit(place+".reliability", len(scale.Reliability), maxScales)
		limit(place+".bands", len(scale.Bands), maxScales)
		limit(place+".changes", len(scale.Changes), maxScales)
	}
}

func (c *checker) text(place, value string) {
	switch {
	case strings.TrimSpace(value) == "":
		c.faults.Add(place, "is missing or empty")
	case strings.TrimSpace(value) != value:
		c.faults.Add(place, "has spaces or line breaks at its ends")
	}
}

// mayText checks a text that may be left out.
func (c *checker) mayText(place, value string) {
	if value != "" {
		c.text(place, value)
	}
}

func (c *checker) head() {
	d := c.d
	if !codePattern.MatchString(d.Key) {
		c.faults.Add("key", "%q must match %s", d.Key, codePattern)
	}
	if !versionPattern.MatchString(d.Version) {
		c.faults.Add("version", "%q must be three numbers such as 1.0.0", d.Version)
	}
	c.text("title", d.Title)
	c.text("heading", d.Heading)
	c.text("intro", d.Intro)
	if !languagePattern.MatchString(d.Language) {
		c.faults.Add("language", "%q must be a language tag such as en", d.Language)
	}
	if !d.Purpose.Valid() {
		c.faults.Add("purpose", "%q must be left out, or be %q, %q or %q", d.Purpose, PurposePractice, PurposeExperience, PurposeBackground)
	}
	if d.Purpose == PurposePractice && len(d.Items) != 2 {
		c.faults.Add("items", "has %d items; a recall of practice has two: days in the week, and minutes on such a day", len(d.Items))
	}
	if d.Purpose != PurposeOutcome && len(d.Scales) > 0 {
		c.faults.Add("scales", "are for outcomes; a questionnaire on practice, experience or background has none")
	}
	c.text("status", d.Status)
	c.text("terms", d.Terms)
	c.text("citation", d.Citation)
	if !(d.Minutes > 0 && d.Minutes <= maxMinutes) {
		c.faults.Add("minutes", "%v must be above 0 and at most %d", d.Minutes, maxMinutes)
	}
	if d.PageSize < 0 || d.PageSize > maxPageSize || d.PageSize == 0 && len(d.Layout) == 0 {
		c.faults.Add("page_size", "%d must be between 1 and %d", d.PageSize, maxPageSize)
	}
	c.licence()
	for i, caution := range d.Cautions {
		c.text(fmt.Sprintf("cautions[%d]", i), caution)
	}
}

// licences are the kinds of terms.
var licences = []string{"free", "conditional", "ask", "proprietary"}

func (c *checker) licence() {
	l := c.d.Licence
	if l == nil {
		return
	}
	if !slices.Contains(licences, l.Kind) {
		c.faults.Add("licence.kind", "%q must be one of %s", l.Kind, strings.Join(licences, ", "))
	}
	if l.URL != "" {
		if u, err := url.Parse(l.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			c.faults.Add("licence.url", "%q must be a web address", l.URL)
		}
	}
}

// name checks an item code or scale key and that no other has it.
func (c *checker) name(place, name string) {
	if !codePattern.MatchString(name) {
		c.faults.Add(place, "%q must match %s", name, codePattern)
		return
	}
	if first, taken := c.names[name]; taken {
		c.faults.Add(place, "%q is already used at %s", name, first)
		return
	}
	c.names[name] = place
}
