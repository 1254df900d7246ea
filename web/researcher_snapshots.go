package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/export/deidentify"
	"tidemark/web/rest"
)

type snapshotsPage struct {
	Page
	Study     survey.Study
	Path      string
	Snapshots []survey.Snapshot
	Plan      *survey.Plan // in force; nil: none
	Form      staffForm
}

// showSnapshots lists the frozen data of a study and takes new ones.
func (s *Server) showSnapshots(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.snapshotsPage(c, a, study, http.StatusOK, given("once", newOnce()))
}

func (s *Server) snapshotsPage(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	list, err := s.use.Snapshots.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	inForce, err := s.planInForce(c, a, study.ID)
	if err != nil {
		return err
	}
	p := snapshotsPage{
		Page: s.staffPage(c, a, study, sectionSnapshots, "Snapshots"), Study: study, Path: studyPath(study) + "/snapshots",
		Snapshots: list, Plan: inForce, Form: f,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_snapshots", p)
}

// planInForce is the locked plan of a study; nil when there is none.
func (s *Server) planInForce(c *gin.Context, a survey.Actor, study survey.StudyID) (*survey.Plan, error) {
	p, err := s.use.Plans.InForce(c.Request.Context(), a, study)
	if errors.Is(err, survey.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// takeSnapshot freezes the data. It may take longer than other changes.
func (s *Server) takeSnapshot(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	taken, err := s.use.Snapshots.Freeze(ctx, a, study.ID, survey.NewSnapshot{
		Name: values.Get("name"), Note: values.Get("note"), Once: survey.Once(values.Get("once")),
	})
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, studyPath(study)+"/snapshots")
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.snapshotsPage(c, a, study, status, f)
	}
	return redirect(c, snapshotPath(study, taken.Number))
}

func snapshotPath(study survey.Study, number int) string {
	return studyPath(study) + "/snapshots/" + strconv.Itoa(number)
}

type snapshotPage struct {
	Page
	Study survey.Study
	Path  string
	survey.Snapshot
	Size string // of the download
	Form staffForm
}

// snapshotOf finds the snapshot of an address.
func (s *Server) snapshotOf(c *gin.Context, a survey.Actor) (survey.Study, survey.Snapshot, error) {
	study, err := s.study(c, a)
	if err != nil {
		return study, survey.Snapshot{}, err
	}
	taken, err := s.use.Snapshots.Get(c.Request.Context(), a, study.ID, snapshotNumber(c.Param("snapshot")))
	return study, taken, err
}

// snapshotNumber reads a number of an address; what is none is the number of no
// snapshot.
func snapshotNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// showSnapshot is what is known of one snapshot.
func (s *Server) showSnapshot(c *gin.Context, a survey.Actor) error {
	study, taken, err := s.snapshotOf(c, a)
	if err != nil {
		return err
	}
	return s.snapshotPage(c, a, study, taken, http.StatusOK, staffForm{})
}

func (s *Server) snapshotPage(c *gin.Context, a survey.Actor, study survey.Study, taken survey.Snapshot, status int, f staffForm) error {
	p := snapshotPage{
		Page:  s.staffPage(c, a, study, sectionSnapshots, fmt.Sprintf("Snapshot %d: %s", taken.Number, taken.Name)),
		Study: study, Path: snapshotPath(study, taken.Number), Snapshot: taken, Size: sizeText(taken.Packed), Form: f,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_snapshot", p)
}

// downloadSnapshot streams a snapshot as it is stored. It is noted as an export
// first. When something fails on the way the connection is broken off.
func (s *Server) downloadSnapshot(c *gin.Context, a survey.Actor) error {
	study, taken, err := s.snapshotOf(c, a)
	if err != nil {
		return err
	}
	if taken.Removed != nil {
		return survey.ErrRemoved
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	h := c.Writer.Header()
	h.Set("Content-Type", "application/gzip")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", snapshotName(study, taken, "jsonl.gz")))
	if err := s.use.Snapshots.Download(ctx, a, study.ID, taken.Number, c.Writer); err != nil {
		h.Del("Content-Disposition")
		return err
	}
	return nil
}

// downloadBundle streams everything made of a snapshot. It is noted as an export
// first.
func (s *Server) downloadBundle(c *gin.Context, a survey.Actor) error {
	study, taken, err := s.snapshotOf(c, a)
	if err != nil {
		return err
	}
	if taken.Removed != nil {
		return survey.ErrRemoved
	}
	if _, err := readForm(c); err != nil {
		return err
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	q := s.othersRequest(c, study, taken.Number)
	data, err := export.Open(ctx, s.use.Snapshots, a, q)
	if errors.Is(err, deidentify.ErrProfile) {
		return errBadForm
	}
	if err != nil {
		return err
	}
	if err := s.use.Studies.NoteUse(ctx, a, study.ID, survey.ActionExported, q.Detail("bundle")); err != nil {
		return err
	}
	ending := "zip"
	if q.Profile != deidentify.Internal {
		ending = string(q.Profile) + ".zip"
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", snapshotName(study, taken, ending)))
	checked := rest.Announce(c)
	if _, err := export.Bundle(ctx, data, a, study.ID, taken, s.cfg.Version, checked); err != nil {
		h.Del("Content-Disposition")
		h.Del("Trailer")
		return err
	}
	rest.Tell(c, checked, false)
	return nil
}

func snapshotName(study survey.Study, taken survey.Snapshot, ending string) string {
	name := fmt.Sprintf("%s_snapshot_%d_%s.%s", study.Key, taken.Number, taken.TakenAt.UTC().Format(time.DateOnly), ending)
	if study.Simulated {
		name = "simulated_" + name
	}
	return name
}

// removeSnapshot takes the content of a snapshot away, for a reason.
func (s *Server) removeSnapshot(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	number := snapshotNumber(c.Param("snapshot"))
	err = s.use.Snapshots.Remove(c.Request.Context(), a, study.ID, number, values.Get("reason"))
	if err == nil || errors.Is(err, survey.ErrRemoved) {
		if taken, err := s.use.Snapshots.Get(c.Request.Context(), a, study.ID, number); err == nil {
			s.papers.forget(study.ID, taken.Hash)
		}
		return redirect(c, snapshotPath(study, number))
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	taken, err := s.use.Snapshots.Get(c.Request.Context(), a, study.ID, number)
	if err != nil {
		return err
	}
	return s.snapshotPage(c, a, study, taken, status, f)
}

// sizeText is a size as file managers show it.
func sizeText(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}
