package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// messagingPage is what a study sends to its people.
type messagingPage struct {
	Page
	Book    survey.MessagingBook
	Path    string
	MayEdit bool
	MayLog  bool
	Mail    bool // letters leave the installation
	Form    staffForm
	Saved   bool
	Kinds   []messageKindLine
}

// messageKindLine is a kind of message with its words in each language.
type messageKindLine struct {
	Kind  reminding.Kind
	Name  string
	When  string
	Words []messageWordsLink
}

type messageWordsLink struct {
	Language, Path string
	Own            bool
}

func messagesPath(s survey.Study) string { return studyPath(s) + "/messages" }

func (s *Server) showMessaging(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.messagingForm(c, a, study, http.StatusOK, staffForm{})
}

func (s *Server) messagingForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	book, err := s.use.Messages.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	if f.Values == nil {
		f.Values = rulesValues(book.Messaging)
	}
	p := messagingPage{
		Page: s.staffPage(c, a, study, sectionMessages, "Messages"), Book: book, Path: messagesPath(study), Form: f,
		MayEdit: a.MayWriteConsent(study.ID), MayLog: a.MayAnalyse(study.ID), Mail: s.cfg.Mail, Saved: c.Query("saved") != "",
	}
	for _, k := range reminding.Kinds() {
		line := messageKindLine{Kind: k, Name: kindWords(k), When: whenWords(k, book.Messaging.Rules)}
		for _, tag := range s.studyLanguages(study) {
			_, own := book.Texts.In(k, tag)
			line.Words = append(line.Words, messageWordsLink{languageName(tag), wordsPath(study, k, tag), own})
		}
		p.Kinds = append(p.Kinds, line)
	}
	if status != http.StatusOK {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_messages", p)
}

// whenWords say when a kind of message is sent.
func whenWords(k reminding.Kind, r reminding.Rules) string {
	switch k {
	case reminding.Meeting:
		return "A day before the first meeting" + unlessOff(r.Meeting)
	case reminding.Invitation:
		return "When questions open"
	case reminding.Reminder:
		if len(r.ReminderDays) == 0 {
			return "Never, as it is set"
		}
		return "Unanswered " + survey.FormatDays(r.ReminderDays) + " days after they opened, at most " + strconv.Itoa(r.Cap) + " for the same questions"
	case reminding.Nudge:
		return "When a facilitator asks for it, within the same limit"
	case reminding.Thanks:
		return "When everything was answered" + unlessOff(r.Thanks)
	}
	return ""
}

func unlessOff(on bool) string {
	if on {
		return ""
	}
	return "; switched off"
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func rulesValues(m survey.Messaging) url.Values {
	v := url.Values{
		"reminder_days": {survey.FormatDays(m.Rules.ReminderDays)}, "cap": {strconv.Itoa(m.Rules.Cap)},
		"quiet_from": {clockText(m.Rules.Quiet.From)}, "quiet_to": {clockText(m.Rules.Quiet.To)}, "revision": {strconv.Itoa(m.Revision)},
	}
	for name, on := range map[string]bool{"on": m.Rules.On, "thanks": m.Rules.Thanks, "meeting": m.Rules.Meeting} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

// readRules are the rules of a posted form; what cannot be read fits no rule.
func readRules(v url.Values) reminding.Rules {
	minutes := func(field string) int {
		t, err := time.Parse("15:04", strings.TrimSpace(v.Get(field)))
		if err != nil {
			return -1
		}
		return t.Hour()*60 + t.Minute()
	}
	r := reminding.Rules{
		On: v.Get("on") == "1", Thanks: v.Get("thanks") == "1", Meeting: v.Get("meeting") == "1",
		Quiet: reminding.Quiet{From: minutes("quiet_from"), To: minutes("quiet_to")},
	}
	var ok bool
	if r.ReminderDays, ok = survey.ParseDays(v.Get("reminder_days")); !ok {
		r.ReminderDays = []int{-1}
	}
	var err error
	if r.Cap, err = strconv.Atoi(v.Get("cap")); err != nil {
		r.Cap = -1
	}
	return r
}

// setMessaging changes what a study sends.
func (s *Server) setMessaging(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	revision, _ := strconv.Atoi(values.Get("revision")) // what is no number fits no revision
	_, err = s.use.Messages.Set(c.Request.Context(), a, study.ID, readRules(values), revision)
	if err == nil {
		return redirect(c, messagesPath(study)+"?saved=1")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.messagingForm(c, a, study, status, f)
}

// findWhy leads from a code to the page that answers why.
func (s *Server) findWhy(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	code := strings.ToUpper(strings.TrimSpace(c.Query("code")))
	if _, err := s.use.Messages.Why(c.Request.Context(), a, study, code); errors.Is(err, survey.ErrNotFound) {
		return s.messagingForm(c, a, study, http.StatusNotFound, staffForm{
			Values: nil, Faults: survey.FieldErrors{"code": "messages.unknown_code"},
		})
	} else if err != nil {
		return err
	}
	return redirect(c, whyPath(study, code))
}

func whyPath(study survey.Study, code string) string {
	return messagesPath(study) + "/people/" + url.PathEscape(code)
}

// whyPage says of one person why each message was sent or not.
type whyPage struct {
	Page
	Why     survey.Why
	Path    string // of the study's messages
	Address string
	Zone    string
	Waves   []whyCard
	RunPath string // empty: for those who may not manage the run
}

type whyCard struct {
	Title, Window string
	Lines         []whyRow
}

type whyRow struct{ Kind, Words, State string }

func (s *Server) showWhy(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	why, err := s.use.Messages.Why(c.Request.Context(), a, study, c.Param("code"))
	if err != nil {
		return err
	}
	p := whyPage{
		Page: s.staffPage(c, a, study, sectionMessages, "Messages to "+why.Enrolment.Code), Why: why, Path: messagesPath(study),
		Address: addressWords(why.Address), Zone: why.Zone.String(),
	}
	if a.MayRun(study.ID, why.Run.ID) {
		p.RunPath = runPath(study, why.Run.ID)
	}
	for _, w := range why.Waves {
		p.Waves = append(p.Waves, newWhyCard(w, why.Zone))
	}
	return s.render(c, http.StatusOK, "staff_message_why", p)
}

func newWhyCard(w survey.WhyWave, zone *time.Location) whyCard {
	card := whyCard{Title: w.Wave.Name, Window: "Open from " + momentText(w.Occasion.Opens, zone) + " to the end of " + lastDayText(w.Occasion.Closes, zone) + "."}
	if w.Wave.ID == "" {
		card.Title, card.Window = "The first meeting", "It begins on "+momentText(w.Occasion.Closes, zone)+"."
	}
	if w.Occasion.DoneAt.IsZero() && w.Started {
		card.Window += " Begun, and not finished."
	}
	counted := map[reminding.Kind]int{}
	for _, l := range w.Lines {
		counted[l.Slot.Kind]++
	}
	for _, l := range w.Lines {
		row := whyRow{Kind: kindWords(l.Slot.Kind), Words: whyWords(l, zone), State: string(l.Decision.Verdict)}
		if counted[l.Slot.Kind] > 1 {
			row.Kind += " " + strconv.Itoa(l.Slot.Number)
		}
		if l.Decision.Reason == reminding.AlreadySent {
			row.State = "sent"
		}
		card.Lines = append(card.Lines, row)
	}
	return card
}

// downloadMessageLog hands out what was put into the outbox for a study's people and
// what became of it. It is noted in the audit trail, so it is a POST.
func (s *Server) downloadMessageLog(c *gin.Context, a survey.Actor) error {
	study, _, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := 0
	line := func(fields ...string) error { rows++; return w.Write(fields) }
	err = line("code", "wave", "kind", "number", "planned", "sent", "outcome", "reason", "tries")
	if err == nil {
		err = s.use.Messages.EachLogged(c.Request.Context(), a, study.ID, func(l *survey.LoggedMessage) error {
			m, sent, outcome := l.Message, "", string(l.Message.Outcome)
			if m.Outcome == survey.OutcomeSent {
				sent = isoTime(m.EndedAt)
			}
			if outcome == "" {
				outcome = "waiting"
			}
			return line(l.Code, l.Wave, string(m.Kind), strconv.Itoa(m.Number), isoTime(m.CreatedAt), sent, outcome, string(m.Reason), strconv.Itoa(m.Attempts))
		})
	}
	if err != nil {
		return err
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write the message log: %w", err)
	}
	return sendFile(c, study.Key+"-messages.csv", "text/csv; charset=utf-8", []byte(b.String()))
}

func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
