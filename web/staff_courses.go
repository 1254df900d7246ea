package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
)

// courseImportPath takes files, so more may be sent there than elsewhere.
const courseImportPath = "/courses/import"

type coursesPage struct {
	Page
	Shelves []courseLine
	Said    string
}

// courseLine is a course in the list.
type courseLine struct {
	survey.CourseShelf
	Newest *survey.CourseVersion // nil: none is in use
}

func lineOf(s survey.CourseShelf) courseLine {
	l := courseLine{CourseShelf: s}
	if v, ok := s.Newest(); ok {
		l.Newest = &v
	}
	return l
}

// showCourses lists the course templates of the installation.
func (s *Server) showCourses(c *gin.Context, a survey.Actor) error {
	shelves, err := s.use.Courses.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := coursesPage{Page: s.staffPage(c, a, survey.Study{}, sectionCourses, "Courses")}
	for _, shelf := range shelves {
		p.Shelves = append(p.Shelves, lineOf(shelf))
	}
	if c.Query("discarded") == "yes" {
		p.Said = "What was being written is gone."
	}
	return s.render(c, http.StatusOK, "staff_courses", p)
}

type coursePage struct {
	Page
	courseLine
	Title string // of both
	Form  staffForm
}

// showCourse is one course: its versions, and what can be done with them.
func (s *Server) showCourse(c *gin.Context, a survey.Actor) error {
	return s.coursePage(c, a, http.StatusOK, staffForm{})
}

func (s *Server) coursePage(c *gin.Context, a survey.Actor, status int, f staffForm) error {
	shelf, err := s.use.Courses.Show(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return err
	}
	p := coursePage{Page: s.staffPage(c, a, survey.Study{}, sectionCourses, shelf.Title), courseLine: lineOf(shelf), Title: shelf.Title, Form: f}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_course", p)
}

type courseReadPage struct {
	Page
	Course *course.Course
	Weeks  []courseWeek
	Notice []textBlock
	Unwell []textBlock
}

// courseWeek is a meeting with its longer texts in paragraphs.
type courseWeek struct {
	course.Meeting
	Practice []textBlock
	Note     []textBlock
}

// showCourseVersion is all that stands in one version, as its author reads it.
func (s *Server) showCourseVersion(c *gin.Context, a survey.Actor) error {
	t, err := s.use.Courses.Version(c.Request.Context(), a, c.Param("key"), c.Param("version"))
	if err != nil {
		return err
	}
	p := courseReadPage{
		Page:   s.staffPage(c, a, survey.Study{}, sectionCourses, t.Title+", version "+t.Version),
		Course: t, Notice: textBlocks(t.Notice), Unwell: textBlocks(t.WhenUnwell),
	}
	for _, m := range t.Weeks {
		p.Weeks = append(p.Weeks, courseWeek{m, textBlocks(m.Practice.Text), textBlocks(m.FacilitatorNote)})
	}
	return s.render(c, http.StatusOK, "staff_course_read", p)
}

// downloadCourse hands out a version as a file.
func (s *Server) downloadCourse(c *gin.Context, a survey.Actor) error {
	t, err := s.use.Courses.Version(c.Request.Context(), a, c.Param("key"), c.Param("version"))
	if err != nil {
		return err
	}
	data, kind := t.JSON(), "application/json; charset=utf-8"
	switch c.Param("file") {
	case "course.json":
	case "course.yaml":
		kind = "application/yaml; charset=utf-8"
		if data, err = t.YAML(); err != nil {
			return err
		}
	default:
		return survey.ErrNotFound
	}
	_, ending, _ := strings.Cut(c.Param("file"), ".")
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", t.Key+"-"+t.Version+"."+ending))
	c.Data(http.StatusOK, kind, data)
	return nil
}

// copyCourse begins a course of one's own as a version of another.
func (s *Server) copyCourse(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	d, err := s.use.Courses.Copy(c.Request.Context(), a, c.Param("key"), values.Get("version"), values.Get("title"))
	if err != nil {
		f, status, err := again(values, err, "title")
		if err != nil {
			return err
		}
		return s.coursePage(c, a, status, f)
	}
	return redirect(c, "/courses/"+d.Key+"/draft")
}

// beginCourse goes on with what is being written of a course, or begins its next
// version.
func (s *Server) beginCourse(c *gin.Context, a survey.Actor) error {
	d, err := s.use.Courses.Begin(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return err
	}
	return redirect(c, "/courses/"+d.Key+"/draft")
}

// retireCourse keeps a version out of new course runs, or takes that back.
func (s *Server) retireCourse(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	err = s.use.Courses.Retire(c.Request.Context(), a, c.Param("key"), values.Get("version"), values.Get("retired") == "1")
	if err != nil {
		return err
	}
	return redirect(c, "/courses/"+c.Param("key")+"#versions")
}

type courseImportPage struct {
	Page
	Form   staffForm
	Faults []course.Fault // of the file
}

// showImportCourse asks for a file.
func (s *Server) showImportCourse(c *gin.Context, a survey.Actor) error {
	return s.importCourseForm(c, a, http.StatusOK, staffForm{}, nil)
}

func (s *Server) importCourseForm(c *gin.Context, a survey.Actor, status int, f staffForm, faults []course.Fault) error {
	if !a.MayKeepCourses() {
		return survey.ErrForbidden
	}
	p := courseImportPage{Page: s.staffPage(c, a, survey.Study{}, sectionCourses, "Import a course"), Form: f, Faults: faults}
	if status != http.StatusOK {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_course_import", p)
}

// importCourse keeps the course of a file.
func (s *Server) importCourse(c *gin.Context, a survey.Actor) error {
	if !a.MayKeepCourses() {
		return survey.ErrForbidden
	}
	name, data, err := readUpload(c)
	if err != nil {
		return err
	}
	f := staffForm{}
	if len(data) == 0 {
		f.Faults = survey.FieldErrors{"file": "library.file_needed"}
		return s.importCourseForm(c, a, http.StatusUnprocessableEntity, f, nil)
	}
	v, err := s.use.Courses.Import(c.Request.Context(), a, name, data)
	if faults, ok := errors.AsType[course.Faults](err); ok {
		f.Faults = survey.FieldErrors{"file": "course.file_has_faults"}
		return s.importCourseForm(c, a, http.StatusUnprocessableEntity, f, faults)
	}
	if fields, ok := errors.AsType[survey.FieldErrors](err); ok {
		f.Faults = fields
		return s.importCourseForm(c, a, http.StatusUnprocessableEntity, f, nil)
	}
	if err != nil && !errors.Is(err, survey.ErrRepeated) {
		return err
	}
	return redirect(c, "/courses/"+v.Key)
}
