package web

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
	"tidemark/survey/schedule"
	"tidemark/web/locale"
)

// dayLayout is how a day near to today is written on pages of staff.
const dayLayout = "Monday 2 January"

// templateFuncs are what the templates of one language call. What is shown to
// participants is said by the language; num writes numbers for forms and scripts.
func templateFuncs(a *assets, l *locale.Language) template.FuncMap {
	words := scriptWords(l)
	return template.FuncMap{
		"scriptWords": func() template.HTMLAttr { return words },
		"t":           l.Say,
		"rich":        l.HTML,
		"text":        func(language, text string) template.HTML { return studyText(l, language, text) },
		"heading":     func(d *instrument.Definition) phrase { return headingOf(wordedIn(d, l).Definition) },
		"phrase":      func(p phrase) template.HTML { return studyText(l, p.Lang, p.Words) },
		"asks":        questionsIn,
		"day":         l.Day,
		"dayYear":     l.DayYear,
		"minutes":     l.Minutes,
		"number":      l.Number,
		"msg":         func(key string) string { return message(l, key) },
		"asset":       a.path,
		"dir":         direction,
		"language":    locale.EnglishName,
		"utc":         func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04:05") },
		"iso":         func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"isoDay":      schedule.Date.String,
		"plural":      plural,
		"add":         func(a, b int) int { return a + b },
		"num":         numberText,
		"float":       func(n int) float64 { return float64(n) },
		"deref":       func(v *float64) float64 { return *v },
		"derefInt":    func(v *int) int { return *v },
		"percent":     percent,
		"sentence":    sentenceCase,
		"choose":      newChooser,
		"brackets":    cellText,
		"figure":      newReportFigure,
		"field":       newFilledField,

		"consentWork": newConsentPart,
		"consentLine": newConsentLine,

		"ask":       newFormField,
		"is":        comparisonWords,
		"isList":    drafting.Comparisons,
		"itemType":  itemTypeWords,
		"scoredBy":  scoredBy,
		"optionsOf": offeredBy,

		"standing":    standingWords,
		"termsKind":   wordingTerms,
		"words":       strings.Fields,
		"planWords":   planWords[string],
		"planHint":    planHints[string],
		"planChoices": planChoices,
		"cell":        planRow.cell,
	}
}

// settledIn are the calls that templates of a language make once.
func settledIn(a *assets, l *locale.Language) settled {
	return settled{
		words: map[string]func(string) (string, error){
			"t":     func(key string) (string, error) { return l.Say(key), nil },
			"asset": a.path,
		},
		html:  map[string]func(string) string{"rich": func(key string) string { return string(l.HTML(key)) }},
		attrs: map[string]string{"scriptWords": string(scriptWords(l))},
	}
}

// direction is the way a language is written, as the dir attribute has it.
func direction(language string) string {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	if language == locale.Pseudo {
		return "rtl"
	}
	switch primary {
	case "ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}

// studyText is what a study or a questionnaire says, on a page of the language: in
// another language it is marked as such, so that it is read aloud and hyphenated
// as what it is.
func studyText(l *locale.Language, language, text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	if language == l.Tag || text == "" {
		return template.HTML(escaped) //nolint:gosec // escaped above
	}
	return template.HTML(`<bdi lang="` + template.HTMLEscapeString(language) + `" dir="` + direction(language) + `">` + escaped + `</bdi>`) //nolint:gosec // escaped
}

// dayWords is a day as staff pages say it in the weeks around it.
func dayWords(d schedule.Date) string { return d.At(12, 0, time.UTC).Format(dayLayout) }

func numberText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// plural picks the word for n: plural 1 "question" "questions".
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// percent is the share of part in whole, without decimals; "–" of nothing.
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return strconv.Itoa((part*100+whole/2)/whole) + "%"
}

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	b := []byte(s)
	if b[0] >= 'a' && b[0] <= 'z' {
		b[0] -= 'a' - 'A'
	}
	return string(b)
}
