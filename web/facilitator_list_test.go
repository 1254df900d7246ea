package web

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

// sendFile chooses a file on the page of lists.
func (w *world) sendFile(d *device, data []byte) screen {
	return d.upload(w.runPath("/people/list"), "people.csv", data)
}

// roster are the names of the run's people.
func (w *world) roster() map[string]string {
	w.t.Helper()
	contacts, err := w.store.Contacts(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	all := map[string]string{}
	for _, c := range contacts {
		all[c.Name] = c.Email
	}
	return all
}

func TestAListIsLookedThroughMendedAndAddedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	w.invite(t, "Known", "known@example.org")
	s := d.get(w.runPath("/people")).follow("Read them from a CSV file or a table").want(200, "People from a list")
	checkFrame(t, s)
	// Windows-1252, as spreadsheets save it.
	s = w.sendFile(d, []byte("Nachname;Vorname;E-Mail;Sprache\r\nRu\xeez;Zo\xeb;zoe@example.org;Deutsch\r\nBo;;bo@;\r\nSol;Eva;known@example.org;\r\nTwo;;ZOE@example.org;\r\n=1+1;<script>x;f@example.org;\r\n")).
		want(200, "5 rows, 3 with a fault", "Zoë Ruîz", "This is not an e-mail address", "in the course run already", "stands here twice", "<script>x =1+1")
	checkFrame(t, s)
	if len(all(s.root, "script")) > 0 {
		t.Error("a name became markup")
	}
	f := s.form("Look again")
	f.fields.Set("email-3", "bo@example.org")
	f.fields.Set("skip-6", "1")
	committed := w.store.committed.Load()
	s = f.press("Look again").want(200, "5 rows, 2 with a fault", "Take 2 people over, leave 3 out")
	if n := w.store.committed.Load(); n != committed {
		t.Error("looking at a list wrote something")
	}
	if got := s.form("Look again").fields; got.Get("email-3") != "bo@example.org" || got.Get("email-4") != "known@example.org" || got.Get("skip-6") != "1" {
		t.Errorf("what was mended is lost: %v", got)
	}
	s = s.form("Look again").press("Take 2 people over, leave 3 out").want(200, "Add people")
	form := s.form("Add")
	if got := strings.TrimSpace(form.fields.Get("people")); got != "Zoë Ruîz, zoe@example.org, de\nBo, bo@example.org" {
		t.Errorf("taken over is %q", got)
	}
	form.press("Add").want(200, "2 people")
	got := w.roster()
	if len(got) != 4 || got["Zoë Ruîz"] != "zoe@example.org" || got["Bo"] != "bo@example.org" {
		t.Errorf("the run has %v", got)
	}
}

func TestColumnsOfAListAreCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := d.post(w.runPath("/people/list"), url.Values{"list": {"Kontakt\tWer\nana@example.org\tAna\n"}}).want(200, "1 row", "Kontakt")
	f := s.form("Look again")
	f.fields.Set("column-1", "name")
	s = f.press("Look again").want(200, "Take 1 person over")
	f = s.form("Look again")
	f.fields.Del("headed")
	f.press("Look again").want(200, "2 rows, 1 with a fault")
}

func TestWhatIsNoListIsSaidAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	w.sendFile(d, []byte("PK\x03\x04")).want(422, "Save it there as CSV")
	w.sendFile(d, []byte("a\x00b\x00\x00\x00")).want(422)
	w.sendFile(d, nil).want(422, "There is nobody in it")
	w.sendFile(d, bytes.Repeat([]byte("Ana;ana@example.org\n"), 1001)).want(422, "at most 1,000 rows")
	w.sendFile(d, bytes.Repeat([]byte("x"), 300<<10)).want(422, "larger than 100 kB")
	w.sendFile(d, bytes.Repeat([]byte("x"), 2<<20)).want(413)
	s := d.post(w.runPath("/people/list"), url.Values{"list": {"Name,Mail\n\"Ana,a@example.org\nB,b\nC,c\nD,d\n"}}).want(422, "A quotation mark is opened")
	if got := s.form("Look at them").fields.Get("list"); !strings.Contains(got, "\"Ana,a@example.org") {
		t.Errorf("what was pasted is lost: %q", got)
	}
	checkFrame(t, s)
	d.post(w.runPath("/people/list"), url.Values{"list": {"Name\nAna"}, "column-0": {"nonsense"}}).want(200)
}

// The most that a list can be still fits into the form that it travels in.
func TestTheLargestListTravelsInItsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	var list strings.Builder
	list.WriteString("Name;Mail\n")
	for i := range 1000 {
		list.WriteString(strings.Repeat("é", 40) + ";" + strings.Repeat("a", 1+i%20) + "@\n") // every one is faulty, and a field to mend
	}
	s := w.sendFile(d, []byte(list.String())).want(200, "1000 rows, 1000 with a fault")
	s.form("Look again").press("Look again").want(200, "1000 rows, 1000 with a fault")
}

func TestAListBringsTelephoneNumbersAndWhatTheStudyAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := w.sendFile(d, []byte("Name;Telefon;Stratum\nAna;+34 600 123 123;\nBo;12;\nCy;;Hill\n")).
		want(200, "3 rows, 2 with a fault", "+34600123123", "Write the number with its country", "asks nothing about people")
	checkFrame(t, s)
	f := s.form("Look again")
	f.fields.Set("phone-3", "+4930123456")
	f.fields.Set("stratum-4", "")
	s = f.press("Look again").want(200, "3 rows")
	s = s.form("Take 3 people over").press("Take 3 people over").want(200, "Add people")
	if got := s.form("Add").fields.Get("people"); got != "Ana, +34600123123\nBo, +4930123456\nCy" {
		t.Errorf("the form has %q", got)
	}
}
