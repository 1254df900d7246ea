package web

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// rehearsalPage is a course run played through with simulated people.
type rehearsalPage struct {
	Page
	*survey.RunRehearsal
	Path  string // of the run
	Waves []rehearsedWave
	Cast  []rehearsedPerson
	Total int
	Took  string // by the clock of the server
}

// rehearsedWave is one line of the story.
type rehearsedWave struct {
	survey.RehearsedWave
	Name, When    string
	Meeting       bool // before the first meeting: nobody answers
	Invited       int  // or told of the meeting
	Reminders     int
	Thanks, Total int
	NotSent       int
	Held          []string
	Letters       []rehearsedLetter
}

// rehearsedLetter is a message with its text.
type rehearsedLetter struct {
	When, What   string
	Person       int
	Subject      string
	Body, Lang   string
	Phone, Fails bool
}

type rehearsedPerson struct {
	survey.RehearsedPerson
	Does, Group, Place, Language, Came string
}

// playRun throws the dice for a rehearsal and shows it. Nothing is written: the dice
// stand in the address, so that anybody can look at the same picture again.
func (s *Server) playRun(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if _, err := s.use.Runs.Calendar(c.Request.Context(), a, study.ID, runID(c)); err != nil {
		return err
	}
	seed := rand.N[uint64](1_000_000)
	return redirect(c, runPath(study, runID(c))+"/rehearsal?seed="+strconv.FormatUint(seed, 10))
}

// showRehearsal plays a run through and shows what would be sent.
func (s *Server) showRehearsal(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	seed := uint64(1)
	if given := c.Query("seed"); given != "" {
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			return survey.ErrNotFound
		}
	}
	ctx := c.Request.Context()
	select { // it takes a processor for a while, as an analysis does
	case s.analyses <- struct{}{}:
		defer func() { <-s.analyses }()
	case <-ctx.Done():
		return ctx.Err()
	}
	began := time.Now()
	x, err := s.use.Runs.Rehearse(ctx, a, study.ID, runID(c), seed, s)
	if err != nil {
		return err
	}
	took := time.Since(began)
	p := rehearsalPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Rehearsal of "+x.Run.Name), RunRehearsal: x, Path: runPath(study, x.Run.ID),
		Total: len(x.Messages), Took: strconv.FormatFloat(took.Seconds(), 'f', 1, 64),
	}
	p.fill()
	return s.render(c, 200, "facilitator_rehearsal", p)
}

func (p *rehearsalPage) fill() {
	zone, groups := p.Run.Zone(), map[survey.ArmID]string{}
	for _, arm := range p.Arms {
		groups[arm.ID] = arm.Name
	}
	for _, q := range p.People {
		v := rehearsedPerson{
			RehearsedPerson: q, Does: partWords(q.Part), Group: groups[q.ArmID], Language: languageName(q.Language),
			Came: q.Joined.In(zone).Format(dayLayout), Place: "there",
		}
		if q.Zone.String() != zone.String() {
			v.Place = q.Zone.String()
		}
		p.Cast = append(p.Cast, v)
	}
	for _, w := range p.RunRehearsal.Waves {
		p.Waves = append(p.Waves, newRehearsedWave(w, p.RunRehearsal))
	}
	for _, m := range p.Messages {
		w, q := &p.Waves[m.Wave], p.People[m.Person-1]
		l := rehearsedLetter{
			When: m.At.In(q.Zone).Format("Mon 2 Jan 2006, 15:04"), What: kindWords(m.Slot.Kind), Person: m.Person,
			Subject: m.Letter.Subject, Body: m.Letter.Body, Lang: m.Letter.Language, Phone: m.Letter.Short(), Fails: m.Bounced,
		}
		if m.Slot.Kind == reminding.Reminder {
			l.What += " " + strconv.Itoa(m.Slot.Number)
		}
		w.Letters = append(w.Letters, l)
	}
}

func newRehearsedWave(w survey.RehearsedWave, x *survey.RunRehearsal) rehearsedWave {
	zone := x.Run.Zone()
	v := rehearsedWave{
		RehearsedWave: w, Name: w.Wave.Name, Invited: w.Sent[reminding.Invitation], Reminders: w.Sent[reminding.Reminder], Thanks: w.Sent[reminding.Thanks],
		When: shortDay(w.Opens.In(zone), x.Run) + " to " + shortDay(w.Closes.Add(-time.Nanosecond).In(zone), x.Run),
	}
	if w.Wave.ID == "" {
		v.Meeting, v.Name, v.Invited = true, "Before the first meeting", w.Sent[reminding.Meeting]
		v.When = shortDay(w.Opens.In(zone), x.Run)
	}
	for _, n := range w.Sent {
		v.Total += n
	}
	for _, h := range w.Held {
		v.Held = append(v.Held, holdWords(h))
		v.NotSent += h.Count
	}
	if w.Shifted > 0 {
		v.Held = append(v.Held, fmt.Sprintf("%s waited for the end of the quiet hours where the person is, and went then.", counted(w.Shifted, "message")))
	}
	return v
}

// holdWords say how many messages were not sent, and why.
func holdWords(h survey.RehearsedHold) string {
	why := strings.TrimPrefix(otherWhyWords(h.Reason, survey.MessageReason(h.Reason), ""), "Not sent: ")
	switch h.Reason {
	case reminding.Done:
		why = "the answers had come."
	case reminding.TooLate:
		why = "it would have come after the time to answer."
	case reminding.GivenUp:
		why = "the mail server refused the address for good."
	default: // as it is told of real people
	}
	return fmt.Sprintf("%s to %s not sent: %s", counted(h.Count, "message"), peopleText(strconv.Itoa(h.People)), why)
}

// partWords say what a simulated person does.
func partWords(p survey.RehearsedPart) string {
	switch p {
	case survey.RehearsedEarly:
		return "answers early"
	case survey.RehearsedLate:
		return "answers after a reminder"
	case survey.RehearsedLost:
		return "is lost on the way"
	case survey.RehearsedSilent:
		return "never answers"
	case survey.RehearsedDeclined:
		return "does not agree to take part"
	case survey.RehearsedLeft:
		return "leaves the study"
	case survey.RehearsedUnsubscribed:
		return "stops messages by the link in one"
	case survey.RehearsedPaused:
		return "pauses messages for 17 days"
	case survey.RehearsedBounced:
		return "has an address that takes no letters"
	case survey.RehearsedCorrected:
		return "has a wrong address, put right after 4 days"
	case survey.RehearsedNoAddress:
		return "has no address"
	}
	return string(p)
}
