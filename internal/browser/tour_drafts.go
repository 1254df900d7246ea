package browser

// TourDrafts walks through the pages on which questionnaires are written: empty, with
// faults and filled, the preview, a test run that is scored, two versions saved upon
// each other, what was saved, and the last look before publishing.
func TourDrafts(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	return walkThrough(b, ways, base, width, look, (*walk).drafts)
}

func (w *walk) drafts() error {
	const keep = ".actions button.btn"
	return w.do(
		signIn(w.ways.Researcher),
		visit("/instruments/new"), see("draft-begin"),
		fill("#title", "Evening log"), follow("form[action='/drafts'] .btn"), see("draft-empty"),
		follow("a[href$='/test']"), see("draft-test-empty"), follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/preview']"), see("draft-preview-empty"), follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/publish']"), see("draft-publish-faults"), follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/scale/_new']"), see("draft-scale-empty"), follow(".crumbs a[href^='/drafts']"),
		follow(".add-item button"), see("draft-item-new"),
		fill("#code", "No code"), follow(keep), see("draft-item-refused"),
		fill("#code", "ev_01"), follow(keep), see("draft-item-faults"),
		fill("#text", "I felt calm today."), fill("#options", "0 = Not at all\n1 = A little\n2 = Very"), fill("#share", "much"), follow(keep),
		follow("a[href$='/answers/much']"), see("draft-answers"), follow(".crumbs a[href^='/drafts']"),
		follow(".add-item button"), fill("#text", "I was harsh with myself today."), follow(keep),
		follow("a[href$='/item/ev_02']"), click("[name=show_if_how][value=parts]"), see("draft-item-condition"), follow(keep), see("draft-condition-faults"),
		follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/scale/_new']"), click("[name=items][value=ev_01]"), click("[name=items][value=ev_02]"), click("[name=reversed][value=ev_02]"),
		fill("#bands", "0 to 1 = Low\n1.1 to 2 = High"), see("draft-scale"), follow(keep), see("draft-scale-faults"),
		fill("#bands_warning", "Not a diagnosis."), follow(keep),
		fill("#language", "de"), follow("button[value=language-add]"), follow("a[href$='/language/de']"), see("draft-language"),
		follow(".crumbs a[href^='/drafts']"), follow("a[href$='/page/1']"), see("draft-page"),
		follow(".crumbs a[href^='/drafts']"), follow("a[href$='/take']"), follow(".chooser button"), see("draft-take"),
		follow(".crumbs a[href^='/drafts']"), follow("a[href$='/about']"), see("draft-about"),
		fill("#heading", "Your day"), fill("#intro", "Think of today."), fill("#terms", "Free to use."), fill("#citation", "Ours."), follow(keep), see("draft-filled"),
		follow("a[href$='/test']"), click("[name=ev_01][value='2']"), click("[name=ev_02][value='1']"), follow("form.try button.btn"), see("draft-scored"),
		follow("a[href*='/example/_new']"), see("draft-example"), fill("#name", "by hand"), fill("#expect_ev_total", "1"), follow(keep), see("draft-example-differs"),
		fill("#expect_ev_total", "1.5"), follow(keep),
		follow("a[href$='/preview']"), see("draft-preview"), follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/history']"), see("draft-history"), follow(".crumbs a[href^='/drafts']"),
		follow("a[href$='/about']"), outdated("2"), follow(keep), see("draft-two-versions"),
		follow(".crumbs a[href^='/drafts']"), follow("a[href$='/publish']"), see("draft-publish"),
		follow("main form button.btn"), see("draft-published"),
	)
}

// outdated makes the form on the page one of an earlier revision, as if somebody else
// had saved since.
func outdated(revision string) step {
	return func(w *walk) error {
		_, err := Evaluate[bool](w.Tab, "document.querySelectorAll('[name=revision]').forEach(f => f.value = '"+revision+"'), true")
		return err
	}
}
