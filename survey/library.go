package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/schedule"
)

// Library are the use cases of the installation's questionnaires: what there is,
// adding wording to published instruments, corrections, and which studies use what.
// Administrators and researchers may.
type Library struct{ env Env }

// LibraryView is everything in the library, and what could be added to it.
type LibraryView struct {
	Shelves []LibraryShelf // by title
	// Addable are entries of the catalogue without wording here; those not ready
	// are among them, with the reason.
	Addable []*catalogue.Entry
}

// List gives all questionnaires: those that come with the program, those that were
// added, and those of the catalogue that can be.
func (u *Library) List(ctx context.Context, a Actor) (LibraryView, error) {
	if !a.MayKeepLibrary() {
		return LibraryView{}, ErrForbidden
	}
	shelves, err := u.shelves(ctx, u.env.Store)
	if err != nil {
		return LibraryView{}, fmt.Errorf("list the library: %w", err)
	}
	entries, err := catalogue.All()
	if err != nil {
		return LibraryView{}, fmt.Errorf("list the library: %w", err)
	}
	view := LibraryView{Shelves: shelves}
	for _, e := range entries {
		if !slices.ContainsFunc(shelves, func(s LibraryShelf) bool { return s.Key == e.DefinitionKey() }) {
			view.Addable = append(view.Addable, e)
		}
	}
	slices.SortStableFunc(view.Shelves, func(a, b LibraryShelf) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return view, nil
}

// shelves are all questionnaires with a version, by key. Built-in ones are there
// whether or not a study has used them.
func (u *Library) shelves(ctx context.Context, r Reader) ([]LibraryShelf, error) {
	items, err := r.LibraryItems(ctx)
	if err != nil {
		return nil, err
	}
	builtin, err := instrument.Builtin()
	if err != nil {
		return nil, err
	}
	for _, d := range builtin {
		registered := slices.ContainsFunc(items, func(i LibraryItem) bool {
			return i.Version.Definition.Key == d.Key && i.Version.Definition.Version == d.Version
		})
		if !registered {
			items = append(items, LibraryItem{Version: InstrumentVersion{Hash: d.Hash(), Definition: d}, Origin: OriginBuiltin})
		}
	}
	byKey := map[string]*LibraryShelf{}
	var keys []string
	for _, item := range items {
		key := item.Version.Definition.Key
		if byKey[key] == nil {
			byKey[key] = &LibraryShelf{Key: key}
			if e, err := catalogue.ByID(key); err == nil {
				byKey[key].Entry = e
			}
			keys = append(keys, key)
		}
		byKey[key].Items = append(byKey[key].Items, item)
	}
	slices.Sort(keys)
	shelves := make([]LibraryShelf, len(keys))
	for i, key := range keys {
		s := byKey[key]
		slices.SortStableFunc(s.Items, func(a, b LibraryItem) int {
			return compareVersions(b.Version.Definition.Version, a.Version.Definition.Version)
		})
		s.Title = s.Items[0].Version.Definition.Title
		shelves[i] = *s
	}
	return shelves, nil
}

// Show gives one questionnaire with its versions, terms and uses. For one of the
// catalogue without wording there are no versions. ErrNotFound when neither the
// library nor the catalogue has it.
func (u *Library) Show(ctx context.Context, a Actor, key string) (LibraryShelf, error) {
	if !a.MayKeepLibrary() {
		return LibraryShelf{}, ErrForbidden
	}
	s, err := u.shelf(ctx, u.env.Store, key)
	if err != nil {
		return LibraryShelf{}, fmt.Errorf("instrument %s: %w", key, err)
	}
	if s.Terms, err = u.env.Store.AcceptedTerms(ctx, s.Key); err != nil {
		return LibraryShelf{}, fmt.Errorf("instrument %s: %w", key, err)
	}
	uses, err := u.env.Store.InstrumentUses(ctx, s.Key)
	if err != nil {
		return LibraryShelf{}, fmt.Errorf("instrument %s: %w", key, err)
	}
	s.Titles = map[StudyID]Study{}
	studies, err := u.env.Store.Studies(ctx)
	if err != nil {
		return LibraryShelf{}, fmt.Errorf("instrument %s: %w", key, err)
	}
	for _, study := range studies {
		if a.MayKnowStudy(study.ID) {
			s.Titles[study.ID] = study
		}
	}
	for _, use := range uses { // of others' studies nothing is told
		if _, known := s.Titles[use.StudyID]; known {
			s.Uses = append(s.Uses, use)
		}
	}
	return s, nil
}

func (u *Library) shelf(ctx context.Context, r Reader, key string) (LibraryShelf, error) {
	shelves, err := u.shelves(ctx, r)
	if err != nil {
		return LibraryShelf{}, err
	}
	key = strings.ReplaceAll(key, "-", "_")
	if i := slices.IndexFunc(shelves, func(s LibraryShelf) bool { return s.Key == key }); i >= 0 {
		return shelves[i], nil
	}
	e, err := catalogue.ByID(key)
	if err != nil {
		return LibraryShelf{}, ErrNotFound
	}
	return LibraryShelf{Key: e.DefinitionKey(), Title: e.Name, Entry: e}, nil
}

// Item reads one version. ErrNotFound when there is none.
func (u *Library) Item(ctx context.Context, a Actor, id InstrumentID) (LibraryItem, error) {
	if !a.MayKeepLibrary() {
		return LibraryItem{}, ErrForbidden
	}
	i, err := u.env.Store.LibraryItem(ctx, id)
	if err != nil {
		return LibraryItem{}, fmt.Errorf("instrument %s: %w", id, err)
	}
	return i, nil
}

// Retire keeps a version out of new studies, or takes that back. Built-in ones that
// no study has used cannot be retired: ErrNotFound.
func (u *Library) Retire(ctx context.Context, a Actor, id InstrumentID, retired bool) error {
	if !a.MayKeepLibrary() {
		return ErrForbidden
	}
	now := u.env.now()
	at, detail := now, "retired"
	if !retired {
		at, detail = time.Time{}, "back in use"
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		i, err := tx.LibraryItem(ctx, id)
		if err != nil {
			return err
		}
		if i.AddedBy.Kind == "" { // came with the program: its origin is noted now
			i.AddedAt, i.AddedBy = now, a.author()
			if err := tx.CreateLibraryEntry(ctx, i); err != nil {
				return err
			}
		}
		if err := tx.RetireInstrument(ctx, id, at); err != nil {
			return err
		}
		e := u.env.event(a, "", now, ActionVersionRetired, "instrument", string(id))
		e.Detail = detail
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("retire instrument %s: %w", id, err)
	}
	return nil
}

// TermsForm is what somebody says when they accept the terms of a questionnaire.
type TermsForm struct {
	Accept  bool
	Name    string
	On      string // 2026-03-02
	Licence string
}

// check reads the form; reference demands a licence.
func (f TermsForm) check(reference bool, today schedule.Date, faults FieldErrors) (name, licence string, on schedule.Date) {
	name, licence = strings.TrimSpace(f.Name), strings.TrimSpace(f.Licence)
	if !f.Accept {
		faults["accept"] = "library.accept_terms"
	}
	checkText(faults, "name", name, 200)
	if name == "" {
		faults["name"] = "library.name_needed"
	}
	checkText(faults, "licence", licence, 500)
	if reference && licence == "" {
		faults["licence"] = "library.licence_needed"
	}
	on, err := schedule.ParseDate(strings.TrimSpace(f.On))
	switch {
	case err != nil:
		faults["on"] = "library.date_needed"
	case on.DaysUntil(today) < -1: // somewhere it is tomorrow already
		faults["on"] = "library.date_ahead"
	}
	return name, licence, on
}

// compareVersions compares "1.10.0" with "1.9.3" by their numbers.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		if len(x[i]) != len(y[i]) {
			return len(x[i]) - len(y[i])
		}
		if c := strings.Compare(x[i], y[i]); c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}

// isFault makes what is wrong with a definition a fault of a field.
func isFault(err error) bool {
	_, ok := errors.AsType[instrument.Faults](err)
	return ok || errors.Is(err, catalogue.ErrNotReady) || errors.Is(err, catalogue.ErrUnknown)
}
