package peoplelist

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func utf16Of(text string, order binary.AppendByteOrder, mark bool) []byte {
	var b []byte
	if mark {
		b = order.AppendUint16(b, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestEveryEncodingOfAListIsRead(t *testing.T) {
	t.Parallel()
	const text = "Name;E-Mail\nZoë „Bär“ Núñez – 5 €;zoe@example.org\n"
	windows := []byte("Name;E-Mail\r\nZo\xeb \x84B\xe4r\x93 N\xfa\xf1ez \x96 5 \x80;zoe@example.org\r\n")
	for name, data := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\ufeff" + text), "old line ends": []byte(strings.ReplaceAll(text, "\n", "\r")),
		"UTF-16 little": utf16Of(text, binary.LittleEndian, true), "UTF-16 big": utf16Of(text, binary.BigEndian, true),
		"UTF-16 little without a mark": utf16Of(text, binary.LittleEndian, false), "UTF-16 big without a mark": utf16Of(text, binary.BigEndian, false),
	} {
		if got, err := Decode(data); err != nil || got != text {
			t.Errorf("%s is read as %q (%v)", name, got, err)
		}
	}
	if got, err := Decode(windows); err != nil || got != text {
		t.Errorf("Windows-1252 is read as %q (%v)", got, err)
	}
	for data, want := range map[string]error{"PK\x03\x04xx": ErrWorkbook, "\xd0\xcf\x11\xe0": ErrWorkbook, "abc\x00\x00def": ErrBinary} {
		if _, err := Decode([]byte(data)); !errors.Is(err, want) {
			t.Errorf("of %q it is said: %v", data, err)
		}
	}
}

// read gives the people of a list as "name|email|language".
func read(t *testing.T, text string) []string {
	t.Helper()
	l, err := Read(text, 100)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return people(l)
}

func people(l *List) []string {
	var all []string
	for _, r := range l.Rows {
		all = append(all, l.Value(r, Name)+"|"+l.Value(r, Email)+"|"+l.Value(r, Language))
	}
	return all
}

func TestColumnsAreFound(t *testing.T) {
	t.Parallel()
	want := []string{"Ana Ruiz|ana@example.org|", "Ben|ben@example.org|"}
	for name, text := range map[string]string{
		"commas":             "Name,E-mail\nAna Ruiz,ana@example.org\nBen,ben@example.org",
		"semicolons":         "Name;Mail\nAna Ruiz;ana@example.org\nBen;ben@example.org\n",
		"tabs":               "e-mail address\tFull name\nana@example.org\tAna Ruiz\nben@example.org\tBen\n",
		"German":             "Nachname;Vorname;E-Mail-Adresse\nRuiz;Ana;ana@example.org\n;Ben;ben@example.org",
		"Spanish":            "Correo electrónico;Nombre;Apellidos\nana@example.org;Ana;Ruiz\nben@example.org;Ben;",
		"no headings":        "Ana Ruiz,ana@example.org\nBen,ben@example.org",
		"the other way":      "ana@example.org;Ana Ruiz\nben@example.org;Ben",
		"quotes":             "Name,Mail\n\"Ana  Ruiz\",\"ana@example.org\"\nBen,ben@example.org",
		"empty rows":         "\n;;\nName;Mail\n\nAna Ruiz;ana@example.org\n;\nBen;ben@example.org\n\n",
		"unknown beside":     "No.;Name;Town;Mail\n1;Ana Ruiz;Jaén;ana@example.org\n2;Ben;Ulm;ben@example.org",
		"address not headed": "Name;Contact\nAna Ruiz;ana@example.org\nBen;ben@example.org",
		"unknown headings":   "Wer;Wohin\nAna Ruiz;ana@example.org\nBen;ben@example.org",
		"numbers first":      "1;Ana Ruiz;ana@example.org\n2;Ben;ben@example.org",
	} {
		if got := read(t, text); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := read(t, "Name;Mail;Sprache\nAna;ana@example.org;Deutsch"); got[0] != "Ana|ana@example.org|Deutsch" || LanguageTag("Deutsch ") != "de" || LanguageTag("FR") != "fr" {
		t.Errorf("%q", got)
	}
	if got := read(t, "\"Ruiz, Ana\",ana@example.org"); got[0] != "Ruiz, Ana|ana@example.org|" {
		t.Errorf("%q", got)
	}
}

func TestColumnsAndHeadingsCanBeCorrected(t *testing.T) {
	t.Parallel()
	l, err := Read("Name;Mail\nAna;ana@example.org", 10)
	if err != nil || !l.Headed {
		t.Fatal(err)
	}
	l.Head(false)
	if len(l.Rows) != 2 || l.Rows[0].Line != 1 || l.Rows[0].Cells[0] != "Name" {
		t.Errorf("%+v", l)
	}
	l.Head(true)
	if len(l.Rows) != 1 || l.Columns[1].Field != Email {
		t.Errorf("%+v", l)
	}
	l.Columns[0].Field, l.Columns[1].Field = Email, Name
	if got := people(l); got[0] != "ana@example.org|Ana|" {
		t.Errorf("%q", got)
	}
	if got := l.Rows[0].Line; got != 2 {
		t.Errorf("the row is line %d", got)
	}
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	rows := "Name\n" + strings.Repeat("Ana\n", 5)
	if _, err := Read(rows, 5); err != nil {
		t.Error(err)
	}
	for text, want := range map[string]error{
		rows + "Ben": ErrTooMany, "": ErrEmpty, ";;\n\n": ErrEmpty, "Name;Mail": ErrEmpty,
		"Name,Mail\n\"Ana,a@example.org\nB,b\nC,c\nD,d": ErrQuotes,
	} {
		if _, err := Read(text, 5); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Name;Mail\nAna;ana@example.org"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := Decode(data)
		if err != nil {
			return
		}
		l, err := Read(text, 50)
		if err != nil {
			return
		}
		if len(l.Rows) == 0 || len(l.Rows) > 50 {
			t.Errorf("%d rows", len(l.Rows))
		}
		for _, r := range l.Rows {
			if len(r.Cells) > len(l.Columns) {
				t.Errorf("%d cells in %d columns", len(r.Cells), len(l.Columns))
			}
		}
		l.Head(!l.Headed)
		people(l)
	})
}

func TestColumnsOfEverythingThatAStudyAsksAreReadTogether(t *testing.T) {
	t.Parallel()
	l, err := Read("Name;site;Stratum;Room\nAna;Hill;evenings;4\nBo;;mornings;\n", 10)
	if err != nil {
		t.Fatal(err)
	}
	l.Mean(Stratum, "Site", "Hours")
	for i, want := range []string{"Hill | evenings", "mornings"} {
		if got := l.Value(l.Rows[i], Stratum); got != want {
			t.Errorf("row %d tells %q, want %q", i, got, want)
		}
	}
	if got := l.Columns[3].Field; got != Unused {
		t.Errorf("the room is taken for %q", got)
	}
}
