package store

import (
	"context"

	"tidemark/survey"
)

// StudyTexts lists all texts of a study besides its own.
func (r reader) StudyTexts(ctx context.Context, study survey.StudyID) ([]survey.StudyText, error) {
	texts := []survey.StudyText{}
	t := survey.StudyText{StudyID: study}
	err := r.each(ctx, []any{&t.Language, &t.Key, &t.Body}, func() error {
		texts = append(texts, t)
		return nil
	}, `SELECT language, key, body FROM study_text WHERE study_id = ? ORDER BY language, key`, string(study))
	return texts, wrap(err, "texts of study %s", study)
}

// SetLanguage notes which language a person has chosen.
func (t *transaction) SetLanguage(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, language string) error {
	err := t.changeOne(ctx, `UPDATE enrolment SET language = ? WHERE study_id = ? AND id = ?`, language, string(study), string(id))
	return wrap(err, "language of %s", id)
}

// PutStudyTexts writes texts of studies.
func (t *transaction) PutStudyTexts(ctx context.Context, texts []survey.StudyText) error {
	for _, x := range texts {
		statement, args := `DELETE FROM study_text WHERE study_id = ? AND language = ? AND key = ?`,
			[]any{string(x.StudyID), x.Language, x.Key}
		if x.Body != "" {
			statement = `INSERT INTO study_text (study_id, language, key, body) VALUES (?, ?, ?, ?)
				ON CONFLICT (study_id, language, key) DO UPDATE SET body = excluded.body`
			args = append(args, x.Body)
		}
		if _, err := t.change(ctx, statement, args...); err != nil {
			return wrap(err, "text %s of study %s", x.Key, x.StudyID)
		}
	}
	return nil
}
