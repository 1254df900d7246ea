package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"tidemark/survey/instrument"
)

// messageConflict is the fault of an answer that another device has changed since
// the page was shown.
const messageConflict = "answer.conflict"

// conflict shows an answer that two devices gave differently.
type conflict struct {
	Known  string `json:"known"` // what is stored, stamped
	Value  string `json:"value"` // the same as a field holds it
	Text   string `json:"text"`  // both, in a sentence
	Theirs string `json:"theirs"`
	Mine   string `json:"mine"`
}

// conflicts tell what is stored and what was given, in words.
func (w worded) conflicts(stored, given instrument.Answers) map[string]conflict {
	told := make(map[string]conflict, len(stored))
	for code, has := range stored {
		item, _ := w.own.Item(code)
		theirs, mine := w.inWords(item, has), w.inWords(item, given[code])
		told[code] = conflict{
			Known: has.Stamp(), Value: has.String(), Text: w.page.Say("asking.conflict", "Stored", theirs, "Mine", mine) + " " + w.page.Say("asking.conflict_on"),
			Theirs: w.page.Say("asking.conflict_keep", "Answer", theirs), Mine: w.page.Say("asking.conflict_keep", "Answer", mine),
		}
	}
	return told
}

// inWords is an answer in one line; a long text is cut.
func (w worded) inWords(item instrument.Item, v instrument.Value) string {
	const longest = 60
	if v.IsZero() {
		return w.page.Say("asking.conflict_none")
	}
	var parts []string
	for _, p := range w.answerWords(item, v) {
		parts = append(parts, p.Words)
	}
	words := []rune(strings.Join(parts, ", "))
	if len(words) > longest {
		return string(words[:longest]) + "…"
	}
	return string(words)
}

// base is what the page knew of the answers that came; nil when it did not say.
func (g posted) base() map[string]string {
	if !g.form.Has(fieldShown) {
		return nil
	}
	shown, err := url.ParseQuery(g.form.Get(fieldShown))
	if err != nil {
		return nil
	}
	base := make(map[string]string, len(g.answers))
	for code := range g.answers {
		base[code] = shown.Get(code)
	}
	return base
}

// openedAt reads when a page was sent; zero when it does not say.
func openedAt(text string) time.Time {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms <= 0 || ms > 1<<45 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
