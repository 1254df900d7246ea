package datafile

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charmaps are the encodings of eight bits that SPSS files come in, by name.
func charmapOf(name string) *charmap.Charmap {
	name = strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	name = strings.TrimPrefix(strings.Replace(name, "cp", "windows", 1), "x")
	return map[string]*charmap.Charmap{
		"windows1250": charmap.Windows1250, "windows1251": charmap.Windows1251, "windows1252": charmap.Windows1252,
		"windows1253": charmap.Windows1253, "windows1254": charmap.Windows1254, "windows1255": charmap.Windows1255,
		"windows1256": charmap.Windows1256, "windows1257": charmap.Windows1257, "windows1258": charmap.Windows1258,
		"iso88591": charmap.Windows1252, "latin1": charmap.Windows1252, "usascii": charmap.Windows1252, "ascii": charmap.Windows1252,
		"iso88592": charmap.ISO8859_2, "iso88595": charmap.ISO8859_5, "iso88596": charmap.ISO8859_6, "iso88597": charmap.ISO8859_7,
		"iso88598": charmap.ISO8859_8, "iso88599": charmap.Windows1254, "iso885915": charmap.ISO8859_15,
		"koi8r": charmap.KOI8R, "koi8u": charmap.KOI8U, "macintosh": charmap.Macintosh,
	}[name]
}

// codePages are the numbers by which older files name their encoding.
func codePage(code int) string {
	switch {
	case code == 65001:
		return "UTF-8"
	case code >= 1250 && code <= 1258:
		return "windows-125" + string(rune('0'+code-1250))
	case code == 28591, code == 2, code == 3, code == 0:
		return "" // what nobody has looked at
	case code == 28592:
		return "iso-8859-2"
	case code == 28605:
		return "iso-8859-15"
	}
	return ""
}

// decoderOf gives texts of a file as UTF-8, and a note where it had to be guessed.
func decoderOf(name string, code int) (decode func([]byte) string, note string) {
	if name = strings.TrimSpace(name); name == "" {
		name = codePage(code)
	}
	if strings.EqualFold(strings.ReplaceAll(name, "-", ""), "utf8") {
		return func(b []byte) string { return clean(strings.ToValidUTF8(string(b), "\ufffd")) }, ""
	}
	m := charmapOf(name)
	if name != "" && m == nil {
		note = "The letters of the file are in “" + clean(name) + "”, which is not known here; look whether they are right, or save the file as UTF-8."
	}
	if m == nil {
		m = charmap.Windows1252
	}
	return func(b []byte) string {
		if name == "" && utf8.Valid(b) { // a file that does not say
			return clean(string(b))
		}
		var out strings.Builder
		for _, c := range b {
			out.WriteRune(m.DecodeByte(c))
		}
		return clean(out.String())
	}, note
}

// clean leaves out what no text holds and no database takes.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, s)
}
