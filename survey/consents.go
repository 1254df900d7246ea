package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/consent"
)

// Consents are the use cases of writing what people agree to. Researchers of the
// study and administrators may write (else ErrForbidden), everyone who has to do
// with the study may read (else ErrNotFound).
type Consents struct{ env Env }

// ConsentBook is everything about a study's consent texts.
type ConsentBook struct {
	Study    Study
	Versions []ConsentVersion // the newest first
	Drafts   []ConsentDraft   // of the version to come, and translations of the one in force
	// Languages are those a text is, or should be, told in: ours, and what
	// the study has added. The study's own comes first.
	Languages []string
	// Missing are those the version in force is not told in.
	Missing []string
	// InForce is the text in the study's language; the zero value when
	// nothing has been published.
	InForce ConsentText
	// Safety is what the study declares about who reads answers and when, by
	// language. It is put into texts as they are published.
	Safety map[string]string
	// SafetyChanged are the languages in which the version in force says
	// something else. Only [Consents.Book] knows.
	SafetyChanged []string
}

// Draft finds a draft.
func (b ConsentBook) Draft(version int, language string) (ConsentDraft, bool) {
	for _, d := range b.Drafts {
		if d.Version == version && d.Language == language {
			return d, true
		}
	}
	return ConsentDraft{}, false
}

// Next is the number of the version to come.
func (b ConsentBook) Next() int { return b.Study.ConsentVersion + 1 }

// Told reports whether a version is told in a language.
func (b ConsentBook) Told(version int, language string) bool {
	for _, v := range b.Versions {
		if v.Version == version {
			return slices.Contains(v.Languages, language)
		}
	}
	return false
}

// Book reads all versions and drafts of a study.
func (u *Consents) Book(ctx context.Context, a Actor, id StudyID) (ConsentBook, error) {
	if !a.MayKnowStudy(id) {
		return ConsentBook{}, ErrNotFound
	}
	var b ConsentBook
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		if b, err = consentBook(ctx, r, id); err != nil {
			return err
		}
		for _, v := range b.Versions {
			if v.Version != b.Study.ConsentVersion {
				continue
			}
			for _, l := range v.Languages {
				t, err := r.ConsentTextIn(ctx, id, v.Version, l)
				if err != nil {
					return err
				}
				if said := b.Safety[l]; said != "" && said != t.Text.Safety {
					b.SafetyChanged = append(b.SafetyChanged, l)
				}
			}
		}
		return nil
	})
	if err != nil {
		return ConsentBook{}, fmt.Errorf("consent texts of study %s: %w", id, err)
	}
	return b, nil
}

// Lacks is what a draft lacks to be published.
func (b ConsentBook) Lacks(d ConsentDraft) FieldErrors {
	b.tell(&d)
	own := b.Study.Language
	if d.Language == own {
		return faultsOf(d.Text.Check(d.Version > 1))
	}
	base := b.InForce
	if d.Version == b.Next() {
		first, ok := b.Draft(d.Version, own)
		if !ok {
			return faultsOf(d.Text.Check(d.Version > 1))
		}
		base = ConsentText{Version: d.Version, Text: first.Text}
	}
	return translationFaults(d.Text, base)
}

// tell puts what the study declares about who reads answers into a text. Where the
// declaration has words in the study's language alone, a translation must not say
// otherwise: it stays incomplete.
func (b ConsentBook) tell(d *ConsentDraft) {
	switch {
	case b.Safety[d.Language] != "":
		d.Text.Safety = b.Safety[d.Language]
	case b.Safety[b.Study.Language] != "":
		d.Text.Safety = ""
	}
}

func consentBook(ctx context.Context, r Reader, id StudyID) (ConsentBook, error) {
	var b ConsentBook
	var err error
	if b.Study, err = r.Study(ctx, id); err != nil {
		return b, err
	}
	if b.Versions, err = r.ConsentVersions(ctx, id); err != nil {
		return b, err
	}
	if b.Drafts, err = r.ConsentDrafts(ctx, id); err != nil {
		return b, err
	}
	safety, err := r.Safety(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return b, err
	}
	b.Safety = safety.Wording
	b.Languages = []string{b.Study.Language}
	add := func(languages ...string) {
		for _, l := range languages {
			if !slices.Contains(b.Languages, l) {
				b.Languages = append(b.Languages, l)
			}
		}
	}
	add(consent.Languages()...)
	for _, v := range b.Versions {
		add(v.Languages...)
	}
	for _, d := range b.Drafts {
		add(d.Language)
	}
	if b.Study.ConsentVersion == 0 {
		return b, nil
	}
	for _, l := range b.Languages {
		if !b.Told(b.Study.ConsentVersion, l) {
			b.Missing = append(b.Missing, l)
		}
	}
	b.InForce, err = r.ConsentText(ctx, id, b.Study.ConsentVersion)
	return b, err
}

// Text reads a published version in a language.
func (u *Consents) Text(ctx context.Context, a Actor, id StudyID, version int, language string) (ConsentText, error) {
	if !a.MayKnowStudy(id) {
		return ConsentText{}, ErrNotFound
	}
	t, err := u.env.Store.ConsentTextIn(ctx, id, version, language)
	if err != nil {
		return ConsentText{}, fmt.Errorf("consent text: %w", err)
	}
	return t, nil
}

// Begun is the draft that is written on, or what it would begin with: the newest
// text in that language, else our own, else an empty one with every element to be
// told. ErrConflict when that version is published in that language, or cannot be
// written yet.
func (u *Consents) Begun(ctx context.Context, a Actor, id StudyID, version int, language string) (ConsentDraft, error) {
	if !a.MayWriteConsent(id) {
		return ConsentDraft{}, ErrForbidden
	}
	b, err := u.Book(ctx, a, id)
	if err != nil {
		return ConsentDraft{}, err
	}
	if d, ok := b.Draft(version, language); ok {
		return d, nil
	}
	if err := b.writable(version, language); err != nil {
		return ConsentDraft{}, err
	}
	d := ConsentDraft{StudyID: id, Version: version, Language: language}
	d.Text, err = u.beginning(ctx, b, version, language)
	if err != nil {
		return ConsentDraft{}, fmt.Errorf("begin a consent text: %w", err)
	}
	return d, nil
}

// beginning is what a draft starts with.
func (u *Consents) beginning(ctx context.Context, b ConsentBook, version int, language string) (consent.Text, error) {
	var t consent.Text
	found := false
	for _, d := range b.Drafts { // newest first; a translation left over is better than none
		if d.Language == language && !found {
			t, found = d.Text, true
		}
	}
	for _, v := range b.Versions {
		if !found && slices.Contains(v.Languages, language) {
			published, err := u.env.Store.ConsentTextIn(ctx, b.Study.ID, v.Version, language)
			if err != nil {
				return t, err
			}
			t, found = published.Text, published.Text.Structured()
		}
	}
	if found {
		if version > b.Study.ConsentVersion {
			t.Changed = ""
		}
		return t, nil
	}
	if slices.Contains(consent.Languages(), language) {
		return consent.Template(language, consent.Blanks{Rehearsal: b.Study.Simulated})
	}
	t = consent.Text{MinimumAge: consent.DefaultMinimumAge}
	for _, e := range consent.Elements() {
		t.Sections = append(t.Sections, consent.Section{Element: e})
	}
	return t, nil
}

// writable reports whether a version can be written in a language: the next one,
// or the one in force where it lacks that language.
func (b ConsentBook) writable(version int, language string) error {
	if !isLanguage(language) {
		return ErrNotFound
	}
	next := version == b.Next()
	translation := version > 0 && version == b.Study.ConsentVersion && !b.Told(version, language)
	if !next && !translation {
		return ErrConflict
	}
	return nil
}

// What a text may hold at most, in characters.
const (
	maxConsentLine = 300
	maxConsentBody = 6000
)

// Write keeps a draft, complete or not, under its next revision. One that somebody
// else has written to meanwhile is ErrConflict; too long or unreadable texts are
// FieldErrors, and nothing is written.
func (u *Consents) Write(ctx context.Context, a Actor, d ConsentDraft) (ConsentDraft, error) {
	if !a.MayWriteConsent(d.StudyID) {
		return ConsentDraft{}, ErrForbidden
	}
	if err := checkConsent(d.Text).OrNil(); err != nil {
		return ConsentDraft{}, err
	}
	d.SavedAt, d.SavedBy = u.env.now(), a.author().Name
	event := u.env.event(a, d.StudyID, d.SavedAt, ActionConsentWritten, "consent text", d.name())
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		b, err := consentBook(ctx, tx, d.StudyID)
		if err != nil {
			return err
		}
		if err := b.writable(d.Version, d.Language); err != nil {
			return err
		}
		kept, err := tx.PutConsentDraft(ctx, d)
		if err != nil {
			return err
		}
		if !kept {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return ConsentDraft{}, fmt.Errorf("write a consent text: %w", err)
	}
	d.Revision++
	return d, nil
}

// name says which text a draft is.
func (d ConsentDraft) name() string { return fmt.Sprintf("version %d in %s", d.Version, d.Language) }

func checkConsent(t consent.Text) FieldErrors {
	faults := FieldErrors{}
	checkText(faults, "title", t.Title, maxConsentLine)
	checkText(faults, "summary", t.Summary, maxConsentBody)
	checkText(faults, "changed", t.Changed, maxConsentBody)
	checkText(faults, "safety", t.Safety, maxConsentBody)
	for _, s := range t.Sections {
		checkText(faults, string(s.Element)+"_heading", s.Heading, maxConsentLine)
		checkText(faults, string(s.Element), s.Body, maxConsentBody)
	}
	for _, c := range t.Choices {
		checkText(faults, string(c.Key), c.Label, maxConsentLine)
	}
	if t.MinimumAge < 0 || t.MinimumAge > 99 {
		faults["minimum_age"] = "consent.minimum_age"
	}
	return faults
}

// Discard throws a draft with that revision away. No such draft is ErrConflict.
func (u *Consents) Discard(ctx context.Context, a Actor, d ConsentDraft) error {
	if !a.MayWriteConsent(d.StudyID) {
		return ErrForbidden
	}
	event := u.env.event(a, d.StudyID, u.env.now(), ActionConsentDiscarded, "consent text", d.name())
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		gone, err := tx.DeleteConsentDraft(ctx, d)
		if err != nil {
			return err
		}
		if !gone {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("discard a consent text: %w", err)
	}
	return nil
}

// ConsentRevisions names drafts as they were seen, as "de:1 en:3".
func ConsentRevisions(drafts []ConsentDraft, version int) string {
	var seen []string
	for _, d := range drafts {
		if d.Version == version {
			seen = append(seen, d.Language+":"+strconv.Itoa(d.Revision))
		}
	}
	slices.Sort(seen)
	return strings.Join(seen, " ")
}

// Publish makes the drafts of a version final that are complete. The next version
// needs its text in the study's own language, and comes into force at once; of the
// version in force, further languages can be published. The drafts must be as they
// were seen (else ErrConflict). What the text lacks is FieldErrors, and nothing is
// written; a translation that lacks something stays a draft.
func (u *Consents) Publish(ctx context.Context, a Actor, id StudyID, version int, seen string) ([]string, error) {
	if !a.MayWriteConsent(id) {
		return nil, ErrForbidden
	}
	now := u.env.now()
	var told []string
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		b, err := consentBook(ctx, tx, id)
		if err != nil {
			return err
		}
		if seen == "" || ConsentRevisions(b.Drafts, version) != seen {
			return ErrConflict
		}
		told, err = u.publish(ctx, tx, a, b, version, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("publish consent text %d: %w", version, err)
	}
	return told, nil
}

// publish writes what is complete and gives the languages.
func (u *Consents) publish(ctx context.Context, tx Tx, a Actor, b ConsentBook, version int, now time.Time) ([]string, error) {
	study := b.Study
	base := b.InForce
	for i := range b.Drafts {
		b.tell(&b.Drafts[i])
	}
	switch version {
	case b.Next():
		d, ok := b.Draft(version, study.Language)
		if !ok {
			d.Text = consent.Text{}
		}
		if err := faultsOf(d.Text.Check(version > 1)).OrNil(); err != nil {
			return nil, err
		}
		base = ConsentText{
			StudyID: study.ID, Version: version, Language: study.Language, Text: d.Text, WordingOnly: d.WordingOnly && version > 1,
			PublishedBy: a.author().Name, CreatedAt: now,
		}
		if err := tx.CreateConsentText(ctx, base); err != nil {
			return nil, err
		}
		ok, err := tx.SetConsentVersion(ctx, study.ID, study.ConsentVersion, version)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, ErrConflict
		}
	case study.ConsentVersion:
	default:
		return nil, ErrConflict
	}
	told, faults, err := u.publishDrafts(ctx, tx, b, base, now)
	if err != nil {
		return nil, err
	}
	if len(told) == 0 {
		if err := faults.OrNil(); err != nil {
			return nil, err
		}
		return nil, ErrConflict
	}
	event := u.env.event(a, study.ID, now, ActionConsentPublished, "consent text", "version "+strconv.Itoa(version))
	event.Detail = strings.Join(told, ", ")
	if base.WordingOnly {
		event.Detail += "; wording only"
	}
	return told, tx.AppendAudit(ctx, event)
}

// publishDrafts turns the complete drafts of a version into translations of base,
// and removes them.
func (u *Consents) publishDrafts(ctx context.Context, tx Tx, b ConsentBook, base ConsentText, now time.Time) ([]string, FieldErrors, error) {
	var told []string
	var faults FieldErrors
	for _, d := range b.Drafts {
		if d.Version != base.Version {
			continue
		}
		if d.Language != base.Language {
			d.Text.MinimumAge = base.Text.MinimumAge
			if lacks := translationFaults(d.Text, base); len(lacks) > 0 {
				faults = lacks
				continue
			}
			t := base
			t.Language, t.Text, t.CreatedAt = d.Language, d.Text, now
			if err := tx.CreateConsentTranslation(ctx, t); err != nil {
				return nil, nil, err
			}
		}
		if _, err := tx.DeleteConsentDraft(ctx, d); err != nil {
			return nil, nil, err
		}
		told = append(told, d.Language)
	}
	return told, faults, nil
}

// translationFaults is what a text lacks to be shown in place of base.
func translationFaults(t consent.Text, base ConsentText) FieldErrors {
	faults := faultsOf(t.Check(base.Version > 1))
	for _, k := range keysOf(base.Text) {
		if _, ok := t.Choice(k); !ok {
			faults[string(k)] = "consent.missing"
		}
	}
	for _, k := range keysOf(t) {
		if _, ok := base.Text.Choice(k); !ok {
			faults[string(k)] = "consent.choice_unknown"
		}
	}
	return faults
}

// faultsOf puts what a text lacks into words to be shown.
func faultsOf(lacks []consent.Fault) FieldErrors {
	faults := FieldErrors{}
	for _, f := range lacks {
		key := "consent." + string(f.Problem)
		if f.Problem == consent.Missing && (consent.Element(f.Field).Valid() || f.Field == "safety") {
			key += "." + f.Field
		}
		faults[f.Field] = key
	}
	return faults
}

// begin gives a new study drafts of its texts; they are published when it opens.
func (u *Consents) begin(ctx context.Context, tx Tx, a Actor, s Study, n NewStudy, now time.Time) error {
	blanks := consent.Blanks{Team: n.Team, Contact: n.Contact, Ethics: n.Ethics, Rehearsal: n.Simulated}
	for _, language := range consent.Languages() {
		text, err := consent.Template(language, blanks)
		if err != nil {
			return err
		}
		d := ConsentDraft{StudyID: s.ID, Version: 1, Language: language, Text: text, SavedAt: now, SavedBy: a.author().Name}
		if _, err := tx.PutConsentDraft(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// ready makes sure that a study has a text to be opened with, publishing the first
// if it is still a draft.
func (u *Consents) ready(ctx context.Context, tx Tx, a Actor, id StudyID, now time.Time) error {
	b, err := consentBook(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.Study.ConsentVersion == 0 {
		_, err := u.publish(ctx, tx, a, b, 1, now)
		return err
	}
	return faultsOf(b.InForce.Text.Check(b.Study.ConsentVersion > 1)).OrNil()
}
