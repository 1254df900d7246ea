package survey

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tidemark/survey/reminding"
)

// RehearsedPart is what a simulated person does.
type RehearsedPart string

// The parts. Whoever answers leaves out one wave in twelve.
const (
	RehearsedEarly        RehearsedPart = "early"        // answers within a day or so
	RehearsedLate         RehearsedPart = "late"         // answers after a reminder or two
	RehearsedLost         RehearsedPart = "lost"         // stops answering on the way
	RehearsedSilent       RehearsedPart = "silent"       // never answers
	RehearsedDeclined     RehearsedPart = "declined"     // says no to the consent text
	RehearsedLeft         RehearsedPart = "left"         // leaves the study on the way
	RehearsedUnsubscribed RehearsedPart = "unsubscribed" // stops messages by the link in one
	RehearsedPaused       RehearsedPart = "paused"       // wants no messages for some weeks
	RehearsedBounced      RehearsedPart = "bounced"      // the address takes no letters
	RehearsedCorrected    RehearsedPart = "corrected"    // the same, and it is put right after four days
	RehearsedNoAddress    RehearsedPart = "no_address"   // has a printed link alone
)

// rehearsedParts deal the parts out.
func rehearsedParts() []RehearsedPart {
	var all []RehearsedPart
	for _, x := range []struct {
		part RehearsedPart
		n    int
	}{
		{RehearsedEarly, 8}, {RehearsedLate, 7}, {RehearsedLost, 3}, {RehearsedSilent, 2}, {RehearsedDeclined, 1}, {RehearsedLeft, 2},
		{RehearsedUnsubscribed, 2}, {RehearsedPaused, 2}, {RehearsedBounced, 1}, {RehearsedCorrected, 1}, {RehearsedNoAddress, 1},
	} {
		all = append(all, slices.Repeat([]RehearsedPart{x.part}, x.n)...)
	}
	return all
}

// simulated is a simulated person as the play knows them.
type simulated struct {
	RehearsedPerson
	Recipient
	address Contact
	dead    bool // the address takes no letters
	chance  *rand.Rand
	planned map[WaveID]bool
	stopsAt int // number of waves after which somebody lost answers no more
	met     int // waves met so far
	last    map[mark]reminding.Reason
	shifted map[mark]bool
}

// stream is a repeatable source of chance for one purpose.
func (p *runPlay) stream(n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.seed, n)) //nolint:gosec // simulated people need no secrets
}

// elsewhere are where some of the people are.
var elsewhere = []string{"America/New_York", "Asia/Tokyo", "Europe/London", "Africa/Nairobi"}

// join casts the people and lets them come in: most before the first questionnaire
// opens, some later, one after the first meeting.
func (p *runPlay) join() {
	dice := p.stream(0)
	parts := rehearsedParts()
	dice.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	arms := p.deal(dice)
	opens, meets := firstOpening(p.run, p.design.Waves), p.run.FirstMeeting()
	from := opens.AddDate(0, 0, -7)
	if p.now.After(from) && p.now.Before(meets) { // nobody can be added in the past
		from = p.now
	}
	until := later(opens, from.AddDate(0, 0, 1))
	languages := p.languages()
	for i := range RehearsalPeople {
		q := &simulated{
			RehearsedPerson: RehearsedPerson{Number: i + 1, Part: parts[i], ArmID: arms[i], Language: p.design.Study.Language, Zone: p.run.Zone()},
			chance:          p.stream(uint64(i) + 1), planned: map[WaveID]bool{}, last: map[mark]reminding.Reason{}, shifted: map[mark]bool{},
		}
		q.Joined = from.Add(time.Duration(i) * until.Sub(from) / RehearsalPeople)
		switch left := RehearsalPeople - i; {
		case left == 1:
			q.Joined, q.Late = later(meets, q.Joined).AddDate(0, 0, 1), true
		case left <= 4 && meets.After(until):
			q.Joined, q.Late = until.Add(time.Duration(5-left)*meets.Sub(until)/5), true
		}
		q.Joined = awake(q.Joined, p.run.Zone()).Truncate(time.Minute)
		e := Enrolment{
			ID: EnrolmentID(fmt.Sprintf("simulated %d", q.Number)), ParticipantID: ParticipantID(fmt.Sprintf("simulated %d", q.Number)),
			StudyID: p.run.StudyID, RunID: p.run.ID, ArmID: q.ArmID, EnrolledAt: q.Joined,
		}
		if i%5 == 3 {
			e.Language = languages[(i/5)%len(languages)]
			q.Language = e.Language
		}
		if i%9 == 4 {
			e.TimeZone = elsewhere[(i/9)%len(elsewhere)]
			q.Zone = ZoneOf(e.TimeZone)
		}
		p.cast = append(p.cast, q)
		p.happen(q, q.Joined, func() { p.enrol(q, e) })
	}
	p.begins = p.cast[0].Joined
}

// deal gives the people their arms by the ratio of the study, at random, and not by
// the list from which real people are allotted.
func (p *runPlay) deal(dice *rand.Rand) []ArmID {
	var round, arms []ArmID
	for _, a := range p.design.Arms {
		round = append(round, slices.Repeat([]ArmID{a.ID}, max(1, a.Share))...)
	}
	for len(arms) < RehearsalPeople && len(round) > 0 {
		arms = append(arms, round...)
	}
	if len(arms) == 0 {
		return make([]ArmID, RehearsalPeople)
	}
	arms = arms[:RehearsalPeople]
	dice.Shuffle(len(arms), func(i, j int) { arms[i], arms[j] = arms[j], arms[i] })
	if p.whole {
		return slices.Repeat([]ArmID{cmp.Or(p.drawn, arms[0])}, RehearsalPeople)
	}
	return arms
}

// languages are those in which the study has something to say, its own first.
func (p *runPlay) languages() []string {
	all := []string{p.design.Study.Language}
	add := func(l string) {
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	for _, t := range p.words.names {
		add(t.Language)
	}
	for _, t := range p.words.own {
		add(t.Language)
	}
	slices.Sort(all[1:])
	return all
}

// enrol adds a person to those who are written to, and plans what they do later.
func (p *runPlay) enrol(q *simulated, e Enrolment) {
	arm, _ := p.design.Arm(e.ArmID)
	theirs := p.design.wavesOf(e.ArmID)
	q.address = Contact{ParticipantID: e.ParticipantID, StudyID: e.StudyID, Name: fmt.Sprintf("Person %d", q.Number), Email: "person@example.org"}
	q.Recipient = Recipient{Enrolment: e, Name: q.address.Name, Control: arm.Control, Reachable: true, LinkUntil: linkEnd(p.run.Calendar(), theirs, q.Joined)}
	q.dead = q.Part == RehearsedBounced || q.Part == RehearsedCorrected
	if q.Part == RehearsedNoAddress {
		q.address.Email, q.Reachable = "", false
	}
	if q.Number%10 == 6 && q.Reachable && !q.dead { // a number and no address: a short message
		q.address.Email, q.address.Phone, q.Phone = "", "+34600000000", true
	}
	p.of[e.ID] = q
	of := map[WaveID]Completion{}
	for _, w := range theirs {
		if len(w.Sets) > 0 {
			of[w.ID] = Completion{EnrolmentID: e.ID, WaveID: w.ID}
		}
	}
	p.k.done[e.ID] = of
	q.stopsAt = 1 + q.chance.IntN(max(1, len(of)/2))
	p.plan(q)
}

// plan lets happen what a person does besides answering.
func (p *runPlay) plan(q *simulated) {
	at := awake(later(p.run.Calendar().MeetingAt(2+q.chance.IntN(2)), q.Joined).Add(time.Duration(20+q.chance.IntN(30))*time.Hour), q.Zone)
	pause := func(paused bool) func() {
		return func() {
			q.Enrolment.PausedAt = time.Time{}
			if paused {
				q.Enrolment.PausedAt = p.now
			}
		}
	}
	switch q.Part {
	case RehearsedUnsubscribed:
		p.happen(q, at, pause(true))
	case RehearsedPaused:
		p.happen(q, at, pause(true))
		p.happen(q, at.Add(17*24*time.Hour), pause(false))
	case RehearsedLeft:
		p.happen(q, at.AddDate(0, 0, 7), func() { q.Enrolment.WithdrawnAt = p.now })
	case RehearsedDeclined:
		p.happen(q, awake(later(firstOpening(p.run, p.design.Waves), q.Joined).Add(5*time.Hour), q.Zone), func() {
			q.Enrolment.DeclinedAt = p.now
		})
	default: // they do nothing but answer, or not
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
