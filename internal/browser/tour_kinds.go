package browser

import "fmt"

// TourKinds walks through a questionnaire with a question of every kind (package
// kinds), from the first of a person's links to the thanks: each page empty, with
// faults, partly answered and done.
func TourKinds(b *Browser, link string, width int, look func(Stop) error) error {
	ways := Ways{Participant: link}
	base, err := ways.base()
	if err != nil {
		return err
	}
	return walkThrough(b, ways, base, width, look, func(w *walk) error {
		return w.do(
			func(w *walk) error { return w.Visit(w.ways.Participant) }, follow("main form button"),
			click("#of_age"), follow("button[name=decision][value=agree]"), follow("a.btn"), see("kinds-choices"),
			// An answer brings a question up on the page.
			click("[name=k_yes][value='1']"), waitFor("[data-item=k_why].fresh"), see("kinds-appeared"),
			enter("#k_why", "Tern"), follow(onward), see("kinds-measures"),
			click("[name=k_several][value='2']"), enter("#k_days", "8"), click("#k_weight"), waitFor("[data-item=k_days] .fault"), see("kinds-measures-wrong"),
			follow(onward), see("kinds-measures-refused"),
			touch("k_steps"), touch("k_scale"), clearField("#k_days"), enter("#k_days", "3"), follow(onward), see("kinds-words"),
			enter("[name=k_day-day]", "31"), enter("[name=k_day-month]", "4"), enter("[name=k_day-year]", "2020"), enter("#k_line", "A bay"),
			follow(onward), see("kinds-words-refused"),
			clearField("[name=k_day-day]"), enter("[name=k_day-day]", "30"), enter("#k_long", "Wide and quiet."), follow(onward), see("kinds-for-some"),
			follow(onward), see("kinds-required"),
			under("/../../review"), see("kinds-review-lacking"),
			follow(".left-out a[href*=k_must]"), click("[name=k_must][value='3']"), follow(onward), see("kinds-last"),
			click("[name=k_last][value='1']"), follow(onward), see("kinds-review"),
			follow("main form .btn"), see("kinds-done"),
		)
	})
}

// onward is the button that leads to the next page.
const onward = ".onward button:last-of-type"

// touch gives a slider the value at which it stands.
func touch(code string) step {
	return click("[data-item=" + code + "] input[type=range]")
}

func clearField(css string) step {
	return func(w *walk) error {
		_, err := Evaluate[bool](w.Tab, fmt.Sprintf("document.querySelector(%q).value = '', true", css))
		return err
	}
}
