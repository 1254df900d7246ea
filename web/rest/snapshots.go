package rest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"tidemark/survey"
	"tidemark/survey/export"
)

type exporter func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error

func inFormat(f export.Format, what string) exporter {
	return func(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
		_, err := export.In(ctx, f, what, r, a, study, w)
		return err
	}
}

func snapshotOf(s survey.Snapshot) Snapshot {
	return Snapshot{
		Number:      s.Number,
		Name:        s.Name,
		TakenAt:     s.TakenAt,
		SHA256:      s.Hash,
		People:      s.Counts.People,
		Assessments: s.Counts.Assessments,
		Responses:   s.Counts.Responses,
		Scores:      s.Counts.Scores,
		Removed:     s.Removed != nil,
	}
}

func (k *call) snapshots() error {
	all, err := k.use.Snapshots.List(k.ctx, k.actor, k.study.ID)
	if err != nil {
		return err
	}
	return k.answer(whole(all, snapshotOf))
}

// taken is the snapshot of the address.
func (k *call) taken() (survey.Snapshot, error) {
	n, err := strconv.Atoi(k.c.Param("number"))
	if err != nil {
		return survey.Snapshot{}, survey.ErrNotFound
	}
	return k.use.Snapshots.Get(k.ctx, k.actor, k.study.ID, n)
}

func (k *call) snapshot() error {
	s, err := k.taken()
	if err != nil {
		return err
	}
	return k.answer(snapshotOf(s))
}

// bundle streams everything made of a snapshot. The same program makes the same bytes
// of it, so that its tag is known before.
func (k *call) bundle() error {
	s, err := k.taken()
	if err != nil {
		return err
	}
	if s.Removed != nil {
		return survey.ErrRemoved
	}
	tag := sha256.Sum256([]byte(s.Hash + "\x00" + k.cfg.Version))
	if k.unchanged(hex.EncodeToString(tag[:16])) {
		return nil
	}
	k.file("application/zip", fmt.Sprintf("%s_snapshot_%d.zip", k.study.Key, s.Number))
	if k.c.Request.Method == http.MethodHead {
		k.c.Writer.WriteHeaderNow()
		return nil
	}
	done, err := k.cfg.Download(k.ctx)
	if err != nil {
		return err
	}
	defer done()
	data, err := k.use.Snapshots.Open(k.ctx, k.actor, k.study.ID, s.Number)
	if err != nil {
		return err
	}
	if err := k.noteExport(fmt.Sprintf("bundle, snapshot %d", s.Number)); err != nil {
		return err
	}
	checked := Announce(k.c)
	if _, err = export.Bundle(k.ctx, data, k.actor, k.study.ID, s, k.cfg.Version, checked); err != nil {
		return err
	}
	Tell(k.c, checked, false)
	return nil
}
