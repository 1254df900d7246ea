package store

import (
	"context"
	"encoding/json"
	"fmt"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// AllocationSetting is what was chosen for a study.
func (r reader) AllocationSetting(ctx context.Context, study survey.StudyID) (survey.AllocationSetting, error) {
	s := survey.AllocationSetting{StudyID: study}
	var scheme string
	var at instant
	err := r.one(ctx, []any{&scheme, &at, &s.SavedBy}, `SELECT scheme, saved_at, saved_by FROM allocation_setting WHERE study_id = ?`, string(study))
	if err == nil {
		s.SavedAt = at.time()
		err = json.Unmarshal([]byte(scheme), &s.Scheme)
	}
	if err != nil {
		return survey.AllocationSetting{}, wrap(err, "allocation of study %s", study)
	}
	return s, nil
}

// AllocationSeal is the sealed seed of a study.
func (r reader) AllocationSeal(ctx context.Context, study survey.StudyID) (survey.AllocationSeal, error) {
	s := survey.AllocationSeal{StudyID: study}
	var scheme string
	var at instant
	err := r.one(ctx, []any{&scheme, &s.Commitment, &s.KeyID, &s.Sealed, &at},
		`SELECT scheme, commitment, key_id, sealed, sealed_at FROM allocation_seal WHERE study_id = ?`, string(study))
	if err == nil {
		s.At, s.Sealed = at.time(), append([]byte(nil), s.Sealed...)
		err = json.Unmarshal([]byte(scheme), &s.Scheme)
	}
	if err != nil {
		return survey.AllocationSeal{}, wrap(err, "seed of study %s", study)
	}
	return s, nil
}

// Draws lists every arm that a study has given.
func (r reader) Draws(ctx context.Context, study survey.StudyID) ([]survey.Draw, error) {
	draws := []survey.Draw{}
	var seq, number int
	var unit, kind, stratum, levels, arm, run, reason, chain string
	var enrolment optional
	var at instant
	err := r.stream(ctx, []any{&seq, &unit, &kind, &stratum, &number, &levels, &arm, &run, &enrolment, &reason, &at, &chain}, func() error {
		d := survey.Draw{
			StudyID: study, Seq: seq, Unit: allocation.Unit(unit), Kind: allocation.Kind(kind), Stratum: stratum, Number: number,
			ArmID: survey.ArmID(arm), RunID: survey.RunID(run), EnrolmentID: survey.EnrolmentID(enrolment),
			Reason: reason, At: at.time(), Chain: chain,
		}
		if err := json.Unmarshal([]byte(levels), &d.Levels); err != nil {
			return fmt.Errorf("levels of draw %d: %w", seq, err)
		}
		draws = append(draws, d)
		return nil
	}, `SELECT seq, unit, kind, stratum, number, levels, arm_id, run_id, enrolment_id, reason, drawn_at, chain
		FROM allocation_draw WHERE study_id = ? ORDER BY seq`, string(study))
	return draws, wrap(err, "draws of study %s", study)
}

// PutAllocationSetting writes a choice in place of the one before.
func (t *transaction) PutAllocationSetting(ctx context.Context, s survey.AllocationSetting) error {
	scheme, err := json.Marshal(s.Scheme)
	if err == nil {
		_, err = t.change(ctx, `INSERT INTO allocation_setting (study_id, scheme, saved_at, saved_by) VALUES (?, ?, ?, ?)
			ON CONFLICT (study_id) DO UPDATE SET scheme = excluded.scheme, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
			string(s.StudyID), string(scheme), t.at(s.SavedAt), s.SavedBy)
	}
	return wrap(err, "allocation of study %s", s.StudyID)
}

// SetShare changes an arm's part of the ratio.
func (t *transaction) SetShare(ctx context.Context, study survey.StudyID, arm survey.ArmID, share int) error {
	err := t.changeOne(ctx, `UPDATE arm SET share = ? WHERE study_id = ? AND id = ?`, share, string(study), string(arm))
	return wrap(err, "share of arm %s", arm)
}

// CreateAllocationSeal writes the sealed seed.
func (t *transaction) CreateAllocationSeal(ctx context.Context, s survey.AllocationSeal) error {
	scheme, err := json.Marshal(s.Scheme)
	if err == nil {
		_, err = t.change(ctx, `INSERT INTO allocation_seal (study_id, scheme, commitment, key_id, sealed, sealed_at) VALUES (?, ?, ?, ?, ?, ?)`,
			string(s.StudyID), string(scheme), s.Commitment, s.KeyID, s.Sealed, t.at(s.At))
	}
	return wrap(err, "seal the seed of study %s", s.StudyID)
}

// CreateDraws writes arms given.
func (t *transaction) CreateDraws(ctx context.Context, draws []survey.Draw) error {
	levels := make([]string, len(draws))
	for i, d := range draws {
		text, err := json.Marshal(d.Levels)
		if err != nil {
			return fmt.Errorf("levels of draw %d: %w", d.Seq, err)
		}
		levels[i] = string(text)
	}
	err := insertion{
		head: `INSERT INTO allocation_draw (study_id, seq, unit, kind, stratum, number, levels, arm_id, run_id, enrolment_id,
			reason, drawn_at, chain)`,
		columns: 13,
	}.run(ctx, t, len(draws), func(args []any, i int) []any {
		d := &draws[i]
		return append(args, string(d.StudyID), d.Seq, string(d.Unit), string(d.Kind), d.Stratum, d.Number, levels[i],
			string(d.ArmID), string(d.RunID), optional(d.EnrolmentID), d.Reason, t.at(d.At), d.Chain)
	})
	return wrap(err, "write %d draws", len(draws))
}
