package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
)

// shownFaults of a course that is being written are listed; there may be hundreds.
const shownFaults = 12

type courseDraftPage struct {
	Page
	survey.CourseDraft
	Title  string // of both
	Path   string
	Lacks  []courseLack
	More   int // that are not listed
	Form   staffForm
	Saved  bool
	Others []string // languages that it is translated into
}

// courseLack is what a course lacks, and the page where it is put right.
type courseLack struct{ Path, Where, What string }

// showCourseDraft is the overview of a course that is being written.
func (s *Server) showCourseDraft(c *gin.Context, a survey.Actor) error {
	return s.courseDraftPage(c, a, http.StatusOK, staffForm{})
}

func (s *Server) courseDraftPage(c *gin.Context, a survey.Actor, status int, f staffForm) error {
	d, err := s.use.Courses.Draft(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return err
	}
	p := courseDraftPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionCourses, "Write "+d.Title), CourseDraft: d, Title: d.Title,
		Path: courseDraftPath(d.Key), Form: f, Saved: c.Query("saved") == "yes", Others: d.Course.Languages()[1:],
	}
	for _, fault := range d.Course.Faults() {
		if len(p.Lacks) == shownFaults {
			p.More++
			continue
		}
		p.Lacks = append(p.Lacks, lackOf(d, fault))
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_course_draft", p)
}

func courseDraftPath(key string) string { return "/courses/" + key + "/draft" }

// lackOf finds the page of a fault by its place, as "weeks[2].practice.text".
func lackOf(d survey.CourseDraft, f course.Fault) courseLack {
	first, rest, _ := strings.Cut(f.Place, ".")
	l := courseLack{Path: courseDraftPath(d.Key) + "/about", Where: "About the course", What: placeText(f.Place) + " " + f.Problem}
	switch {
	case strings.HasPrefix(first, "weeks["):
		n := 0
		if _, err := fmt.Sscanf(first, "weeks[%d]", &n); err == nil && n < len(d.Course.Weeks) {
			l.Path = fmt.Sprintf("%s/weeks/%d", courseDraftPath(d.Key), n+1)
			l.Where, l.What = fmt.Sprintf("Week %d", n+1), placeText(rest)+" "+f.Problem
		}
	case first == "translations":
		tag, place, _ := strings.Cut(rest, ".")
		l.Path, l.Where, l.What = courseDraftPath(d.Key)+"/languages/"+url.PathEscape(tag), "Language "+tag, placeText(place)+" "+f.Problem
	}
	return l
}

// placeText makes words of a place: "weeks[2].practice.text" → "week 3, practice,
// text".
func placeText(place string) string {
	var words []string
	for part := range strings.SplitSeq(place, ".") {
		name, number, counted := strings.Cut(part, "[")
		if n, err := strconv.Atoi(strings.TrimSuffix(number, "]")); counted && err == nil {
			name = map[string]string{"weeks": "week", "plan": "part"}[name] + " " + strconv.Itoa(n+1)
		}
		words = append(words, strings.ReplaceAll(name, "_", " "))
	}
	return strings.Join(words, ", ")
}

// courseForm reads a form of a course that is being written.
func courseForm(c *gin.Context) (values url.Values, revision int, err error) {
	if values, err = readForm(c); err != nil {
		return nil, 0, err
	}
	revision, err = strconv.Atoi(values.Get("revision"))
	if err != nil {
		revision = 0 // none has it
	}
	return values, revision, nil
}

// draftAgain decides what a failed save answers with. A save upon somebody else's is
// shown with what was typed, ready to be saved upon theirs.
func (s *Server) draftAgain(c *gin.Context, a survey.Actor, values url.Values, err error) (staffForm, int, error) {
	if errors.Is(err, survey.ErrConflict) {
		d, failed := s.use.Courses.Draft(c.Request.Context(), a, c.Param("key"))
		if failed != nil {
			return staffForm{}, 0, failed
		}
		values.Set("revision", strconv.Itoa(d.Revision))
		return staffForm{Values: values, Faults: survey.FieldErrors{"revision": "course.saved_meanwhile"}}, http.StatusConflict, nil
	}
	return again(values, err, "")
}

// arrangeCourse adds, removes and moves weeks.
func (s *Server) arrangeCourse(c *gin.Context, a survey.Actor) error {
	values, revision, err := courseForm(c)
	if err != nil {
		return err
	}
	what, number, _ := strings.Cut(values.Get("do"), "-")
	n, _ := strconv.Atoi(number)
	_, err = s.use.Courses.Change(c.Request.Context(), a, c.Param("key"), revision, func(t *course.Course) error {
		done, why := false, "course.no_such_week"
		switch what {
		case "add":
			done, why = t.AddWeek(len(t.Weeks)), "course.no_room"
		case "remove":
			done, why = t.RemoveWeek(n), "course.last_week"
		case "up":
			done = t.SwapWeeks(n - 1)
		case "down":
			done = t.SwapWeeks(n)
		}
		if !done {
			return survey.FieldErrors{"weeks": why}
		}
		return nil
	})
	if err != nil {
		f, status, err := s.draftAgain(c, a, values, err)
		if err != nil {
			return err
		}
		return s.courseDraftPage(c, a, status, f)
	}
	return redirect(c, courseDraftPath(c.Param("key"))+"#weeks")
}

// addCourseLanguage begins a translation.
func (s *Server) addCourseLanguage(c *gin.Context, a survey.Actor) error {
	values, revision, err := courseForm(c)
	if err != nil {
		return err
	}
	tag := strings.TrimSpace(values.Get("language"))
	_, err = s.use.Courses.Change(c.Request.Context(), a, c.Param("key"), revision, func(t *course.Course) error {
		if _, there := t.Translations[tag]; there || !course.IsLanguage(tag) || strings.EqualFold(tag, t.Language) {
			return survey.FieldErrors{"language": "course.language_form"}
		}
		t.Translate(tag, &course.Translation{Weeks: make([]course.TranslatedMeeting, len(t.Weeks))})
		return nil
	})
	if err != nil {
		f, status, err := s.draftAgain(c, a, values, err)
		if err != nil {
			return err
		}
		return s.courseDraftPage(c, a, status, f)
	}
	return redirect(c, courseDraftPath(c.Param("key"))+"/languages/"+url.PathEscape(tag))
}

// publishCourse makes what is being written a version.
func (s *Server) publishCourse(c *gin.Context, a survey.Actor) error {
	values, revision, err := courseForm(c)
	if err != nil {
		return err
	}
	v, err := s.use.Courses.Publish(c.Request.Context(), a, c.Param("key"), revision, values.Get("note"))
	if _, lacks := errors.AsType[course.Faults](err); lacks {
		f := staffForm{Values: values, Faults: survey.FieldErrors{"lacks": "course.lacks"}}
		return s.courseDraftPage(c, a, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		f, status, err := s.draftAgain(c, a, values, err)
		if err != nil {
			return err
		}
		return s.courseDraftPage(c, a, status, f)
	}
	return redirect(c, "/courses/"+v.Key)
}

// discardCourse removes what is being written.
func (s *Server) discardCourse(c *gin.Context, a survey.Actor) error {
	values, revision, err := courseForm(c)
	if err != nil {
		return err
	}
	if err := s.use.Courses.Discard(c.Request.Context(), a, c.Param("key"), revision); err != nil {
		f, status, err := s.draftAgain(c, a, values, err)
		if err != nil {
			return err
		}
		return s.courseDraftPage(c, a, status, f)
	}
	return redirect(c, "/courses?discarded=yes")
}
