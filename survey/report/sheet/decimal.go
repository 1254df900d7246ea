package sheet

// decimals reads numbers as people write them.
type decimals struct{ powers [23]float64 } // of ten: those that a double holds exactly

func newDecimals() *decimals {
	var d decimals
	d.powers[0] = 1
	for i := 1; i < len(d.powers); i++ {
		d.powers[i] = 10 * d.powers[i-1]
	}
	return &d
}

// mark is the decimal sign of a number.
type mark byte

const (
	noMark    mark = 0
	pointMark mark = '.'
	commaMark mark = ','
)

// read reads the number that begins at a position and ends before the separator
// or the end of the line. It reports false for whatever is not digits with at
// most one decimal sign, or has more of them than a double holds exactly: then a
// slower way must say what it is. The result is the double nearest to the
// number, a quotient of two numbers that are exact (Clinger 1990).
func (d *decimals) read(text []byte, at int, separator byte) (v float64, end int, sign mark, ok bool) {
	negative := false
	if c := text[at]; c == '-' || c == '+' {
		negative = c == '-'
		at++
	}
	var whole uint64
	digits, begin := 0, at
	for ; text[at]-'0' < 10; at++ {
		whole = 10*whole + uint64(text[at]-'0')
	}
	digits = at - begin
	decimals := 0
	if c := text[at]; c != separator && (c == '.' || c == ',') {
		sign = mark(c)
		at++
		begin = at
		for ; text[at]-'0' < 10; at++ {
			whole = 10*whole + uint64(text[at]-'0')
		}
		decimals = at - begin
		digits += decimals
	}
	if c := text[at]; c != separator && c != '\n' || digits == 0 || digits > 18 || whole > 1<<53 ||
		sign == commaMark && decimals == 0 {
		return 0, 0, noMark, false
	}
	v = float64(whole) / d.powers[decimals]
	if negative {
		v = -v
	}
	return v, at, sign, true
}
