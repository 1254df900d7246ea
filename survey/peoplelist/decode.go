package peoplelist

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What cannot be read as a list.
var (
	// ErrWorkbook: a file of a spreadsheet program, not saved as CSV.
	ErrWorkbook = errors.New("a workbook, not CSV")
	// ErrBinary: no text at all.
	ErrBinary = errors.New("not text")
	// ErrEmpty: no row with anything in it.
	ErrEmpty = errors.New("no rows")
	// ErrTooMany: more rows than may be read at once.
	ErrTooMany = errors.New("too many rows")
	// ErrQuotes: a quotation mark that is opened and never closed.
	ErrQuotes = errors.New("a quotation mark is not closed")
)

// Decode gives the text of a file, with "\n" at the end of lines. Whatever is not
// valid UTF-8 or UTF-16 is read as Windows-1252, in which every byte is a character.
func Decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "", ErrWorkbook
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return tidy(wide(data[2:], binary.LittleEndian))
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return tidy(wide(data[2:], binary.BigEndian))
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[3] == 0: // UTF-16 without a mark
		return tidy(wide(data, binary.LittleEndian))
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		return tidy(wide(data, binary.BigEndian))
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return tidy(string(data))
	}
	var b strings.Builder
	for _, c := range data {
		if 0x80 <= c && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return tidy(b.String())
}

func wide(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func tidy(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", ErrBinary
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), nil
}

// windows1252 are the characters from 0x80 to 0x9f; the five bytes that stand for
// nothing are read as U+FFFD.
var windows1252 = [32]rune{
	'€', '\ufffd', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\ufffd', 'Ž', '\ufffd',
	'\ufffd', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\ufffd', 'ž', 'Ÿ',
}
