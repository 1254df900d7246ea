package export

import (
	"context"
	"fmt"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/deidentify"
	"tidemark/survey/instrument"
)

// Request is what a file is made of, and whom for.
type Request struct {
	Study    survey.StudyID
	Snapshot int // its number
	Profile  deidentify.Profile
	LeaveOut []string // see deidentify.Options
}

// Detail is how the audit trail tells of what was made of a snapshot.
func (q Request) Detail(what string) string {
	text := fmt.Sprintf("%s, snapshot %d", what, q.Snapshot)
	if q.Profile != deidentify.Internal {
		text += ", " + string(q.Profile)
	}
	if len(q.LeaveOut) > 0 {
		text += " without " + strings.Join(q.LeaveOut, " ")
	}
	return text
}

// Open reads a snapshot under a profile. Whoever may analyse the study may; anyone
// else is survey.ErrForbidden.
func Open(ctx context.Context, cases *survey.Snapshots, a survey.Actor, q Request) (survey.DataReader, error) {
	f, err := cases.Open(ctx, a, q.Study, q.Snapshot)
	if err != nil || q.Profile == deidentify.Internal {
		return f, err
	}
	key, err := cases.ProfileKey(a, q.Study)
	if err != nil {
		return nil, wrap(err, "for others")
	}
	r, err := deidentify.Open(ctx, f, deidentify.Options{Profile: q.Profile, Key: key, LeaveOut: q.LeaveOut})
	if err != nil {
		return nil, wrap(err, "for others")
	}
	return r, nil
}

// ReportOf says what a profile has done to data; false: they are as they are.
func ReportOf(r survey.DataReader) (deidentify.Report, bool) {
	if others, ok := r.(*deidentify.Reader); ok {
		return others.Report(), true
	}
	return deidentify.Report{}, false
}

// ManifestProfile says whom a bundle is for, and what was done to the data for that.
type ManifestProfile struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning"`
	// Key tells keys apart and not what they are: with another key the same
	// snapshot gives another file.
	Key string `json:"key,omitempty"`
	// LeftOut are people who have not agreed that their answers go to others.
	LeftOut int              `json:"people_left_out"`
	Asked   bool             `json:"asked_about_sharing"`
	Changes []ManifestChange `json:"changes"`
	// Alike is about people who are alike in what can be known of them.
	Alike *ManifestAlike `json:"k_anonymity,omitempty"`
	Words []string       `json:"in_words"`
}

// ManifestChange is what was done to a column, or to those of one question.
type ManifestChange struct {
	Columns []string `json:"columns"`
	What    string   `json:"what"`
	Why     string   `json:"why"`
	// People are those whose value is withheld; nil: everybody, or nobody.
	People *int `json:"people,omitempty"`
}

// ManifestAlike is the k-anonymity of a bundle.
type ManifestAlike struct {
	K        int                   `json:"k"`
	Smallest int                   `json:"smallest_group"`
	Below    int                   `json:"people_in_smaller_groups"`
	People   int                   `json:"people"`
	Columns  []ManifestAlikeColumn `json:"quasi_identifiers"`
}

// ManifestAlikeColumn is a quasi-identifier.
type ManifestAlikeColumn struct {
	Columns []string `json:"columns"`
	// Without is how many people would be in smaller groups without it.
	Without int `json:"people_in_smaller_groups_without"`
}

// manifestProfile says what was done.
func (f *frame) manifestProfile() ManifestProfile {
	p := ManifestProfile{Name: string(f.profile()), Meaning: f.profile().Meaning(), Changes: []ManifestChange{}, Words: []string{}}
	if f.others == nil {
		return p
	}
	r := f.others.Report()
	p.Key, p.LeftOut, p.Asked, p.Words = f.others.KeyName(), r.LeftOut, r.Asked, r.Words()
	names := f.wideNames()
	for _, c := range r.Changes {
		m := ManifestChange{Columns: []string{c.Column}, What: string(c.What), Why: c.Why}
		if c.Column == "" {
			m.Columns = names.of(c.Wave, c.Instrument, c.Item)
		}
		if c.People >= 0 {
			m.People = &c.People
		}
		p.Changes = append(p.Changes, m)
	}
	p.Alike = &ManifestAlike{K: r.Least, Smallest: r.Smallest, Below: r.Below, People: r.People, Columns: []ManifestAlikeColumn{}}
	for _, c := range r.Columns {
		columns := []string{c.Item}
		if c.Wave != "" {
			columns = names.of(c.Wave, c.Instrument, c.Item)
		}
		p.Alike.Columns = append(p.Alike.Columns, ManifestAlikeColumn{columns, c.BelowWithout})
	}
	return p
}

// wideNames are the columns of the wide table by wave, questionnaire and item or
// scale, each by its key.
type wideNames map[[3]string][]string

func (f *frame) wideNames() wideNames {
	names := wideNames{}
	for _, c := range f.columns() {
		s, key := f.sheets[c.sheet], ""
		switch c.kind {
		case columnItem, columnChoice, columnDay:
			item, _ := f.item(c)
			key = item.Code
		case columnScore:
			key = f.scale(c).Key
		case columnSubmitted, columnVersion, columnSource:
			continue
		}
		at := [3]string{s.Wave.Key, s.Def.Key, key}
		names[at] = append(names[at], c.name)
	}
	return names
}

// of are the columns of an item; of one that has none, since it is answered in
// words, the item.
func (n wideNames) of(wave, instrument, item string) []string {
	if columns := n[[3]string{wave, instrument, item}]; len(columns) > 0 {
		return columns
	}
	return []string{item}
}

var whyWithheld = dataset.Reason{Key: string(deidentify.Withheld), Text: "withheld, since it can tell who somebody is"}

// profile is the one that the data are made under.
func (f *frame) profile() deidentify.Profile {
	if f.others == nil {
		return deidentify.Internal
	}
	return f.others.Profile()
}

// whyMissing are the reasons that an answer can be missing for.
func (f *frame) whyMissing() []dataset.Reason {
	why := []dataset.Reason{whySkipped, whyNotShown}
	if f.others != nil {
		why = append(why, whyWithheld)
	}
	return why
}

// whyNotInLong is why an answer was given and is not in the long table. At most
// three reasons fit into SPSS.
func (f *frame) whyNotInLong() dataset.Reason {
	if f.others != nil {
		return whyWithheld
	}
	return whyInTexts
}

// reasons are those of the column missing, with their meaning.
func (f *frame) reasons() []string {
	all := []string{
		string(survey.MissingSkipped) + " = left out by the person",
		string(survey.MissingNotShown) + " = not asked, because of other answers",
	}
	if f.others == nil {
		all = append(all, MissingInTexts+" = answered in the person's own words, which are in the file texts")
	} else {
		all = append(all, whyWithheld.Key+" = "+whyWithheld.Text)
	}
	return append(all, instrument.ReasonTooFewAnswered+" = too few items answered for a score")
}

// timeLabel adds to the label of a time how it is told.
func (f *frame) timeLabel(label string) string {
	switch f.profile() {
	case deidentify.Shared:
		return label + "; moved by whole weeks, the same for all times of a person"
	case deidentify.Public:
		return label + "; in whole weeks from the first meeting of the person’s group, which is told as " + deidentify.Beginning.String()
	case deidentify.Internal:
	}
	return label
}
