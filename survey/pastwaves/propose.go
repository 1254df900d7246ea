package pastwaves

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
)

// usualNames are what columns about the person and the row are called, in our own
// files and elsewhere, in lower case and without marks.
var usualNames = map[string]TargetKind{
	"participant": Code, "code": Code, "pseudonym": Code, "id": Code, "participantid": Code, "subject": Code, "subjectid": Code,
	"personid": Code, "person": Code, "recordid": Code, "participantcode": Code, "teilnehmercode": Code, "codigo": Code, "vpn": Code, "vpcode": Code,
	"arm": Arm, "group": Arm, "gruppe": Arm, "condition": Arm, "grupo": Arm,
	"run": Run, "courserun": Run, "cohort": Run, "kurs": Run,
	"enrolledat": Enrolled, "withdrawnat": Left, "simulated": Simulated,
	"wave": Wave, "occasion": Wave, "timepoint": Wave, "welle": Wave, "messzeitpunkt": Wave, "redcapeventname": Wave, "event": Wave, "visit": Wave,
	"instrument": Form, "questionnaire": Form, "instrumentversion": Version, "item": Item, "question": Item, "value": Value, "resp": Value, "response": Value,
	"text": Words, "missing": Why,
	"answeredat": Answered, "answered": Answered, "date": Answered, "datum": Answered, "fecha": Answered, "completedat": Answered, "submittedat": Submitted,
}

// bare leaves the letters and digits of a name, in lower case.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(" _-.:/()[]#", r):
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// Propose says what the columns of a table probably are. Each thing is proposed once:
// of two columns that could be the same, the first is.
func Propose(t *datafile.Table, d Design) Mapping {
	p := newProposer(d)
	m := make(Mapping, len(t.Columns))
	for i, c := range t.Columns {
		kind, known := usualNames[bare(c.Name)]
		if target, ours := p.own[strings.ToLower(c.Name)]; ours {
			m[i] = target
		} else if known && !slices.ContainsFunc(m, func(o Target) bool { return o.Kind == kind }) {
			m[i] = Target{Kind: kind}
		}
	}
	if m.byRow() && m.has(Code) && (m.has(Value) || m.has(Words)) {
		return m.once()
	}
	for i := range m { // without a column for items these mean nothing
		if k := m[i].Kind; k == Item || k == Value || k == Words || k == Why || k == Form || k == Version {
			m[i] = Target{}
		}
	}
	rows := m.has(Wave)
	for i, c := range t.Columns {
		if m[i].Kind == Ignore {
			m[i] = p.answer(c, rows)
		} else if rows && m[i].Kind == Answer {
			m[i].Wave = RowsWave
		}
	}
	return m.once()
}

// once takes away what an earlier column is.
func (m Mapping) once() Mapping {
	seen := map[string]bool{}
	for i, t := range m {
		if s := t.String(); t.Kind != Ignore && seen[s] {
			m[i] = Target{}
		} else {
			seen[s] = true
		}
	}
	return m
}

// proposer knows what names and wordings mean.
type proposer struct {
	own   map[string]Target   // by the name in our own wide file, in lower case
	bare  map[string][]Target // by code or wording, the marks left out; one for each wave
	waves map[string]string   // ends and beginnings of names → wave
	marks []string            // of waves, the longest first
}

func newProposer(d Design) proposer {
	p := proposer{own: map[string]Target{}, bare: map[string][]Target{}, waves: map[string]string{}}
	for _, v := range Variables(d.Sheets) {
		s := d.Sheets[v.Sheet]
		t := Target{Kind: Answer, Wave: s.Wave, Form: s.Def.Key}
		switch v.Kind {
		case VariableSubmitted:
			t.Kind = Submitted
		case VariableItem, VariableDay, VariableChoice:
			item := s.Def.Items[v.Index]
			t.Item = item.Code
			if v.Kind == VariableChoice {
				options, _ := s.Def.ItemOptions(item.Code)
				t.Option = &options[v.Option].Value
				p.add(item.Code+"___"+ChoiceName(options[v.Option].Value), t)
			}
		case VariableScore, VariableVersion, VariableSource: // worked out here, and not taken over
			continue
		}
		p.own[strings.ToLower(v.Name)] = t
	}
	for i, w := range d.waves() {
		for _, name := range []string{w.Key, w.Name, "t" + string(rune('1'+i)), "wave" + string(rune('1'+i))} {
			if i < 9 || name == w.Key || name == w.Name {
				p.waves[bare(name)] = w.Key
			}
		}
	}
	for _, s := range d.Sheets {
		p.waves[bare(s.WaveShort)] = s.Wave
		for _, item := range s.Def.Items {
			if !item.Type.Asked() {
				continue
			}
			t := Target{Kind: Answer, Wave: s.Wave, Form: s.Def.Key, Item: item.Code}
			p.add(item.Code, t)
			p.add(item.Text, t)
			for language := range s.Def.Translations {
				localized, _ := s.Def.In(language)
				if other, known := localized.Item(item.Code); known && other.Text != item.Text {
					p.add(other.Text, t)
				}
			}
		}
	}
	delete(p.waves, "")
	p.marks = slices.SortedFunc(maps.Keys(p.waves), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return p
}

func (p proposer) add(name string, t Target) {
	if key := bare(name); key != "" {
		p.bare[key] = append(p.bare[key], t)
	}
}

// answer is the answer that a column probably has.
func (p proposer) answer(c datafile.Column, rows bool) Target {
	for _, name := range []string{c.Name, c.Label} {
		key := bare(name)
		if t, found := p.pick(p.bare[key], "", rows); found {
			return t
		}
		if rows {
			continue
		}
		for _, mark := range p.marks {
			wave := p.waves[mark]
			for _, rest := range []string{strings.TrimSuffix(key, mark), strings.TrimPrefix(key, mark)} {
				if rest == key {
					continue
				}
				if t, found := p.pick(p.bare[rest], wave, false); found {
					return t
				}
				if kind := usualNames[rest]; kind == Answered {
					return Target{Kind: Answered, Wave: wave}
				}
			}
		}
	}
	return Target{}
}

// pick is the only target at the wave; without a wave, the only one at all, or the
// same question at whatever wave a row names.
func (p proposer) pick(targets []Target, wave string, rows bool) (Target, bool) {
	var fit []Target
	for _, t := range targets {
		if rows {
			t.Wave = RowsWave
		}
		if (wave == "" || t.Wave == wave) && !slices.ContainsFunc(fit, func(o Target) bool { return o.String() == t.String() }) {
			fit = append(fit, t)
		}
	}
	if len(fit) != 1 {
		return Target{}, false
	}
	return fit[0], true
}

// Answers are all answers that a column can have, in order, with a title for each:
// what somebody chooses from. With rows, the wave is that of the row.
func (d Design) Answers() []AnswerChoice {
	var all []AnswerChoice
	for _, s := range d.Sheets {
		for _, item := range s.Def.Items {
			if !item.Type.Asked() {
				continue
			}
			t := Target{Kind: Answer, Wave: s.Wave, Form: s.Def.Key, Item: item.Code}
			all = append(all, AnswerChoice{t, s.WaveName, s.Def.Title, item.Code, short(item.Text)})
			if item.Type != instrument.TypeMultiple {
				continue
			}
			options, _ := s.Def.ItemOptions(item.Code)
			for i := range options {
				one := t
				one.Option = &options[i].Value
				all = append(all, AnswerChoice{one, s.WaveName, s.Def.Title, item.Code, short(options[i].Label)})
			}
		}
	}
	return all
}

// AnswerChoice is an answer that a column can have.
type AnswerChoice struct {
	Target     Target
	Wave, Form string // in words
	Code, Text string // of the question, or the label of one of several options
}

// InRow is the answer at the wave that a row names itself.
func (a AnswerChoice) InRow() Target {
	t := a.Target
	t.Wave = RowsWave
	return t
}
