package web

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/export/deidentify"
	"tidemark/web/rest"
)

type filesPage struct {
	Page
	Study survey.Study
	Path  string
	Files []preparedFile
	// Choice is what can be prepared of the data as they are.
	Choice []othersFile
	Form   staffForm
}

type filePage struct {
	Page
	Study survey.Study
	Path  string
	preparedFile
}

// preparedFile is one as it is shown.
type preparedFile struct {
	survey.PreparedFile
	Is    survey.FileState
	Size  string
	Whose string // whom it is for
}

func (s *Server) shownFile(f survey.PreparedFile) preparedFile {
	return preparedFile{PreparedFile: f, Is: f.State(s.cfg.Now()), Size: sizeText(f.Bytes), Whose: deidentify.Profile(f.Profile).Meaning()}
}

// Gone says why there is no file.
func (f preparedFile) Gone() string {
	switch f.Reason {
	case survey.FileGoneExpired:
		return "It was kept for a week. Ask for it again if you need it."
	case survey.FileGoneErased:
		return "A person had their data erased after it was made. Ask for it again; they will not be in it."
	case survey.FileGoneRemoved:
		return "It was removed, or the data of its snapshot were."
	case survey.FileTooLarge:
		return "It would be larger than two gigabytes. Ask for a table in place of everything, or use the command line."
	}
	return "It could not be made, after several tries. Ask for another format, and tell whoever looks after the server: the log says why."
}

// showFiles lists the files that were prepared.
func (s *Server) showFiles(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.filesPage(c, a, study, http.StatusOK, given("once", newOnce()))
}

func (s *Server) filesPage(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	all, err := s.use.Files.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := filesPage{Page: s.staffPage(c, a, study, sectionData, "Prepared files"), Study: study, Path: studyPath(study), Choice: othersFiles(), Form: f}
	const shown = 30
	for _, f := range all[:min(len(all), shown)] {
		p.Files = append(p.Files, s.shownFile(f))
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_files", p)
}

// askFile has a file prepared. What it is of is written as long.csv.
func (s *Server) askFile(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	number := 0
	if text := values.Get("snapshot"); text != "" {
		if number, err = strconv.Atoi(text); err != nil || number < 1 {
			return errBadForm
		}
	}
	what, format, _ := strings.Cut(values.Get("file"), ".")
	f, err := export.Ask(study, export.Piece{What: what, Format: format}, s.othersRequest(c, study, number), s.cfg.Now())
	if err != nil {
		return errBadForm
	}
	f, err = s.use.Files.Ask(c.Request.Context(), a, f, survey.Once(values.Get("once")))
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, studyPath(study)+"/files")
	}
	if err != nil {
		form, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.filesPage(c, a, study, status, form)
	}
	return redirect(c, filePath(study, f.ID))
}

func filePath(study survey.Study, id survey.FileID) string {
	return studyPath(study) + "/files/" + url.PathEscape(string(id))
}

// showFile shows how far a file is. The page asks for itself again until it has ended.
func (s *Server) showFile(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	f, err := s.use.Files.Get(c.Request.Context(), a, study.ID, survey.FileID(c.Param("prepared")))
	if err != nil {
		return err
	}
	p := filePage{Page: s.staffPage(c, a, study, sectionData, f.Name), Study: study, Path: filePath(study, f.ID), preparedFile: s.shownFile(f)}
	if p.Is == survey.FileWaiting || p.Is == survey.FileMaking {
		c.Header("Refresh", "3")
	}
	return s.render(c, http.StatusOK, "researcher_file", p)
}

// downloadFile gives a prepared file, or the part of it that is asked for, so that a
// download that was broken off is taken up where it was. It is noted in the audit
// trail when its beginning is asked for.
func (s *Server) downloadFile(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	r := c.Request
	from := r.Header.Get("Range")
	whole := r.Method == http.MethodGet && (from == "" || strings.HasPrefix(from, "bytes=0-") || r.Header.Get("If-Range") != "")
	f, content, err := s.use.Files.Open(r.Context(), a, study.ID, survey.FileID(c.Param("prepared")), whole)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", f.Media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	h.Set("ETag", `"`+f.SHA256+`"`)
	if digest, err := hex.DecodeString(f.SHA256); err == nil {
		h.Set(rest.TrailerDigest, "sha-256=:"+base64.StdEncoding.EncodeToString(digest)+":")
	}
	if f.Rows >= 0 {
		h.Set(rest.TrailerRows, strconv.Itoa(f.Rows))
	}
	http.ServeContent(c.Writer, r, "", f.EndedAt, content)
	return nil
}

// showSum gives the SHA-256 of a prepared file as sha256sum writes and checks it.
func (s *Server) showSum(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	f, err := s.use.Files.Get(c.Request.Context(), a, study.ID, survey.FileID(c.Param("prepared")))
	if err != nil {
		return err
	}
	if f.SHA256 == "" {
		return survey.ErrRemoved
	}
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name+".sha256"))
	c.String(http.StatusOK, "%s  %s\n", f.SHA256, f.Name)
	return nil
}

// removeFile takes a prepared file away.
func (s *Server) removeFile(c *gin.Context, a survey.Actor) error {
	study, _, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Files.Remove(c.Request.Context(), a, study.ID, survey.FileID(c.Param("prepared"))); err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/files")
}
