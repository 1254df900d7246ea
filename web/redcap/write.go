package redcap

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
)

// rowWriter writes rows under the same names.
type rowWriter interface {
	row(values []string) error
	end() error
}

// begin starts an answer of rows. root is what XML calls them together.
func (k *call) begin(header []string, root string) (rowWriter, error) {
	k.c.Header("Content-Type", mediaOf(k.req.format))
	k.c.Status(http.StatusOK)
	switch k.req.format {
	case "csv":
		w := &csvRows{csv.NewWriter(k.c.Writer)}
		var err error
		if w.out.Comma, err = k.delimiter(); err != nil {
			return nil, err
		}
		return w, w.out.Write(header)
	case "json":
		w := &jsonRows{out: bufio.NewWriter(k.c.Writer), header: header}
		_, err := w.out.WriteString("[")
		return w, err
	}
	w := &xmlRows{out: bufio.NewWriter(k.c.Writer), header: header, root: root}
	_, err := w.out.WriteString(xmlBegins + "<" + root + ">")
	return w, err
}

// mediaOf always says that text is UTF-8: redcapAPI takes it for Latin 1 otherwise.
func mediaOf(format string) string {
	switch format {
	case "csv":
		return "text/csv; charset=utf-8"
	case "json":
		return "application/json; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}

func (k *call) delimiter() (rune, error) {
	switch d := k.req.values.Get("csvDelimiter"); d {
	case "", ",":
		return ',', nil
	case ";":
		return ';', nil
	case "tab", "\t":
		return '\t', nil
	case "|", "^":
		return rune(d[0]), nil
	}
	return 0, bad("The csvDelimiter is a comma, a semicolon, tab, | or ^.")
}

type csvRows struct{ out *csv.Writer }

func (w *csvRows) row(values []string) error {
	safe := make([]string, len(values))
	for i, v := range values {
		safe[i] = guarded(v)
	}
	return w.out.Write(safe)
}

// guarded keeps a spreadsheet from running a text; numbers are left alone.
func guarded(v string) string {
	if v == "" || !strings.ContainsRune("=+-@", rune(v[0])) || json.Valid([]byte(v)) {
		return v
	}
	return "'" + v
}

func (w *csvRows) end() error { w.out.Flush(); return w.out.Error() }

type jsonRows struct {
	out    *bufio.Writer
	header []string
	begun  bool
}

func (w *jsonRows) row(values []string) error {
	if w.begun {
		w.out.WriteByte(',') //nolint:errcheck // Flush tells
	}
	w.begun = true
	w.out.Write(jsonObject(w.header, values)) //nolint:errcheck // Flush tells
	return nil
}

// jsonObject keeps the order of names.
func jsonObject(header, values []string) []byte {
	b := []byte{'{'}
	for i, name := range header {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, jsonText(name)...), ':'), jsonText(values[i])...)
	}
	return append(b, '}')
}

func jsonText(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`) // a string can be written
	}
	return b
}

func (w *jsonRows) end() error {
	w.out.WriteByte(']') //nolint:errcheck // Flush tells
	return w.out.Flush()
}

const xmlBegins = `<?xml version="1.0" encoding="UTF-8" ?>` + "\n"

type xmlRows struct {
	out    *bufio.Writer
	header []string
	root   string
}

func (w *xmlRows) row(values []string) error {
	w.out.WriteString("<item>") //nolint:errcheck // Flush tells
	for i, name := range w.header {
		writeElement(w.out, name, values[i])
	}
	w.out.WriteString("</item>") //nolint:errcheck // Flush tells
	return nil
}

func writeElement(w *bufio.Writer, name, text string) {
	w.WriteString("<" + name + ">")         //nolint:errcheck // Flush tells
	xml.EscapeText(w, []byte(text))         //nolint:errcheck // Flush tells
	_, _ = w.WriteString("</" + name + ">") // Flush tells
}

func (w *xmlRows) end() error {
	w.out.WriteString("</" + w.root + ">") //nolint:errcheck // Flush tells
	return w.out.Flush()
}

// send answers with a table that has a heading.
func (k *call) send(rows [][]string, root string) error {
	w, err := k.begin(rows[0], root)
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		if err := w.row(row); err != nil {
			return err
		}
	}
	return w.end()
}

// text answers with bytes of a media type.
func (k *call) text(media string, b []byte) error {
	k.c.Header("Content-Type", media)
	k.c.Status(http.StatusOK)
	_, err := k.c.Writer.Write(b)
	return err
}

// writeError answers with an error as REDCap forms it.
func (k *call) writeError(f *fault) {
	format := k.req.errors
	if format == "" {
		format = k.req.format
	}
	k.c.Header("Content-Type", mediaOf(format))
	k.c.Writer.WriteHeader(f.status)
	var text strings.Builder
	switch format {
	case "json":
		text.WriteString(`{"error":` + string(jsonText(f.text)) + `}`)
	case "csv":
		text.WriteString("ERROR: " + f.text)
	default:
		text.WriteString(xmlBegins + "<hash><error>")
		_ = xml.EscapeText(&text, []byte(f.text)) // a builder takes all
		text.WriteString("</error></hash>")
	}
	_, _ = io.WriteString(k.c.Writer, text.String()) // whoever does not wait for it needs nothing
}
