package sheet

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// decode gives the file as UTF-8 with "\n" at the end of lines, and a note when
// it was something else.
func decode(data []byte) (text []byte, note string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, "", ErrWorkbook
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data, note = utf16Text(data[2:], binary.LittleEndian), "The file is encoded as UTF-16."
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, note = utf16Text(data[2:], binary.BigEndian), "The file is encoded as UTF-16."
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, "", ErrBinary
	}
	if !utf8.Valid(data) {
		data, note = latinText(data), "The file is not UTF-8; its letters were read as Western European (Latin-1)."
	}
	if bytes.IndexByte(data, '\r') < 0 {
		return data, note, nil
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	if bytes.IndexByte(data, '\n') < 0 { // the line ends of old Macintoshes
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return data, note, nil
}

func utf16Text(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// latinText reads every byte as the character of the same number.
func latinText(data []byte) []byte {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}
