package drafting

import (
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

const maxScales = 100

// PutScale puts a scale in the place of the one that had the key; "" adds it. Another
// key goes with it everywhere. The first scale stands for the questionnaire, and only
// one does.
func PutScale(d *instrument.Definition, key string, s instrument.Scale) error {
	if !codePattern.MatchString(s.Key) {
		return refuse("key", MessageCode)
	}
	if taken(d, s.Key, key) {
		return refuse("key", MessageCodeTaken)
	}
	at := slices.IndexFunc(d.Scales, func(one instrument.Scale) bool { return one.Key == key })
	switch {
	case key != "" && at < 0:
		return ErrGone
	case key == "" && len(d.Scales) >= maxScales:
		return refuse("key", MessageFull)
	case key == "":
		s.Primary = s.Primary || len(d.Scales) == 0
		d.Scales, at = append(d.Scales, s), len(d.Scales)
	default:
		old := d.Scales[at]
		if scoresOtherwise(old, s) {
			forget(&s)
		}
		for tag, t := range d.Translations {
			if words, ok := t.Scales[key]; ok {
				t.Scales[key] = realignScale(words, old, s)
				d.Translations[tag] = t
			}
		}
		d.Scales[at] = s
		rekey(d, key, s.Key)
	}
	if s.Primary {
		for i := range d.Scales {
			d.Scales[i].Primary = i == at
		}
	}
	return nil
}

// scoresOtherwise reports whether a scale's scores are other ones.
func scoresOtherwise(a, b instrument.Scale) bool {
	return a.Method != b.Method || a.Factor != b.Factor || !slices.Equal(a.Items, b.Items) || !slices.Equal(a.Reversed, b.Reversed) ||
		!slices.Equal(a.Lookup, b.Lookup) || !slices.Equal(a.Parts, b.Parts)
}

func realignScale(t instrument.ScaleWords, old, s instrument.Scale) instrument.ScaleWords {
	if len(old.Bands) != len(s.Bands) {
		t.Bands = nil
	}
	if s.BandsWarning == "" {
		t.BandsWarning = ""
	}
	return t
}

func rekey(d *instrument.Definition, from, to string) {
	if from == to {
		return
	}
	for i := range d.Scales {
		s := &d.Scales[i]
		if s.Parent == from {
			s.Parent = to
		}
		for j := range s.Parts {
			if s.Parts[j] == from {
				s.Parts[j] = to
			}
		}
	}
	for _, t := range d.Translations {
		if words, ok := t.Scales[from]; ok {
			delete(t.Scales, from)
			t.Scales[to] = words
		}
	}
	for i := range d.Vectors {
		if e, ok := d.Vectors[i].Expected[from]; ok {
			delete(d.Vectors[i].Expected, from)
			d.Vectors[i].Expected[to] = e
		}
	}
}

// RemoveScale takes a scale out, and with it what other scales, translations and
// examples say of it. If it stood for the questionnaire, the first of the others does.
func RemoveScale(d *instrument.Definition, key string) error {
	at := slices.IndexFunc(d.Scales, func(s instrument.Scale) bool { return s.Key == key })
	if at < 0 {
		return ErrGone
	}
	primary := d.Scales[at].Primary
	d.Scales = slices.Delete(d.Scales, at, at+1)
	for i := range d.Scales {
		s := &d.Scales[i]
		if s.Parent == key {
			s.Parent = ""
		}
		s.Parts = without(s.Parts, key)
	}
	if primary && len(d.Scales) > 0 {
		d.Scales[0].Primary = true
	}
	for _, t := range d.Translations {
		delete(t.Scales, key)
	}
	for i := range d.Vectors {
		delete(d.Vectors[i].Expected, key)
	}
	return nil
}

// ReadBands reads ranges of scores, one a line: "0 to 4 = Low".
func ReadBands(text string) ([]instrument.Band, error) {
	var bands []instrument.Band
	for line := range strings.Lines(Trim(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		span, label, ok := strings.Cut(line, "=")
		from, to, both := strings.Cut(strings.NewReplacer("–", " to ", "…", " to ").Replace(span), " to ")
		low, err1 := Number(from)
		high, err2 := Number(to)
		if !ok || !both || err1 != nil || err2 != nil {
			return bands, refuse("bands", MessageLines)
		}
		bands = append(bands, instrument.Band{Label: strings.TrimSpace(label), From: low, To: high})
	}
	return bands, nil
}

// WriteBands writes ranges as ReadBands reads them.
func WriteBands(bands []instrument.Band) string {
	lines := make([]string, len(bands))
	for i, b := range bands {
		lines[i] = Show(b.From) + " to " + Show(b.To) + " = " + b.Label
	}
	return strings.Join(lines, "\n")
}

// ReadLookup reads a table of scores, one a line: "12 = 34.5".
func ReadLookup(text string) ([]instrument.LookupStep, error) {
	var steps []instrument.LookupStep
	for line := range strings.Lines(Trim(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		raw, score, ok := strings.Cut(line, "=")
		r, err1 := Number(raw)
		s, err2 := Number(score)
		if !ok || err1 != nil || err2 != nil {
			return steps, refuse("lookup", MessageLines)
		}
		steps = append(steps, instrument.LookupStep{Raw: r, Score: s})
	}
	return steps, nil
}

// WriteLookup writes a table as ReadLookup reads it.
func WriteLookup(steps []instrument.LookupStep) string {
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = Show(s.Raw) + " = " + Show(s.Score)
	}
	return strings.Join(lines, "\n")
}
