package pastwaves

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/datafile"
)

// DayOrder is the order of day and month in days such as 3/4/2024.
type DayOrder string

// The orders. Without one it is found out, from days that can be read in one way
// alone; days with points always begin with the day.
const (
	DayOrderUnknown DayOrder = ""
	DayFirst        DayOrder = "dmy"
	MonthFirst      DayOrder = "mdy"
)

// Valid reports whether o is one of the orders.
func (o DayOrder) Valid() bool { return o == DayOrderUnknown || o == DayFirst || o == MonthFirst }

var (
	isoDay     = regexp.MustCompile(`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$`)
	pointDay   = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$`)
	slashDay   = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$`)
	shortYear  = regexp.MustCompile(`^\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}$`)
	clockAfter = regexp.MustCompile(`^(\S+(?:\s\d{1,2}\.\s?\d{4})?)[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$`)
)

// dayReader reads days and instants as programs and people write them.
type dayReader struct {
	order DayOrder
	zone  *time.Location
	now   time.Time
}

// newDayReader finds out the order of days from all cells that are some.
func newDayReader(t *datafile.Table, m Mapping, o Options) dayReader {
	d := dayReader{o.Days, o.Zone, o.Now}
	if d.zone == nil {
		d.zone = time.UTC
	}
	if d.order != DayOrderUnknown {
		return d
	}
	first, second := false, false
	for i, target := range m {
		if target.Kind == Ignore || target.Kind == Code {
			continue
		}
		for _, r := range t.Rows {
			text, _, _ := strings.Cut(r.Cells[i], " ")
			if parts := slashDay.FindStringSubmatch(text); parts != nil {
				first = first || numeral(parts[1]) > 12
				second = second || numeral(parts[2]) > 12
			}
		}
	}
	if first != second {
		d.order = MonthFirst
		if first {
			d.order = DayFirst
		}
	}
	return d
}

func numeral(s string) int {
	n, _ := strconv.Atoi(s) // digits, by the expression
	return n
}

// day is a day as 2026-03-02; the fault goes on from the cell that it is about.
func (d dayReader) day(text string) (day, fault string) {
	if t, err := time.Parse(time.RFC3339, text); err == nil { // of a file that knows instants alone
		return t.Format(time.DateOnly), ""
	}
	var y, m, n string
	switch {
	case shortYear.MatchString(text):
		return "", "has a year of two digits. Write all four."
	case isoDay.MatchString(text):
		p := isoDay.FindStringSubmatch(text)
		y, m, n = p[1], p[2], p[3]
	case pointDay.MatchString(text):
		p := pointDay.FindStringSubmatch(text)
		y, m, n = p[3], p[2], p[1]
	case slashDay.MatchString(text):
		p := slashDay.FindStringSubmatch(text)
		switch d.order {
		case DayFirst:
			y, m, n = p[3], p[2], p[1]
		case MonthFirst:
			y, m, n = p[3], p[1], p[2]
		default:
			return "", "could begin with the day or with the month. Say which."
		}
	default:
		return "", "is no day. Write it as 2026-03-02 or 02.03.2026."
	}
	day = fmt.Sprintf("%s-%02d-%02d", y, numeral(m), numeral(n))
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "", "is no day of the calendar."
	}
	return day, ""
}

// noonHour stands for a day when nobody says at what time something was.
const noonHour = 12

// instant is a moment, or the noon of a day; the fault is a sentence.
func (d dayReader) instant(text string) (time.Time, string) {
	at, fault := d.read(text)
	switch {
	case fault != "":
		return time.Time{}, "“" + short(text) + "” " + fault
	case at.Year() < instrumentFirstYear:
		return time.Time{}, "“" + short(text) + "” is before 1880. Correct it."
	case !d.now.IsZero() && at.After(d.now.Add(24*time.Hour)):
		return time.Time{}, "“" + short(text) + "” is in the future. Correct it."
	}
	return at.UTC().Truncate(time.Millisecond), ""
}

// instrumentFirstYear is the first year that a day of an answer can be in.
const instrumentFirstYear = 1880

func (d dayReader) read(text string) (time.Time, string) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, ""
	}
	if p := clockAfter.FindStringSubmatch(text); p != nil {
		day, fault := d.day(p[1])
		if fault != "" {
			return time.Time{}, fault
		}
		at, err := time.ParseInLocation("2006-01-02 15:4:5", day+" "+p[2]+":"+p[3]+":"+orZero(p[4]), d.zone)
		if err != nil {
			return time.Time{}, "is no time of the day."
		}
		return at, ""
	}
	day, fault := d.day(text)
	if fault != "" {
		return time.Time{}, fault
	}
	at, err := time.ParseInLocation(time.DateOnly, day, d.zone)
	if err != nil {
		return time.Time{}, "is no day of the calendar."
	}
	return at.Add(noonHour * time.Hour), ""
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}
