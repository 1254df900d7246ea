package web

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftLanguagePage shows the words of two languages side by side.
type draftLanguagePage struct {
	draftPage
	Tag     string
	Lines   []translationLine
	Missing int
}

type translationLine struct {
	drafting.Line
	Field string
	Value string
	Fault string
}

func languagePart() draftPart {
	tag := func(c *gin.Context) string { return c.Param("language") }
	return draftPart{
		title: "Language", template: "staff_draft_language",
		within: func(c *gin.Context) (string, string) { return "language/" + tag(c), "languages" },
		values: func(c *gin.Context, d *instrument.Definition) (url.Values, error) {
			lines, err := drafting.Lines(d, tag(c))
			if err != nil {
				return nil, survey.ErrNotFound
			}
			v := url.Values{"source": {d.Translations[tag(c)].Source}}
			for _, l := range lines {
				v.Set(translationField(l.Place), l.Words)
			}
			return v, nil
		},
		page: func(c *gin.Context, p draftPage) any {
			page := draftLanguagePage{draftPage: p, Tag: tag(c)}
			lines, _ := drafting.Lines(p.D(), tag(c)) // values has asked
			for _, l := range lines {
				field := translationField(l.Place)
				line := translationLine{l, field, p.Form.Value(field), p.Form.Fault(field)}
				if line.Value == "" && !l.Optional {
					page.Missing++
				}
				page.Lines = append(page.Lines, line)
			}
			return page
		},
		edit: func(c *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			return "translated into " + tag(c), func(d *instrument.Definition) error {
				lines, err := drafting.Lines(d, tag(c))
				if err != nil {
					return err
				}
				words := map[string]string{"source": values.Get("source")}
				for _, l := range lines {
					if field := translationField(l.Place); values.Has(field) {
						words[l.Place] = values.Get(field)
					}
				}
				return drafting.Translate(d, tag(c), words)
			}
		},
	}
}
