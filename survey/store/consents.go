package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
)

// consentTextColumns are read from consent_text t and consent_text_language l,
// which a version from before there were elements does not have.
const consentTextColumns = `t.study_id, t.version, coalesce(l.language, t.language) AS language, t.title, t.body,
	t.wording_only, t.published_by, coalesce(l.created_at, t.created_at) AS created_at, coalesce(l.content, '') AS content,
	coalesce(l.hash, '') AS hash`

type consentTextRow struct {
	StudyID     string
	Version     int
	Language    string
	Title, Body string
	WordingOnly bool
	PublishedBy string
	Created     instant `gorm:"column:created_at"`
	Content     string
	Hash        string
}

// text reads the stored content and holds it to its hash.
func (r consentTextRow) text(known *sync.Map) (survey.ConsentText, error) {
	t := survey.ConsentText{
		StudyID: survey.StudyID(r.StudyID), Version: r.Version, Language: r.Language, Hash: r.Hash,
		WordingOnly: r.WordingOnly, PublishedBy: r.PublishedBy, CreatedAt: r.Created.time(),
	}
	if r.Content == "" {
		t.Text = consent.FromPlain(r.Title, r.Body)
		t.Hash = t.Text.Hash()
		return t, nil
	}
	if read, ok := known.Load(r.Hash); ok && read.(readConsent).content == r.Content {
		t.Text = read.(readConsent).text
		t.Text.Sections, t.Text.Choices = slices.Clone(t.Text.Sections), slices.Clone(t.Text.Choices)
		return t, nil
	}
	var err error
	if t.Text, err = consent.Parse([]byte(r.Content)); err != nil {
		return t, err
	}
	if t.Text.Hash() != r.Hash {
		return t, fmt.Errorf("stored consent text, version %d in %s: the content does not have the hash %s", r.Version, r.Language, r.Hash)
	}
	read := t.Text
	read.Sections, read.Choices = slices.Clone(read.Sections), slices.Clone(read.Choices)
	known.Store(r.Hash, readConsent{r.Content, read})
	return t, nil
}

// readConsent is a content that had its hash. Everybody who is asked reads the same
// few, and to read one takes longer than to find it.
type readConsent struct {
	content string
	text    consent.Text
}

func (r reader) consentText(ctx context.Context, rest string, args ...any) (survey.ConsentText, error) {
	row, err := oneOf(ctx, r, func(r consentTextRow) consentTextRow { return r }, `SELECT `+consentTextColumns+` `+rest, args...)
	if err != nil {
		return survey.ConsentText{}, err
	}
	return row.text(&r.definitions.consents)
}

// ConsentText reads a version's text in the study's own language.
func (r reader) ConsentText(ctx context.Context, id survey.StudyID, version int) (survey.ConsentText, error) {
	t, err := r.consentText(ctx, `FROM consent_text t LEFT JOIN consent_text_language l
		ON l.study_id = t.study_id AND l.version = t.version AND l.language = t.language
		WHERE t.study_id = ? AND t.version = ?`, string(id), version)
	return t, wrap(err, "consent text %d of study %s", version, id)
}

// ConsentTextIn reads a version's text in a language.
func (r reader) ConsentTextIn(ctx context.Context, id survey.StudyID, version int, language string) (survey.ConsentText, error) {
	t, err := r.consentText(ctx, `FROM consent_text t LEFT JOIN consent_text_language l
		ON l.study_id = t.study_id AND l.version = t.version AND l.language = ?
		WHERE t.study_id = ? AND t.version = ? AND (l.language IS NOT NULL OR t.language = ?)`,
		language, string(id), version, language)
	return t, wrap(err, "consent text %d of study %s in %s", version, id, language)
}

// ConsentVersions lists the published versions, the newest first.
func (r reader) ConsentVersions(ctx context.Context, id survey.StudyID) ([]survey.ConsentVersion, error) {
	all := []survey.ConsentVersion{}
	var v survey.ConsentVersion
	var own, language string
	var at instant
	err := r.each(ctx, []any{&v.Version, &v.WordingOnly, &v.PublishedBy, &at, &own, &language}, func() error {
		if n := len(all); n == 0 || all[n-1].Version != v.Version {
			next := v
			next.PublishedAt, next.Languages = at.time(), []string{own}
			all = append(all, next)
		}
		last := &all[len(all)-1]
		if language != "" && language != own {
			last.Languages = append(last.Languages, language)
			slices.Sort(last.Languages)
		}
		return nil
	}, `SELECT t.version, t.wording_only, t.published_by, t.created_at, t.language, coalesce(l.language, '')
		FROM consent_text t LEFT JOIN consent_text_language l ON l.study_id = t.study_id AND l.version = t.version
		WHERE t.study_id = ? ORDER BY t.version DESC, l.language`, string(id))
	return all, wrap(err, "consent versions of study %s", id)
}

type consentDraftRow struct {
	StudyID     string
	Version     int
	Language    string
	Revision    int
	Content     string
	WordingOnly bool
	SavedAt     instant
	SavedBy     string
}

// ConsentDrafts lists the texts being written.
func (r reader) ConsentDrafts(ctx context.Context, id survey.StudyID) ([]survey.ConsentDraft, error) {
	rows, err := rowsOf[consentDraftRow](ctx, r, `SELECT study_id, version, language, revision, content, wording_only, saved_at, saved_by
		FROM consent_draft WHERE study_id = ? ORDER BY version DESC, language`, string(id))
	if err != nil {
		return nil, wrap(err, "consent drafts of study %s", id)
	}
	drafts := make([]survey.ConsentDraft, len(rows))
	for i, row := range rows {
		text, err := consent.Parse([]byte(row.Content))
		if err != nil {
			return nil, wrap(err, "consent drafts of study %s", id)
		}
		drafts[i] = survey.ConsentDraft{
			StudyID: id, Version: row.Version, Language: row.Language, Revision: row.Revision, Text: text,
			WordingOnly: row.WordingOnly, SavedAt: row.SavedAt.time(), SavedBy: row.SavedBy,
		}
	}
	return drafts, nil
}

// CreateConsentText publishes a version in the study's own language.
func (t *transaction) CreateConsentText(ctx context.Context, c survey.ConsentText) error {
	err := t.soon(ctx, `INSERT INTO consent_text (study_id, version, language, title, body, created_at, wording_only, published_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, string(c.StudyID), c.Version, c.Language, c.Text.Title, c.Text.Plain(),
		t.at(c.CreatedAt), c.WordingOnly, c.PublishedBy)
	if err == nil {
		err = t.consentLanguage(ctx, c)
	}
	return wrap(err, "create consent text %d", c.Version)
}

// CreateConsentTranslation publishes a version in a further language.
func (t *transaction) CreateConsentTranslation(ctx context.Context, c survey.ConsentText) error {
	return wrap(t.consentLanguage(ctx, c), "create consent text %d in %s", c.Version, c.Language)
}

func (t *transaction) consentLanguage(ctx context.Context, c survey.ConsentText) error {
	content, err := c.Text.Canonical()
	if err != nil {
		return err
	}
	return t.soon(ctx, `INSERT INTO consent_text_language (study_id, version, language, content, hash, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`, string(c.StudyID), c.Version, c.Language, string(content), c.Text.Hash(), t.at(c.CreatedAt))
}

// SetConsentVersion puts a version in force.
func (t *transaction) SetConsentVersion(ctx context.Context, id survey.StudyID, from, to int) (bool, error) {
	n, err := t.change(ctx, `UPDATE study SET consent_version = ? WHERE id = ? AND consent_version = ?`, to, string(id), from)
	return n > 0, wrap(err, "put consent text %d in force", to)
}

// PutConsentDraft keeps a draft under its next revision.
func (t *transaction) PutConsentDraft(ctx context.Context, d survey.ConsentDraft) (bool, error) {
	content, err := d.Text.Canonical()
	if err != nil {
		return false, wrap(err, "keep a consent draft")
	}
	if d.Revision == 0 {
		n, err := t.change(ctx, `INSERT INTO consent_draft (study_id, version, language, revision, content, wording_only, saved_at, saved_by)
			VALUES (?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT (study_id, version, language) DO NOTHING`,
			string(d.StudyID), d.Version, d.Language, string(content), d.WordingOnly, t.at(d.SavedAt), d.SavedBy)
		return n > 0, wrap(err, "keep a consent draft")
	}
	n, err := t.change(ctx, `UPDATE consent_draft SET revision = revision + 1, content = ?, wording_only = ?, saved_at = ?, saved_by = ?
		WHERE study_id = ? AND version = ? AND language = ? AND revision = ?`,
		string(content), d.WordingOnly, t.at(d.SavedAt), d.SavedBy, string(d.StudyID), d.Version, d.Language, d.Revision)
	return n > 0, wrap(err, "keep a consent draft")
}

// DeleteConsentDraft removes a draft.
func (t *transaction) DeleteConsentDraft(ctx context.Context, d survey.ConsentDraft) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM consent_draft WHERE study_id = ? AND version = ? AND language = ? AND revision = ?`,
		string(d.StudyID), d.Version, d.Language, d.Revision)
	return n > 0, wrap(err, "remove a consent draft")
}

const consentColumns = `study_id, id, enrolment_id, version, language, given_at, withdrawn_at`

// Consents are everything a person has agreed to.
func (r reader) Consents(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) ([]survey.Consent, error) {
	all := []survey.Consent{}
	var s, id, e, language string
	var version int
	var given, withdrawn instant
	err := r.each(ctx, []any{&s, &id, &e, &version, &language, &given, &withdrawn}, func() error {
		all = append(all, survey.Consent{
			ID: survey.ConsentID(id), StudyID: survey.StudyID(s), EnrolmentID: survey.EnrolmentID(e), Version: version,
			Language: language, GivenAt: given.time(), WithdrawnAt: withdrawn.time(),
		})
		return nil
	}, `SELECT `+consentColumns+` FROM consent WHERE study_id = ? AND enrolment_id = ? ORDER BY given_at, id`,
		string(study), string(enrolment))
	return all, wrap(err, "consents of %s", enrolment)
}

// CreateConsent writes what a person agreed to.
func (t *transaction) CreateConsent(ctx context.Context, c survey.Consent) error {
	_, err := t.change(ctx, `INSERT INTO consent (`+consentColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?)`, string(c.StudyID),
		string(c.ID), string(c.EnrolmentID), c.Version, c.Language, t.at(c.GivenAt), t.at(c.WithdrawnAt))
	return wrap(err, "give consent of %s", c.EnrolmentID)
}

// SetDeclined notes that a person does not take part.
func (t *transaction) SetDeclined(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE enrolment SET declined_at = ?
		WHERE study_id = ? AND id = ? AND declined_at IS NULL AND withdrawn_at IS NULL`, t.at(at), string(study), string(enrolment))
	return n > 0, wrap(err, "decline of %s", enrolment)
}

// ClearDeclined takes that back. The row is written even when there is nothing to
// take back, which holds it.
func (t *transaction) ClearDeclined(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) error {
	_, err := t.change(ctx, `UPDATE enrolment SET declined_at = NULL WHERE study_id = ? AND id = ?`, string(study), string(enrolment))
	return wrap(err, "take back the decline of %s", enrolment)
}

// CreateConsentChoices writes what a person said to optional consents.
func (t *transaction) CreateConsentChoices(ctx context.Context, choices []survey.ConsentChoice) error {
	return wrap(insertion{
		head: `INSERT INTO consent_choice (study_id, id, enrolment_id, choice, granted, version, language, decided_at)`, columns: 8,
	}.run(ctx, t, len(choices), func(args []any, i int) []any {
		c := &choices[i]
		return append(args, string(c.StudyID), string(c.ID), string(c.EnrolmentID), string(c.Choice), c.Granted, c.Version,
			c.Language, t.at(c.DecidedAt))
	}), "write consent choices")
}

// ConsentChoices are what a person said to optional consents.
func (r reader) ConsentChoices(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID) ([]survey.ConsentChoice, error) {
	all := []survey.ConsentChoice{}
	var c survey.ConsentChoice
	var id, choice, language string
	var at instant
	err := r.each(ctx, []any{&id, &choice, &c.Granted, &c.Version, &language, &at}, func() error {
		all = append(all, survey.ConsentChoice{
			ID: survey.ConsentID(id), StudyID: study, EnrolmentID: enrolment, Choice: consent.ChoiceKey(choice),
			Granted: c.Granted, Version: c.Version, Language: language, DecidedAt: at.time(),
		})
		return nil
	}, `SELECT id, choice, granted, version, language, decided_at FROM consent_choice
		WHERE study_id = ? AND enrolment_id = ? ORDER BY decided_at, id`, string(study), string(enrolment))
	return all, wrap(err, "consent choices of %s", enrolment)
}

// StudyChoices are what everyone says now to the optional consents.
func (r reader) StudyChoices(ctx context.Context, study survey.StudyID) (map[survey.EnrolmentID]survey.ConsentChoices, error) {
	all := map[survey.EnrolmentID]survey.ConsentChoices{}
	var enrolment, choice string
	var granted bool
	err := r.stream(ctx, []any{&enrolment, &choice, &granted}, func() error {
		e := survey.EnrolmentID(enrolment)
		if all[e] == nil {
			all[e] = survey.ConsentChoices{}
		}
		all[e][consent.ChoiceKey(choice)] = granted
		return nil
	}, `SELECT enrolment_id, choice, granted FROM consent_choice WHERE study_id = ? ORDER BY decided_at, id`, string(study))
	return all, wrap(err, "consent choices of study %s", study)
}
