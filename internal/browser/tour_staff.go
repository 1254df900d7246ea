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
		// It meets when the run under way does, skips a week, and is too long for the study.
		visit(study+"/new-run"), put("#course", "learning_from_setbacks_10"), enter("#name", "Another group"),
		put("#starts_on", "2031-03-04"), put("#meeting_time", "12:15"), put("#skip-0", "2031-03-20"), follow("button[value=look]"),
		click(".preview details summary"), see("new-run-preview"),
		visit("/account"), see("account"),
	)
	if err != nil {
		return err
	}
	// The run under way is the second of three in the list: the latest comes first.
	err = w.do(
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"), see("board"),
		under("/late"), see("late"),
		follow("ul.late a"), see("message-why"),
		follow("dl.facts a"), see("contact"),
		enter("#email", "not an address"), unchecked, follow("main form .btn"), see("contact-fault"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		follow("#people-table tbody th a"), see("person"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/meetings/5"), see("meeting"),
		under("/live"), see("meeting-live"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/meetings/5/projector"), see("meeting-projector"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/meetings/5/handout"), see("meeting-handout"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/entry"), see("entry"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/calendar"), see("calendar"),
		under("?kind=break&meeting=7&days=7"), see("calendar-preview"),
		under("?kind=break&meeting=7&days=many"), see("calendar-faults"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"),
		under("/people"), see("people"),
		under("/list"), see("people-list"),
		enter("#list", "Name;Mail;Sprache\nAna Ruiz;ana@example.org;Deutsch\nBo;bo@;\nCy;ANA@example.org;"), follow("main form:last-of-type button"), see("people-list-rows"),
		visit(study+"/runs"), follow("main li:nth-of-type(2) a, main tbody tr:nth-of-type(2) a"), under("/people"),
		enter("textarea", "Ana Ruiz, ana@example.org\nnot an address@\n"), unchecked,
		follow("main form .btn"), see("people-faults"),
	)
	if err != nil {
		return err
	}
	return w.do(
		visit(study+"/runs"), follow("main li:nth-of-type(1) a, main tbody tr:nth-of-type(1) a"), see("board-coming"),
		under("/brief"), see("brief-coming"),
		visit(study+"/runs"), follow("main li:nth-of-type(1) a, main tbody tr:nth-of-type(1) a"),
		under("/setup"), see("setup"),
		follow("form[action$='/rehearsal'] button"), click("details.folded:last-of-type > summary"), click("details.folded:last-of-type .rehearsed > summary"), see("rehearsal"),
		follow("main p a"), follow("a[href$='/details']"), see("details"),
		put("#meeting_time", "11:00"), follow("button[value=look]"), see("details-preview"),
		put("#time_zone", "Nowhere"), unchecked, follow("main form .btn"), see("details-faults"),
		visit(study+"/runs"), follow("main li:nth-of-type(3) a, main tbody tr:nth-of-type(3) a"), under("/brief"), see("brief"),
		visit(study+"/runs"), follow("main li:nth-of-type(1) a, main tbody tr:nth-of-type(1) a"),
		follow("form[action$='/links'] button"), see("links"),
	)
}

func (w *walk) researcher() error {
	return w.do(
		signIn(w.ways.Researcher),
		visit(study), see("study-researcher"),
		visit(study+"/waves"), see("waves"),
		visit(study+"/waves/week_03"), see("wave"),
		enter("#opens_day", "?"), unchecked, follow("main form .btn"), see("wave-faults"),
		visit(study+"/consent"), see("consent-texts"),
		visit(study+"/consent/1/es"), see("consent-text"),
		visit(study+"/consent/2/en/edit"), see("consent-text-edit"),
		follow("main form .btn"), see("consent-text-draft"),
		visit(study+"/messages"), see("messages"),
		enter("#reminder_days", "x"), unchecked, follow("form[aria-labelledby='rules'] .btn"), see("messages-fault"),
		visit(study+"/messages/texts/reminder/de"), see("message-words"),
		enter("#subject", "{x}"), unchecked, follow("main form .btn"), see("message-words-fault"),
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
		visit(study+"/corrections"), see("corrections"),
		visit(study+"/others"), see("others"),
		visit(study+"/files"), see("files"),
		visit(study+"/paper"), see("paper"),
		visit("/api/v1/docs"), see("programs"),
		visit("/admin"), see("forbidden"),
	)
}

func (w *walk) administrator() error {
	return w.do(
		signIn(w.ways.Administrator),
		visit("/admin"), see("admin"),
		follow("form[action$='/invite'] button"), see("admin-invite"),
		visit("/admin/audit"), see("audit"),
		visit("/admin/status"), see("status"),
		visit("/account/factor"), see("second-factor"),
		visit(study+"/members"), see("members"),
		visit(study+"/safety"), see("safety"),
		visit(study+"/allocation"), see("allocation"),
		visit(study+"/retention"), see("retention"),
		visit(study+"/questionnaires"), see("questionnaires"),
		visit(study+"/codes"), see("self-codes"),
		visit(study+"/tokens"), see("tokens"),
		visit(study+"/webhooks"), see("webhooks"),
	)
}
