package export

import (
	"context"
	"io"
	"slices"
	"strings"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// Codebook writes one row for each variable: first the columns that describe
// people and rows, then every variable of the wide file, whose item or scale is
// the name it bears in the long and the scores file.
func Codebook(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error { return codebook(ctx, r, a, study, w) })
	return wrap(err, "codebook")
}

func codebook(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	t := newTable(w, codebookColumns())
	for _, e := range f.describeRows() {
		if err := e.write(t); err != nil {
			return err
		}
	}
	for _, c := range f.columns() {
		if err := f.describe(c).write(t); err != nil {
			return err
		}
	}
	for _, e := range f.describeTexts() {
		if err := e.write(t); err != nil {
			return err
		}
	}
	return t.end()
}

func codebookColumns() []string {
	return []string{
		"variable", "files", "label", "type", "values", "min", "max", "missing", "item_or_scale", "wave", "wave_name",
		"instrument", "instrument_version", "instrument_title", "scales", "reversed_in", "scoring", "direction",
		"status", "terms", "citation",
	}
}

// varType is the kind of a variable's values.
type varType string

const (
	typeText     varType = "text"
	typeCategory varType = "categorical"
	typeOrdinal  varType = "ordinal"
	typeNumeric  varType = "numeric"
	typeDate     varType = "date"
	typeTime     varType = "datetime"
)

// entry is one row of the codebook.
type entry struct {
	variable, files, label string
	kind                   varType
	values                 []string // "1 = Almost never"; a unit
	bounded                bool     // low and high mean something
	low, high              float64
	missing                string
	key                    string // item or scale
	sheet                  *sheet // nil: of no questionnaire
	scales, reversed       string
	scoring, direction     string
}

func (e entry) write(t *table) error {
	t.text(e.variable)
	t.text(e.files)
	t.text(e.label)
	t.text(string(e.kind))
	t.text(list(e.values))
	t.optional(e.low, e.bounded)
	t.optional(e.high, e.bounded)
	t.text(e.missing)
	t.text(e.key)
	var w survey.Wave
	def := &instrument.Definition{}
	if e.sheet != nil {
		w, def = e.sheet.Wave, e.sheet.Def
	}
	for _, s := range []string{
		w.Key, w.Name, def.Key, def.Version, def.Title, e.scales, e.reversed, e.scoring, e.direction,
		def.Status, def.Terms, def.Citation,
	} {
		t.text(s)
	}
	return t.endRow()
}

const (
	inLong   = "long"
	inWide   = "wide"
	inScores = "scores"
	inRows   = "long scores"
	inAll    = "long wide scores texts practice reflections"

	inTexts       = "texts"
	inPractice    = "practice"
	inReflections = "reflections"
)

// describeRows are the columns that no questionnaire has.
func (f *frame) describeRows() []entry {
	var arms, waves, versions, scales []string
	for _, a := range f.design.Arms {
		arms = append(arms, a.Key+" = "+a.Name)
	}
	for _, w := range f.design.Waves {
		waves = append(waves, w.Key+" = "+w.Name)
	}
	for _, s := range f.sheets {
		name := s.Def.Key + " = " + s.Def.Title
		if !slices.Contains(versions, name) {
			versions = append(versions, name)
		}
		for _, scale := range s.Def.Scales {
			if name := scale.Key + " = " + scale.Name; !slices.Contains(scales, name) {
				scales = append(scales, name)
			}
		}
	}
	text := func(variable, files, label string, values ...string) entry {
		kind := typeText
		if len(values) > 0 {
			kind = typeCategory
		}
		return entry{variable: variable, files: files, label: label, kind: kind, values: values}
	}
	return []entry{
		text("study", inAll, "Short name of the study: "+f.design.Study.Title),
		text("simulated", inAll, "Whether the people are simulated (a rehearsal)", "0 = real people", "1 = simulated people"),
		text("participant", inAll, "Code of the person; contact data are kept elsewhere"),
		text("run", inAll, "Course run (cohort) of the person"),
		{variable: "run_starts", files: inWide, label: f.timeLabel("Day of the run's first meeting"), kind: typeDate},
		text("arm", inAll, "Group the person was allocated to", arms...),
		{variable: "enrolled_at", files: inWide, label: f.timeLabel("When the person was enrolled, UTC"), kind: typeTime},
		{variable: "withdrawn_at", files: inWide, label: f.timeLabel("When the person left the study, UTC"), kind: typeTime, missing: "empty: has not left"},
		{variable: "declined_at", files: inWide, label: f.timeLabel("When the person said that they do not take part, UTC"), kind: typeTime, missing: "empty: has not said so"},
		text("crossover_run", inWide, "Later run in which somebody who waited took the course; the arm stays the one allocated"),
		{variable: "crossed_at", files: inWide, label: f.timeLabel("When the person crossed over to that run, UTC"), kind: typeTime, missing: "empty: has not crossed over"},
		consented("share_consent", "Whether the person lets their anonymised answers be shared with others, as they said last"),
		consented("contact_consent", "Whether the person may be contacted about later studies, as they said last"),
		text("wave", inRows+" "+inTexts, "Measurement occasion", waves...),
		text("instrument", inRows+" "+inTexts, "Questionnaire", versions...),
		text("instrument_version", inRows+" "+inTexts, "Version of the questionnaire that was answered"),
		text("item", inLong+" "+inTexts, "Question; see item_or_scale"),
		{
			variable: "value", files: inRows, label: "Answer as given, not reversed (long); score (scores)", kind: typeNumeric,
			missing: "empty: see the column missing",
		},
		text("missing", inRows, "Why there is no value", f.reasons()...),
		{variable: "answered_at", files: inLong + " " + inTexts, label: f.timeLabel("When the answer was last saved, UTC"), kind: typeTime},
		{
			variable: "submitted_at", files: inLong + " " + inTexts, label: f.timeLabel("When the questionnaire was submitted, UTC"), kind: typeTime,
			missing: "empty: saved and not submitted",
		},
		sourced(text("source", inLong, sourceLabel, sourceValues(false)...)),
		text("scale", inScores, "Scale that was scored", scales...),
		{variable: "answered", files: inScores, label: "Items of the scale that were answered", kind: typeNumeric},
		{variable: "items", files: inScores, label: "Items of the scale", kind: typeNumeric},
		text("rule", inScores, "Scoring rule and its version"),
		{variable: "week", files: inPractice, label: "Week of the course that the day belongs to, from 1", kind: typeNumeric},
		{variable: "day", files: inPractice, label: "Day of the practice, where the run takes place", kind: typeDate},
		text("practice", inPractice, "Practice that was done: the one given in that week of the course"),
		bounds("minutes", inPractice, "Minutes of practice, as the person noted them", 1, survey.MaxPracticeMinutes, ""),
		text("formal", inPractice, "Whether time was set aside for it", "0 = in the midst of the day", "1 = time set aside"),
		bounds("helpful", inPractice, "How helpful it was: 0 not at all, 10 very much", 0, survey.MaxHelpful, "empty: not said"),
		text("kind", inReflections, "What the person wrote and shares",
			string(survey.NoteOwnWords)+" = own words for hard moments (text)",
			string(survey.NoteReflection)+" = after a setback (went_wrong, differently, improve)",
		),
		text("text", inLong+" "+inTexts+" "+inReflections, "Values chosen of several, or a day (long); the person's own words (texts); own words for hard moments (reflections)"),
		text("went_wrong", inReflections, "What went wrong"),
		text("differently", inReflections, "What I would do differently"),
		text("improve", inReflections, "How I can improve my first idea"),
		{variable: "written_at", files: inReflections, label: f.timeLabel("When it was first written, UTC"), kind: typeTime},
		{variable: "shared_at", files: inReflections, label: f.timeLabel("When the person chose to share it, UTC; what is taken back is in no later file"), kind: typeTime},
	}
}

// sourced is the entry of where answers come from.
func sourced(e entry) entry {
	e.missing = "empty: their person gave them here"
	return e
}

// bounds is the entry of a number within bounds.
func bounds(variable, files, label string, low, high int, missing string) entry {
	return entry{
		variable: variable, files: files, label: label, kind: typeNumeric,
		bounded: true, low: float64(low), high: float64(high), missing: missing,
	}
}

// describe is the entry of a variable of the wide file.
func (f *frame) describe(c column) entry {
	s := &f.sheets[c.sheet]
	e := entry{variable: c.name, files: inWide, sheet: s}
	switch c.kind {
	case columnItem, columnChoice, columnDay:
		f.describeItem(c, &e)
	case columnScore:
		scale := f.scale(c)
		e.key, e.label, e.kind = scale.Key, scale.Name, typeNumeric
		e.low, e.high, e.bounded = s.Def.Range(scale.Key)
		e.missing = "empty: not submitted, or " + instrument.ReasonTooFewAnswered
		e.scales, e.reversed = scale.Parent, list(scale.Reversed)
		e.scoring = scale.Rule() + " of " + strings.Join(scale.Items, " ")
		e.direction = string(scale.Direction)
	case columnSubmitted:
		e.label, e.kind = f.timeLabel("When "+s.Def.Title+" was submitted, UTC"), typeTime
		e.missing = "empty: not submitted"
	case columnSource:
		e.label, e.kind, e.values = "Where the answers to "+s.Def.Title+" come from", typeCategory, sourceValues(true)
		e = sourced(e)
	case columnVersion:
		e.label, e.kind = "Version of "+s.Def.Title+" that was answered; scores of all are comparable", typeText
		e.missing = "empty: no answer"
	}
	return e
}

// MissingInTexts stands in the long file where an answer is in words.
const MissingInTexts = "in_texts"

// describeTexts are the questions answered in words, in the order of the protocol.
// They have no variable of their own.
func (f *frame) describeTexts() []entry {
	var all []entry
	for i := range f.sheets {
		s := &f.sheets[i]
		for _, item := range s.Def.Items {
			if f.ownWords[s.place][item.Code] {
				all = append(all, entry{
					variable: "text", files: inTexts, label: item.Text, kind: typeText, key: item.Code, sheet: s,
					missing: "no row: not answered",
				})
			}
		}
	}
	return all
}

func (f *frame) describeItem(c column, e *entry) {
	item, options := f.item(c)
	e.key, e.label, e.kind = item.Code, item.Text, typeOrdinal
	e.missing = "empty: not due, not answered yet, left out (" + string(survey.MissingSkipped) + ") or not asked because of other answers (" +
		string(survey.MissingNotShown) + "); the long file says which"
	switch {
	case c.kind == columnChoice:
		e.label, e.kind = item.Text+": "+options[c.option].Label, typeCategory
		e.values, e.low, e.high, e.bounded = []string{"0 = not chosen", "1 = chosen"}, 0, 1, true
		return
	case c.kind == columnDay:
		e.kind = typeDate
		return
	case item.Type == instrument.TypeNumber || item.Type == instrument.TypeSlider:
		e.kind = typeNumeric
		if r := item.Range; r != nil {
			e.values = rangeParts(*r)
		}
	}
	e.low, e.high, e.bounded = e.sheet.Def.ItemBounds(item.Code)
	var values, scales, reversed []string
	for _, o := range options {
		values = append(values, string(appendNumber(nil, o.Value))+" = "+o.Label)
	}
	for _, scale := range e.sheet.Def.Scales {
		if slices.Contains(scale.Items, item.Code) {
			scales = append(scales, scale.Key)
		}
		if slices.Contains(scale.Reversed, item.Code) {
			reversed = append(reversed, scale.Key)
		}
	}
	if len(values) > 0 {
		e.values = values
	}
	e.scales, e.reversed = list(scales), list(reversed)
}

// list joins the parts of a cell.
func list(parts []string) string { return strings.Join(parts, "; ") }

// consented is the entry of an optional consent.
func consented(variable, label string) entry {
	return entry{
		variable: variable, files: inWide, label: label, kind: typeCategory, values: []string{"0 = no", "1 = yes"},
		missing: "empty: was never asked, or has not agreed to take part",
	}
}
