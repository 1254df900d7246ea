package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/store"
)

// codedStudy is an open study whose people make codes, with the poster of its run, and
// its researcher, who also leads.
func (w *world) codedStudy(t *testing.T, key string) (survey.Study, string, *device) {
	t.Helper()
	study, d := w.draftStudy(t, key)
	path := "/studies/" + study.Key + "/codes"
	d.get("/studies/"+study.Key).want(200).follow("codes that they make themselves").want(200, "can make a code of their own")
	d.post(path, url.Values{"parts": {"mother", "day"}}).want(422, "Tick more")
	s := d.get(path).form("People make this code").press("People make this code").
		want(200, "Saved.", "Day of the month of birth", "among 50, 0.011 among 200")
	checkFrame(t, s)
	w.must(w.cases.Studies.Open(t.Context(), survey.SystemActor("test"), study.ID))
	d.get(path).want(200, "Day of the month of birth")
	d.post(path, url.Values{"parts": {"mother"}}).want(422)
	run := "/studies/" + study.Key + "/runs/" + string(w.addRun(study, "Own codes").ID)
	d.post(run+"/entry", url.Values{"allowed": {"1"}, "ask_email": {"no"}}).want(200, "People of this study make their own code")
	desk, err := w.cases.Entries.Desk(t.Context(), survey.SystemActor("test"), study.ID, survey.RunID(run[strings.LastIndex(run, "/")+1:]))
	w.must(err)
	d.get(run+"/entry/poster?language=es").want(200, "Escanea esto cada vez")
	return study, "/join/" + desk.Entry.Key, d
}

// ownCode fills the form of a code in.
func ownCode(f *filledForm, values ...string) *filledForm {
	for i, field := range []string{"part_mother", "part_father", "part_birthplace", "part_day", "part_month", "part_older_siblings"} {
		f.fields.Set(field, values[i])
	}
	return f
}

func TestPeopleComeInAndBackByTheirOwnCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	_, path, _ := w.codedStudy(t, "coded")
	d := w.device(t)
	s := d.get(path).want(200, "Take part", "First letter of your mother’s first name", "kept encrypted")
	checkFrame(t, s)
	if !offersHelp(s) {
		t.Error("no way to help")
	}
	s = ownCode(s.form("Continue"), "a", "", "u", "7", "13", "1").press("Continue").want(422, "Write one letter", "Write a whole number")
	checkFrame(t, s)
	s = ownCode(s.form("Continue"), "a", "b", "u", "7", "3", "1").press("Continue").want(200, "Nobody has made this code so far", "Is this your first time?")
	checkFrame(t, s)
	if got := s.form("Continue").fields; got.Get("part_mother") != "a" || got.Get("part_day") != "7" {
		t.Errorf("what was typed is lost: %v", got)
	}
	if s := s.form("Begin: I am here for the first time").press("Begin: I am here for the first time").want(200); !strings.HasPrefix(s.path, "/me") {
		t.Errorf("one comes to %s", s.path)
	}
	d.get("/me/consent").want(200, "I agree").form("I agree").choose("of_age", "yes").press("I agree").want(200)
	// On another device, typed another way, in another language.
	other := w.device(t)
	other.get("/").chooseLanguage("de")
	s = other.get(path).want(200, "Erster Buchstabe des Vornamens deiner Mutter")
	s = ownCode(s.form("Weiter"), "Ä", "B", "Ü", "07", "3.", "1").press("Weiter").want(200)
	if !strings.HasPrefix(s.path, "/me") || strings.Contains(s.path, "consent") {
		t.Errorf("one comes back to %s", s.path)
	}
	if log := w.log.String(); strings.Contains(log, "part_mother=") {
		t.Error("a code is in the log")
	}
}

func TestCodesThatAreNearAreLinkedByAResearcherAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	study, path, d := w.codedStudy(t, "coded")
	come := func(values ...string) *device {
		device := w.device(t)
		ownCode(device.get(path).form("Continue"), values...).press("Continue").want(200, "Nobody has made").
			form("Begin: I am here for the first time").press("Begin: I am here for the first time").want(200)
		device.get("/me/consent").form("I agree").choose("of_age", "yes").press("I agree").want(200)
		return device
	}
	first := come("a", "b", "u", "7", "3", "1")
	second := come("a", "b", "u", "8", "3", "1")
	codes := "/studies/" + study.Key + "/codes"
	s := d.get(codes).want(200, "2 codes were made", "99 %", "5 of 6 parts are the same; day of the month of birth is near.")
	checkFrame(t, s)
	if strings.Contains(s.text(), "is near: 7") {
		t.Error("what was answered is shown")
	}
	s = s.follow("Look at them").want(200, "Are these one person?", "Own codes")
	checkFrame(t, s)
	s = s.form("Link these").press("Link these").want(422, "Say why")
	s = s.form("Link these").enter("reason", "asked in the group").press("Link these").want(200, "They are linked as one person", "asked in the group", "linked")
	if s.path != codes {
		t.Errorf("one comes to %s", s.path)
	}
	// The second one's page is the first's now, after their code is given again.
	second.get("/me").want(401)
	again := ownCode(second.get(path).form("Continue"), "a", "b", "u", "8", "3", "1").press("Continue").want(200)
	if mine := first.get("/me"); mine.text() != again.text() {
		t.Error("the second code does not open the first one's page")
	}
	s = s.form("Take it back").press("Take it back").want(422, "Say why")
	s = s.form("Take it back").enter("reason", "they are sisters").press("Take it back").want(200, "It is taken back", "Look at them")
	s.follow("Look at them").form("Keep apart").enter("reason", "sisters").press("Keep apart").want(200, "They are kept apart")
}

// codes makes a code for each day of birth, which differ in nothing else.
func (w *world) codes(path string, days ...string) {
	w.t.Helper()
	for _, day := range days {
		_, err := w.cases.SelfCodes.Enter(w.t.Context(), survey.Client{}, strings.TrimPrefix(path, "/join/"), survey.SelfCodeEntry{Begin: true, Typed: map[string]string{
			"mother": "a", "father": "b", "birthplace": "c", "day": day, "month": "3", "older_siblings": "1",
		}})
		w.must(err)
	}
}

// selfCodeScreens are the pages of codes that people make.
func (w *world) selfCodeScreens(t *testing.T, analyst *device, s shownTo) {
	t.Helper()
	s.researcher["staff_selfcodes none"] = analyst.get(w.path("/codes")).want(200)
	study, d := w.draftStudy(t, "coding")
	s.anybody["staff_selfcodes draft"] = d.get("/studies/" + study.Key + "/codes").want(200)
	s.anybody["staff_selfcodes fault"] = d.post("/studies/"+study.Key+"/codes", url.Values{"parts": {"mother"}}).want(422)
	study, path, d := w.codedStudy(t, "coded")
	w.codes(path, "7", "8", "9")
	list := d.get("/studies/" + study.Key + "/codes").want(200)
	pair := list.follow("Look at them")
	s.anybody["staff_selfcodes pairs"], s.anybody["staff_selfcode_pair"] = list, pair
	s.anybody["staff_selfcode_pair fault"] = d.post(pair.path, url.Values{"reason": {`"><script>x` + strings.Repeat("x", 600)}}).want(422)
	s.anybody["staff_selfcodes decided"] = d.post(pair.path, url.Values{"reason": {"<b>"}, "step": {"apart"}}).want(200)
	s.anybody["staff_selfcode_pair decided"] = d.get(pair.path).want(200)
}

func TestThePagesOfCodesTakeAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	study, path, _ := w.codedStudy(t, "coded")
	ask := func() (book, compared int) {
		counted, n := store.WithQueryCount(t.Context())
		b, err := w.cases.SelfCodes.Book(counted, survey.SystemActor("test"), study.ID)
		w.must(err)
		book = n.N()
		counted, n = store.WithQueryCount(t.Context())
		_, err = w.cases.SelfCodes.Compare(counted, survey.SystemActor("test"), study.ID, b.Open[0].First.EnrolmentID, b.Open[0].Second.EnrolmentID)
		w.must(err)
		return book, n.N()
	}
	w.codes(path, "7", "8")
	book, compared := ask()
	w.codes(path, "9", "10", "11", "12", "13", "14", "15", "16")
	if many, more := ask(); many != book || more != compared || book > 4 || compared > 12 {
		t.Errorf("with 2 codes %d and %d queries, with 10 %d and %d", book, compared, many, more)
	}
}

func TestNoTextOfSelfMadeCodesIsHardCoded(t *testing.T) {
	t.Parallel()
	seen := 0
	w := newWorld(t, 0, func(w *world) {
		w.watch = func(s screen) {
			if strings.HasPrefix(s.path, "/join/") {
				seen++
				checkPseudo(t, s)
			}
		}
	})
	_, path, _ := w.codedStudy(t, "coded")
	d := w.device(t)
	d.get(path).want(200)
	d.post(path, url.Values{"part_mother": {"7"}}).want(422)
	d.post(path, url.Values{"part_mother": {"a"}, "part_father": {"b"}, "part_birthplace": {"c"}, "part_day": {"1"}, "part_month": {"2"}, "part_older_siblings": {"3"}}).want(200)
	if seen != 3 {
		t.Errorf("%d pages were looked at", seen)
	}
}
