package web

import (
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

// latePage is who has not answered an open wave, with a reminder for one or all.
type latePage struct {
	Page
	List  survey.LateList
	Path  string // of the run
	Once  string
	Ready int    // reminders that can be asked for
	Told  string // what came of asking
	Mail  bool
	Waves []lateCard
	Words string // "at most 3 reminders…"
}

type lateCard struct {
	Wave survey.Wave
	Rows []lateRow
}

// lateRow is one person who is late.
type lateRow struct {
	survey.LatePerson
	Closes, Address, Last, Reminder string
	WhyPath, ContactPath            string
	Once                            string
}

func (s *Server) showLate(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	list, err := s.use.Messages.Late(c.Request.Context(), a, study, runID(c))
	if err != nil {
		return err
	}
	p := latePage{
		Page: s.staffPage(c, a, study, sectionRuns, "Late"), List: list, Path: runPath(study, runID(c)), Once: newOnce(),
		Ready: list.Remindable(), Told: toldOf(c.Request.URL.Query(), list.Run.Zone()), Mail: s.cfg.Mail,
		Words: fmt.Sprintf("At most %d %s for the same questions, none between %s and %s where the person is, and none sooner than 20 hours after the last message.",
			list.Rules.Cap, plural(list.Rules.Cap, "reminder", "reminders"), clockText(list.Rules.Quiet.From), clockText(list.Rules.Quiet.To)),
	}
	zone := list.Run.Zone()
	for _, w := range list.Waves {
		card := lateCard{Wave: w.Wave}
		for _, l := range w.People {
			row := lateRow{
				LatePerson: l, Closes: lastDayText(l.Closes, zone), Address: addressWords(l.Address), WhyPath: whyPath(study, l.Enrolment.Code),
				ContactPath: contactPath(study, runID(c), l.Enrolment.Code), Once: newOnce(),
			}
			if !l.LastAt.IsZero() {
				row.Last = momentText(l.LastAt, zone)
			}
			if !l.Remindable() {
				row.Reminder = notNow(l.Reminder, zone)
			}
			card.Rows = append(card.Rows, row)
		}
		p.Waves = append(p.Waves, card)
	}
	return s.render(c, http.StatusOK, "facilitator_late", p)
}

// notNow says why no reminder can be asked for, in a few words.
func notNow(d reminding.Decision, zone *time.Location) string {
	if d.Reason == reminding.TooSoon {
		return "Written to a short time ago; from " + momentText(d.At, zone) + " on."
	}
	words := whyWords(survey.WhyLine{Decision: d}, zone)
	_, reason, found := strings.Cut(words, ": ")
	if !found {
		return words
	}
	return strings.ToUpper(reason[:1]) + reason[1:]
}

// remindLate asks for reminders: of one person, or of all who are late.
func (s *Server) remindLate(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	var picks []survey.Pick
	if one := values.Get("one"); one != "" {
		person, wave, ok := strings.Cut(one, " ")
		if !ok {
			return errBadForm
		}
		picks = []survey.Pick{{Enrolment: survey.EnrolmentID(person), Wave: survey.WaveID(wave)}}
	}
	came, err := s.use.Messages.Remind(c.Request.Context(), a, study, runID(c), picks, survey.Once(values.Get("once")))
	to := runPath(study, runID(c)) + "/late"
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, to+"?again=1")
	}
	if err != nil {
		return err
	}
	q := url.Values{"now": {strconv.Itoa(came.Now)}, "later": {strconv.Itoa(came.Later)}}
	if came.Later > 0 {
		q.Set("until", strconv.FormatInt(came.Until.Unix(), 10))
	}
	not := 0
	for _, n := range came.Not {
		not += n
	}
	q.Set("not", strconv.Itoa(not))
	return redirect(c, to+"?"+q.Encode())
}

// toldOf says what came of asking, from the address that asking led to.
func toldOf(q url.Values, zone *time.Location) string {
	if q.Get("again") != "" {
		return "You have asked for these reminders already. None was sent a second time."
	}
	number := func(field string) int {
		n, err := strconv.Atoi(q.Get(field))
		if err != nil || n < 0 || n > survey.MaxPeopleAtOnce {
			return 0
		}
		return n
	}
	if !q.Has("now") {
		return ""
	}
	var parts []string
	if n := number("now"); n > 0 {
		parts = append(parts, fmt.Sprintf("%d %s on the way.", n, plural(n, "reminder is", "reminders are")))
	}
	if n := number("later"); n > 0 {
		until := ""
		if at, err := strconv.ParseInt(q.Get("until"), 10, 64); err == nil {
			until = ", by " + momentText(time.Unix(at, 0), zone)
		}
		parts = append(parts, fmt.Sprintf("%d %s when the quiet hours are over%s.", n, plural(n, "goes", "go"), until))
	}
	if n := number("not"); n > 0 {
		parts = append(parts, fmt.Sprintf("%d %s none; why is said beside the name, unless they have answered since.", n, plural(n, "person gets", "people get")))
	}
	if len(parts) == 0 {
		return "Nobody is to be reminded now."
	}
	return strings.Join(parts, " ")
}

// lateLink is what the board says about people who are late: how many reminders can
// be asked for, and where. See templates/parts/late.html.
type lateLink struct {
	Path string
	survey.LateCount
	Once string
}

// lateLink reads it for the board of a run.
func (s *Server) lateLink(c *gin.Context, a survey.Actor, study survey.Study, run survey.RunID) (lateLink, error) {
	l := lateLink{Path: runPath(study, run) + "/late", Once: newOnce()}
	if !s.cfg.Mail {
		return l, nil
	}
	var err error
	l.LateCount, err = s.use.Messages.CountLate(c.Request.Context(), a, study, run)
	return l, err
}
