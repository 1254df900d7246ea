package survey

// Meter is told what an installation does, to count it: how often, never who or what.
type Meter interface {
	// Saved: answers were saved.
	Saved()
	// Submitted: a questionnaire was submitted.
	Submitted()
	// Throttled: something was tried too often, named by its limit.
	Throttled(what string)
	// Delivered is what a round of sending came to.
	Delivered(d Delivery)
}

// uncounted is the meter of an installation that counts nothing.
type uncounted struct{}

func (uncounted) Saved()             {}
func (uncounted) Submitted()         {}
func (uncounted) Throttled(string)   {}
func (uncounted) Delivered(Delivery) {}
