package store

import (
	"context"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const libraryColumns = `v.id, v.key, v.version, v.hash, v.definition, v.created_at,
	coalesce(l.origin, 'builtin'), coalesce(l.source, ''), coalesce(l.note, ''), l.correction_of, l.edited_from,
	l.added_at, coalesce(l.added_kind, ''), coalesce(l.added_id, ''), coalesce(l.added_name, ''), l.retired_at`

const fromLibrary = `SELECT ` + libraryColumns + `
	FROM instrument_version v LEFT JOIN library_entry l ON l.instrument_id = v.id `

type libraryRow struct {
	instrumentVersionRow
	Origin, Source, Note     string
	CorrectionOf, EditedFrom optional
	AddedAt, RetiredAt       instant
	AddedKind, AddedID       string
	AddedName                string
}

// targets are where libraryColumns go.
func (r *libraryRow) targets() []any {
	return []any{
		&r.ID, &r.Key, &r.Version, &r.Hash, &r.Definition, &r.Created,
		&r.Origin, &r.Source, &r.Note, &r.CorrectionOf, &r.EditedFrom,
		&r.AddedAt, &r.AddedKind, &r.AddedID, &r.AddedName, &r.RetiredAt,
	}
}

func (r reader) libraryItem(row *libraryRow) (survey.LibraryItem, error) {
	id := survey.InstrumentID(row.ID)
	v, known := r.definitions.get(id)
	if !known {
		definition, err := row.parse()
		if err != nil {
			return survey.LibraryItem{}, err
		}
		v = survey.InstrumentVersion{ID: id, Hash: row.Hash, Definition: definition, CreatedAt: row.Created.time()}
		r.keep(v)
	}
	i := survey.LibraryItem{
		Version: v, Origin: survey.InstrumentOrigin(row.Origin), Source: row.Source, Note: row.Note,
		CorrectionOf: survey.InstrumentID(row.CorrectionOf), EditedFrom: survey.InstrumentID(row.EditedFrom),
		AddedAt: row.AddedAt.time(), AddedBy: author(row.AddedKind, row.AddedID, row.AddedName), RetiredAt: row.RetiredAt.time(),
	}
	if i.AddedAt.IsZero() {
		i.AddedAt = v.CreatedAt
	}
	return i, nil
}

func (r reader) library(ctx context.Context, rest string, args ...any) ([]survey.LibraryItem, error) {
	items := []survey.LibraryItem{}
	var row libraryRow
	err := r.each(ctx, row.targets(), func() error {
		item, err := r.libraryItem(&row)
		items = append(items, item)
		return err
	}, fromLibrary+rest, args...)
	return items, err
}

// LibraryItems lists every version.
func (r reader) LibraryItems(ctx context.Context) ([]survey.LibraryItem, error) {
	items, err := r.library(ctx, `ORDER BY v.key, v.created_at DESC, v.id DESC`)
	return items, wrap(err, "list the library")
}

// LibraryItem reads one version.
func (r reader) LibraryItem(ctx context.Context, id survey.InstrumentID) (survey.LibraryItem, error) {
	items, err := r.library(ctx, `WHERE v.id = ?`, string(id))
	if err == nil && len(items) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.LibraryItem{}, wrap(err, "instrument %s", id)
	}
	return items[0], nil
}

// AcceptedTerms lists what was accepted for a questionnaire.
func (r reader) AcceptedTerms(ctx context.Context, key string) ([]survey.AcceptedTerms, error) {
	all := []survey.AcceptedTerms{}
	var id, terms, licence, name, kind, by, byName string
	var on day
	var at instant
	err := r.each(ctx, []any{&id, &terms, &licence, &name, &on, &at, &kind, &by, &byName}, func() error {
		all = append(all, survey.AcceptedTerms{
			ID: survey.TermsID(id), Key: key, Terms: terms, Licence: licence, Name: name, On: schedule.Date(on),
			NotedAt: at.time(), NotedBy: author(kind, by, byName),
		})
		return nil
	}, `SELECT id, terms, licence, accepted_name, accepted_on, noted_at, noted_kind, noted_id, noted_name
		FROM instrument_terms WHERE instrument_key = ? ORDER BY id DESC`, key)
	return all, wrap(err, "terms of %s", key)
}

// InstrumentUses lists where versions are asked.
func (r reader) InstrumentUses(ctx context.Context, key string) ([]survey.InstrumentUse, error) {
	uses := []survey.InstrumentUse{}
	var study, wave, id string
	var former bool
	var waiting, begun int
	err := r.each(ctx, []any{&study, &wave, &id, &former, &waiting, &begun}, func() error {
		uses = append(uses, survey.InstrumentUse{
			StudyID: survey.StudyID(study), WaveID: survey.WaveID(wave), InstrumentID: survey.InstrumentID(id),
			Former: former, Waiting: waiting, Begun: begun,
		})
		return nil
	}, `SELECT u.study_id, u.wave_id, u.instrument_id, u.former,
			(SELECT count(*) FROM assessment a WHERE a.study_id = u.study_id AND a.wave_id = u.wave_id
				AND a.instrument_id = u.instrument_id AND a.started_at IS NULL AND a.submitted_at IS NULL),
			(SELECT count(*) FROM assessment a WHERE a.study_id = u.study_id AND a.wave_id = u.wave_id
				AND a.instrument_id = u.instrument_id AND (a.started_at IS NOT NULL OR a.submitted_at IS NOT NULL))
		FROM (SELECT study_id, wave_id, instrument_id, 1 = 0 AS former FROM wave_set
			UNION ALL SELECT study_id, wave_id, instrument_id, 1 = 1 FROM wave_set_former) u
		JOIN instrument_version v ON v.id = u.instrument_id
		JOIN wave w ON w.study_id = u.study_id AND w.id = u.wave_id
		WHERE v.key = ? ORDER BY u.study_id, w.position, u.former, u.instrument_id`, key)
	return uses, wrap(err, "uses of %s", key)
}

// CreateLibraryEntry says where a version came from.
func (t *transaction) CreateLibraryEntry(ctx context.Context, i survey.LibraryItem) error {
	_, err := t.change(ctx, `INSERT INTO library_entry
		(instrument_id, origin, source, note, correction_of, edited_from, added_at, added_kind, added_id, added_name, retired_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(i.Version.ID), string(i.Origin), i.Source, i.Note, null(string(i.CorrectionOf)), null(string(i.EditedFrom)),
		t.at(i.AddedAt), string(i.AddedBy.Kind), i.AddedBy.ID, i.AddedBy.Name, t.at(i.RetiredAt))
	return wrap(err, "origin of instrument %s", i.Version.ID)
}

// null is text of which the empty one is NULL, as an argument.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// RetireInstrument ends the use of a version.
func (t *transaction) RetireInstrument(ctx context.Context, id survey.InstrumentID, at time.Time) error {
	n, err := t.change(ctx, `UPDATE library_entry SET retired_at = ? WHERE instrument_id = ?`, t.at(at), string(id))
	if err == nil && n == 0 {
		err = survey.ErrNotFound
	}
	return wrap(err, "retire instrument %s", id)
}

// CreateAcceptedTerms notes who accepted what.
func (t *transaction) CreateAcceptedTerms(ctx context.Context, a survey.AcceptedTerms) error {
	_, err := t.change(ctx, `INSERT INTO instrument_terms
		(id, instrument_key, terms, licence, accepted_name, accepted_on, noted_at, noted_kind, noted_id, noted_name)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(a.ID), a.Key, a.Terms, a.Licence, a.Name, a.On.String(), t.at(a.NotedAt),
		string(a.NotedBy.Kind), a.NotedBy.ID, a.NotedBy.Name)
	return wrap(err, "terms of %s", a.Key)
}

// PutWaveSets replaces what a wave asks.
func (t *transaction) PutWaveSets(ctx context.Context, study survey.StudyID, wave survey.WaveID, sets []survey.InstrumentID) error {
	_, err := t.change(ctx, `DELETE FROM wave_set WHERE study_id = ? AND wave_id = ?`, string(study), string(wave))
	for i, id := range sets {
		if err == nil {
			_, err = t.change(ctx, `INSERT INTO wave_set (study_id, wave_id, position, instrument_id) VALUES (?, ?, ?, ?)`,
				string(study), string(wave), i+1, string(id))
		}
	}
	return wrap(err, "questionnaires of wave %s", wave)
}

// SetPrimaryScale changes the scale that a study is about.
func (t *transaction) SetPrimaryScale(ctx context.Context, study survey.StudyID, scale string) error {
	n, err := t.change(ctx, `UPDATE study SET primary_scale = ? WHERE id = ?`, scale, string(study))
	if err == nil && n == 0 {
		err = survey.ErrNotFound
	}
	return wrap(err, "primary scale of study %s", study)
}

// ReplaceWaveSet puts another version in the place of one.
func (t *transaction) ReplaceWaveSet(ctx context.Context, study survey.StudyID, f survey.FormerSet) (moved int, ok bool, err error) {
	n, err := t.change(ctx, `UPDATE wave_set SET instrument_id = ? WHERE study_id = ? AND wave_id = ? AND instrument_id = ?`,
		string(f.ReplacedBy), string(study), string(f.WaveID), string(f.InstrumentID))
	if err != nil || n == 0 {
		return 0, false, wrap(err, "replace instrument %s", f.InstrumentID)
	}
	_, err = t.change(ctx, `INSERT INTO wave_set_former (study_id, wave_id, instrument_id, replaced_by, replaced_at) VALUES (?, ?, ?, ?, ?)`,
		string(study), string(f.WaveID), string(f.InstrumentID), string(f.ReplacedBy), t.at(f.ReplacedAt))
	if err == nil {
		n, err = t.change(ctx, `UPDATE assessment SET instrument_id = ?
			WHERE study_id = ? AND wave_id = ? AND instrument_id = ? AND started_at IS NULL AND submitted_at IS NULL`,
			string(f.ReplacedBy), string(study), string(f.WaveID), string(f.InstrumentID))
	}
	return int(n), err == nil, wrap(err, "replace instrument %s", f.InstrumentID)
}
