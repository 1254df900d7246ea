package browser

// TourCalendars walks through the pages on which meetings get into a calendar of one's
// own, and past the figures of a group.
func TourCalendars(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	for _, part := range []func(*walk) error{(*walk).ownCalendar, (*walk).staffCalendar} {
		if err := walkThrough(b, ways, base, width, look, part); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) ownCalendar() error {
	return w.do(
		signIn(w.ways.Participant), click("input[name=of_age][value=yes]"), follow("main form button[value=agree]"),
		visit("/me/calendar"), see("participant-calendar"),
		click("input[name=surveys]"), follow("main form .btn"), see("participant-calendar-made"),
	)
}

func (w *walk) staffCalendar() error {
	return w.do(
		signIn(w.ways.Facilitator),
		visit("/account/calendar"), see("staff-calendar"),
		follow("main form .btn"), see("staff-calendar-made"),
	)
}
