package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// messageScreens shows the pages of messages.
func (w *world) messageScreens(leader, analyst *device, s shownTo) {
	w.t.Helper()
	code := w.code(0)
	maps.Copy(s.facilitator, map[string]screen{
		"staff_messages facilitator":   leader.get(w.path("/messages")).want(200),
		"facilitator_late off":         leader.get(w.runPath("/late")).want(200),
		"facilitator_contact":          leader.get(w.runPath("/people/" + code)).want(200),
		"facilitator_contact fault":    leader.post(w.runPath("/people/"+code), url.Values{"email": {"<b>"}, "phone": {"12"}}).want(422),
		"staff_message_why leader":     leader.get(w.path("/messages/people/" + code)).want(200),
		"staff_messages no such code":  leader.get(w.path("/messages/people?code=P-NONE")).want(404),
		"staff_message_text to look":   leader.get(w.path("/messages/texts/reminder/de")).want(200),
		"error message of no kind":     leader.get(w.path("/messages/texts/none/de")).want(404),
		"error message of no language": leader.get(w.path("/messages/texts/reminder/xx")).want(404),
	})
	maps.Copy(s.researcher, map[string]screen{
		"staff_messages":           analyst.get(w.path("/messages")).want(200),
		"staff_messages fault":     analyst.post(w.path("/messages"), url.Values{"reminder_days": {"<b>"}, "cap": {"x"}, "quiet_from": {"25:00"}}).want(422),
		"staff_message_text":       analyst.get(w.path("/messages/texts/invitation/en")).want(200),
		"staff_message_text fault": analyst.post(w.path("/messages/texts/invitation/en"), url.Values{"subject": {"{nmae}"}, "body": {"<script>x {link}"}}).want(422),
		"staff_message_why":        analyst.get(w.path("/messages/people/" + code)).want(200),
	})
}

// code is that of person n.
func (w *world) code(n int) string {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	return roster[n].Code
}

// tray takes letters.
type tray struct{ letters []survey.Letter }

func (b *tray) Send(_ context.Context, l survey.Letter) error {
	b.letters = append(b.letters, l)
	return nil
}

// round plans and sends, and gives what was sent.
func (w *world) round() []survey.Letter {
	w.t.Helper()
	b := &tray{}
	_, err := w.cases.Outbox.Plan(w.t.Context(), survey.SystemActor("test"), b)
	w.must(err)
	for range 10 {
		_, err = w.cases.Outbox.Deliver(w.t.Context(), survey.SystemActor("test"), w.site, b)
		w.must(err)
	}
	return b.letters
}

// writing turns messages on and gives person n an address.
func (w *world) writing(n int, address string) {
	w.t.Helper()
	ctx, program := w.t.Context(), survey.SystemActor("test")
	book, err := w.cases.Messages.Book(ctx, program, w.study.ID)
	w.must(err)
	rules := book.Messaging.Rules
	rules.On = true
	_, err = w.cases.Messages.Set(ctx, program, w.study.ID, rules, book.Messaging.Revision)
	w.must(err)
	w.must(w.cases.Runs.CorrectContact(ctx, program, w.study, w.run.ID, w.code(n), "Ana <b> Ruiz", address, ""))
}

// mailed is a world whose installation sends mail.
func mailed(t *testing.T, people int) *world {
	t.Helper()
	w := newWorld(t, people)
	w.site.cfg.Mail = true
	return w
}

func TestALetterHasTextAPageAndAWayToStop(t *testing.T) {
	t.Parallel()
	w := mailed(t, 2)
	w.writing(0, "ana@example.org")
	letters := w.round()
	if len(letters) != 1 {
		t.Fatalf("%d letters were sent, want 1", len(letters))
	}
	l := letters[0]
	link := w.base + "/p/" + w.links[0]
	if l.To != "ana@example.org" || l.Language != "en" || !strings.HasPrefix(l.Unsubscribe, w.base+"/letters/stop/") {
		t.Errorf("the letter goes to %s in %s, and is stopped at %s", l.To, l.Language, l.Unsubscribe)
	}
	for what, text := range map[string]string{"the text": l.Body, "the page": l.HTML} {
		for _, want := range []string{link, l.Unsubscribe, w.base + "/help", w.study.Title, "Before the course", "Saturday 5 December"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", what, want, text)
			}
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s has something that was not filled in:\n%s", what, text)
		}
	}
	if !strings.Contains(l.Body, "Hello Ana <b> Ruiz,") || strings.Contains(l.HTML, "<b>") {
		t.Errorf("the name is not told, or not escaped:\n%s", l.HTML)
	}
	// A person who reads German gets it in German.
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	w.must(w.store.InTx(t.Context(), func(tx survey.Tx) error {
		return tx.SetLanguage(t.Context(), w.study.ID, roster[0].ID, "de")
	}))
	w.days(2)
	letters = w.round()
	if len(letters) != 1 || !strings.Contains(letters[0].Body, "Hallo Ana") || !strings.Contains(letters[0].HTML, `lang="de"`) {
		t.Errorf("got %+v, want a reminder in German", letters)
	}
}

func TestLettersAreStoppedByTheLinkInThem(t *testing.T) {
	t.Parallel()
	w := mailed(t, 1)
	w.writing(0, "ana@example.org")
	address := strings.TrimPrefix(w.round()[0].Unsubscribe, w.base)
	paused := func() bool {
		roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
		w.must(err)
		return roster[0].Paused()
	}
	d := w.device(t)
	page := d.get(address).want(200, "Stop the letters", "Need to talk to someone now?")
	if paused() {
		t.Error("looking at the page has stopped letters")
	}
	page = page.form("Stop the letters").press("Stop the letters").want(200, "The letters are stopped")
	if !paused() {
		t.Error("letters are not stopped")
	}
	page.form("Get letters again").press("Get letters again").want(200, "You get letters again")
	// A mail program's one click: a POST of its own kind, without our form.
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		body := "List-Unsubscribe=One-Click"
		if strings.HasPrefix(kind, "multipart") {
			body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
		}
		w.must(w.cases.SignIns.Unsubscribe(t.Context(), strings.TrimPrefix(address, "/letters/stop/"), false))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+address, strings.NewReader(body))
		w.must(err)
		r.Header.Set("Content-Type", kind)
		answer, err := http.DefaultTransport.RoundTrip(r)
		w.must(err)
		w.must(answer.Body.Close())
		if answer.StatusCode != http.StatusSeeOther || !paused() {
			t.Errorf("%s: got %d, stopped %v", kind, answer.StatusCode, paused())
		}
	}
	d.get("/letters/stop/none").want(404)
	d.post("/letters/stop/none", url.Values{}).want(404)
	if log := w.log.String(); strings.Contains(log, strings.TrimPrefix(address, "/letters/stop/")) {
		t.Error("the log holds the token")
	}
}

func TestAPersonsTimeZoneIsFoundAndChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, home := w.arrive(t, 0)
	if zone := attr(all(home.root, "main")[0], "data-zone"); zone != worldZone {
		t.Errorf("the page says %q, want the run's zone", zone)
	}
	d.post("/me/data/zone", url.Values{"found": {"America/New_York"}}).want(204)
	d.get("/me/data").want(200, "Now used: America/New_York")
	d.post("/me/data/zone", url.Values{"found": {"nonsense"}}).want(204)
	d.post("/me/data/zone", url.Values{"time_zone": {"nonsense"}}).want(422, "Choose one of the time zones shown")
	d.get("/me/data").form("Save").choose("time_zone", "Asia/Tokyo").press("Save").want(200, "Now used: Asia/Tokyo")
	d.post("/me/data/zone", url.Values{"found": {"America/New_York"}}).want(204)
	d.get("/me/data").want(200, "Now used: Asia/Tokyo")
	if zone := attr(all(d.get("/me").root, "main")[0], "data-zone"); zone != "" {
		t.Error("the browser is asked though the person has chosen")
	}
	d.post("/me/data/zone", url.Values{"time_zone": {""}}).want(200, "Now used: Europe/Madrid")
}

func TestAResearcherSetsRulesAndWords(t *testing.T) {
	t.Parallel()
	w := mailed(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.get(w.path("/messages")).want(200, "This study writes to nobody")
	page.form("Save the rules").choose("on", "1").enter("reminder_days", "1 4").press("Save the rules").want(200, "Saved", "Unanswered 1, 4 days after they opened")
	page.form("Save the rules").press("Save the rules").want(409) // an old page
	words := d.get(w.path("/messages/texts/invitation/en")).want(200, "These are the words of the program", "Hello Ana,", "Open my questions")
	form := words.form("Save the words")
	form.enter("body", "Dear {nmae}, {link}").press("Save the words").want(422, "{nmae} in line 1, character 6", "cannot be filled in")
	form = words.form("Save the words").enter("subject", "Please, {name}").enter("body", "Dear {name}\n\n{link}")
	form.press("Preview").want(200, "Please, Ana", "Dear Ana", "These are the words of the program")
	form.press("Save the words").want(200, "Saved", "The study’s own words", "revision 1")
	w.writing(0, "ana@example.org")
	if letters := w.round(); len(letters) != 1 || letters[0].Subject != "Please, Ana <b> Ruiz" {
		t.Errorf("got %+v", letters)
	}
	d.get(w.path("/messages/texts/invitation/en")).form("Use the program’s words").press("Use the program’s words").want(200, "These are the words of the program", "revision 2")
	log := d.post(w.path("/messages/log"), url.Values{}).want(200).body
	if !strings.HasPrefix(log, "code,wave,kind,number,planned,sent,outcome,reason,tries\n"+w.code(0)+",pre,invitation,1,2026-11-24T09:00:00Z,2026-11-24T09:00:00Z,sent,,1\n") {
		t.Errorf("the log says\n%s", log)
	}
}

func TestAFacilitatorRemindsTheLateAndLearnsWhy(t *testing.T) {
	t.Parallel()
	w := mailed(t, 3)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	d.get(w.runPath("/late")).want(200, "This study sends no messages")
	w.writing(0, "ana@example.org")
	w.must(w.cases.Runs.CorrectContact(t.Context(), survey.SystemActor("test"), w.study, w.run.ID, w.code(1), "Bo", "bo@example.org", ""))
	w.round()
	d.get(w.runPath("/late")).want(200, "Nobody can be reminded now", "Written to a short time ago", "No address is known")
	w.setClock(w.now().Add(24 * time.Hour))
	d = w.signedIn(t, "leader-again@example.org", w.facilitator()) // a day later
	page := d.get(w.runPath("/late")).want(200, "Send 2 reminders")
	page.form("Send 2 reminders").press("Send 2 reminders").want(200, "2 reminders are on the way. 1 person gets none")
	page.form("Send 2 reminders").press("Send 2 reminders").want(200, "You have asked for these reminders already")
	letters := w.round()
	if len(letters) != 2 || !strings.Contains(letters[0].Subject, "A reminder from your course") {
		t.Errorf("got %+v", letters)
	}
	d.get(w.path("/messages/people?code="+strings.ToLower(w.code(0)))).want(200, "Sent on Wednesday 25 November, 10:00", "Ana <b> Ruiz", "Not yet: its day comes on")
	// At night one is asked for, for one person alone.
	w.setClock(w.now().Add(37 * time.Hour)) // Thursday, 23:00 in Madrid
	d = w.signedIn(t, "leader-by-night@example.org", w.facilitator())
	one := d.get(w.runPath("/late")).want(200, "Send 2 reminders").form("Remind Bo")
	one.press("Remind Bo").want(200, "1 goes when the quiet hours are over, by Friday 27 November, 08:00")
	w.setClock(w.now().Add(9 * time.Hour))
	letters = w.round() // the reminder of the second day was for the 26th
	to := map[string]int{}
	for _, l := range letters {
		to[l.To]++
	}
	if to["bo@example.org"] != 1 {
		t.Errorf("got %v, want one for Bo", to)
	}
	// A researcher sees why by code, and no name.
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	if s := analyst.get(w.path("/messages/people/"+w.code(0))).want(200, "by e-mail"); strings.Contains(s.body, "Ana") {
		t.Error("a researcher is told the name")
	}
	other := w.signedIn(t, "other@example.org", survey.Grant{Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: w.addRun(w.study, "Other").ID})
	other.get(w.path("/messages/people/" + w.code(0))).want(404)
	other.get(w.runPath("/late")).want(404)
	other.get(w.runPath("/people/" + w.code(0))).want(404)
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range []reminding.Reason{
		reminding.Due, reminding.NotYet, reminding.QuietHours, reminding.TooSoon, reminding.Queued, reminding.Uninvited, reminding.Unanswered,
		reminding.Off, reminding.Paused, reminding.Declined, reminding.NoAddress, reminding.Bounced, reminding.NoLink, reminding.AlreadySent,
		reminding.NotTheirs, reminding.Left, reminding.Unwanted, reminding.Done, reminding.Closed, reminding.TooLate, reminding.Overtaken,
		reminding.CapReached, reminding.Reason(survey.ReasonSimulated), reminding.Reason(survey.ReasonErased), reminding.Reason(survey.ReasonMoved),
	} {
		words := whyWords(survey.WhyLine{Decision: reminding.Decision{Reason: r, At: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}}, time.UTC)
		if words == "Not sent." || seen[words] || !strings.HasSuffix(words, ".") || strings.Contains(words, "  ") {
			t.Errorf("%s: %q", r, words)
		}
		seen[words] = true
	}
	for _, r := range []survey.MessageReason{survey.ReasonBounced, survey.ReasonReturned, survey.ReasonReturnedGone} {
		failed := survey.Message{Outcome: survey.OutcomeFailed, Reason: r}
		words := whyWords(survey.WhyLine{Message: &failed, Decision: reminding.Decision{At: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}}, time.UTC)
		if seen[words] || !strings.HasSuffix(words, ".") || !strings.Contains(words, "2 March") {
			t.Errorf("%s: %q", r, words)
		}
		seen[words] = true
	}
}

func TestAPersonChoosesHowMessagesCome(t *testing.T) {
	t.Parallel()
	w := mailed(t, 2)
	d, _ := w.arrive(t, 0)
	const label = "How messages come"
	if strings.Contains(d.get("/me/data").text(), label) {
		t.Error("a choice is shown though letters are all that is sent")
	}
	d.post("/me/data/channel", url.Values{"channel": {"sms"}, "phone": {"+34600123123"}}).want(400)
	w.site.cfg.ShortMessages = []survey.Channel{survey.ChannelSMS, survey.ChannelPush}
	w.writing(0, "ana@example.org")
	s := d.get("/me/data").want(200, label, "as a letter to a•••@example.org").form("Save how messages come").choose("channel", "sms").enter("phone", "60").press("Save how messages come")
	s.want(422, "Write the number with its country")
	s.form("Save how messages come").enter("phone", "+34 600 123 123").press("Save how messages come").want(200, "Stored: •••23")
	letters := w.round()
	if len(letters) != 1 || letters[0].Phone != "+34600123123" || letters[0].To != "" || len(letters[0].Body) > 300 || !strings.Contains(letters[0].Body, "/p/") {
		t.Errorf("got %+v, want one short message with the link", letters)
	}
	d.get("/me/data").form("Save how messages come").choose("channel", "push").enter("push", "ntfy/ana").press("Save how messages come").want(200, "One is stored")
	if strings.Contains(d.get("/me/data").text(), "600") || strings.Contains(d.get("/me/data").text(), "ntfy") {
		t.Error("whoever holds the link reads a number or an address")
	}
	w.days(2)
	if letters = w.round(); len(letters) != 1 || letters[0].Push != "ntfy/ana" {
		t.Errorf("got %+v, want a push message", letters)
	}
	w.device(t).post("/me/data/channel", url.Values{"channel": {"email"}}).want(401)
}
