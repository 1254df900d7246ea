package web

import (
	"context"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
)

// checkAudit verifies the whole trail now, and shows what was found.
func (s *Server) checkAudit(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	done, err := s.takeDownload(c.Request.Context()) // it reads as much
	if err != nil {
		return err
	}
	defer done()
	reports, err := s.use.Audits.Check(c.Request.Context(), a)
	if err != nil {
		return err
	}
	return s.auditTrail(c, a, form, reports)
}

// exportAudit streams what the filter lets through. It is noted in the trail first.
func (s *Server) exportAudit(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	index, err := s.use.Audits.Index(c.Request.Context(), a)
	if err != nil {
		return err
	}
	f, faults, err := auditFilter(index, form)
	if err != nil {
		return err
	}
	media, ending := "text/csv; charset=utf-8; header=present", "csv"
	switch form.Get("format") {
	case "csv":
	case "jsonl":
		media, ending = "application/x-ndjson", "jsonl"
	default:
		return errBadForm
	}
	if len(faults) > 0 {
		return s.auditTrail(c, a, form, nil)
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	h := c.Writer.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "audit_"+s.cfg.Now().UTC().Format(time.DateOnly)+"."+ending))
	if err := export.Trail(ctx, s.use.Audits, a, f, ending == "jsonl", c.Writer); err != nil {
		h.Del("Content-Disposition")
		return err
	}
	return nil
}
