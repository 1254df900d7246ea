package web

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// languageLine says how far a study speaks a language.
type languageLine struct {
	Tag, English string
	Own          bool // the study's own language
	Lacks        []string
	Path         string // of the form for its texts
}

// languageName is a language in English, for staff.
func languageName(tag string) string {
	switch tag {
	case "en":
		return "English"
	case "de":
		return "German"
	case "es":
		return "Spanish"
	}
	return tag
}

// studyLanguages are the languages of the pages, and the study's own.
func (s *Server) studyLanguages(study survey.Study) []string {
	var tags []string
	own := false
	for _, l := range s.texts.Languages() {
		if l.Tag != locale.Pseudo {
			tags = append(tags, l.Tag)
			own = own || l.Tag == study.Language
		}
	}
	if !own {
		tags = append(tags, study.Language)
	}
	return tags
}

// languageLines tells for each language what of the study is not in it.
func (s *Server) languageLines(c *gin.Context, a survey.Actor, d survey.StudyDesign) ([]languageLine, error) {
	texts, err := s.use.Languages.Texts(c.Request.Context(), a, d.Study.ID)
	if err != nil {
		return nil, err
	}
	var lines []languageLine
	for _, tag := range s.studyLanguages(d.Study) {
		l := languageLine{Tag: tag, English: languageName(tag), Own: tag == d.Study.Language, Path: textsPath(d.Study, tag)}
		l.Lacks = lacks(d, texts, tag)
		lines = append(lines, l)
	}
	return lines, nil
}

// lacks are the texts and questionnaires that a study does not have in a language,
// with what people see instead.
func lacks(d survey.StudyDesign, texts survey.StudyTexts, tag string) []string {
	own := languageName(d.Study.Language)
	var missing []string
	names := 0
	for _, key := range d.TextKeys(tag) {
		switch {
		case texts.In(tag, key) != "":
		case key == survey.TextWelcome && texts.In(d.Study.Language, key) == "":
			missing = append(missing, "welcome missing – none shown")
		case strings.HasPrefix(key, survey.WaveText("")):
			names++
		default:
			missing = append(missing, key+" missing – "+own+" shown")
		}
	}
	if names > 0 {
		missing = append(missing, fmt.Sprintf("%d of %d names of surveys missing – %s shown", names, len(d.Waves), own))
	}
	_, questionnaires := protocolLines(d)
	for _, line := range questionnaires {
		if shown, complete := line.In(tag); !complete {
			missing = append(missing, fmt.Sprintf("questionnaire “%s” not fully translated – %s shown", line.Title, languageName(shown.Language)))
		}
	}
	return missing
}

func textsPath(s survey.Study, tag string) string {
	return studyPath(s) + "/texts/" + url.PathEscape(tag)
}

// textsPage is the form for what a study says in a language.
type textsPage struct {
	Page
	Of       survey.Study
	English  string // name of the language
	Language string
	Own      bool
	Form     staffForm
	Fields   []textField
}

// textField is one text beside what the study says in its own language.
type textField struct {
	Key, Label, Original string
	Long                 bool
}

// textsDesign is the study of a form for texts, for whoever may write them.
func (s *Server) textsDesign(c *gin.Context, a survey.Actor) (survey.StudyDesign, error) {
	study, err := s.study(c, a)
	if err != nil {
		return survey.StudyDesign{}, err
	}
	if !a.MayAnalyse(study.ID) && !a.IsAdministrator() {
		return survey.StudyDesign{}, survey.ErrForbidden
	}
	for _, tag := range s.studyLanguages(study) {
		if tag == c.Param("language") {
			return s.use.Studies.Design(c.Request.Context(), a, study.ID)
		}
	}
	return survey.StudyDesign{}, survey.ErrNotFound
}

// showTexts is the form with what there is.
func (s *Server) showTexts(c *gin.Context, a survey.Actor) error {
	d, err := s.textsDesign(c, a)
	if err != nil {
		return err
	}
	texts, err := s.use.Languages.Texts(c.Request.Context(), a, d.Study.ID)
	if err != nil {
		return err
	}
	form := given()
	for _, key := range d.TextKeys(c.Param("language")) {
		form.Values.Set(key, texts.In(c.Param("language"), key))
	}
	return s.textsForm(c, a, d, texts, 200, form)
}

// writeTexts puts the texts of the form.
func (s *Server) writeTexts(c *gin.Context, a survey.Actor) error {
	d, err := s.textsDesign(c, a)
	if err != nil {
		return err
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	bodies := map[string]string{}
	for _, key := range d.TextKeys(c.Param("language")) {
		if values.Has(key) {
			bodies[key] = values.Get(key)
		}
	}
	ctx := c.Request.Context()
	err = s.use.Languages.Write(ctx, a, d.Study, c.Param("language"), bodies)
	if err == nil {
		return redirect(c, studyPath(d.Study)+"#languages")
	}
	form, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	texts, err := s.use.Languages.Texts(ctx, a, d.Study.ID)
	if err != nil {
		return err
	}
	return s.textsForm(c, a, d, texts, status, form)
}

func (s *Server) textsForm(c *gin.Context, a survey.Actor, d survey.StudyDesign, texts survey.StudyTexts, status int, form staffForm) error {
	tag := c.Param("language")
	p := textsPage{
		Page: s.staffPage(c, a, d.Study, sectionStudy, "Texts in "+languageName(tag)),
		Of:   d.Study, English: languageName(tag), Language: tag, Own: tag == d.Study.Language, Form: form,
	}
	if len(form.Faults) > 0 {
		erring(&p.Page)
	}
	for _, key := range d.TextKeys(tag) {
		f := textField{Key: key, Label: "Title of the study", Original: d.Study.Title}
		if key == survey.TextWelcome {
			f = textField{Key: key, Label: "Welcome, shown to whoever opens a personal link", Long: true}
			if !p.Own {
				f.Original = texts.In(d.Study.Language, key)
			}
		}
		for _, w := range d.Waves {
			if key == survey.WaveText(w.Key) {
				f = textField{Key: key, Label: "Name of the survey “" + w.Name + "”", Original: w.Name}
			}
		}
		p.Fields = append(p.Fields, f)
	}
	return s.render(c, status, "staff_texts", p)
}
