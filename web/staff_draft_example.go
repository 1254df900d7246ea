package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftExamplePage is the form of a worked example.
type draftExamplePage struct {
	draftPage
	Number int // 0: a new one
	Lines  []instrument.Item
	Scales []instrument.Scale
}

func examplePart() draftPart {
	number := func(c *gin.Context) int {
		n, err := strconv.Atoi(c.Param("example"))
		if err != nil {
			return 0
		}
		return n
	}
	return draftPart{
		title: "Worked example", template: "staff_draft_example",
		within: func(c *gin.Context) (string, string) { return "example/" + c.Param("example"), "examples" },
		values: func(c *gin.Context, d *instrument.Definition) (url.Values, error) {
			if c.Param("example") == newPart {
				v := url.Values{}
				for name, values := range c.Request.URL.Query() { // from the test run
					if strings.HasPrefix(name, "answer_") {
						v[name] = values
					}
				}
				return v, nil
			}
			n := number(c)
			if n < 1 || n > len(d.Vectors) {
				return nil, survey.ErrNotFound
			}
			return exampleValues(d.Vectors[n-1]), nil
		},
		page: func(c *gin.Context, p draftPage) any {
			page := draftExamplePage{draftPage: p, Number: number(c), Scales: p.D().Scales}
			for _, item := range p.D().Items {
				if item.Type.Numeric() {
					page.Lines = append(page.Lines, item)
				}
			}
			return page
		},
		edit: func(c *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			n := number(c)
			return "changed a worked example", func(d *instrument.Definition) error { return putExample(d, n, values) }
		},
		saved: nil,
	}
}

func exampleValues(example instrument.Vector) url.Values {
	v := url.Values{"name": {example.Name}}
	for code, answer := range example.Answers {
		v.Set("answer_"+code, drafting.Show(answer))
	}
	for key, e := range example.Expected {
		if e.Value != nil {
			v.Set("expect_"+key, drafting.Show(*e.Value))
		} else {
			v.Set("expect_"+key, "none")
		}
	}
	return v
}

func putExample(d *instrument.Definition, n int, values url.Values) error {
	example := instrument.Vector{Name: drafting.Trim(values.Get("name")), Answers: instrument.Numbers{}, Expected: map[string]instrument.Expected{}}
	for _, item := range d.Items {
		text := strings.TrimSpace(values.Get("answer_" + item.Code))
		if text == "" {
			continue
		}
		v, err := drafting.Number(text)
		if err != nil {
			return &drafting.Refusal{Field: "answer_" + item.Code, Message: drafting.MessageNumber}
		}
		example.Answers[item.Code] = v
	}
	for _, s := range d.Scales {
		text := strings.TrimSpace(values.Get("expect_" + s.Key))
		if text == "none" || text == "" {
			example.Expected[s.Key] = instrument.Expected{Reason: instrument.ReasonTooFewAnswered}
			continue
		}
		v, err := drafting.Number(text)
		if err != nil {
			return &drafting.Refusal{Field: "expect_" + s.Key, Message: drafting.MessageNumber}
		}
		example.Expected[s.Key] = instrument.Expected{Value: &v}
	}
	switch {
	case n == 0:
		d.Vectors = append(d.Vectors, example)
	case n > len(d.Vectors):
		return drafting.ErrGone
	default:
		d.Vectors[n-1] = example
	}
	return nil
}
