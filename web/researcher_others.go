package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/export/deidentify"
)

// othersPage chooses whom a file is for, and says what that does to the data before
// anything is downloaded.
type othersPage struct {
	Page
	Study     survey.Study
	Path      string
	Snapshots []survey.Snapshot // whose data are there, the newest first
	Taken     survey.Snapshot   // the one chosen
	Profile   deidentify.Profile
	Profiles  []deidentify.Profile
	// Report is what a profile that changes something does; nil: nothing is changed.
	Report  *deidentify.Report
	Columns []othersColumn
	Changes []othersChange
	Files   []othersFile // that can be prepared, besides everything
	Fault   string       // what could not be left out
}

// othersFile is a table in a format.
type othersFile struct{ Value, Label string }

func othersFiles() []othersFile {
	all := []othersFile{{"codebook.csv", "Codebook as CSV"}}
	for _, what := range export.Tables() {
		title := strings.ToUpper(what[:1]) + what[1:]
		all = append(all, othersFile{what + ".csv", title + " as CSV"})
		for _, f := range export.FormatsOf(what) {
			all = append(all, othersFile{what + "." + f.Key, title + " as " + f.Name})
		}
	}
	all = append(all, othersFile{export.Questionnaires + ".csv", "By questionnaire as CSV"})
	for _, f := range export.FormatsOf(export.WholeStudy) {
		all = append(all, othersFile{export.WholeStudy + "." + f.Key, "The whole study as " + f.Name})
	}
	return all
}

// othersChange is what was done to columns of which the same is said.
type othersChange struct {
	Columns []string
	deidentify.Change
}

func othersChanges(r deidentify.Report) []othersChange {
	var all []othersChange
	for _, c := range r.Changes {
		name := c.Column
		if name == "" {
			name = c.Item
		}
		if last := len(all) - 1; last >= 0 && c.Wave == all[last].Wave && c.What == all[last].What && c.Why == all[last].Why && c.People == all[last].People {
			all[last].Columns = append(all[last].Columns, name)
			continue
		}
		all = append(all, othersChange{[]string{name}, c})
	}
	return all
}

// othersColumn is one that people can be known by, and may be left out.
type othersColumn struct {
	Code, Label string
	Without     string // how many stand out if it is left out; empty: it is
	Out         bool
}

// request is what the form of the page asks for.
func (s *Server) othersRequest(c *gin.Context, study survey.Study, number int) export.Request {
	form := c.Request.URL.Query()
	if c.Request.Method == http.MethodPost {
		form = c.Request.PostForm
	}
	q := export.Request{Study: study.ID, Snapshot: number, Profile: deidentify.Profile(form.Get("profile"))}
	if !q.Profile.Valid() {
		q.Profile = deidentify.Internal
	}
	if q.Profile != deidentify.Internal {
		q.LeaveOut = slices.Compact(slices.Sorted(slices.Values(form["leave"])))
	}
	return q
}

// showOthers shows what a profile does to a snapshot.
func (s *Server) showOthers(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	all, err := s.use.Snapshots.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := othersPage{
		Page: s.staffPage(c, a, study, sectionData, "Files for others"), Study: study, Path: studyPath(study),
		Snapshots: slices.DeleteFunc(all, func(s survey.Snapshot) bool { return s.Removed != nil }),
		Profiles:  deidentify.Profiles(), Profile: deidentify.Shared, Files: othersFiles(),
	}
	if len(p.Snapshots) == 0 {
		return s.render(c, http.StatusOK, "researcher_others", p)
	}
	p.Taken = p.Snapshots[0]
	if number, err := strconv.Atoi(c.Query("snapshot")); err == nil {
		i := slices.IndexFunc(p.Snapshots, func(s survey.Snapshot) bool { return s.Number == number })
		if i < 0 {
			return survey.ErrNotFound
		}
		p.Taken = p.Snapshots[i]
	}
	if c.Query("profile") != "" {
		q := s.othersRequest(c, study, p.Taken.Number)
		p.Profile = q.Profile
		if err := s.lookAtOthers(c, a, q, &p); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "researcher_others", p)
}

// lookAtOthers makes the data as they would be, and says what came of it.
func (s *Server) lookAtOthers(c *gin.Context, a survey.Actor, q export.Request, p *othersPage) error {
	if q.Profile == deidentify.Internal {
		return nil
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	data, err := export.Open(ctx, s.use.Snapshots, a, q)
	if errors.Is(err, deidentify.ErrProfile) { // an address that was written by hand
		p.Fault = "One of the questions to leave out is not in this snapshot."
		q.LeaveOut = nil
		data, err = export.Open(ctx, s.use.Snapshots, a, q)
	}
	if err != nil {
		return err
	}
	r, _ := export.ReportOf(data)
	p.Report = &r
	p.Columns, p.Changes = othersColumns(r, q.LeaveOut), othersChanges(r)
	return nil
}

func othersColumns(r deidentify.Report, out []string) []othersColumn {
	var all []othersColumn
	has := func(code string) bool {
		return slices.ContainsFunc(all, func(c othersColumn) bool { return c.Code == code })
	}
	for _, c := range r.Columns {
		if !has(c.Item) {
			all = append(all, othersColumn{Code: c.Item, Label: c.Label, Without: strconv.Itoa(c.BelowWithout)})
		}
	}
	for _, code := range out {
		if !has(code) {
			label := code
			for _, c := range r.Changes {
				if c.Item == code && c.Label != "" {
					label = c.Label
				}
			}
			if code == "run" {
				label = deidentify.RunLabel
			}
			all = append(all, othersColumn{Code: code, Label: label, Out: true})
		}
	}
	return all
}
