package browser

import (
	"errors"
	"fmt"
)

var errNobodyPractises = errors.New("nobody in the course run under way takes the course")

// FindPractising prints the links of the course run under way, as its facilitator
// does, and gives that of somebody who takes the course. The tab is then theirs.
func FindPractising(t *Tab, ways Ways) (link string, err error) {
	base, err := ways.base()
	if err != nil {
		return "", err
	}
	w := &walk{Tab: t, ways: ways, base: base}
	if err := w.do(
		signIn(ways.Facilitator), visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		follow("form[action$='/links'] button"),
	); err != nil {
		return "", err
	}
	links, err := Evaluate[[]string](t, `[...document.querySelectorAll("p.slip-link")].map(e => e.textContent.trim())`)
	if err != nil {
		return "", err
	}
	for _, link := range links {
		if err := w.do(func(w *walk) error { return w.Visit(link) }, follow("main form button")); err != nil {
			return "", err
		}
		if found, err := t.Has("main a[href='/me/practice']"); err != nil || found {
			return link, err
		}
	}
	return "", errNobodyPractises
}

// practising is somebody in the midst of the course.
func (w *walk) practising() error {
	if _, err := FindPractising(w.Tab, w.ways); err != nil {
		return fmt.Errorf("find somebody who practises: %w", err)
	}
	err := w.do(
		see("participant-home-course"),
		visit("/me/scores"), see("own-scores"),
		visit("/me/practice"), see("practice"),
		unchecked, follow("form.card button.btn"), see("practice-fault"),
		click("#minutes"), click("#formal"), follow("form.card button.btn"), see("practice-noted"),
		follow(".log a"), see("practice-entry"),
		visit("/me/words"), see("words-empty"),
		unchecked, follow("form.card button.btn"), see("words-fault"),
		enter("#text", "I am trying, and that is enough."), follow("form.card button.btn"), see("words"),
		follow(".words a"), see("words-change"),
		visit("/help"), see("help-words"),
	)
	if err != nil {
		return err
	}
	return w.do(
		visit("/me/reflections"), see("reflections-empty"),
		unchecked, follow("form.card button.btn"), see("reflections-fault"),
		enter("#text_1", "The talk came to an end before the last slide."), enter("#text_3", "Begin with the last slide."),
		follow("form.card button.btn"), see("reflections"),
		follow("section.card a.tap"), see("reflection-change"),
		follow("form[action$='/share'] button"), see("reflections-shared"),
		follow("section.card a.tap"), see("reflection-shared"),
	)
}
