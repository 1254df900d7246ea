package web

import "testing"

// While a study is a draft, occasions are added and removed by forms alone; what is
// needed says so and stays.
func TestOccasionsOfADraftAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, d := w.draftStudy(t, "drafted")
	page := d.get("/studies/drafted/waves").want(200, "Occasions can be added and removed until the study opens").follow("Another like it : After the course")
	form := page.want(200, "Another occasion", "Like “After the course”").form("Add it").enter("closes_day", "3").enter("opens_day", "5")
	page = form.press("Add it").want(422)
	form = page.form("Add it").enter("name", "A month later").enter("short_name", "1 mo").enter("opens_day", "28").enter("closes_day", "35")
	page = form.press("Add it").want(200, "Saved: A month later.", "A month later")
	page = page.follow("Change : A month later").want(200, "Remove this occasion").form("Remove it").press("Remove it").want(200, "The occasion is removed.")
	page.follow("Change : After the course").form("Remove it").press("Remove it").want(422, "results compare before with after")
	w.signedIn(t, "analyst@example.org", w.researcher()).get(w.path("/waves")).want(200, "no occasion can be added or removed")
}
