package disclosure

import "slices"

// Share decides on how many of a group something holds for: of parts with a value above
// 0. False is as for Mean. Few: fewer than the minimum, or nobody. Most: all others are
// fewer than the minimum, or nobody. Otherwise Value is the number, rounded.
func Share(minimum int, parts []Part, earlier []Earlier) (Figure, bool) {
	if !mayTry(minimum, parts, earlier) {
		return Figure{}, false
	}
	count := 0
	for _, p := range parts {
		if p.Value > 0 {
			count++
		}
	}
	f := Figure{Outcome: Told, People: len(parts), Value: float64(Count(count))}
	switch least := Least(minimum); {
	case count < least:
		f.Outcome, f.Value = Few, 0
	case len(parts)-count < least:
		f.Outcome, f.Value = Most, 0
	}
	before := sharing(parts, earlier, func(e Figure) span { return e.counted(minimum) })
	if tells(parts, f.counted(minimum), before, span{0, 1}, 1) {
		return Figure{Outcome: Withheld, People: len(parts)}, true
	}
	return f, true
}

// counted is what a count as it is told says of the number.
func (f Figure) counted(minimum int) span {
	n, least := float64(f.People), float64(Least(minimum))
	switch f.Outcome {
	case Few:
		return span{0, least - 1}
	case Most:
		return span{n - least + 1, n}
	case Told, Withheld:
	}
	return span{f.Value - CountStep/2, f.Value + CountStep/2}.within(span{0, n})
}

// Total decides on a sum over a group of amounts without a bound, rounded to a step:
// minutes, say. False is as for Mean. It is withheld when the rest without the two
// largest parts is less than Dominance of the largest (the p % rule): whoever gave the
// second could then work out the largest to within that.
func Total(minimum int, step float64, parts []Part, earlier []Earlier) (Figure, bool) {
	if !mayTry(minimum, parts, earlier) {
		return Figure{}, false
	}
	values := make([]float64, len(parts))
	sum := 0.0
	for i, p := range parts {
		values[i] = p.Value
		sum += p.Value
	}
	slices.Sort(values)
	n := len(values)
	f := Figure{Outcome: Told, People: n, Value: onGrid(sum, step)}
	if rest := sum - values[n-1] - values[n-2]; rest < Dominance*values[n-1] {
		return Figure{Outcome: Withheld, People: n}, true
	}
	return f, true
}
