package calendar_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of this test are there on every machine
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"tidemark/survey/calendar"
	"tidemark/survey/schedule"
)

var changed = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// read parses a calendar with another program's library.
func read(t interface {
	Helper()
	Fatalf(string, ...any)
}, c calendar.Calendar) []*ics.VEvent {
	t.Helper()
	parsed, err := ics.ParseCalendar(bytes.NewReader(c.Bytes()))
	if err != nil {
		t.Fatalf("a calendar cannot be read: %v", err)
	}
	return parsed.Events()
}

func value(e *ics.VEvent, p ics.ComponentProperty) string {
	if got := e.GetProperty(p); got != nil {
		return got.Value
	}
	return ""
}

func TestACalendarIsReadByAnotherProgram(t *testing.T) {
	t.Parallel()
	starts := time.Date(2026, 3, 2, 17, 30, 0, 0, time.UTC)
	events := read(t, calendar.Calendar{Name: "Meetings; all", Events: []calendar.Event{
		{
			UID: "abc@tidemark", Sequence: 3, Changed: changed, Starts: starts, Ends: starts.Add(90 * time.Minute),
			Title: `Meeting 1: "Kindness", or; \not`, Text: "First line\nSecond, line", Place: "Raum 4, Größe",
		},
		{UID: "day@tidemark", Changed: changed, Day: schedule.Date{Year: 2028, Month: 2, Day: 29}, Title: "Last day"},
	}})
	if len(events) != 2 {
		t.Fatalf("got %d events, want 2", len(events))
	}
	for property, want := range map[ics.ComponentProperty]string{
		ics.ComponentPropertyUniqueId: "abc@tidemark", ics.ComponentPropertySequence: "3",
		ics.ComponentPropertySummary: `Meeting 1: "Kindness", or; \not`, ics.ComponentPropertyDescription: "First line\nSecond, line",
		ics.ComponentPropertyLocation: "Raum 4, Größe", ics.ComponentPropertyDtStart: "20260302T173000Z", ics.ComponentPropertyDtEnd: "20260302T190000Z",
	} {
		if got := value(events[0], property); got != want {
			t.Errorf("%s: got %q, want %q", property, got, want)
		}
	}
	day, err := events[1].GetAllDayStartAt()
	if err != nil || day.Format(time.DateOnly) != "2028-02-29" {
		t.Errorf("got the day %v, %v", day, err)
	}
	if end := value(events[1], ics.ComponentPropertyDtEnd); end != "20280301" {
		t.Errorf("it ends on %s, want the day after", end)
	}
}

// A meeting at half past six is at half past six on both sides of a change of clocks,
// wherever the calendar is read.
func TestMeetingsKeepTheirHourOverAChangeOfClocks(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Madrid", "America/New_York", "Australia/Lord_Howe"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		c := schedule.Calendar{Start: schedule.Date{Year: 2026, Month: 2, Day: 23}, Hour: 18, Minute: 30, Zone: loc}
		var events []calendar.Event
		offsets := map[int]bool{}
		for n := 1; n <= 40; n++ {
			at := c.MeetingAt(n)
			_, offset := at.In(loc).Zone()
			offsets[offset] = true
			events = append(events, calendar.Event{UID: "x", Changed: changed, Starts: at, Ends: at.Add(time.Hour), Title: "m"})
		}
		if len(offsets) != 2 {
			t.Fatalf("%s: the clocks do not change", zone)
		}
		for i, e := range read(t, calendar.Calendar{Events: events}) {
			at, err := e.GetStartAt()
			if err != nil {
				t.Fatal(err)
			}
			if got, want := at.In(loc).Format("2006-01-02 15:04"), c.Meeting(i+1).String()+" 18:30"; got != want {
				t.Errorf("%s: meeting %d is at %s, want %s", zone, i+1, got, want)
			}
		}
	}
}

func TestAnyTextIsFoldedEscapedAndReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string) string {
			return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
				strings.Repeat("ü", 200), strings.Repeat("a", 74) + "😀", "BEGIN:VEVENT\r\nUID:x", "END:VCALENDAR\n", `\n\\;,:`, "\x00\x07\u2028",
			})).Draw(r, name)
		}
		title, text, place := draw("title"), draw("text"), draw("place")
		c := calendar.Calendar{Name: draw("name"), Events: []calendar.Event{{
			UID: "one@tidemark", Changed: changed, Starts: changed, Ends: changed.Add(time.Hour), Title: title, Text: text, Place: place,
		}}}
		whole := string(c.Bytes())
		lines := strings.Split(whole, "\r\n")
		for _, line := range lines {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				r.Fatalf("a line of %d octets, or with a line end in it: %q", len(line), line)
			}
		}
		if lines[len(lines)-1] != "" {
			r.Fatalf("the last line has no end")
		}
		if strings.Count(whole, "\r\nBEGIN:VEVENT\r\n") != 1 {
			r.Fatalf("a text has become an event of its own:\n%s", whole)
		}
		events := read(r, c)
		if len(events) != 1 {
			r.Fatalf("got %d events", len(events))
		}
		if got, want := value(events[0], ics.ComponentPropertySummary), plain(title); got != want {
			r.Fatalf("the title is read as %q, want %q", got, want)
		}
	})
}

// plain is a text as a calendar can hold it.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s)
}

func TestTheSameCalendarIsTheSameBytes(t *testing.T) {
	t.Parallel()
	c := calendar.Calendar{Name: "x", Events: []calendar.Event{{UID: "1", Changed: changed, Starts: changed, Ends: changed}}}
	if !bytes.Equal(c.Bytes(), c.Bytes()) {
		t.Error("it is written differently each time")
	}
}
