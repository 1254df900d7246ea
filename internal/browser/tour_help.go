package browser

// WaysToHelp lead into an installation whose study asks of risk and is linked.
type WaysToHelp struct {
	Participant string // a personal link
	Responder   string // a sign-in link of somebody the study names
	Study       string // address of the study, without the host
}

// TourHelp walks through what is shown because of an answer that meets a rule
// about risk: to the person, and to those whom the study names; and through the
// page where a study declares all this.
func TourHelp(b *Browser, ways WaysToHelp, width int, look func(Stop) error) error {
	in := Ways{Participant: ways.Participant}
	base, err := in.base()
	if err != nil {
		return err
	}
	return walkThrough(b, in, base, width, look, func(w *walk) error {
		return w.do(
			visit("/help"), see("help-everywhere"), visit("/help?country=DE"), see("help-country"),
			func(w *walk) error { return w.Visit(ways.Participant) }, follow("main form button"), see("help-consent"),
			click("#of_age"), follow("button[value=agree]"), follow("a.btn"),
			click("[name=tr_02][value='2']"), waitFor(".help-now h2"), see("help-at-once"),
			follow(onward), click("[name=tr_03][value='0']"), follow(onward), follow("main form .btn"), see("help-again"),
			visit("/help"), see("help-of-the-study"),
			func(w *walk) error { return w.Visit(ways.Responder) }, follow("main form button"),
			visit(ways.Study+"/alerts"), see("alerts"),
			enter("textarea", "I ring today."), follow("main form .btn"), see("alerts-taken-on"),
			visit("/studies"), see("studies-named"),
			visit(ways.Study+"/safety"), see("safety"),
			clearField("#window"), enter("#window", "x"), follow("main form > .btn"), see("safety-faults"),
		)
	})
}
