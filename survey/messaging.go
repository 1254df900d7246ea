package survey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/reminding"
)

// Messaging is what a study has set about messages to its people.
type Messaging struct {
	StudyID  StudyID
	Rules    reminding.Rules
	Revision int // 0: nothing was set, and nothing is sent
	// ChangedAt and ChangedBy are of the last change.
	ChangedAt time.Time
	ChangedBy string // a name
}

// MessageText are a study's own words for a kind of message in a language.
type MessageText struct {
	StudyID   StudyID
	Kind      reminding.Kind
	Language  string // BCP 47
	Revision  int    // from 1; the newest counts
	Text      reminding.Text
	WrittenAt time.Time
	WrittenBy string // a name
}

// Ours reports whether the words of the program stand.
func (t MessageText) Ours() bool { return t.Text == reminding.Text{} }

// MessageTexts are the newest words of a study.
type MessageTexts []MessageText

// In are a study's own words; false when it has none, and the program's stand.
func (t MessageTexts) In(kind reminding.Kind, language string) (MessageText, bool) {
	for _, x := range t {
		if x.Kind == kind && x.Language == language && !x.Ours() {
			return x, true
		}
	}
	return MessageText{}, false
}

// The longest words, in bytes.
const (
	maxSubject = 200
	maxLetter  = 8000
)

// checkRules gives what cannot be set, by field.
func checkRules(r reminding.Rules) FieldErrors {
	faults := FieldErrors{}
	if len(r.ReminderDays) > reminding.MostReminders {
		faults["reminder_days"] = "messages.too_many_days"
	}
	for i, d := range r.ReminderDays {
		if d < 1 || d > reminding.LastReminderDay || i > 0 && d <= r.ReminderDays[i-1] {
			faults["reminder_days"] = "messages.bad_days"
		}
	}
	if r.Cap < 0 || r.Cap > reminding.MostReminders {
		faults["cap"] = "messages.bad_cap"
	}
	if !r.Quiet.Valid() {
		faults["quiet"] = "messages.bad_quiet"
	}
	return faults
}

// FormatDays writes days as "2, 5, 8"; ParseDays reads that, in any order.
func FormatDays(days []int) string {
	words := make([]string, len(days))
	for i, d := range days {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, ", ")
}

// ParseDays reads days divided by commas or spaces; false when there is something
// else.
func ParseDays(text string) ([]int, bool) {
	days := []int{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", ;\t", r) }) {
		d, err := strconv.Atoi(word)
		if err != nil {
			return nil, false
		}
		days = append(days, d)
	}
	slices.Sort(days)
	return slices.Compact(days), true
}

// checkMessageText gives what is wrong with words, by field; the place of an
// unknown placeholder stands in the detail of the returned list.
func checkMessageText(kind reminding.Kind, t reminding.Text) (FieldErrors, []TextPlace) {
	faults := FieldErrors{}
	var places []TextPlace
	if (t == reminding.Text{}) {
		return faults, nil
	}
	checkText(faults, "subject", t.Subject, maxSubject)
	checkText(faults, "body", t.Body, maxLetter)
	if t.Subject == "" || strings.ContainsAny(t.Subject, "\r\n") {
		faults["subject"] = "messages.no_subject"
	}
	switch {
	case t.Body == "":
		faults["body"] = "messages.no_body"
	case !reminding.Uses(t.Body, "link") && kind.Asks():
		faults["body"] = "messages.no_link"
	}
	for field, text := range map[string]string{"subject": t.Subject, "body": t.Body} {
		for _, f := range reminding.Check(text, kind) {
			places = append(places, TextPlace{field, f})
			faults[field] = "messages.unknown_place"
		}
	}
	slices.SortStableFunc(places, func(a, b TextPlace) int { return strings.Compare(b.Field, a.Field) })
	if reminding.Uses(t.Subject, "link") { // letters are listed by their subjects
		faults["subject"] = "messages.link_in_subject"
	}
	return faults, places
}

// TextPlace is where a text has something that cannot be filled in.
type TextPlace struct {
	Field string // "subject" or "body"
	Fault reminding.PlaceFault
}

// TextFaults is the error of words that cannot be used: which fields, and where.
type TextFaults struct { //nolint:errname // as FieldErrors, with places
	FieldErrors
	Places []TextPlace
}

// Unwrap gives the faults by field.
func (f *TextFaults) Unwrap() error { return f.FieldErrors }

// waveKey is the key of a message in the outbox. Somebody who came from another run is
// written to anew about what they have not answered.
func waveKey(e Enrolment, about string, s reminding.Slot) string {
	key := fmt.Sprintf("wave/%s/%s/%s/%d", e.ID, about, s.Kind, s.Number)
	if !e.RunSince.IsZero() {
		key += fmt.Sprintf("/%d", e.RunSince.UnixMilli())
	}
	return key
}

// FirstMeeting is what a message before the first meeting is about.
const FirstMeeting = "meeting 1"
