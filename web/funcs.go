package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/schedule"
)

// dayLayout is how a day near to today is written.
const dayLayout = "Monday 2 January"

func templateFuncs(a *assets) template.FuncMap {
	return template.FuncMap{
		"asset":    a.path,
		"dir":      direction,
		"msg":      messageText,
		"day":      dayWords,
		"utc":      func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04:05") },
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"dayYear":  func(d schedule.Date) string { return d.At(12, 0, time.UTC).Format("2 January 2006") },
		"isoDay":   schedule.Date.String,
		"minutes":  minutesText,
		"plural":   plural,
		"add":      func(a, b int) int { return a + b },
		"num":      numberText,
		"percent":  percent,
		"sentence": sentenceCase,
		"choose":   newChooser,
		"brackets": cellText,
		"figure":   newReportFigure,
		"field":    newFilledField,

		"standing":    standingWords,
		"planWords":   planWords[string],
		"planHint":    planHints[string],
		"planChoices": planChoices,
		"cell":        planRow.cell,
	}
}

// direction is the way a language is written, as the dir attribute has it.
func direction(language string) string {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch primary {
	case "ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}

// dayWords is a day as people say it in the weeks around it.
func dayWords(d schedule.Date) string { return d.At(12, 0, time.UTC).Format(dayLayout) }

// minutesText rounds up and never says 0.
func minutesText(m float64) string {
	n := int(m + 0.999)
	if n <= 1 {
		return "about a minute"
	}
	return fmt.Sprintf("about %d minutes", n)
}

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
