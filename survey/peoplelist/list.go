package peoplelist

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Field is what a column is about.
type Field string

// The fields. First and Last are joined to a name.
const (
	Unused   Field = ""
	Name     Field = "name"
	First    Field = "first"
	Last     Field = "last"
	Email    Field = "email"
	Language Field = "language"
	Phone    Field = "phone"
	// Stratum is what a study asks about people before it allocates them.
	Stratum Field = "stratum"
)

// Fields are all that a column can be.
var Fields = []Field{Unused, Name, First, Last, Email, Language, Phone, Stratum}

// Column is one column of a list.
type Column struct {
	Heading string // empty when there are no headings
	Field   Field
}

// Row is one row with something in it.
type Row struct {
	Line  int // in the text, from 1
	Cells []string
}

// List is a text taken apart.
type List struct {
	Columns []Column
	Rows    []Row // without that of the headings
	// Headed: the first row has headings.
	Headed bool
}

// Read takes a text apart and finds out what its columns are. Headings are what the
// first row has when no cell of it is an address, and one is known as a heading or
// stands above addresses.
func Read(text string, most int) (*List, error) {
	rows, err := rowsOf(text, most+1)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrEmpty
	}
	l := &List{Rows: rows}
	l.head(headed(rows))
	if len(l.Rows) > most {
		return nil, ErrTooMany
	}
	if len(l.Rows) == 0 {
		return nil, ErrEmpty
	}
	return l, nil
}

// Head says whether the first row has headings, against what was found.
func (l *List) Head(headed bool) {
	if headed == l.Headed {
		return
	}
	if l.Headed {
		first := Row{Line: 1}
		for _, c := range l.Columns {
			first.Cells = append(first.Cells, c.Heading)
		}
		l.Rows = append([]Row{first}, l.Rows...)
	}
	l.head(headed)
}

func (l *List) head(headed bool) {
	l.Headed, l.Columns = headed, make([]Column, width(l.Rows))
	if headed {
		for i, cell := range l.Rows[0].Cells {
			l.Columns[i] = Column{Heading: cell, Field: fieldOf(cell)}
		}
		l.Rows = l.Rows[1:]
		once(l.Columns)
	}
	l.guess()
}

func width(rows []Row) int {
	n := 0
	for _, r := range rows {
		n = max(n, len(r.Cells))
	}
	return n
}

// once keeps the first column of each field that a person has once.
func once(columns []Column) {
	seen := map[Field]bool{}
	for i, c := range columns {
		if seen[c.Field] && c.Field != Stratum { // a study may ask more than one thing
			columns[i].Field = Unused
		}
		seen[c.Field] = true
	}
}

// guess finds the column with the addresses, and that with the names, where the
// headings do not say.
func (l *List) guess() {
	best, most, text := -1, 0, -1
	known := slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Field != Unused })
	for i, c := range l.Columns {
		if c.Field == Email {
			best = -1
			most = len(l.Rows) + 1 // it is said
		}
		at, words := 0, 0
		for _, r := range l.Rows {
			if i < len(r.Cells) && strings.Contains(r.Cells[i], "@") {
				at++
			} else if i < len(r.Cells) && strings.ContainsFunc(r.Cells[i], unicode.IsLetter) {
				words++
			}
		}
		if c.Field == Unused && at > most {
			best, most = i, at
		}
		if c.Field == Unused && text < 0 && words > 0 && at == 0 && !known {
			text = i
		}
	}
	if best >= 0 {
		l.Columns[best].Field = Email
	}
	if text >= 0 && !l.has(Name) && !l.has(First) && !l.has(Last) {
		l.Columns[text].Field = Name
	}
}

func (l *List) has(f Field) bool {
	for _, c := range l.Columns {
		if c.Field == f {
			return true
		}
	}
	return false
}

// Value is what a row has in a field; a name is put together of its parts.
func (l *List) Value(r Row, f Field) string {
	var parts []string
	take := func(f Field) {
		for i, c := range l.Columns {
			if c.Field == f && i < len(r.Cells) && r.Cells[i] != "" {
				parts = append(parts, r.Cells[i])
			}
		}
	}
	take(f)
	if f == Name && len(parts) == 0 {
		take(First)
		take(Last)
	}
	if f == Stratum { // as survey.Person has several
		return strings.Join(parts, " | ")
	}
	return strings.Join(parts, " ")
}

// Mean says what columns with one of these headings are, where that was not found out.
func (l *List) Mean(f Field, headings ...string) {
	for i, c := range l.Columns {
		if c.Field == Unused && slices.ContainsFunc(headings, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(c.Heading)) }) {
			l.Columns[i].Field = f
		}
	}
}

// rowsOf reads rows by the separator that the text has most of.
func rowsOf(text string, most int) ([]Row, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimLeft(text, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, true, false
	var rows []Row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, ErrQuotes
		}
		line, _ := r.FieldPos(0)
		if strings.Count(strings.Join(cells, ""), "\n") > 2 {
			return nil, ErrQuotes // a mark that was never closed has taken the rows after it
		}
		some := false
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ")
			some = some || cells[i] != ""
		}
		if !some {
			continue
		}
		if rows = append(rows, Row{Line: line, Cells: cells}); len(rows) > most {
			return nil, ErrTooMany
		}
	}
}

// separator is the one of tab, semicolon and comma that stands in the most of the
// first lines; when they are equal, in that order: a comma is in names too.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", 21)
	best, most := ',', 0
	for _, c := range "\t;," {
		n := 0
		for _, line := range lines[:min(len(lines), 20)] {
			if strings.ContainsRune(line, c) {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// headed reports whether the first row has headings.
func headed(rows []Row) bool {
	for _, c := range rows[0].Cells {
		if strings.Contains(c, "@") {
			return false
		}
	}
	for i, c := range rows[0].Cells {
		if fieldOf(c) != Unused {
			return true
		}
		below := 0
		for _, r := range rows[1:] {
			if i < len(r.Cells) && strings.Contains(r.Cells[i], "@") {
				below++
			}
		}
		if below > 0 && 2*below >= len(rows)-1 {
			return true
		}
	}
	return false
}

// headings are what columns are called, in three languages, without what stands
// between letters.
var headings = map[string]Field{
	"name": Name, "fullname": Name, "participant": Name, "person": Name, "vollständigername": Name, "vorundnachname": Name,
	"teilnehmer": Name, "teilnehmerin": Name, "teilnehmende": Name, "nombrecompleto": Name, "nombreyapellidos": Name, "participante": Name,
	"displayname": Name, "firstname": First, "givenname": First, "forename": First, "vorname": First, "nombre": First, "nombredepila": First,
	"lastname": Last, "surname": Last, "familyname": Last, "nachname": Last, "familienname": Last, "zuname": Last, "apellido": Last, "apellidos": Last,
	"email": Email, "mail": Email, "emailaddress": Email, "mailaddress": Email, "emailadresse": Email, "mailadresse": Email, "emailanschrift": Email,
	"correo": Email, "correoelectrónico": Email, "correoelectronico": Email, "direccióndecorreo": Email, "emailprimary": Email,
	"email1value": Email, "primaryemail": Email,
	"language": Language, "lang": Language, "sprache": Language, "idioma": Language, "lengua": Language, "preferredlanguage": Language,
	"phone": Phone, "phonenumber": Phone, "mobile": Phone, "mobilephone": Phone, "telephone": Phone, "tel": Phone, "cell": Phone, "phone1value": Phone,
	"telefon": Phone, "telefonnummer": Phone, "handy": Phone, "handynummer": Phone, "mobiltelefon": Phone, "mobil": Phone,
	"teléfono": Phone, "telefono": Phone, "móvil": Phone, "movil": Phone,
	"stratum": Stratum, "schicht": Stratum, "stratumlevel": Stratum, "estrato": Stratum,
}

func fieldOf(heading string) Field {
	return headings[strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)]
}

// languages are how people write in which language somebody is to be written to.
var languages = map[string]string{
	"english": "en", "englisch": "en", "inglés": "en", "ingles": "en", "german": "de", "deutsch": "de", "alemán": "de", "aleman": "de",
	"spanish": "es", "spanisch": "es", "español": "es", "espanol": "es", "castellano": "es",
}

// LanguageTag is a language as a code, "de" for "Deutsch"; what is not known by name
// stays as it is, in small letters.
func LanguageTag(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if tag, ok := languages[text]; ok {
		return tag
	}
	return text
}
