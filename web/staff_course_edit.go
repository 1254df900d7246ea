package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
)

type courseEditPage struct {
	Page
	Key, Path, Action string
	Heading           string
	Revision          string
	Form              staffForm
	Fields            []formField
	Steps             []courseStep // of a week
	After             []formField  // below the steps
	Minutes, Sum      int          // of a meeting, and of the steps; 0: no week
	Before, Next      int          // weeks beside it
	Language          string       // of a translation
	Saved             bool
}

// courseStep is a row of the plan: its fields, and where it can go.
type courseStep struct {
	Number         int
	Title, Minutes formField
	Up, Down       bool
}

// spareSteps are empty rows below the plan, to write in.
const spareSteps = 3

// written is a text of a form as a course holds it.
func written(values url.Values, field string) string {
	return strings.TrimSpace(strings.ReplaceAll(values.Get(field), "\r\n", "\n"))
}

// minutesOf reads minutes; empty is none, which the course then lacks.
func minutesOf(values url.Values, field string, faults survey.FieldErrors) int {
	text := strings.TrimSpace(values.Get(field))
	n, err := strconv.Atoi(text)
	if text != "" && (err != nil || n < 0 || n > 1000) {
		faults[field] = "course.minutes"
	}
	return n
}

func minutesText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// courseEdit is one page of a course that is being written: its address, what it
// holds at first, how it is laid out, and how it is read.
type courseEdit struct {
	path string // after the draft's
	fill func(t *course.Course, values url.Values) bool
	show func(t *course.Course, p *courseEditPage)
	read func(values url.Values, t *course.Course, faults survey.FieldErrors) bool
}

func (s *Server) showCourseEdit(c *gin.Context, a survey.Actor, e courseEdit) error {
	d, err := s.use.Courses.Draft(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return err
	}
	f := given("revision", strconv.Itoa(d.Revision))
	if !e.fill(d.Course, f.Values) {
		return survey.ErrNotFound
	}
	return s.courseEditPage(c, a, http.StatusOK, e, d, f)
}

func (s *Server) courseEditPage(c *gin.Context, a survey.Actor, status int, e courseEdit, d survey.CourseDraft, f staffForm) error {
	p := courseEditPage{
		Key: d.Key, Path: courseDraftPath(d.Key), Action: courseDraftPath(d.Key) + e.path, Revision: f.Value("revision"), Form: f,
		Saved: c.Query("saved") == "yes",
	}
	e.show(d.Course, &p)
	p.Page = s.staffPage(c, a, survey.Study{}, sectionCourses, p.Heading+": "+d.Title)
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_course_edit", p)
}

// saveCourseEdit keeps what a page holds, finished or not.
func (s *Server) saveCourseEdit(c *gin.Context, a survey.Actor, e courseEdit) error {
	values, revision, err := courseForm(c)
	if err != nil {
		return err
	}
	ctx, key := c.Request.Context(), c.Param("key")
	_, err = s.use.Courses.Change(ctx, a, key, revision, func(t *course.Course) error {
		faults := survey.FieldErrors{}
		if !e.read(values, t, faults) {
			return survey.ErrNotFound
		}
		return faults.OrNil()
	})
	if err != nil {
		f, status, err := s.draftAgain(c, a, values, err)
		if err != nil {
			return err
		}
		d, err := s.use.Courses.Draft(ctx, a, key)
		if err != nil {
			return err
		}
		return s.courseEditPage(c, a, status, e, d, f)
	}
	switch values.Get("do") {
	case "", "save", "remove":
		return redirect(c, courseDraftPath(key)+"?saved=yes")
	case "next":
		n, _ := strconv.Atoi(c.Param("week"))
		return redirect(c, fmt.Sprintf("%s/weeks/%d?saved=yes", courseDraftPath(key), n+1))
	}
	return redirect(c, courseDraftPath(key)+e.path+"?saved=yes#plan") // a row was moved
}

func (s *Server) showCourseAbout(c *gin.Context, a survey.Actor) error {
	return s.showCourseEdit(c, a, aboutEdit())
}

func (s *Server) saveCourseAbout(c *gin.Context, a survey.Actor) error {
	return s.saveCourseEdit(c, a, aboutEdit())
}

// aboutEdit is what concerns the whole course.
func aboutEdit() courseEdit {
	return courseEdit{
		path: "/about",
		fill: func(t *course.Course, v url.Values) bool {
			for name, text := range map[string]string{
				"title": t.Title, "summary": t.Summary, "notice": t.Notice, "when_unwell": t.WhenUnwell,
				"language": t.Language, "meeting_minutes": minutesText(t.MeetingMinutes),
			} {
				v.Set(name, text)
			}
			return true
		},
		show: func(t *course.Course, p *courseEditPage) {
			p.Heading = "About the course"
			field := func(name, label, hint string, rows int) {
				p.Fields = append(p.Fields, newFormField(p.Form, name, label, hint).High(rows))
			}
			field("title", "Title", "", 0)
			field("summary", "Summary", "What the course is, in a few plain sentences.", 3)
			field("notice", "Notice", "Says that the course is not a treatment, and where to turn instead. Participants read it.", 5)
			field("when_unwell", "When someone is unwell", "For facilitators, in detail. An empty line divides paragraphs. It is shown at every meeting.", 12)
			field("language", "Language of the course", "A code, as en or de.", 0)
			field("meeting_minutes", "Length of a meeting, in minutes", "Each plan adds up to it.", 0)
		},
		read: func(v url.Values, t *course.Course, faults survey.FieldErrors) bool {
			t.Title, t.Summary, t.Notice = written(v, "title"), written(v, "summary"), written(v, "notice")
			t.WhenUnwell, t.Language = written(v, "when_unwell"), written(v, "language")
			t.MeetingMinutes = minutesOf(v, "meeting_minutes", faults)
			if t.Title == "" {
				faults["title"] = "course.title_needed"
			}
			return true
		},
	}
}

func (s *Server) showCourseLanguage(c *gin.Context, a survey.Actor) error {
	return s.showCourseEdit(c, a, languageEdit(c.Param("language")))
}

func (s *Server) saveCourseLanguage(c *gin.Context, a survey.Actor) error {
	return s.saveCourseEdit(c, a, languageEdit(c.Param("language")))
}

// languageEdit is what participants read, in another language.
func languageEdit(tag string) courseEdit {
	name := func(week int, field string) string { return fmt.Sprintf("week_%d_%s", week, field) }
	return courseEdit{
		path: "/languages/" + url.PathEscape(tag),
		fill: func(t *course.Course, v url.Values) bool {
			words, there := t.Translations[tag]
			v.Set("title", words.Title)
			v.Set("notice", words.Notice)
			for i, w := range words.Weeks {
				for field, text := range map[string]string{
					"title": w.Title, "text": w.ParticipantText, "practice": w.Practice.Title, "practice_text": w.Practice.Text, "reflection": w.Reflection,
				} {
					v.Set(name(i+1, field), text)
				}
			}
			return there
		},
		show: func(t *course.Course, p *courseEditPage) {
			p.Heading, p.Language = "Participants’ texts in "+tag, tag
			field := func(name, label, own string, rows int) {
				if own != "" {
					p.Fields = append(p.Fields, newFormField(p.Form, name, label, own).High(rows).In(tag))
				}
			}
			field("title", "Title", t.Title, 0)
			field("notice", "Notice", t.Notice, 5)
			for i, w := range t.Weeks {
				n, label := i+1, fmt.Sprintf("Week %d: ", i+1)
				field(name(n, "title"), label+"title", w.Title, 0)
				field(name(n, "text"), label+"text for participants", w.ParticipantText, 4)
				field(name(n, "practice"), label+"name of the practice", w.Practice.Title, 0)
				field(name(n, "practice_text"), label+"practice", w.Practice.Text, 4)
				field(name(n, "reflection"), label+"reflection", w.Reflection, 2)
			}
		},
		read: func(v url.Values, t *course.Course, _ survey.FieldErrors) bool {
			if _, there := t.Translations[tag]; !there {
				return false
			}
			if v.Get("do") == "remove" {
				t.Translate(tag, nil)
				return true
			}
			words := course.Translation{Title: written(v, "title"), Notice: written(v, "notice")}
			for i := range t.Weeks {
				n := i + 1
				words.Weeks = append(words.Weeks, course.TranslatedMeeting{
					Title: written(v, name(n, "title")), ParticipantText: written(v, name(n, "text")),
					Practice:   course.TranslatedPractice{Title: written(v, name(n, "practice")), Text: written(v, name(n, "practice_text"))},
					Reflection: written(v, name(n, "reflection")),
				})
			}
			t.Translate(tag, &words)
			return true
		},
	}
}
