package store

import (
	"context"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

const draftColumns = `id, title, revision, latest, edited_from, source, created_at, created_kind, created_id, created_name,
	updated_at, published_as`

func (r reader) drafts(ctx context.Context, rest string, args ...any) ([]survey.Draft, error) {
	all := []survey.Draft{}
	var id, title, source, kind, by, name string
	var revision, latest int
	var from, published optional
	var created, updated instant
	targets := []any{&id, &title, &revision, &latest, &from, &source, &created, &kind, &by, &name, &updated, &published}
	err := r.each(ctx, targets, func() error {
		all = append(all, survey.Draft{
			ID: survey.DraftID(id), Title: title, Revision: revision, Latest: latest, EditedFrom: survey.InstrumentID(from),
			Source: source, CreatedAt: created.time(), CreatedBy: author(kind, by, name), UpdatedAt: updated.time(),
			PublishedAs: survey.InstrumentID(published),
		})
		return nil
	}, `SELECT `+draftColumns+` FROM questionnaire_draft `+rest, args...)
	return all, err
}

// Drafts lists what is being written.
func (r reader) Drafts(ctx context.Context) ([]survey.Draft, error) {
	all, err := r.drafts(ctx, `WHERE published_as IS NULL ORDER BY updated_at DESC, id DESC LIMIT 200`)
	return all, wrap(err, "list drafts")
}

// Draft reads one.
func (r reader) Draft(ctx context.Context, id survey.DraftID) (survey.Draft, error) {
	all, err := r.drafts(ctx, `WHERE id = ?`, string(id))
	if err == nil && len(all) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Draft{}, wrap(err, "draft %s", id)
	}
	return all[0], nil
}

const revisionColumns = `number, base, aside, what, saved_at, saved_kind, saved_id, saved_name`

type revisionRow struct {
	number, base         int
	aside                bool
	what, kind, id, name string
	at                   instant
}

func (r *revisionRow) targets() []any {
	return []any{&r.number, &r.base, &r.aside, &r.what, &r.at, &r.kind, &r.id, &r.name}
}

func (r *revisionRow) revision(id survey.DraftID) survey.DraftRevision {
	return survey.DraftRevision{
		DraftID: id, Number: r.number, Base: r.base, Aside: r.aside, What: r.what, SavedAt: r.at.time(), SavedBy: author(r.kind, r.id, r.name),
	}
}

// DraftRevision reads one as it was saved.
func (r reader) DraftRevision(ctx context.Context, id survey.DraftID, number int) (survey.DraftRevision, error) {
	var found survey.DraftRevision
	var row revisionRow
	var content string
	err := r.each(ctx, append(row.targets(), &content), func() error {
		d, err := instrument.ReadDraft([]byte(content))
		found = row.revision(id)
		found.Definition = d
		return err
	}, `SELECT `+revisionColumns+`, content FROM questionnaire_draft_revision WHERE draft_id = ? AND number = ?`, string(id), number)
	if err == nil && found.Definition == nil {
		err = survey.ErrNotFound
	}
	return found, wrap(err, "revision %d of draft %s", number, id)
}

// DraftRevisions lists what was saved.
func (r reader) DraftRevisions(ctx context.Context, id survey.DraftID) ([]survey.DraftRevision, error) {
	all := []survey.DraftRevision{}
	var row revisionRow
	err := r.each(ctx, row.targets(), func() error {
		all = append(all, row.revision(id))
		return nil
	}, `SELECT `+revisionColumns+` FROM questionnaire_draft_revision WHERE draft_id = ? ORDER BY number DESC`, string(id))
	return all, wrap(err, "revisions of draft %s", id)
}

// CreateDraft begins one.
func (t *transaction) CreateDraft(ctx context.Context, d survey.Draft) error {
	_, err := t.change(ctx, `INSERT INTO questionnaire_draft (`+draftColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(d.ID), d.Title, d.Revision, d.Latest, null(string(d.EditedFrom)), d.Source, t.at(d.CreatedAt),
		string(d.CreatedBy.Kind), d.CreatedBy.ID, d.CreatedBy.Name, t.at(d.UpdatedAt), null(string(d.PublishedAs)))
	return wrap(err, "create draft %s", d.ID)
}

// CountDraftRevision takes the next number.
func (t *transaction) CountDraftRevision(ctx context.Context, id survey.DraftID) (survey.Draft, error) {
	err := t.changeOne(ctx, `UPDATE questionnaire_draft SET latest = latest + 1 WHERE id = ?`, string(id))
	if err != nil {
		return survey.Draft{}, wrap(err, "draft %s", id)
	}
	return t.Draft(ctx, id)
}

// CreateDraftRevision keeps a draft as it was saved.
func (t *transaction) CreateDraftRevision(ctx context.Context, r survey.DraftRevision) error {
	content, err := r.Definition.DraftJSON()
	if err != nil {
		return wrap(err, "save draft %s", r.DraftID)
	}
	_, err = t.change(ctx, `INSERT INTO questionnaire_draft_revision (draft_id, `+revisionColumns+`, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(r.DraftID), r.Number, r.Base, r.Aside, r.What, t.at(r.SavedAt), string(r.SavedBy.Kind), r.SavedBy.ID, r.SavedBy.Name, string(content))
	return wrap(err, "save draft %s", r.DraftID)
}

// SetDraft puts a revision in force.
func (t *transaction) SetDraft(ctx context.Context, d survey.Draft) error {
	err := t.changeOne(ctx, `UPDATE questionnaire_draft SET title = ?, revision = ?, updated_at = ?, published_as = ? WHERE id = ?`,
		d.Title, d.Revision, t.at(d.UpdatedAt), null(string(d.PublishedAs)), string(d.ID))
	return wrap(err, "draft %s", d.ID)
}

// PruneDraftRevisions removes old ones.
func (t *transaction) PruneDraftRevisions(ctx context.Context, id survey.DraftID, upTo int) error {
	_, err := t.change(ctx, `DELETE FROM questionnaire_draft_revision WHERE draft_id = ? AND number <= ?
		AND number <> (SELECT revision FROM questionnaire_draft WHERE id = draft_id)`, string(id), upTo)
	return wrap(err, "forget revisions of draft %s", id)
}

// DeleteDraft removes a draft.
func (t *transaction) DeleteDraft(ctx context.Context, id survey.DraftID) error {
	_, err := t.change(ctx, `DELETE FROM questionnaire_draft_revision WHERE draft_id = ?`, string(id))
	if err == nil {
		err = t.changeOne(ctx, `DELETE FROM questionnaire_draft WHERE id = ?`, string(id))
	}
	return wrap(err, "remove draft %s", id)
}
