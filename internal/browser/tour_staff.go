package browser

const study = "/studies/learning-from-setbacks"

func (w *walk) facilitator() error {
	err := w.do(
		func(w *walk) error { return w.Visit(w.ways.Facilitator) }, see("staff-link"),
		follow("main form button"),
		visit("/studies"), see("studies"),
		visit(study), see("study"),
		visit(study+"/runs"), see("runs"),
		visit(study+"/new-run"), see("new-run"),
		unchecked, follow("main form .btn"), see("new-run-faults"),
		visit("/account"), see("account"),
	)
	if err != nil {
		return err
	}
	// The run under way is the second of three in the list: the latest comes first.
	err = w.do(
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"), see("board"),
		under("/meetings/5"), see("meeting"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/people"), see("people"),
		enter("textarea", "Ana Ruiz, ana@example.org\nnot an address@\n"), unchecked,
		follow("main form .btn"), see("people-faults"),
	)
	if err != nil {
		return err
	}
	return w.do(
		visit(study+"/runs"), follow("main li:nth-of-type(1) a, main tbody tr:nth-of-type(1) a"), see("board-coming"),
		under("/brief"), see("brief-coming"),
		visit(study+"/runs"), follow("main li:nth-of-type(3) a, main tbody tr:nth-of-type(3) a"), under("/brief"), see("brief"),
		visit(study+"/runs"), follow("main li:nth-of-type(1) a, main tbody tr:nth-of-type(1) a"),
		follow("form[action$='/links'] button"), see("links"),
	)
}

func (w *walk) researcher() error {
	return w.do(
		signIn(w.ways.Researcher),
		visit(study), see("study-researcher"),
		visit(study+"/consent"), see("consent-texts"),
		visit(study+"/consent/1/es"), see("consent-text"),
		visit(study+"/consent/2/en/edit"), see("consent-text-edit"),
		follow("main form .btn"), see("consent-text-draft"),
		visit(study+"/plan"), see("plan"),
		visit(study+"/plan/1"), see("plan-version"),
		visit(study+"/plan/edit"), see("plan-edit"),
		enter("#alpha", "?"), unchecked, follow("main form .btn"), see("plan-edit-faults"),
		visit(study+"/plan/edit"), enter("#reason", "A second look at the seed."), enter("#seed", "7"),
		follow("main form .btn"), see("plan-draft"),
		click("details summary"), follow("form[action$='/discard'] button"),
		visit(study+"/snapshots"), see("snapshots"),
		visit(study+"/snapshots/1"), see("snapshot"),
		visit(study+"/results?snapshot=1"), see("results-frozen"),
		visit(study+"/results"), see("results"),
		visit(study+"/results?arm=all&wave=followup_3m&outcome=rs_total"), see("results-follow-up"),
		visit(study+"/report"), see("report"),
		visit(study+"/power"), see("power"),
		visit(study+"/data"), see("data"),
		visit("/admin"), see("forbidden"),
	)
}

func (w *walk) administrator() error {
	return w.do(
		signIn(w.ways.Administrator),
		visit("/admin"), see("admin"),
		follow("form[action$='/invite'] button"), see("admin-invite"),
		visit("/admin/audit"), see("audit"),
	)
}
