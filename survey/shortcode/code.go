package shortcode

import (
	"errors"
	"strings"
	"unicode"
)

// Alphabet is what a code is written in, in the order of the characters' values.
const Alphabet = "0123456789ACDEFGHJKMNPQRTVWXY"

// Length is how many characters a code has, without the hyphen.
const Length = 10

const (
	base  = len(Alphabet)
	group = Length / 2
)

// Space is how many codes there are: 29⁹.
const Space uint64 = 14507145975869

// What is wrong with a code as it was typed.
var (
	// ErrLength: there are more or fewer characters than a code has.
	ErrLength = errors.New("a code has ten characters")
	// ErrTyping: a character cannot be right, or two changed places.
	ErrTyping = errors.New("the code is mistyped")
)

// lookAlikes are read as what they look like.
var lookAlikes = map[rune]rune{'B': '8', 'I': '1', 'L': '1', 'O': '0', 'S': '5', 'U': 'V', 'Z': '2'}

// Encode is the code of a number, of which what remains after division by Space
// counts.
func Encode(n uint64) string {
	code := make([]byte, Length)
	for i := Length - 2; i >= 0; i-- {
		code[i] = Alphabet[n%uint64(base)]
		n /= uint64(base)
	}
	// The last position weighs 10, and 10·3 = 30 leaves 1: 3 undoes it.
	code[Length-1] = Alphabet[(base-sum(code[:Length-1])*3%base)%base]
	return string(code)
}

// sum is that of the values times their positions, modulo 29.
func sum(code []byte) int {
	s := 0
	for i, c := range code {
		s += (i + 1) * strings.IndexByte(Alphabet, c)
	}
	return s % base
}

// Parse reads a code as people type it: in capitals or not, in groups or not, with
// look-alikes. The error is ErrLength or ErrTyping.
func Parse(typed string) (string, error) {
	code := make([]byte, 0, Length)
	strange := false
	for _, r := range typed {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("_.·,:;/|−", r) {
			continue
		}
		r = unicode.ToUpper(r)
		if like, ok := lookAlikes[r]; ok {
			r = like
		}
		if !strings.ContainsRune(Alphabet, r) {
			strange, r = true, '?'
		}
		if len(code) == Length {
			return "", ErrLength
		}
		code = append(code, byte(r))
	}
	switch {
	case len(code) != Length:
		return "", ErrLength
	case strange || sum(code) != 0:
		return "", ErrTyping
	}
	return string(code), nil
}

// Grouped is a code as it is printed.
func Grouped(code string) string {
	if len(code) != Length {
		return code
	}
	return code[:group] + "-" + code[group:]
}
