package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
)

// Ways are the links into a demo, as it prints them.
type Ways struct{ Participant, Facilitator, Researcher, Administrator string }

var wayLine = regexp.MustCompile(`(?m)^  As (participant|facilitator|researcher|administrator) +(http\S+)$`)

// WaysIn reads the links from what a demo has printed.
func WaysIn(printed string) (Ways, error) {
	found := map[string]string{}
	for _, m := range wayLine.FindAllStringSubmatch(printed, -1) {
		found[m[1]] = m[2]
	}
	if len(found) != 4 {
		return Ways{}, fmt.Errorf("found %d links of 4 in what the demo printed", len(found))
	}
	return Ways{
		Participant: found["participant"], Facilitator: found["facilitator"],
		Researcher: found["researcher"], Administrator: found["administrator"],
	}, nil
}

// base is the address of the installation the links lead into.
func (w Ways) base() (string, error) {
	u, err := url.Parse(w.Participant)
	if err != nil {
		return "", fmt.Errorf("participant's link: %w", err)
	}
	return u.Scheme + "://" + u.Host, nil
}

// Stop is a page in one state, ready to be looked at.
type Stop struct {
	Name string // of its picture: lower case with hyphens
	*Tab
}

// Tour walks through every page of a fresh demo, in the states worth looking at,
// and calls look at each. Pages are opened the way people open them: by the
// links, buttons and forms of the page before.
func Tour(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	for _, part := range []func(*walk) error{
		(*walk).stranger, (*walk).participant, (*walk).practising, (*walk).facilitator, (*walk).researcher, (*walk).administrator,
	} {
		if err := walkThrough(b, ways, base, width, look, part); err != nil {
			return err
		}
	}
	return nil
}

// TourIn walks through the pages of participants alone, in a language.
func TourIn(b *Browser, ways Ways, width int, language string, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	for _, part := range []func(*walk) error{(*walk).stranger, (*walk).participant, (*walk).practising} {
		err := walkThrough(b, ways, base, width, look, func(w *walk) error {
			if err := w.do(visit("/"), follow("form.languages button[lang='"+language+"']")); err != nil {
				return fmt.Errorf("choose the language %s: %w", language, err)
			}
			return part(w)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func walkThrough(b *Browser, ways Ways, base string, width int, look func(Stop) error, part func(*walk) error) error {
	tab, closeTab, err := b.Open(width)
	if err != nil {
		return err
	}
	defer closeTab()
	w := &walk{Tab: tab, ways: ways, base: base, look: look}
	return part(w)
}

// walk is one person's way; the first step that fails ends it.
type walk struct {
	*Tab
	ways Ways
	base string
	look func(Stop) error
}

// step is something done on a page, or a look at it.
type step func(*walk) error

func (w *walk) do(steps ...step) error {
	for _, s := range steps {
		if err := s(w); err != nil {
			return err
		}
	}
	return nil
}

func see(name string) step {
	return func(w *walk) error {
		if err := w.look(Stop{name, w.Tab}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}

func visit(path string) step  { return func(w *walk) error { return w.Visit(w.base + path) } }
func follow(css string) step  { return func(w *walk) error { return w.Follow(css) } }
func click(css string) step   { return func(w *walk) error { return w.Click(css) } }
func waitFor(css string) step { return func(w *walk) error { return w.Wait(css) } }
func enter(css, text string) step {
	return func(w *walk) error { return w.Type(css, text) }
}

// put gives a field a value that is chosen, or that people type in the way of their
// own country.
func put(css, value string) step {
	return func(w *walk) error {
		_, err := Evaluate[string](w.Tab, fmt.Sprintf("document.querySelector(%q).value = %q", css, value))
		return err
	}
}

// unchecked lets a form go as it would without the browser's own checks, to see
// what the server says.
func unchecked(w *walk) error {
	_, err := Evaluate[bool](w.Tab, "document.querySelectorAll('form').forEach(f => f.noValidate = true), true")
	return err
}

// signIn follows a staff link.
func signIn(link string) step {
	return func(w *walk) error {
		if err := w.Visit(link); err != nil {
			return err
		}
		return w.Follow("main form button")
	}
}

// under goes to a page below the one the tab is on.
func under(path string) step {
	return func(w *walk) error {
		here, err := w.Path()
		if err != nil {
			return err
		}
		return w.Visit(w.base + here + path)
	}
}

func (w *walk) stranger() error {
	return w.do(
		visit("/"), see("front"),
		visit("/help"), see("help"),
		visit("/p/nobodynobodynobodynobodynobody22"), see("dead-link"),
		visit("/link/lost"), see("lost-link"),
		visit("/code"), see("code"), unchecked, enter("#code", "7kmqx 4tnrw"), follow("main .card button"), see("code-mistyped"),
		visit("/nothing-here"), see("not-found"),
		visit("/me"), see("need-link"),
		visit("/sign-in"), see("sign-in"),
		enter("input[type=email]", "ana@example.org"), enter("input[type=password]", "not the right password"),
		follow("main form button"), see("sign-in-wrong"),
	)
}

func (w *walk) participant() error {
	err := w.do(
		func(w *walk) error { return w.Visit(w.ways.Participant) }, see("participant-link"),
		follow("main form button"), see("participant-consent"),
		visit("/me/consent/later"), see("participant-consent-later"),
		visit("/me/consent/young"), see("participant-consent-young"),
		visit("/me/consent"), follow("button[value=decline]"), see("participant-consent-declined"),
		follow("main .card a.btn"), see("participant-consent-again"),
		unchecked, follow("button[value=agree]"), see("participant-consent-unticked"),
		click("#of_age"), follow("button[value=agree]"), see("participant-home"),
		visit("/me/consent"), see("participant-consent-given"),
		visit("/me/consent/choices"), click("input[name=choice]"), follow("main form button"), see("participant-consent-choices"),
		visit("/me"),
		follow("a.btn"), see("participant-questions"),
	)
	if err != nil {
		return err
	}
	if err := w.do(answer(0, 3), waitFor("#saving[data-state=saved]"), see("participant-questions-saved")); err != nil {
		return err
	}
	return w.do(
		answerElsewhere(2, 4), answer(2, 1), waitFor(".wrong .keep"), see("participant-questions-two-answers"),
		click(".keep button:last-child"), waitFor("#saving[data-state=saved]"),
		answerOut(1), see("participant-review"),
		follow("main form .btn"), see("participant-done"),
		visit("/me"), see("participant-home-later"),
		visit("/me/data"), see("participant-data"),
		follow("form[action='/me/data/messages'] button"), see("participant-data-paused"),
		follow("a[href='/me/data/leave']"), see("participant-leave"),
		follow("#keep"), see("participant-left"),
		follow("a[href='/me/data/leave']"), see("participant-erase"),
		follow("#erase"), see("participant-erased"),
	)
}

// answer gives the n-th question of the page its option-th answer, both from 0.
func answer(n, option int) step {
	return func(w *walk) error {
		_, err := Evaluate[bool](w.Tab, fmt.Sprintf(
			`document.querySelectorAll("fieldset")[%d].querySelectorAll("input")[%d].click(), true`, n, option))
		return err
	}
}

// answerElsewhere gives the n-th question of the page its option-th answer from
// another device: the page does not know of it.
func answerElsewhere(n, option int) step {
	return func(w *walk) error {
		status, err := Evaluate[int](w.Tab, fmt.Sprintf(`(() => {
			const form = document.querySelector("form[data-save]"), q = form.querySelectorAll("fieldset")[%d];
			const answers = {[q.dataset.item]: +q.querySelectorAll("input")[%d].value};
			return fetch(form.dataset.save, {
				method: "POST", headers: {"Content-Type": "application/json", Accept: "application/json"},
				body: JSON.stringify({answers, base: {[q.dataset.item]: ""}, page: +form.dataset.page}),
			}).then(r => r.status);
		})()`, n, option))
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("an answer from another device: status %d", status)
		}
		return err
	}
}

// answerOut answers every further page but the question at skip of the first, up
// to the review.
func answerOut(skip int) step {
	return func(w *walk) error {
		for page := 1; ; page++ {
			n, err := Evaluate[int](w.Tab, `document.querySelectorAll("fieldset").length`)
			if err != nil {
				return err
			}
			if n == 0 {
				return nil
			}
			for q := range n {
				if page == 1 && (q == 0 || q == skip) {
					continue
				}
				if err := answer(q, (page+q)%4)(w); err != nil {
					return err
				}
			}
			if err := w.Follow(".onward button:last-of-type"); err != nil {
				return err
			}
			if page > 50 {
				return fmt.Errorf("still questions after %s pages", strconv.Itoa(page))
			}
		}
	}
}
