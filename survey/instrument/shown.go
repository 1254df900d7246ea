package instrument

// Shown says which items are shown, given the answers so far: those whose own
// condition holds and that of their page. The answer to an item that is not shown
// counts as none.
func (d *Definition) Shown(answers Answers) map[string]bool {
	shown := make(map[string]bool, len(d.Items))
	f := d.form()
	if f == nil {
		for i := range d.Items {
			shown[d.Items[i].Code] = true
		}
		return shown
	}
	e := f.start()
	defer f.finish(e)
	f.shown(e, answers, shown)
	return shown
}

// Required says which items must be answered before the questionnaire can be
// sent, given the answers so far: those that are shown and whose condition holds.
func (d *Definition) Required(answers Answers) map[string]bool {
	required := map[string]bool{}
	f := d.form()
	if f == nil {
		return required
	}
	e := f.start()
	defer f.finish(e)
	shown := make(map[string]bool, len(d.Items))
	f.shown(e, answers, shown)
	for i := range f.items {
		if item := &f.items[i]; item.requiredIf != nil && shown[item.code] && e.holds(item.requiredIf) {
			required[item.code] = true
		}
	}
	return required
}

// Given are the answers that count: those to items that are shown. It changes
// nothing of what it is given.
func (d *Definition) Given(answers Answers) Answers {
	shown := d.Shown(answers)
	given := make(Answers, len(answers))
	for code, v := range answers {
		if shown[code] && !v.IsZero() {
			given[code] = v
		}
	}
	return given
}

func (f *Form) start() *evaluation {
	e, ok := f.spare.Get().(*evaluation)
	if !ok {
		e = newEvaluation(f)
	}
	for _, i := range f.used {
		e.env[f.items[i].code] = unanswered(f.items[i].kind)
	}
	clear(e.known)
	return e
}

// finish keeps the memory for the next, without the answers.
func (f *Form) finish(e *evaluation) {
	clear(e.env)
	clear(e.machine.Stack[:cap(e.machine.Stack)])
	f.spare.Put(e)
}

// shown works all items out, each after those it depends on. The environment then
// has the answers of the items that are shown and no others.
func (f *Form) shown(e *evaluation, answers Answers, shown map[string]bool) {
	for _, i := range f.order {
		item := &f.items[i]
		is := (item.page < 0 || f.page(e, item.page)) && e.holds(item.showIf)
		shown[item.code] = is
		if _, used := e.env[item.code]; used && is {
			if answer := answers[item.code]; !answer.IsZero() {
				e.env[item.code] = seen(item.kind, answer)
			}
		}
	}
}

// page works out whether a page is shown. Its condition looks at earlier pages,
// whose items stand before those of the page.
func (f *Form) page(e *evaluation, page int) bool {
	if !e.known[page] {
		e.pages[page], e.known[page] = e.holds(f.pages[page].showIf), true
	}
	return e.pages[page]
}
