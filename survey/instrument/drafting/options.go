package drafting

import (
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// alone marks an option that excludes the others, at the end of its line.
const alone = "| alone"

// ReadOptions reads answers, one a line: "1 = Never". Without numbers they count from
// 1; a line ending in "| alone" excludes the others.
func ReadOptions(text string) ([]instrument.Option, error) {
	var options []instrument.Option
	for line := range strings.Lines(Trim(text)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		o := instrument.Option{Value: float64(len(options) + 1), Label: line}
		if number, label, ok := strings.Cut(line, "="); ok {
			v, err := Number(number)
			if err != nil {
				return options, refuse("options", MessageOptions)
			}
			o.Value, o.Label = v, strings.TrimSpace(label)
		}
		if label, ok := strings.CutSuffix(o.Label, alone); ok {
			o.Label, o.Exclusive = strings.TrimSpace(label), true
		}
		options = append(options, o)
	}
	return options, nil
}

// WriteOptions writes answers as ReadOptions reads them.
func WriteOptions(options []instrument.Option) string {
	lines := make([]string, len(options))
	for i, o := range options {
		lines[i] = Show(o.Value) + " = " + o.Label
		if o.Exclusive {
			lines[i] += " " + alone
		}
	}
	return strings.Join(lines, "\n")
}

// Number reads a number as people type it.
func Number(text string) (float64, error) {
	text = strings.NewReplacer("−", "-", ",", ".").Replace(strings.TrimSpace(text))
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v != v || v > 1e9 || v < -1e9 {
		return 0, refuse("", MessageNumber)
	}
	return v, nil
}

// Show writes a number as Number reads it.
func Show(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// PutSet puts a list of answers under a name, and under another one if it gets one;
// "" stands for the answers of all items without their own. An empty list is taken
// out where no item needs it.
func PutSet(d *instrument.Definition, name, to string, options []instrument.Option) error {
	if name == "" {
		for tag, t := range d.Translations {
			t.Options = realigned(t.Options, d.Options, options)
			d.Translations[tag] = t
		}
		changedOptions(d, func(it instrument.Item) bool { return it.Set == "" && len(it.Options) == 0 }, d.Options, options)
		d.Options = options
		return nil
	}
	old, known := d.Sets[name]
	if !known && name != to {
		return ErrGone
	}
	if !codePattern.MatchString(to) {
		return refuse("name", MessageCode)
	}
	if _, there := d.Sets[to]; there && to != name {
		return refuse("name", MessageSetTaken)
	}
	if d.Sets == nil {
		d.Sets = map[string][]instrument.Option{}
	}
	changedOptions(d, func(it instrument.Item) bool { return it.Set == name }, old, options)
	delete(d.Sets, name)
	d.Sets[to] = options
	for i := range d.Items {
		if d.Items[i].Set == name {
			d.Items[i].Set = to
		}
	}
	for tag, t := range d.Translations {
		if labels, ok := t.Sets[name]; ok {
			delete(t.Sets, name)
			if labels = realigned(labels, old, options); labels != nil {
				t.Sets[to] = labels
			}
			d.Translations[tag] = t
		}
	}
	return nil
}

// changedOptions lets scales forget what was found with other answers.
func changedOptions(d *instrument.Definition, which func(instrument.Item) bool, old, options []instrument.Option) {
	if slices.Equal(old, options) {
		return
	}
	for i := range d.Scales {
		for _, code := range d.Scales[i].Items {
			if item, ok := d.Item(code); ok && which(item) {
				forget(&d.Scales[i])
			}
		}
	}
}
