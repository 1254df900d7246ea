package filedata

import (
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// wavesCalled are what waves are usually called at the end of a column's name,
// each list in the order of time.
func wavesCalled() [][]string {
	return [][]string{
		{"pre", "post", "fu"}, {"pre", "post", "followup"}, {"pre", "post", "follow_up"}, {"t0", "t1", "t2", "t3", "t4", "t5"},
		{"t1", "t2", "t3", "t4", "t5", "t6"}, {"w1", "w2", "w3", "w4", "w5"}, {"m1", "m2", "m3", "m4"}, {"before", "after"}, {"vor", "nach"},
		{"baseline", "post", "followup"}, {"bl", "fu"},
	}
}

// Guess finds outcomes in a header: columns whose names differ in the wave only.
func Guess(header []string) []Outcome {
	for _, waves := range wavesCalled() {
		var out []Outcome
		for _, h := range header {
			stem, ok := withoutWave(h, waves[0])
			if !ok {
				continue
			}
			o := Outcome{Key: stem, Columns: []string{h}}
			for _, w := range waves[1:] {
				i := slices.IndexFunc(header, func(other string) bool { s, ok := withoutWave(other, w); return ok && s == stem })
				if i < 0 {
					break
				}
				o.Columns = append(o.Columns, header[i])
			}
			if len(o.Columns) > 1 {
				out = append(out, o)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func withoutWave(name, wave string) (stem string, ok bool) {
	lower := strings.ToLower(name)
	for _, between := range []string{"_", ".", "-", " "} {
		if strings.HasSuffix(lower, between+wave) {
			return name[:len(name)-len(wave)-1], true
		}
		if strings.HasPrefix(lower, wave+between) {
			return name[len(wave)+1:], true
		}
	}
	return "", false
}

// Fill completes a spec from a codebook: whatever the spec does not name itself.
func (b *Codebook) Fill(spec *Spec, header []string) {
	for _, v := range b.Variables {
		if !slices.Contains(header, v.Name) {
			continue
		}
		switch v.Role {
		case "id":
			fill(&spec.ID, v.Name)
		case "group", "arm":
			fill(&spec.Group, v.Name)
		case "run", "course", "cohort":
			fill(&spec.Run, v.Name)
		case "wave", "time":
			fill(&spec.Wave, v.Name)
		case "dose":
			add(&spec.Doses, v.Name)
		case "baseline", "covariate":
			add(&spec.Baseline, v.Name)
		}
	}
	if len(spec.Outcomes) == 0 {
		spec.Outcomes = b.outcomes(header)
	}
	for i := range spec.Outcomes {
		b.describe(&spec.Outcomes[i])
	}
}

func fill(to *string, name string) {
	if *to == "" {
		*to = name
	}
}

func add(to *[]string, name string) {
	if !slices.Contains(*to, name) {
		*to = append(*to, name)
	}
}

// outcomes are the scales of a codebook: by their items, or else their scores.
func (b *Codebook) outcomes(header []string) []Outcome {
	var out []Outcome
	var waves []string
	for _, v := range b.Variables {
		if (v.Role == "item" || v.Role == "score") && slices.Contains(header, v.Name) && !slices.Contains(waves, v.Wave) {
			waves = append(waves, v.Wave)
		}
	}
	for _, role := range []string{"item", "score"} {
		for _, v := range b.Variables {
			if v.Role != role || !slices.Contains(header, v.Name) {
				continue
			}
			for key := range strings.SplitSeq(v.Scale, ";") {
				if key = strings.TrimSpace(key); key != "" {
					out = place(out, v, key, role, slices.Index(waves, v.Wave), len(waves))
				}
			}
		}
	}
	return out
}

// place puts a variable into its outcome. Scores of a scale whose items are
// there are left to the items.
func place(out []Outcome, v Variable, key, role string, wave, waves int) []Outcome {
	i := slices.IndexFunc(out, func(o Outcome) bool { return o.Key == key })
	if i < 0 {
		out = append(out, Outcome{Key: key})
		i = len(out) - 1
		if role == "score" {
			out[i].Columns = make([]string, waves)
		} else {
			out[i].Items = make([][]string, waves)
		}
	}
	o := &out[i]
	switch {
	case role == "item" && o.Items != nil:
		o.Items[wave] = append(o.Items[wave], v.Name)
	case role == "score" && o.Columns != nil:
		o.Columns[wave] = v.Name
	}
	return out
}

// describe takes an outcome's ends, direction, name and reversed items from the
// codebook, unless it has them.
func (b *Codebook) describe(o *Outcome) {
	reverse := len(o.Reverse) == 0
	for _, columns := range append(slices.Clone(o.Items), o.Columns) {
		for k, name := range columns {
			v, ok := b.Find(name)
			if !ok {
				continue
			}
			if o.Min == nil && o.Max == nil && v.Min != nil && v.Max != nil {
				o.Min, o.Max = v.Min, v.Max
			}
			if o.Direction == instrument.Neutral || o.Direction == "" {
				o.Direction = v.Direction
			}
			if o.Name == "" && o.Items == nil && k == 0 {
				o.Name = v.Label
			}
			if o.Items != nil && reverse && v.Reversed && !slices.Contains(o.Reverse, name) {
				o.Reverse = append(o.Reverse, name)
			}
		}
	}
}
