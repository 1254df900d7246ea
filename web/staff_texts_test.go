package web

import (
	"net/url"
	"strings"
	"testing"
)

// lacks reports texts that a page should not show.
func (s screen) lacks(texts ...string) screen {
	s.device.t.Helper()
	for _, text := range texts {
		if strings.Contains(s.text(), text) {
			s.device.t.Errorf("%s shows %q", s.path, text)
		}
	}
	return s
}

func TestStaffSeeWhatIsMissingInALanguageAndAddIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.arrive(t, 0) // and agrees to take part
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.path("")
	texts := func(language string, pairs ...string) screen {
		t.Helper()
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return analyst.post(w.path("/texts/"+language), values)
	}
	analyst.get(page).want(200, "German", "Spanish").lacks("welcome missing", "title missing")
	texts("de", "welcome", "", "title", " ", "wave.pre", "").want(200, "title missing – English shown; welcome missing – English shown; 1 of 11 names of surveys missing – English shown")
	texts("en", "welcome", "").want(200, "welcome missing – none shown")

	// People read what there is, and else the study's own words, marked as such.
	d := w.asking(t, "de")
	link := d.get("/p/"+w.links[0]).want(200, "Learning from setbacks", "Dieser Link gehört nur dir").lacks("It is good that you are here")
	if own := all(link.root, "h1")[0].FirstChild; attr(own, "lang") != "en" {
		t.Errorf("the English title on a German page is marked as %q", attr(own, "lang"))
	}
	texts("de", "title", "Wenn etwas <schiefgeht>", "welcome", "Hallo!\n\nSchön, dass du da bist.").want(200, "1 of 11 names of surveys missing")
	link = d.get("/p/"+w.links[0]).want(200, "Wenn etwas <schiefgeht>", "Hallo!", "Schön, dass du da bist.").lacks("Learning from setbacks")
	link.form("Weiter").press("Weiter").want(200, "Wenn etwas <schiefgeht>", "Before the course", "Woche 1")
	w.asking(t, "es").get("/p/"+w.links[0]).want(200, "Aprender de los tropiezos", "Qué bien que estés aquí")

	// What cannot be used loses nothing.
	again := texts("de", "title", "Kurz", "welcome", strings.Repeat("x", 2001), "wave.pre", "Vorher").want(422, "This text is too long.")
	if got := again.values(w.path("/texts/de")).Get("title"); got != "Kurz" {
		t.Errorf("the title typed has become %q", got)
	}
	d.get("/p/"+w.links[0]).want(200, "Hallo!")
	analyst.get(w.path("/texts/fr")).want(404)
}
