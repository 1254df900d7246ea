package export

import (
	"context"
	_ "embed" // for the page
	"html/template"
	"io"

	"tidemark/survey"
)

//go:embed book.html
var bookPage string

//go:embed book.css
var bookStyle string

// style is ours, and safe as it is.
var bookTemplate = template.Must(template.New("book").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(bookStyle) }, //nolint:gosec // embedded with the program
}).Parse(bookPage))

// writeBookHTML writes the codebook as one page, to be read and printed. It gives the
// number of variables.
func writeBookHTML(_ context.Context, _ survey.DataReader, f *frame, w io.Writer) (int, error) {
	b := f.book()
	return b.variables(), bookTemplate.Execute(w, b)
}

func (b book) variables() int {
	n := len(b.General)
	for _, s := range b.Sections {
		n += len(s.Variables)
	}
	return n
}
