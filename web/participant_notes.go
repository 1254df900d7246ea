package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// notes are the pages of one kind of private notes.
type notes struct {
	s    *Server
	kind survey.NoteKind
	path string
	// name begins the keys of what the pages say, and is the template of the list.
	name string
}

func (s *Server) noteAreas() []notes {
	return []notes{
		{s, survey.NoteOwnWords, "/me/words", "words"},
		{s, survey.NoteReflection, "/me/reflections", "reflections"},
	}
}

// notesPage is the person's notes of one kind and the form for a new one.
type notesPage struct {
	Page
	Path  string
	Notes []noteView
	Form  noteForm
	Left  bool // has left the study: nothing new
	Done  string
}

// noteView is a note as it is shown.
type noteView struct {
	survey.Note
	Path  string
	Day   string // on which it was written
	Parts []notePart
}

// notePart is a text and the question it answers, as a message key; own words
// answer none.
type notePart struct{ Question, Text string }

// noteForm is the form of a note, new or not.
type noteForm struct {
	ownForm
	Fields []noteField
	Limit  int
}

// noteField is one text of a note. Label and Hint are message keys.
type noteField struct{ Name, Label, Hint, Value, Fault string }

func (n notes) form(f ownForm) noteForm {
	form := noteForm{ownForm: f, Limit: survey.MaxNoteText}
	for i := range n.kind.Texts() {
		name := survey.NoteField(n.kind, i)
		form.Fields = append(form.Fields, noteField{
			Name: name, Label: "practice." + n.name + "_" + name, Hint: "practice." + n.name + "_" + name + "_hint",
			Value: f.Value(name), Fault: f.Fault(name),
		})
	}
	return form
}

// texts binds a form.
func (n notes) texts(form url.Values) []string {
	texts := make([]string, n.kind.Texts())
	for i := range texts {
		texts[i] = form.Get(survey.NoteField(n.kind, i))
	}
	return texts
}

func (n notes) view(c *gin.Context, a survey.Actor, note survey.Note) noteView {
	v := noteView{Note: note, Path: n.path + "/" + url.PathEscape(string(note.ID))}
	v.Day = n.s.language(c).DayYear(dayOf(note.WrittenAt, a.Participation.Run))
	for i, text := range note.Texts {
		part := notePart{Text: text}
		if n.kind == survey.NoteReflection {
			part.Question = "practice.reflections_" + survey.NoteField(n.kind, i)
		}
		if text != "" {
			v.Parts = append(v.Parts, part)
		}
	}
	return v
}

func (n notes) show(c *gin.Context, a survey.Actor) error {
	return n.list(c, a, http.StatusOK, ownForm{Values: url.Values{}, Once: newOnce()})
}

func (n notes) list(c *gin.Context, a survey.Actor, status int, f ownForm) error {
	stored, err := n.s.use.Notes.List(c.Request.Context(), a, n.kind)
	if err != nil {
		return n.s.needsCourse(c, err)
	}
	p := notesPage{
		Page: n.s.participantPage(c, a, n.s.say(c, "practice."+n.name+"_title")), Path: n.path, Form: n.form(f),
		Left: a.Participation.Enrolment.Withdrawn(), Done: doneKey(c.Query("done"), "kept", "changed", "note_removed", "shared", "unshared"),
	}
	if !p.Left {
		n.s.keepTyping(c, &p.Page, "own")
	}
	for _, note := range stored {
		p.Notes = append(p.Notes, n.view(c, a, note))
	}
	if len(f.Faults) > 0 {
		p.Title = n.s.say(c, "error.prefix") + p.Title
	}
	return n.s.render(c, status, n.name, p)
}

func (n notes) write(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	only, err := n.s.speaks(c, a, values)
	if err != nil {
		return err
	}
	if only {
		return n.list(c, a, http.StatusOK, ownForm{Values: values, Once: values.Get("once")})
	}
	err = n.s.use.Notes.Write(c.Request.Context(), a, n.kind, n.texts(values), survey.Once(values.Get("once")))
	if err != nil && !errors.Is(err, survey.ErrRepeated) { // sent twice, kept once
		f, status, err := refused(values, err)
		if err != nil {
			return err
		}
		return n.list(c, a, status, f)
	}
	return redirect(c, n.path+"?done=kept")
}

// notePage is one note: to be changed, shared or removed.
type notePage struct {
	Page
	Heading string
	Back    string
	Note    noteView
	Form    noteForm
	Left    bool
}

func (n notes) edit(c *gin.Context, a survey.Actor) error {
	return n.one(c, a, http.StatusOK, ownForm{})
}

func (n notes) one(c *gin.Context, a survey.Actor, status int, f ownForm) error {
	stored, err := n.s.use.Notes.List(c.Request.Context(), a, n.kind)
	if err != nil {
		return err
	}
	for _, note := range stored {
		if note.ID != noteID(c) {
			continue
		}
		heading := n.s.say(c, "practice."+n.name+"_change_title")
		p := notePage{
			Page: n.s.participantPage(c, a, heading), Heading: heading, Back: n.path,
			Note: n.view(c, a, note), Left: a.Participation.Enrolment.Withdrawn(),
		}
		if f.Values == nil {
			f.Values = url.Values{}
			for i := range n.kind.Texts() {
				f.Values.Set(survey.NoteField(n.kind, i), note.Text(i))
			}
		}
		p.Form = n.form(f)
		if !p.Left && !p.Note.Closed {
			n.s.keepTyping(c, &p.Page, "own")
		}
		if len(f.Faults) > 0 {
			p.Title = n.s.say(c, "error.prefix") + p.Title
		}
		return n.s.render(c, status, "note", p)
	}
	return survey.ErrNotFound
}

func noteID(c *gin.Context) survey.NoteID { return survey.NoteID(c.Param("note")) }

func (n notes) change(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	only, err := n.s.speaks(c, a, values)
	if err != nil {
		return err
	}
	if only {
		return n.one(c, a, http.StatusOK, ownForm{Values: values})
	}
	err = n.s.use.Notes.Change(c.Request.Context(), a, n.kind, noteID(c), n.texts(values))
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return n.one(c, a, http.StatusUnprocessableEntity, ownForm{Values: values, Faults: faults})
	}
	if err != nil {
		return err
	}
	return redirect(c, n.path+"?done=changed")
}

// share lets the researchers read the note, or no longer.
func (n notes) share(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	share := values.Get("share") == "yes"
	if err := n.s.use.Notes.Share(c.Request.Context(), a, n.kind, noteID(c), share); err != nil {
		return err
	}
	if share {
		return redirect(c, n.path+"?done=shared")
	}
	return redirect(c, n.path+"?done=unshared")
}

func (n notes) remove(c *gin.Context, a survey.Actor) error {
	if err := n.s.use.Notes.Remove(c.Request.Context(), a, n.kind, noteID(c)); err != nil {
		return err
	}
	return redirect(c, n.path+"?done=note_removed")
}
