package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tidemark/survey/schedule"
)

// MediaType is that of a calendar.
const MediaType = "text/calendar; charset=utf-8"

// Calendar is a list of events with a name.
type Calendar struct {
	Name   string
	Events []Event
}

// Event is something that begins and ends, or is on a day.
type Event struct {
	UID      string // the same for as long as the event exists; no line breaks
	Sequence int    // rises with each change
	Changed  time.Time
	// Starts and Ends, or Day alone.
	Starts, Ends time.Time
	Day          schedule.Date
	Title        string
	Text, Place  string // may be empty
}

// Bytes writes the calendar. The same calendar is the same bytes.
func (c Calendar) Bytes() []byte {
	var w writer
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//Tidemark//Calendar//EN")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.text("NAME", c.Name)         // RFC 7986
	w.text("X-WR-CALNAME", c.Name) // what programs read
	w.line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	w.line("X-PUBLISHED-TTL", "PT6H")
	for _, e := range c.Events {
		e.write(&w)
	}
	w.line("END", "VCALENDAR")
	return w.Bytes()
}

func (e Event) write(w *writer) {
	w.line("BEGIN", "VEVENT")
	w.text("UID", e.UID)
	w.line("SEQUENCE", fmt.Sprint(max(0, e.Sequence)))
	w.line("DTSTAMP", instant(e.Changed))
	w.line("LAST-MODIFIED", instant(e.Changed))
	if e.Starts.IsZero() {
		w.line("DTSTART;VALUE=DATE", date(e.Day))
		w.line("DTEND;VALUE=DATE", date(e.Day.AddDays(1))) // the day after it: 3.6.1
		w.line("TRANSP", "TRANSPARENT")
	} else {
		w.line("DTSTART", instant(e.Starts))
		w.line("DTEND", instant(e.Ends))
	}
	w.text("SUMMARY", e.Title)
	if e.Text != "" {
		w.text("DESCRIPTION", e.Text)
	}
	if e.Place != "" {
		w.text("LOCATION", e.Place)
	}
	w.line("CLASS", "PRIVATE")
	w.line("END", "VEVENT")
}

// instant is form 2 of a date with a time: UTC (3.3.5).
func instant(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

func date(d schedule.Date) string { return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day) }

type writer struct{ bytes.Buffer }

// longest is how many octets a line has at most, its end not counted (3.1).
const longest = 75

// line writes a property, folded: what goes on begins with a space. No character is
// taken apart.
func (w *writer) line(name, value string) {
	rest, room := name+":"+value, longest
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], longest-1
	}
	w.WriteString(rest + "\r\n")
}

// text writes a value of type TEXT (3.3.11): backslashes, semicolons, commas and line
// ends are escaped; what else cannot be shown is left out.
func (w *writer) text(name, value string) {
	value = strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\r\n", "\n")
	var b strings.Builder
	for _, r := range value {
		switch {
		case r == '\n' || r == '\r':
			b.WriteString(`\n`)
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r) && r != '\t':
		default:
			b.WriteRune(r)
		}
	}
	w.line(name, b.String())
}
