package browser

// TourCourses walks through the pages of course templates: the list, one that comes
// with the program, a copy of it being written, with faults and as it is published,
// and a file that is no course.
func TourCourses(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	return walkThrough(b, ways, base, width, look, (*walk).courses)
}

func (w *walk) courses() error {
	const ten, draft = "/courses/learning_from_setbacks_10", "/courses/our_evenings/draft"
	const save = "p.actions button[value=save]"
	return w.do(
		signIn(w.ways.Facilitator),
		visit("/courses"), see("courses"),
		visit(ten), see("course"),
		visit(ten+"/versions/1.0.0"), see("course-read"),
		visit(ten), fill("#title", "Our evenings"), follow("form[action$='/copy'] .btn"), see("course-draft"),
		visit(draft+"/about"), see("course-about"),
		visit(draft+"/weeks/6"), see("course-week"),
		fill("#step_2_minutes", "fifteen"), follow(save), see("course-week-faults"),
		fill("#step_2_minutes", "20"), fill("#aim", ""), follow(save), see("course-draft-lacks"),
		follow("form[action$='/publish'] .btn"), see("course-draft-not-published"),
		visit(draft+"/languages/de"), see("course-language"),
		visit(draft+"/weeks/6"), fill("#step_2_minutes", "15"), fill("#aim", "Good enough."), follow(save),
		follow("form[action$='/publish'] .btn"), see("course-own"),
		visit("/courses/import"), see("course-import"),
	)
}
