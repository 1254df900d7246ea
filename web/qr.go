package web

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// qrPicture draws a link as a QR code, to be read from paper: nobody types
// thirty random characters. Level M survives a fold or a stain. It is empty for
// a text that is too long for one.
func qrPicture(text, label string) template.HTML {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return ""
	}
	const quiet = 4 // modules of white that readers need around the code
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			begin := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", begin+quiet, y+quiet, x-begin, x-begin)
		}
	}
	side := code.Size + 2*quiet
	return template.HTML(fmt.Sprintf(
		`<svg class="qr" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		side, side, template.HTMLEscapeString(label), side, side, path.String()))
}
