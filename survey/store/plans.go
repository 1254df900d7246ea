package store

import (
	"context"
	"fmt"

	"tidemark/survey"
	"tidemark/survey/plan"
)

const planColumns = `study_id, version, revision, reason, content, saved_at, saved_kind, saved_id, saved_name,
	locked_at, locked_kind, locked_id, locked_name, hash, program, post_submitted, post_people, reports_opened, exports`

type planRow struct {
	StudyID       string
	Version       int
	Revision      int
	Reason        string
	Content       string
	SavedAt       instant
	SavedKind     string
	SavedID       string
	SavedName     string
	LockedAt      instant
	LockedKind    optional
	LockedID      string
	LockedName    string
	Hash          string
	Program       string
	PostSubmitted int
	PostPeople    int
	ReportsOpened int
	Exports       int
}

// plan reads the stored content and holds a locked one to its hash.
func (r planRow) plan() (survey.Plan, error) {
	content, err := plan.Parse([]byte(r.Content))
	if err != nil {
		return survey.Plan{}, fmt.Errorf("stored plan, version %d: %w", r.Version, err)
	}
	p := survey.Plan{
		StudyID: survey.StudyID(r.StudyID), Version: r.Version, Revision: r.Revision, Reason: r.Reason, Content: content,
		SavedAt: r.SavedAt.time(), SavedBy: author(r.SavedKind, r.SavedID, r.SavedName),
	}
	if r.LockedAt.time().IsZero() {
		return p, nil
	}
	if content.Hash() != r.Hash {
		return survey.Plan{}, fmt.Errorf("stored plan, version %d: the content does not have the hash %s", r.Version, r.Hash)
	}
	p.Lock = &survey.PlanLock{
		At: r.LockedAt.time(), By: author(string(r.LockedKind), r.LockedID, r.LockedName), Hash: r.Hash, Program: r.Program,
		Seen: survey.DataSeen{
			PostSubmitted: r.PostSubmitted, PostPeople: r.PostPeople, ReportsOpened: r.ReportsOpened, Exports: r.Exports,
		},
	}
	return p, nil
}

func author(kind, id, name string) survey.Author {
	return survey.Author{Kind: survey.ActorKind(kind), ID: id, Name: name}
}

func (r reader) plans(ctx context.Context, rest string, args ...any) ([]survey.Plan, error) {
	rows, err := rowsOf[planRow](ctx, r, `SELECT `+planColumns+` FROM analysis_plan `+rest, args...)
	if err != nil {
		return nil, err
	}
	plans := make([]survey.Plan, len(rows))
	for i, row := range rows {
		if plans[i], err = row.plan(); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// Plans lists the versions of a study's plan.
func (r reader) Plans(ctx context.Context, study survey.StudyID) ([]survey.Plan, error) {
	plans, err := r.plans(ctx, `WHERE study_id = ? ORDER BY version DESC`, string(study))
	return plans, wrap(err, "plans of study %s", study)
}

// Plan reads one version.
func (r reader) Plan(ctx context.Context, study survey.StudyID, version int) (survey.Plan, error) {
	plans, err := r.plans(ctx, `WHERE study_id = ? AND version = ?`, string(study), version)
	if err == nil && len(plans) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Plan{}, wrap(err, "plan %d of study %s", version, study)
	}
	return plans[0], nil
}

// CountSubmitted counts submitted questionnaires and their people.
func (r reader) CountSubmitted(ctx context.Context, study survey.StudyID, waves []survey.WaveID) (questionnaires, people int, err error) {
	if len(waves) == 0 {
		return 0, 0, nil
	}
	args := []any{string(study)}
	for _, w := range waves {
		args = append(args, string(w))
	}
	err = r.one(ctx, []any{&questionnaires, &people}, `SELECT count(*), count(DISTINCT enrolment_id)
		FROM assessment WHERE study_id = ? AND wave_id IN `+places(len(waves))+` AND submitted_at IS NOT NULL`, args...)
	return questionnaires, people, wrap(err, "submitted questionnaires of study %s", study)
}

// CreatePlan writes a new draft.
func (t *transaction) CreatePlan(ctx context.Context, p survey.Plan) error {
	content, err := p.Content.Canonical()
	if err != nil {
		return err
	}
	// At once, since a version that is taken must be told here.
	_, err = t.change(ctx, `INSERT INTO analysis_plan
		(study_id, version, revision, reason, content, saved_at, saved_kind, saved_id, saved_name,
		locked_id, locked_name, hash, program, post_submitted, post_people, reports_opened, exports)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', 0, 0, 0, 0)`,
		string(p.StudyID), p.Version, p.Revision, p.Reason, string(content), t.at(p.SavedAt),
		string(p.SavedBy.Kind), p.SavedBy.ID, p.SavedBy.Name)
	return wrap(err, "create plan %d of study %s", p.Version, p.StudyID)
}

const sameDraft = ` WHERE study_id = ? AND version = ? AND revision = ? AND locked_at IS NULL`

// RewritePlan changes a draft.
func (t *transaction) RewritePlan(ctx context.Context, p survey.Plan) (bool, error) {
	content, err := p.Content.Canonical()
	if err != nil {
		return false, err
	}
	n, err := t.change(ctx, `UPDATE analysis_plan SET revision = revision + 1, reason = ?, content = ?,
		saved_at = ?, saved_kind = ?, saved_id = ?, saved_name = ?`+sameDraft,
		p.Reason, string(content), t.at(p.SavedAt), string(p.SavedBy.Kind), p.SavedBy.ID, p.SavedBy.Name,
		string(p.StudyID), p.Version, p.Revision)
	return n > 0, wrap(err, "rewrite plan %d of study %s", p.Version, p.StudyID)
}

// LockPlan makes a draft final.
func (t *transaction) LockPlan(ctx context.Context, p survey.Plan) (bool, error) {
	l := p.Lock
	n, err := t.change(ctx, `UPDATE analysis_plan SET locked_at = ?, locked_kind = ?, locked_id = ?, locked_name = ?,
		hash = ?, program = ?, post_submitted = ?, post_people = ?, reports_opened = ?, exports = ?`+sameDraft,
		t.at(l.At), string(l.By.Kind), l.By.ID, l.By.Name, l.Hash, l.Program,
		l.Seen.PostSubmitted, l.Seen.PostPeople, l.Seen.ReportsOpened, l.Seen.Exports,
		string(p.StudyID), p.Version, p.Revision)
	return n > 0, wrap(err, "lock plan %d of study %s", p.Version, p.StudyID)
}

// DiscardPlan removes a draft.
func (t *transaction) DiscardPlan(ctx context.Context, p survey.Plan) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM analysis_plan`+sameDraft, string(p.StudyID), p.Version, p.Revision)
	return n > 0, wrap(err, "discard plan %d of study %s", p.Version, p.StudyID)
}
