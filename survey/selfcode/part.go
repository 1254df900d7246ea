package selfcode

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Part is one thing that a code is made of.
type Part struct {
	Key  string
	Most int // the largest number; 0: the part is a letter
	// Agree is u: how probably two people give the same.
	Agree float64
	// Near is how probably what two people give is near and not the same.
	Near float64
}

// Letter reports whether the part is the first letter of something.
func (p Part) Letter() bool { return p.Most == 0 }

// slip is 1−m: how probably somebody gives something else the second time, for letters
// and for numbers; half of the slips in numbers are near.
const slip = 0.05

// Parts are all that a code can be made of. The chances of letters are sums of squared
// shares of initials of given names and of places, as they are in lists of names of the
// three languages: some 1 in 11 and 1 in 14; siblings after census tables.
var Parts = []Part{
	{Key: "mother", Agree: 0.09},                                      // first letter of the mother's first name
	{Key: "father", Agree: 0.09},                                      // first letter of the father's first name
	{Key: "birthplace", Agree: 0.07},                                  // first letter of the town of birth
	{Key: "street", Agree: 0.07},                                      // first letter of the street one grew up in
	{Key: "day", Most: 31, Agree: 1.0 / 30.4, Near: 2.6 / 30.4},       // day of the month of birth
	{Key: "month", Most: 12, Agree: 1.0 / 12, Near: 2.1 / 12},         // month of birth
	{Key: "older_siblings", Most: 9, Agree: 0.34, Near: 0.43},         // 9: nine or more
	{Key: "younger_siblings", Most: 9, Agree: 0.34, Near: 0.43},       // 9: nine or more
	{Key: "house_number_digit", Most: 9, Agree: 1.0 / 10, Near: 0.18}, // last digit of the first house number
}

// PartByKey finds a part.
func PartByKey(key string) (Part, bool) {
	i := slices.IndexFunc(Parts, func(p Part) bool { return p.Key == key })
	if i < 0 {
		return Part{}, false
	}
	return Parts[i], true
}

// folded are letters with marks, and which one they are counted as.
var folded = map[rune]rune{
	'Ä': 'A', 'À': 'A', 'Á': 'A', 'Â': 'A', 'Ã': 'A', 'Å': 'A', 'Æ': 'A', 'Ą': 'A', 'Ç': 'C', 'Ć': 'C', 'Č': 'C', 'Ď': 'D', 'Đ': 'D',
	'È': 'E', 'É': 'E', 'Ê': 'E', 'Ë': 'E', 'Ę': 'E', 'Ě': 'E', 'Ğ': 'G', 'Ì': 'I', 'Í': 'I', 'Î': 'I', 'Ï': 'I', 'İ': 'I', 'Ł': 'L',
	'Ñ': 'N', 'Ń': 'N', 'Ň': 'N', 'Ö': 'O', 'Ò': 'O', 'Ó': 'O', 'Ô': 'O', 'Õ': 'O', 'Ø': 'O', 'Œ': 'O', 'Ř': 'R', 'ẞ': 'S', 'ß': 'S', 'Ś': 'S',
	'Š': 'S', 'Ş': 'S', 'Ť': 'T', 'Ü': 'U', 'Ù': 'U', 'Ú': 'U', 'Û': 'U', 'Ů': 'U', 'Ý': 'Y', 'Ÿ': 'Y', 'Ź': 'Z', 'Ż': 'Z', 'Ž': 'Z',
}

// Normal is a part as it is compared, however it was typed: "ángela" is "A", "07" is
// "7". Empty: left out, or cannot be read; letters of other scripts count as they are.
func (p Part) Normal(typed string) string {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	if p.Letter() {
		for _, r := range typed {
			if base, ok := folded[r]; ok {
				r = base
			}
			if unicode.IsLetter(r) {
				return string(r)
			}
		}
		return ""
	}
	n, err := strconv.Atoi(strings.TrimRight(typed, ". "))
	least := 0
	if p.Key == "day" || p.Key == "month" {
		least = 1
	}
	if err != nil || n < least || n > p.Most {
		return ""
	}
	return strconv.Itoa(n)
}

// near reports whether two numbers differ as numbers do that were mistyped or
// misremembered: by one, or with their digits in the other order.
func (p Part) near(a, b string) bool {
	if p.Letter() {
		return false
	}
	x, y := number(a), number(b)
	return x-y == 1 || y-x == 1 || 10*(x%10)+x/10 == y
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -10
	}
	return n
}
