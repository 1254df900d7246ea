package store

import (
	"context"
	"strings"

	"tidemark/survey"
	"tidemark/survey/selfcode"
)

// SelfCodeSetting is what the codes of a study are made of.
func (r reader) SelfCodeSetting(ctx context.Context, study survey.StudyID) (survey.SelfCodeSetting, error) {
	s := survey.SelfCodeSetting{StudyID: study}
	var parts string
	var at instant
	err := r.one(ctx, []any{&parts, &at, &s.SavedBy}, `SELECT parts, saved_at, saved_by FROM self_code_setting WHERE study_id = ?`, string(study))
	if err != nil {
		return survey.SelfCodeSetting{}, wrap(err, "self-made codes of study %s", study)
	}
	s.SavedAt = at.time()
	for key := range strings.SplitSeq(parts, ",") {
		if p, ok := selfcode.PartByKey(key); ok {
			s.Recipe = append(s.Recipe, p)
		}
	}
	return s, nil
}

// SelfCodeOwner is whose code has a hash.
func (r reader) SelfCodeOwner(ctx context.Context, study survey.StudyID, hash string) (survey.EnrolmentID, error) {
	var id string
	err := r.one(ctx, []any{&id}, `SELECT enrolment_id FROM self_code WHERE study_id = ? AND code_hash = ?`, string(study), hash)
	return survey.EnrolmentID(id), wrap(err, "owner of a self-made code")
}

// PutSelfCodeSetting writes what codes are made of.
func (t *transaction) PutSelfCodeSetting(ctx context.Context, s survey.SelfCodeSetting) error {
	keys := make([]string, len(s.Recipe))
	for i, p := range s.Recipe {
		keys[i] = p.Key
	}
	_, err := t.change(ctx, `INSERT INTO self_code_setting (study_id, parts, saved_at, saved_by) VALUES (?, ?, ?, ?)
		ON CONFLICT (study_id) DO UPDATE SET parts = excluded.parts, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
		string(s.StudyID), strings.Join(keys, ","), t.at(s.SavedAt), s.SavedBy)
	return wrap(err, "self-made codes of study %s", s.StudyID)
}

// DropSelfCodeSetting takes it away.
func (t *transaction) DropSelfCodeSetting(ctx context.Context, study survey.StudyID) error {
	_, err := t.change(ctx, `DELETE FROM self_code_setting WHERE study_id = ?`, string(study))
	return wrap(err, "self-made codes of study %s", study)
}

// CreateSelfCode writes the code of a person.
func (t *transaction) CreateSelfCode(ctx context.Context, c survey.SelfCode) error {
	_, err := t.change(ctx, `INSERT INTO self_code (study_id, enrolment_id, code_hash, key_id, sealed, made_at) VALUES (?, ?, ?, ?, ?, ?)`,
		string(c.StudyID), string(c.EnrolmentID), c.Hash, c.KeyID, c.Sealed, t.at(c.MadeAt))
	return wrap(err, "self-made code of %s", c.EnrolmentID)
}
