package design

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind string

const (
	tokenEnd    tokenKind = "end"
	tokenName   tokenKind = "name"
	tokenNumber tokenKind = "number"
	tokenSign   tokenKind = "sign"
)

// token is a word of a formula; at is its byte offset.
type token struct {
	kind  tokenKind
	text  string
	value float64
	at    int
}

// maxLength bounds a formula in bytes: nobody writes a longer one.
const maxLength = 10_000

// scan splits a formula into tokens; the last one is tokenEnd.
func scan(s string) ([]token, error) {
	if len(s) > maxLength {
		return nil, fmt.Errorf("a formula of %d bytes is longer than %d", len(s), maxLength)
	}
	var out []token
	for at := 0; ; {
		rest := strings.TrimLeft(s[at:], " \t\r\n")
		at = len(s) - len(rest)
		if rest == "" {
			return append(out, token{kind: tokenEnd, text: "the end", at: at}), nil
		}
		t, length, err := scanOne(rest)
		if err != nil {
			return nil, fmt.Errorf("%w at position %d of %q", err, at+1, s)
		}
		t.at = at
		out = append(out, t)
		at += length
	}
}

// scanOne reads the token at the beginning of s and its length in bytes.
func scanOne(s string) (token, int, error) {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case strings.HasPrefix(s, "||"):
		return token{kind: tokenSign, text: "||"}, 2, nil
	case strings.ContainsRune("~+-*/:^()|,", r):
		return token{kind: tokenSign, text: string(r)}, 1, nil
	case r == '`':
		end := strings.IndexByte(s[1:], '`')
		if end <= 0 {
			return token{}, 0, fmt.Errorf("a backtick without its partner")
		}
		return token{kind: tokenName, text: s[1 : 1+end]}, end + 2, nil
	case isDigit(s[0]) || s[0] == '.' && len(s) > 1 && isDigit(s[1]):
		return scanNumber(s)
	case unicode.IsLetter(r) || r == '.' || r == '_':
		end := strings.IndexFunc(s, func(r rune) bool { return !inName(r) })
		if end < 0 {
			end = len(s)
		}
		return token{kind: tokenName, text: s[:end]}, end, nil
	}
	return token{}, 0, fmt.Errorf("unexpected %q", r)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func inName(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_'
}

// scanNumber reads digits, a decimal point and an exponent.
func scanNumber(s string) (token, int, error) {
	end := 0
	for end < len(s) {
		b := s[end]
		sign := (b == '+' || b == '-') && end > 0 && (s[end-1] == 'e' || s[end-1] == 'E')
		if !isDigit(b) && b != '.' && b != 'e' && b != 'E' && !sign {
			break
		}
		end++
	}
	v, err := strconv.ParseFloat(s[:end], 64)
	if err != nil {
		return token{}, 0, fmt.Errorf("%q is not a number", s[:end])
	}
	return token{kind: tokenNumber, text: s[:end], value: v}, end, nil
}
