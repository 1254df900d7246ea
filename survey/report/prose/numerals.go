package prose

import (
	"strconv"
	"strings"
	"time"

	"tidemark/analysis"
	"tidemark/survey/report"
)

// numerals are a language's manner of writing numbers; rounding is that of
// package report.
type numerals struct {
	comma     bool   // between the whole and the parts
	between   string // the ends of an interval
	ci        string // the name of an interval behind its percentage
	percent   string
	and       string
	lastComma string
	months    []string
	day       string // after the day of a date
}

func (n numerals) local(s string) string {
	if n.comma {
		return strings.ReplaceAll(s, ".", ",")
	}
	return s
}

func (n numerals) decimal(v float64, places int) string { return n.local(report.Decimal(v, places)) }
func (n numerals) unit(v float64, places int) string    { return n.local(report.Unit(v, places)) }
func (n numerals) plain(v float64) string               { return n.local(report.PlainNumber(v)) }
func (n numerals) freedom(df float64) string            { return n.local(report.Freedom(df)) }

// p is a p-value with its relation: "= .034".
func (n numerals) p(p float64) string { return n.local(report.PRelation(p)) }

// interval is "95% CI [0.30, 0.86]".
func (n numerals) interval(v analysis.Interval, places int) string {
	return n.level(v.Level) + n.ci + " [" + n.decimal(v.Low, places) + n.between + n.decimal(v.High, places) + "]"
}

// percentInterval is the same of shares, in percent.
func (n numerals) percentInterval(v analysis.Interval) string {
	return n.level(v.Level) + n.ci + " [" + n.decimal(100*v.Low, 0) + n.between + n.decimal(100*v.High, 0) + "]"
}

func (n numerals) level(level float64) string {
	return n.local(strconv.FormatFloat(100*level, 'g', 4, 64)) + n.percent
}

// share is a share in whole percent.
func (n numerals) share(part, whole int) string {
	s := report.Percent(part, whole)
	return strings.TrimSuffix(s, "%") + n.percentSign()
}

func (n numerals) percentSign() string {
	if n.comma {
		return " %"
	}
	return "%"
}

func (n numerals) count(k int) string { return strconv.Itoa(k) }

func (n numerals) date(t time.Time) string {
	t = t.UTC()
	return strconv.Itoa(t.Day()) + n.day + " " + n.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// bound writes a limit of an interval or an amount that is not zero so that it is
// not read as zero: the words beside it may say that zero is not in it.
func (n numerals) bound(v float64, places int) string {
	for more := places; more < places+4; more++ {
		if s := report.Decimal(v, more); v == 0 || strings.Trim(s, "0.−") != "" {
			return n.local(s)
		}
	}
	return n.decimal(v, places)
}
