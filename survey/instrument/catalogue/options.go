package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tidemark/survey/instrument"
)

var (
	// pair is "1 = Almost never", also several in one line.
	pair = regexp.MustCompile(`[(\[]?(-?\d{1,2})[)\]]?\s*[=:–—]\s*`)
	// valued is "1 Almost never", "1) Almost never" and "1. Almost never".
	valued = regexp.MustCompile(`^[(\[]?(-?\d{1,2})[)\].]?\s+(\S.*)$`)
	// behind is "Almost never (1)" and "Almost never = 1".
	behind = regexp.MustCompile(`^(.*?\S)\s*(?:[(\[](-?\d{1,2})[)\]]|[=:]\s*(-?\d{1,2}))$`)
)

// optionLine reads a line that can be nothing but options: "0 = Never, 1 = Seldom",
// or one "1 = Almost never". Nil: it is none.
func (e *Entry) optionLine(line string) []FoundOption {
	if e.Slider() {
		return nil
	}
	at := pair.FindAllStringSubmatchIndex(line, -1)
	if len(at) == 0 || strings.TrimSpace(line[:at[0][0]]) != "" && len(at) < 2 {
		return nil
	}
	if len(at) == 1 && !strings.Contains(line[at[0][0]:at[0][1]], "=") {
		return nil // "1: text" and "1 – text" are items
	}
	var found []FoundOption
	for i, m := range at {
		end := len(line)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value, err := strconv.Atoi(line[m[2]:m[3]])
		label := strings.Trim(spaces.ReplaceAllString(line[m[1]:end], " "), " ,;/|•·")
		if err != nil || label == "" || len(label) > 80 {
			return nil
		}
		found = append(found, FoundOption{Value: float64(value), HasValue: true, Label: label})
	}
	return found
}

// optionsAmong looks for options in lines that are no items: a row of as many
// labels as there are options, or words at the two ends of a row of numbers.
func (e *Entry) optionsAmong(lines []string) []FoundOption {
	points := e.Response.Points
	if points < 2 {
		return nil
	}
	for _, line := range lines {
		cells := slices.DeleteFunc(regexp.MustCompile(`\t+| {2,}|\s*\|\s*`).Split(strings.TrimSpace(line), -1), func(c string) bool { return c == "" })
		if len(cells) == points && !slices.ContainsFunc(cells, func(c string) bool { return len(c) > 60 || !strings.ContainsFunc(c, unicode.IsLetter) }) {
			found := make([]FoundOption, points)
			for i, c := range cells {
				found[i] = e.option(c)
			}
			return found
		}
	}
	for i, line := range lines {
		if found := e.ends(line); found != nil {
			return found
		}
		// Words in one line, the numbers in the next.
		cells := slices.DeleteFunc(gap.Split(strings.TrimSpace(line), -1), func(c string) bool { return c == "" })
		if len(cells) == 2 && i+1 < len(lines) {
			if found := e.ends(cells[0] + " " + strings.TrimSpace(lines[i+1]) + " " + cells[1]); found != nil {
				return found
			}
		}
	}
	return nil
}

// ends reads "Almost never 1 2 3 4 5 Almost always".
func (e *Entry) ends(line string) []FoundOption {
	fields := strings.Fields(line)
	first := slices.IndexFunc(fields, e.isValue)
	if first < 1 || first+e.Response.Points >= len(fields) {
		return nil
	}
	var found []FoundOption
	for i := range e.Response.Points {
		if !e.isValue(fields[first+i]) {
			return nil
		}
		v, _ := strconv.Atoi(strings.Trim(fields[first+i], "()[]")) // isValue read it
		found = append(found, FoundOption{Value: float64(v), HasValue: true, Label: strconv.Itoa(v)})
	}
	found[0].Label = strings.Join(fields[:first], " ")
	found[len(found)-1].Label = strings.Join(fields[first+e.Response.Points:], " ")
	if len(found[0].Label) > 60 || len(found[len(found)-1].Label) > 60 {
		return nil
	}
	return found
}

// option reads one option, with or without its value.
func (e *Entry) option(text string) FoundOption {
	text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	if m := pair.FindStringSubmatchIndex(text); m != nil && m[0] == 0 && m[1] < len(text) {
		v, _ := strconv.Atoi(text[m[2]:m[3]]) // digits by the pattern
		return FoundOption{Value: float64(v), HasValue: true, Label: text[m[1]:]}
	}
	if m := behind.FindStringSubmatch(text); m != nil {
		v, _ := strconv.Atoi(m[2] + m[3]) // one of them is empty
		return FoundOption{Value: float64(v), HasValue: true, Label: m[1]}
	}
	if m := valued.FindStringSubmatch(text); m != nil {
		v, _ := strconv.Atoi(m[1]) // digits by the pattern
		return FoundOption{Value: float64(v), HasValue: true, Label: m[2]}
	}
	return FoundOption{Label: text}
}

// ReadOptions reads options typed one a line, with or without values.
func (e *Entry) ReadOptions(text string) []FoundOption {
	var found []FoundOption
	for line := range strings.SplitSeq(clean(text), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if several := e.optionLine(line); len(several) > 1 {
			found = append(found, several...)
			continue
		}
		found = append(found, e.option(line))
	}
	return found
}

// WriteOptions writes options as ReadOptions reads them.
func WriteOptions(options []FoundOption) string {
	var b strings.Builder
	for _, o := range options {
		if o.HasValue {
			b.WriteString(number(o.Value) + " = ")
		}
		b.WriteString(o.Label + "\n")
	}
	return b.String()
}

// Options gives found options the values of the key: their own, moved when the
// sheet counts from another number, or those of their order. Doubts about it are
// told by DoubtOptions. False: they do not fit.
func (e *Entry) Options(found []FoundOption) ([]instrument.Option, bool) {
	want := e.values()
	if len(found) != len(want) || len(want) == 0 {
		return nil, false
	}
	options := make([]instrument.Option, len(found))
	shift := 0.0
	if valued, all := haveValues(found); valued && !all {
		return nil, false
	} else if all {
		shift = e.Response.Low - leastValue(found)
	}
	for i, f := range found {
		v := f.Value + shift
		if !f.HasValue {
			v = want[i]
			if e.Response.SheetDescends {
				v = want[len(want)-1-i]
			}
		}
		if !slices.Contains(want, v) {
			return nil, false
		}
		if slices.ContainsFunc(options[:i], func(o instrument.Option) bool { return o.Value == v || o.Label == f.Label }) {
			return nil, false
		}
		options[i] = instrument.Option{Value: v, Label: f.Label}
	}
	return options, true
}

// haveValues reports whether any and whether all of the options came with one.
func haveValues(found []FoundOption) (some, all bool) {
	all = true
	for _, f := range found {
		some = some || f.HasValue
		all = all && f.HasValue
	}
	return some, all
}

func leastValue(found []FoundOption) float64 {
	least := found[0].Value
	for _, f := range found {
		least = min(least, f.Value)
	}
	return least
}
