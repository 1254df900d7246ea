package web

import (
	"html/template"

	"tidemark/survey"
	"tidemark/web/locale"
)

// studyWords are what a study says on a page of a language: its own words, marked
// where they are in another language than the page.
type studyWords struct {
	page  *locale.Language
	study survey.Study
}

// Title is what the study is called.
func (w studyWords) Title() template.HTML { return w.own(w.study.Title) }

// Wave is what one of its surveys is called.
func (w studyWords) Wave(x survey.Wave) template.HTML { return w.own(x.Name) }

func (w studyWords) own(text string) template.HTML {
	return studyText(w.page, w.study.Language, text)
}
