package web

import (
	"html/template"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// studyWords are what a study says on a page of a language: in that language if it
// has the words, or else its own, marked as being in another than the page.
type studyWords struct {
	page  *locale.Language
	study survey.Study
	texts survey.StudyTexts
}

// studyWords are those of a participant's study in the language of the request.
func (s *Server) studyWords(c *gin.Context, study survey.Study) studyWords {
	w := studyWords{page: s.language(c), study: study}
	if texts, ok := c.Get(studyTextsKey); ok {
		w.texts = texts.(survey.StudyTexts)
	}
	return w
}

// Title is what the study is called.
func (w studyWords) Title() template.HTML { return w.mark(w.find(survey.TextTitle, w.study.Title)) }

// PlainTitle is the same without markup, for the title of a page.
func (w studyWords) PlainTitle() string {
	_, text := w.find(survey.TextTitle, w.study.Title)
	return text
}

// Wave is what one of its surveys is called.
func (w studyWords) Wave(x survey.Wave) template.HTML {
	return w.mark(w.find(survey.WaveText(x.Key), x.Name))
}

// Welcome are the paragraphs for whoever opens a personal link, where the study's
// texts were read; none if it has no welcome.
func (w studyWords) Welcome() []template.HTML {
	language, text := w.find(survey.TextWelcome, w.texts.In(w.study.Language, survey.TextWelcome))
	var paragraphs []template.HTML
	for _, b := range textBlocks(text) {
		paragraphs = append(paragraphs, w.mark(language, b.Text))
	}
	return paragraphs
}

// find is a text in the language of the page, or else the study's own.
func (w studyWords) find(key, own string) (language, text string) {
	if text := w.texts.In(w.page.Tag, key); text != "" {
		return w.page.Tag, text
	}
	return w.study.Language, own
}

func (w studyWords) mark(language, text string) template.HTML {
	return studyText(w.page, language, text)
}
