package store

import (
	"context"

	"tidemark/survey"
)

// Safety is a study's declaration with wording and resources.
func (r reader) Safety(ctx context.Context, study survey.StudyID) (survey.Safety, error) {
	s, err := r.safety(ctx, study)
	if err != nil {
		return survey.Safety{}, wrap(err, "safety of study %s", study)
	}
	return s, nil
}

func (r reader) safety(ctx context.Context, study survey.StudyID) (survey.Safety, error) {
	s := survey.Safety{StudyID: study, Wording: map[string]string{}}
	var shape, kind string
	var responder, deputy optional
	var at instant
	err := r.one(ctx, []any{
		&shape, &responder, &deputy, &s.OfficeHours, &s.TimeZone, &s.Window, &s.Revision,
		&at, &kind, &s.DeclaredBy.ID, &s.DeclaredBy.Name,
	}, `SELECT shape, responder_id, deputy_id, office_hours, time_zone, window_hours, revision,
		declared_at, declared_kind, declared_id, declared_name FROM safety WHERE study_id = ?`, string(study))
	if err != nil {
		return s, err
	}
	s.Shape, s.Responder, s.Deputy = survey.SafetyShape(shape), survey.UserID(responder), survey.UserID(deputy)
	s.DeclaredAt, s.DeclaredBy.Kind = at.time(), survey.ActorKind(kind)
	var language, body string
	err = r.each(ctx, []any{&language, &body}, func() error {
		s.Wording[language] = body
		return nil
	}, `SELECT language, body FROM safety_wording WHERE study_id = ? ORDER BY language`, string(study))
	if err != nil {
		return s, err
	}
	var h survey.HelpResource
	err = r.each(ctx, []any{&h.Country, &h.Language, &h.Name, &h.Phone, &h.Message, &h.Web, &h.Hours}, func() error {
		s.Resources = append(s.Resources, h)
		return nil
	}, `SELECT country, language, name, phone, message, web, hours FROM help_resource
		WHERE study_id = ? ORDER BY position`, string(study))
	return s, err
}

// PutSafety writes a declaration in place of the one before.
func (t *transaction) PutSafety(ctx context.Context, s survey.Safety) (bool, error) {
	done, err := t.putSafety(ctx, s)
	return done, wrap(err, "declare the safety of study %s", s.StudyID)
}

func (t *transaction) putSafety(ctx context.Context, s survey.Safety) (bool, error) {
	args := []any{
		string(s.Shape), optional(s.Responder), optional(s.Deputy), s.OfficeHours, s.TimeZone, s.Window, s.Revision,
		t.at(s.DeclaredAt), string(s.DeclaredBy.Kind), s.DeclaredBy.ID, s.DeclaredBy.Name, string(s.StudyID),
	}
	statement := `INSERT INTO safety (shape, responder_id, deputy_id, office_hours, time_zone, window_hours, revision,
		declared_at, declared_kind, declared_id, declared_name, study_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (study_id) DO NOTHING`
	if s.Revision > 1 {
		statement = `UPDATE safety SET shape = ?, responder_id = ?, deputy_id = ?, office_hours = ?, time_zone = ?,
			window_hours = ?, revision = ?, declared_at = ?, declared_kind = ?, declared_id = ?, declared_name = ?
			WHERE study_id = ? AND revision = ?`
		args = append(args, s.Revision-1)
	}
	n, err := t.change(ctx, statement, args...)
	if err != nil || n == 0 {
		return false, err
	}
	for _, table := range []string{"safety_wording", "help_resource"} {
		if err := t.soon(ctx, `DELETE FROM `+table+` WHERE study_id = ?`, string(s.StudyID)); err != nil {
			return false, err
		}
	}
	for language, body := range s.Wording {
		err := t.soon(ctx, `INSERT INTO safety_wording (study_id, language, body) VALUES (?, ?, ?)`,
			string(s.StudyID), language, body)
		if err != nil {
			return false, err
		}
	}
	err = insertion{
		head:    `INSERT INTO help_resource (study_id, position, country, language, name, phone, message, web, hours)`,
		columns: 9,
	}.run(ctx, t, len(s.Resources), func(args []any, i int) []any {
		h := &s.Resources[i]
		return append(args, string(s.StudyID), i+1, h.Country, h.Language, h.Name, h.Phone, h.Message, h.Web, h.Hours)
	})
	return err == nil, err
}
