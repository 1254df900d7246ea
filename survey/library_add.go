package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/schedule"
)

// NewWording is the wording of a published instrument, from the author's sheet.
type NewWording struct {
	Entry   string // id in the catalogue
	Wording catalogue.Wording
	// Checked: somebody compared items, options and turned items with the sheet.
	Checked bool
	Terms   TermsForm
	Once    Once
}

// AddWording makes a questionnaire of a catalogue's entry and its wording. The terms
// must be accepted by name and date, proprietary ones with a licence. Faults are
// FieldErrors; an instrument that has its wording already is ErrDuplicate.
func (u *Library) AddWording(ctx context.Context, a Actor, n NewWording) (LibraryItem, error) {
	if !a.MayKeepLibrary() {
		return LibraryItem{}, ErrForbidden
	}
	now := u.env.now()
	faults := FieldErrors{}
	e, err := catalogue.ByID(n.Entry)
	if err != nil {
		return LibraryItem{}, fmt.Errorf("add wording: %w", ErrNotFound)
	}
	terms := u.terms(a, e.DefinitionKey(), shownTerms(e), e.Terms.Reference, n.Terms, faults)
	if !n.Checked {
		faults["checked"] = "library.check_needed"
	}
	d, err := e.Definition(n.Wording)
	switch {
	case err != nil && isFault(err):
		faults["sheet"] = "library.wording_does_not_fit"
	case err != nil:
		return LibraryItem{}, fmt.Errorf("add wording of %s: %w", e.ID, err)
	}
	if err := faults.OrNil(); err != nil {
		return LibraryItem{}, err
	}
	item := LibraryItem{
		Version: InstrumentVersion{ID: InstrumentID(u.env.NewID()), Hash: d.Hash(), Definition: d, CreatedAt: now},
		Origin:  OriginCatalogue, Source: e.ID, AddedAt: now, AddedBy: a.author(),
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		shelf, err := u.shelf(ctx, tx, d.Key)
		if err != nil {
			return err
		}
		if len(shelf.Items) > 0 && n.Once == "" {
			return ErrDuplicate
		}
		return u.add(ctx, tx, a, n.Once, item, &terms)
	})
	if err != nil {
		return LibraryItem{}, fmt.Errorf("add wording of %s: %w", e.ID, err)
	}
	return item, nil
}

// shownTerms are the terms of an entry as people are shown them.
func shownTerms(e *catalogue.Entry) string {
	text := e.Terms.Summary
	if e.Terms.CopyrightLine != "" {
		text += "\n" + e.Terms.CopyrightLine
	}
	return text
}

// terms reads an acceptance and notes its faults.
func (u *Library) terms(a Actor, key, text string, reference bool, f TermsForm, faults FieldErrors) AcceptedTerms {
	now := u.env.now()
	name, licence, on := f.check(reference, schedule.DateOf(now), faults)
	return AcceptedTerms{
		ID: TermsID(u.env.NewID()), Key: key, Terms: text, Licence: licence, Name: name, On: on, NotedAt: now, NotedBy: a.author(),
	}
}

// add registers a version with its origin and the terms accepted for it (nil: none).
func (u *Library) add(ctx context.Context, tx Tx, a Actor, once Once, item LibraryItem, terms *AcceptedTerms) error {
	d, now := item.Version.Definition, item.AddedAt
	e := u.env.event(a, "", now, ActionInstrumentAdded, "instrument", string(item.Version.ID))
	e.Detail = d.Key + " " + d.Version
	if err := noteOnce(ctx, tx, once, e); err != nil {
		return err
	}
	if err := tx.CreateInstrumentVersion(ctx, item.Version); err != nil {
		return err
	}
	if err := tx.CreateLibraryEntry(ctx, item); err != nil {
		return err
	}
	if terms == nil {
		return tx.Settle(ctx)
	}
	if err := tx.CreateAcceptedTerms(ctx, *terms); err != nil {
		return err
	}
	e = u.env.event(a, "", now, ActionTermsAccepted, "instrument", string(item.Version.ID))
	e.Detail = d.Key
	return tx.AppendAudit(ctx, e)
}

// NewDefinition is a whole questionnaire: one's own, one from a file, or one that
// began as another.
type NewDefinition struct {
	Definition *instrument.Definition
	Source     string // name of the file; may be empty
	// EditedFrom is the version it began as; empty: none.
	EditedFrom InstrumentID
	Note       string // what was changed
	Terms      TermsForm
	Once       Once
}

// AddDefinition adds a questionnaire, or a new version of one's own. One under the
// name of a published or a built-in instrument must score exactly like it; an edited
// one needs a key and a title of its own. Faults are FieldErrors.
func (u *Library) AddDefinition(ctx context.Context, a Actor, n NewDefinition) (LibraryItem, error) {
	if !a.MayKeepLibrary() {
		return LibraryItem{}, ErrForbidden
	}
	now, d := u.env.now(), n.Definition
	var item LibraryItem
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		item, err = u.addDefinition(ctx, tx, a, n, now)
		return err
	})
	if err != nil {
		return LibraryItem{}, fmt.Errorf("add instrument %s %s: %w", d.Key, d.Version, err)
	}
	return item, nil
}

// addDefinition adds a questionnaire within a transaction.
func (u *Library) addDefinition(ctx context.Context, tx Tx, a Actor, n NewDefinition, now time.Time) (LibraryItem, error) {
	d := n.Definition
	item := LibraryItem{
		Version: InstrumentVersion{ID: InstrumentID(u.env.NewID()), Hash: d.Hash(), Definition: d, CreatedAt: now},
		Origin:  OriginOwn, Source: strings.TrimSpace(n.Source), Note: strings.TrimSpace(n.Note), EditedFrom: n.EditedFrom,
		AddedAt: now, AddedBy: a.author(),
	}
	switch {
	case n.EditedFrom != "":
		item.Origin = OriginEdited
	case item.Source != "":
		item.Origin = OriginImport
	}
	faults := FieldErrors{}
	checkText(faults, "note", item.Note, 1000)
	checkText(faults, "source", item.Source, 200)
	shelf, err := u.shelf(ctx, tx, d.Key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return LibraryItem{}, err
	}
	if n.EditedFrom != "" {
		if err := u.checkEdited(ctx, tx, item, shelf, faults); err != nil {
			return LibraryItem{}, err
		}
	} else {
		u.checkNamed(&item, shelf, faults)
	}
	var terms *AcceptedTerms
	if text, reference, needed := termsOf(d, shelf.Entry); needed && n.EditedFrom == "" {
		t := u.terms(a, d.Key, text, reference, n.Terms, faults)
		terms = &t
	}
	if err := faults.OrNil(); err != nil {
		return LibraryItem{}, err
	}
	return item, u.add(ctx, tx, a, n.Once, item, terms)
}

// termsOf are the terms that must be accepted before a questionnaire is used.
func termsOf(d *instrument.Definition, e *catalogue.Entry) (text string, reference, needed bool) {
	if e != nil {
		return shownTerms(e), e.Terms.Reference, true
	}
	if d.Licence == nil || d.Licence.Kind == catalogue.TermsFree && !d.Licence.Reference {
		return "", false, false
	}
	return d.Terms, d.Licence.Reference || d.Licence.Kind == catalogue.TermsProprietary, true
}

// checkEdited holds an edited questionnaire to having a name of its own.
func (u *Library) checkEdited(ctx context.Context, tx Tx, item LibraryItem, shelf LibraryShelf, faults FieldErrors) error {
	from, err := tx.LibraryItem(ctx, item.EditedFrom)
	if err != nil {
		return err
	}
	d, old := item.Version.Definition, from.Version.Definition
	if shelf.Key != "" {
		faults["key"] = "library.key_taken"
	}
	if strings.EqualFold(strings.TrimSpace(d.Title), strings.TrimSpace(old.Title)) {
		faults["title"] = "library.title_taken"
	}
	if item.Note == "" {
		faults["note"] = "library.note_needed"
	}
	shelves, err := u.shelves(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range shelves {
		if strings.EqualFold(s.Title, strings.TrimSpace(d.Title)) {
			faults["title"] = "library.title_taken"
		}
	}
	return nil
}

// checkNamed holds a questionnaire to the one whose key it has.
func (u *Library) checkNamed(item *LibraryItem, shelf LibraryShelf, faults FieldErrors) {
	d := item.Version.Definition
	newest, known := shelf.Newest()
	switch {
	case shelf.Entry != nil && !shelf.Entry.Ready:
		faults["key"] = "library.not_ready"
	case shelf.Entry != nil && (!shelf.Entry.Scores(d) || d.Title != shelf.Entry.Name):
		faults["key"] = "library.published_changed"
	case known && newest.Origin == OriginBuiltin:
		faults["key"] = "library.key_builtin"
	case known && compareVersions(d.Version, newest.Version.Definition.Version) <= 0:
		faults["version"] = "library.version_not_higher"
	case known && item.Note == "":
		faults["note"] = "library.note_needed"
	case known:
		item.CorrectionOf = newest.Version.ID
	}
}

// Correction is a mended wording: the same items, options and key.
type Correction struct {
	From    InstrumentID
	Heading string
	Intro   string
	Items   []string // in the order of the version corrected
	Options []string // labels, in its order
	Note    string
	Once    Once
}

// Correct makes a new version with mended wording. Of a published instrument single
// letters and words may be mended; more makes it another questionnaire. Faults are
// FieldErrors.
func (u *Library) Correct(ctx context.Context, a Actor, c Correction) (LibraryItem, error) {
	if !a.MayKeepLibrary() {
		return LibraryItem{}, ErrForbidden
	}
	now := u.env.now()
	var item LibraryItem
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		from, err := tx.LibraryItem(ctx, c.From)
		if err != nil {
			return err
		}
		shelf, err := u.shelf(ctx, tx, from.Version.Definition.Key)
		if err != nil {
			return err
		}
		faults := FieldErrors{}
		d, err := c.corrected(from, shelf, faults)
		if err != nil {
			return err
		}
		if err := faults.OrNil(); err != nil {
			return err
		}
		item = LibraryItem{
			Version: InstrumentVersion{ID: InstrumentID(u.env.NewID()), Hash: d.Hash(), Definition: d, CreatedAt: now},
			Origin:  from.Origin, Source: from.Source, Note: strings.TrimSpace(c.Note), CorrectionOf: c.From,
			AddedAt: now, AddedBy: a.author(),
		}
		if item.Origin == OriginEdited { // of this questionnaire it is a correction
			item.Origin = OriginOwn
		}
		return u.add(ctx, tx, a, c.Once, item, nil)
	})
	if err != nil {
		return LibraryItem{}, fmt.Errorf("correct instrument %s: %w", c.From, err)
	}
	return item, nil
}

// corrected is the definition with the mended wording and the next version.
func (c Correction) corrected(from LibraryItem, shelf LibraryShelf, faults FieldErrors) (*instrument.Definition, error) {
	old := from.Version.Definition
	data, err := old.Canonical()
	if err != nil {
		return nil, err
	}
	d, err := instrument.Parse(data) // a copy
	if err != nil {
		return nil, err
	}
	if from.Origin == OriginBuiltin {
		faults["note"] = "library.builtin_fixed"
		return d, nil
	}
	if len(c.Items) != len(d.Items) || len(c.Options) != len(d.Options) {
		return nil, ErrConflict
	}
	published := shelf.Published(from)
	mend := func(field string, text *string, to string) {
		to = strings.TrimSpace(to)
		switch {
		case to == "":
			faults[field] = "library.text_needed"
		case published && !isTypo(*text, to):
			faults[field] = "library.more_than_a_typo"
		}
		checkText(faults, field, to, 2000)
		*text = to
	}
	for i := range d.Items {
		mend("item_"+strconv.Itoa(i+1), &d.Items[i].Text, c.Items[i])
	}
	for i := range d.Options {
		mend("option_"+strconv.Itoa(i+1), &d.Options[i].Label, c.Options[i])
	}
	d.Heading, d.Intro = orText(c.Heading, d.Heading), orText(c.Intro, d.Intro)
	checkText(faults, "note", c.Note, 1000)
	switch {
	case d.Hash() == old.Hash():
		faults["note"] = "library.nothing_changed"
	case strings.TrimSpace(c.Note) == "":
		faults["note"] = "library.note_needed"
	}
	newest, _ := shelf.Newest() // there is one: the version corrected
	d.Version = nextVersion(newest.Version.Definition.Version)
	if data, err = d.Canonical(); err != nil {
		return nil, err
	}
	checked, err := instrument.Parse(data)
	if err != nil && len(faults) == 0 {
		faults["sheet"] = "library.wording_does_not_fit"
	}
	if err != nil {
		return d, nil
	}
	return checked, nil
}

func orText(text, otherwise string) string {
	if text = strings.TrimSpace(text); text == "" {
		return otherwise
	}
	return text
}

// nextVersion counts the last number up.
func nextVersion(version string) string {
	parts := strings.Split(version, ".")
	last, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return version + ".1"
	}
	parts[len(parts)-1] = strconv.Itoa(last + 1)
	return strings.Join(parts, ".")
}

// mostMended is the share of a text's letters that a correction may change.
const mostMended = 0.25

// isTypo reports whether one text is the other with a slip mended: letters changed,
// put in or left out (Levenshtein 1966) are few.
func isTypo(a, b string) bool {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = slices.Min([]int{cost, row[j] + 1, row[j+1] + 1})
		}
	}
	return float64(row[len(y)]) <= max(3, mostMended*float64(len(x)))
}
