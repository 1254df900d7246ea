package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// Drafts are the use cases of questionnaires that are being written in the browser.
// Whoever may keep the library may write them, and all of them together: a save upon
// somebody else's never replaces it.
type Drafts struct{ env Env }

const (
	// keptRevisions of a draft are kept; older ones go.
	keptRevisions = 200
	// mostDraft is the size of a draft, in bytes of JSON.
	mostDraft = 512 << 10
)

// List gives the drafts that are not published yet, the one changed last first.
func (u *Drafts) List(ctx context.Context, a Actor) ([]Draft, error) {
	if !a.MayKeepLibrary() {
		return nil, ErrForbidden
	}
	return u.env.Store.Drafts(ctx)
}

// Open gives a draft as it stands, or as it was saved under a number; 0: as it stands.
func (u *Drafts) Open(ctx context.Context, a Actor, id DraftID, number int) (DraftView, error) {
	if !a.MayKeepLibrary() {
		return DraftView{}, ErrForbidden
	}
	d, err := u.env.Store.Draft(ctx, id)
	if err != nil {
		return DraftView{}, fmt.Errorf("open draft %s: %w", id, err)
	}
	if number == 0 {
		number = d.Revision
	}
	r, err := u.env.Store.DraftRevision(ctx, id, number)
	if err != nil {
		return DraftView{}, fmt.Errorf("open draft %s: %w", id, err)
	}
	return DraftView{Draft: d, DraftRevision: r, Faults: r.Definition.Faults()}, nil
}

// History lists what was saved of a draft, the newest first.
func (u *Drafts) History(ctx context.Context, a Actor, id DraftID) ([]DraftRevision, error) {
	if !a.MayKeepLibrary() {
		return nil, ErrForbidden
	}
	return u.env.Store.DraftRevisions(ctx, id)
}

// NewDraft says how a draft begins: empty with a title, or as a version of the
// library, or as what was read of a file.
type NewDraft struct {
	Title    string
	Language string
	// From is a version of the library by its identifier, or a built-in instrument by
	// its key.
	From       string
	Definition *instrument.Definition
	Source     string // name of the file
	Once       Once
}

// Begin begins a draft. One that begins as a published questionnaire or as one that
// comes with the program gets a key and a title of its own; of one's own it is the
// next version. Faults are FieldErrors.
func (u *Drafts) Begin(ctx context.Context, a Actor, n NewDraft) (Draft, error) {
	if !a.MayKeepLibrary() {
		return Draft{}, ErrForbidden
	}
	now := u.env.now()
	draft := Draft{
		ID: DraftID(u.env.NewID()), Revision: 1, Latest: 1, Source: strings.TrimSpace(n.Source),
		CreatedAt: now, CreatedBy: a.author(), UpdatedAt: now,
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		draft.EditedFrom = ""
		definition, err := u.beginning(ctx, tx, a, n, &draft)
		if err != nil {
			return err
		}
		draft.Title = definition.Title
		e := u.env.event(a, "", now, ActionDraftBegun, "draft", string(draft.ID))
		e.Detail = definition.Key
		if err := noteOnce(ctx, tx, n.Once, e); err != nil {
			return err
		}
		if err := tx.CreateDraft(ctx, draft); err != nil {
			return err
		}
		return tx.CreateDraftRevision(ctx, DraftRevision{
			DraftID: draft.ID, Number: 1, What: "begun", SavedAt: now, SavedBy: a.author(), Definition: definition,
		})
	})
	if err != nil {
		return Draft{}, fmt.Errorf("begin a draft: %w", err)
	}
	return draft, nil
}

// beginning is what a draft begins as.
func (u *Drafts) beginning(ctx context.Context, tx Tx, a Actor, n NewDraft, draft *Draft) (*instrument.Definition, error) {
	faults := FieldErrors{}
	checkText(faults, "source", draft.Source, 200)
	switch {
	case n.Definition != nil:
		if err := faults.OrNil(); err != nil {
			return nil, err
		}
		return drafting.From(n.Definition)
	case n.From != "":
		return u.beginningFrom(ctx, tx, a, n.From, draft)
	}
	title := strings.TrimSpace(n.Title)
	checkText(faults, "title", title, 200)
	if title == "" {
		faults["title"] = "draft.title_needed"
	}
	language := strings.TrimSpace(n.Language)
	if language == "" {
		language = "en"
	}
	d := drafting.New(title, language)
	for _, fault := range d.Faults() {
		if fault.Place == "language" {
			faults["language"] = drafting.MessageLanguage
		}
	}
	return d, faults.OrNil()
}

func (u *Drafts) beginningFrom(ctx context.Context, tx Tx, a Actor, from string, draft *Draft) (*instrument.Definition, error) {
	library := &Library{u.env}
	ids, err := library.versions(ctx, tx, a, []string{from}, map[InstrumentID]InstrumentVersion{})
	if err != nil {
		return nil, err
	}
	item, err := tx.LibraryItem(ctx, ids[0])
	if err != nil {
		return nil, err
	}
	d, err := drafting.From(item.Version.Definition)
	if err != nil {
		return nil, err
	}
	if item.Origin == OriginBuiltin || item.Origin == OriginCatalogue {
		drafting.Edited(d)
		draft.EditedFrom = ids[0]
		return d, nil
	}
	shelf, err := library.shelf(ctx, tx, d.Key)
	if err != nil {
		return nil, err
	}
	newest, _ := shelf.Newest() // there is one: the version itself
	d.Version = nextVersion(newest.Version.Definition.Version)
	return d, nil
}

// DraftChange is one change of a draft.
type DraftChange struct {
	ID DraftID
	// Base is the revision that was on the page.
	Base int
	// What is changed, in a few words.
	What string
	// Edit changes the definition. It may be called more than once, each time with
	// a fresh one; its error is the result of Change, a *drafting.Refusal as
	// FieldErrors.
	Edit func(*instrument.Definition) error
}

// Saved says what came of a change.
type Saved struct {
	// Number is the revision that was kept.
	Number int
	// Aside: somebody else had saved meanwhile. Both versions are kept; theirs
	// stands.
	Aside bool
}

// Change changes a draft. When somebody else has saved since the page was shown, the
// change is kept beside theirs. A draft that is published is ErrConflict.
func (u *Drafts) Change(ctx context.Context, a Actor, c DraftChange) (Saved, error) {
	if !a.MayKeepLibrary() {
		return Saved{}, ErrForbidden
	}
	now := u.env.now()
	var saved Saved
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		draft, err := tx.CountDraftRevision(ctx, c.ID)
		if err != nil {
			return err
		}
		if draft.PublishedAs != "" {
			return ErrConflict
		}
		base, err := tx.DraftRevision(ctx, c.ID, c.Base)
		if err != nil {
			return err
		}
		definition := base.Definition
		if err := edit(definition, c.Edit); err != nil {
			return err
		}
		saved = Saved{Number: draft.Latest, Aside: c.Base != draft.Revision}
		return u.keep(ctx, tx, draft, DraftRevision{
			DraftID: c.ID, Number: draft.Latest, Base: c.Base, Aside: saved.Aside, What: c.What,
			SavedAt: now, SavedBy: a.author(), Definition: definition,
		})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("change draft %s: %w", c.ID, err)
	}
	return saved, nil
}

// edit changes a definition; what is refused becomes a fault of its field.
func edit(d *instrument.Definition, change func(*instrument.Definition) error) error {
	err := change(d)
	if refusal, ok := errors.AsType[*drafting.Refusal](err); ok {
		return FieldErrors{refusal.Field: refusal.Message}
	}
	if errors.Is(err, drafting.ErrGone) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	if err != nil {
		return err
	}
	data, err := d.DraftJSON()
	if err != nil {
		return FieldErrors{"": drafting.MessageNumber} // a number that is none
	}
	if len(data) > mostDraft {
		return FieldErrors{"": drafting.MessageFull}
	}
	return nil
}

// keep writes a revision, and puts it in force unless it stands beside.
func (u *Drafts) keep(ctx context.Context, tx Tx, draft Draft, r DraftRevision) error {
	if err := tx.CreateDraftRevision(ctx, r); err != nil {
		return err
	}
	if !r.Aside {
		draft.Revision, draft.Title, draft.UpdatedAt = r.Number, r.Definition.Title, r.SavedAt
		if err := tx.SetDraft(ctx, draft); err != nil {
			return err
		}
	}
	return tx.PruneDraftRevisions(ctx, draft.ID, r.Number-keptRevisions)
}

// Restore puts an earlier revision, or one that stands beside, in force again, as a
// revision of its own: nothing is lost by it. Base is the one that stood on the page;
// ErrConflict when another stands by now.
func (u *Drafts) Restore(ctx context.Context, a Actor, id DraftID, base, number int) (Saved, error) {
	if !a.MayKeepLibrary() {
		return Saved{}, ErrForbidden
	}
	now := u.env.now()
	var saved Saved
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		draft, err := tx.CountDraftRevision(ctx, id)
		if err != nil {
			return err
		}
		if draft.PublishedAs != "" || draft.Revision != base {
			return ErrConflict
		}
		earlier, err := tx.DraftRevision(ctx, id, number)
		if err != nil {
			return err
		}
		saved = Saved{Number: draft.Latest}
		return u.keep(ctx, tx, draft, DraftRevision{
			DraftID: id, Number: draft.Latest, Base: base, What: restored(earlier), SavedAt: now, SavedBy: a.author(),
			Definition: earlier.Definition,
		})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("restore draft %s: %w", id, err)
	}
	return saved, nil
}

func restored(r DraftRevision) string {
	return fmt.Sprintf("back to revision %d (%s)", r.Number, r.What)
}

// Discard throws a draft away with all that was saved of it. ErrConflict when another
// revision stands than the one on the page, or when it is published.
func (u *Drafts) Discard(ctx context.Context, a Actor, id DraftID, base int) error {
	if !a.MayKeepLibrary() {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		draft, err := tx.CountDraftRevision(ctx, id)
		if err != nil {
			return err
		}
		if draft.PublishedAs != "" || draft.Revision != base {
			return ErrConflict
		}
		if err := tx.DeleteDraft(ctx, id); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", now, ActionDraftDiscarded, "draft", string(id)))
	})
	if err != nil {
		return fmt.Errorf("discard draft %s: %w", id, err)
	}
	return nil
}

// DraftPublication is a draft to be made a version of the library.
type DraftPublication struct {
	ID    DraftID
	Base  int    // the revision on the page
	Note  string // what was changed, for a new version or an edited one
	Terms TermsForm
	Once  Once
}

// Publish makes a draft an immutable version of the library, by the library's rules on
// keys, titles, versions and terms. Faults of the definition are the field
// "definition"; ErrConflict when another revision stands by now.
func (u *Drafts) Publish(ctx context.Context, a Actor, p DraftPublication) (LibraryItem, error) {
	if !a.MayKeepLibrary() {
		return LibraryItem{}, ErrForbidden
	}
	now := u.env.now()
	var item LibraryItem
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		draft, err := tx.CountDraftRevision(ctx, p.ID)
		if err != nil {
			return err
		}
		if draft.PublishedAs != "" || draft.Revision != p.Base {
			return ErrConflict
		}
		r, err := tx.DraftRevision(ctx, p.ID, draft.Revision)
		if err != nil {
			return err
		}
		data, err := r.Definition.DraftJSON()
		if err != nil {
			return err
		}
		d, err := instrument.Parse(data)
		if err != nil {
			return FieldErrors{"definition": "draft.has_faults"}
		}
		item, err = (&Library{u.env}).addDefinition(ctx, tx, a, NewDefinition{
			Definition: d, Source: draft.Source, EditedFrom: draft.EditedFrom, Note: p.Note, Terms: p.Terms, Once: p.Once,
		}, now)
		if err != nil {
			return err
		}
		draft.PublishedAs, draft.UpdatedAt = item.Version.ID, now
		if err := tx.SetDraft(ctx, draft); err != nil {
			return err
		}
		e := u.env.event(a, "", now, ActionDraftPublished, "draft", string(p.ID))
		e.Detail = d.Key + " " + d.Version
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return LibraryItem{}, fmt.Errorf("publish draft %s: %w", p.ID, err)
	}
	return item, nil
}

// Undo is the revision that undoing the last change goes back to: the one that the
// revision in force was made of; false at the beginning.
func Undo(history []DraftRevision, revision int) (DraftRevision, bool) {
	find := func(number int) (DraftRevision, bool) {
		i := slices.IndexFunc(history, func(r DraftRevision) bool { return r.Number == number })
		if i < 0 {
			return DraftRevision{}, false
		}
		return history[i], true
	}
	now, ok := find(revision)
	if !ok || now.Base == 0 {
		return DraftRevision{}, false
	}
	return find(now.Base)
}
