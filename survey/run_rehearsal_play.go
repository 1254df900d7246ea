package survey

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tidemark/survey/reminding"
	"tidemark/survey/schedule"
)

// runPlay is a rehearsal under way. It fills in, from a script, what is otherwise
// read from the database, and asks it at every instant at which something could be
// due.
type runPlay struct {
	run     CourseRun
	design  StudyDesign
	words   waveWords
	rules   reminding.Rules
	on      bool
	seed    uint64
	letters Letters
	// whole: whole runs are allotted, and drawn, if any, is the arm of this one.
	whole bool
	drawn ArmID

	k           *correspondence
	cast        []*simulated
	of          map[EnrolmentID]*simulated // those who have joined
	begins, now time.Time
	to          []happening // in order of time
	planned     int

	messages []RehearsedMessage
	abouts   []string // of each message
	waves    map[string]*RehearsedWave
}

// happening is something that a person does, or an instant at which to look.
type happening struct {
	at    time.Time
	order int
	who   *simulated
	do    func() // nil: only look
}

func newRunPlay(run CourseRun, d StudyDesign, m Messaging, words waveWords, seed uint64, now time.Time) *runPlay {
	study := rehearsedStudy(d.Study, m)
	p := &runPlay{
		run: run, design: d, words: words, rules: study.Messaging.Rules, on: m.Rules.On, seed: seed, now: now,
		of: map[EnrolmentID]*simulated{}, waves: map[string]*RehearsedWave{},
	}
	p.k = newCorrespondence([]MessagingStudy{study}, []CourseRun{run}, d.Waves)
	return p
}

// happen plans something for a person. Only the person's own past and the clock decide
// about their messages, so nobody else need be looked at then.
func (p *runPlay) happen(q *simulated, at time.Time, do func()) {
	p.planned++
	h := happening{at, p.planned, q, do}
	i, _ := slices.BinarySearchFunc(p.to, h, func(a, b happening) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.order, b.order))
	})
	for j := i - 1; do == nil && j >= 0 && p.to[j].at.Equal(at); j-- {
		if p.to[j].who == q { // they are looked at anyway
			return
		}
	}
	p.to = slices.Insert(p.to, i, h)
}

// play lets the story happen to its end.
func (p *runPlay) play(ctx context.Context) error {
	p.join()
	for len(p.to) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.now = p.to[0].at
		var who []*simulated
		for len(p.to) > 0 && p.to[0].at.Equal(p.now) {
			h := p.to[0]
			p.to = p.to[1:]
			if h.do != nil {
				h.do()
			}
			if !slices.Contains(who, h.who) {
				who = append(who, h.who)
			}
		}
		if err := p.send(who); err != nil {
			return err
		}
		for _, q := range who {
			p.look(q)
		}
	}
	return nil
}

// send plans and delivers what is due to some people, as the outbox does.
func (p *runPlay) send(who []*simulated) error {
	p.k.people = p.k.people[:0]
	for _, q := range who {
		p.k.people = append(p.k.people, q.Recipient)
	}
	for _, m := range p.k.due(p.now) {
		q := p.of[EnrolmentID(m.ToID)]
		o, held := p.k.hold(q.Recipient, m, p.now)
		if held != nil {
			continue
		}
		if err := p.deliver(q, m, o); err != nil {
			return err
		}
	}
	return nil
}

// deliver writes a letter, which goes nowhere, and notes it as sent or as refused.
func (p *runPlay) deliver(q *simulated, m Message, o occasion) error {
	r := q.Recipient
	d := Dispatch{Message: m, Study: p.k.studies[m.StudyID].Study, Link: "…", Harmless: true}
	d.addressTo(r.Enrolment, q.address)
	d.Wave = newWaveDispatch(m, p.run, o, p.k.person(r, p.now).Zone)
	d.Wave.Unsubscribe = "…"
	p.words.fill(&d, o.Wave)
	l, err := p.letters.Letter(d)
	if err != nil {
		return err
	}
	l.To, l.Phone, l.Push = d.Email, d.Phone, d.Push
	m.EndedAt, m.Outcome = p.now, OutcomeSent
	refused := q.dead && l.To != ""
	if refused {
		m.Outcome, m.Reason = OutcomeFailed, ReasonBounced
		p.bounce(q)
	}
	of := p.k.past[r.Enrolment.ID]
	if of == nil {
		of = map[string][]Message{}
		p.k.past[r.Enrolment.ID] = of
	}
	of[o.About] = append(of[o.About], m)
	p.messages = append(p.messages, RehearsedMessage{At: p.now, Person: q.Number, Slot: slotOf(m), Letter: l, Bounced: refused})
	p.abouts = append(p.abouts, o.About)
	q.Messages++
	p.count(q, o, m, refused)
	return nil
}

// bounce notes that an address takes no letters; that of one person is put right.
func (p *runPlay) bounce(q *simulated) {
	q.Bounced, q.address.BouncedAt = true, p.now
	if q.Part == RehearsedCorrected {
		p.happen(q, awake(p.now.AddDate(0, 0, 4), p.run.Zone()), func() {
			q.dead, q.address.BouncedAt, q.Bounced = false, time.Time{}, false
		})
	}
}

// count adds a message to what is told of its wave.
func (p *runPlay) count(q *simulated, o occasion, m Message, refused bool) {
	w, slot := p.wave(o), slotOf(m)
	w.Sent[slot.Kind]++
	if refused {
		w.Bounced++
	}
	if q.shifted[mark{o.About, slot}] {
		w.Shifted++
	}
	w.MostReminders = max(w.MostReminders, reminding.Reminded(pastOf(p.k.past[EnrolmentID(m.ToID)][o.About])))
}

// wave is what is told of an occasion's wave so far.
func (p *runPlay) wave(o occasion) *RehearsedWave {
	w := p.waves[o.About]
	if w == nil {
		w = &RehearsedWave{Wave: o.Wave, Opens: o.Opens, Closes: o.Closes, Sent: map[reminding.Kind]int{}}
		p.waves[o.About] = w
	}
	if o.Opens.Before(w.Opens) {
		w.Opens = o.Opens
	}
	w.Closes = later(w.Closes, o.Closes)
	return w
}

// look notes how every message to a person stands, and plans when to look again and
// when the person answers.
func (p *runPlay) look(q *simulated) {
	person := p.k.person(q.Recipient, p.now)
	for _, o := range p.k.occasions(q.Recipient) {
		if !o.Theirs || !p.rules.Meeting && o.About == FirstMeeting {
			continue
		}
		p.answerLater(q, o)
		p.lookAt(q, person, o)
	}
}

func (p *runPlay) lookAt(q *simulated, person reminding.Person, o occasion) {
	soon := func(at time.Time) {
		if at.After(p.now) {
			p.happen(q, at, nil)
		}
	}
	soon(o.Opens)
	soon(o.Closes.Add(-time.Millisecond))
	for _, s := range o.slots(p.rules) {
		d := reminding.Decide(p.rules, person, o.Occasion, o.Past, s, p.now)
		at := mark{o.About, s}
		if d.Reason != reminding.Closed {
			q.last[at] = d.Reason
		}
		if d.Verdict == reminding.Wait {
			soon(d.At)
			q.shifted[at] = q.shifted[at] || d.Reason == reminding.QuietHours
		}
	}
}

// answerLater decides, once, whether and when a person answers a wave.
func (p *runPlay) answerLater(q *simulated, o occasion) {
	if o.Wave.ID == "" || q.planned[o.Wave.ID] || p.now.Before(o.Opens) || !p.now.Before(o.Closes) || q.Enrolment.Withdrawn() {
		return
	}
	q.planned[o.Wave.ID] = true
	q.met++
	p.wave(o).Asked++
	from := later(o.Opens, q.Joined)
	luck, hours := q.chance.Float64(), time.Duration(q.chance.IntN(40))*time.Hour
	hours += time.Duration(q.chance.IntN(60)) * time.Minute
	var at time.Time
	switch q.Part {
	case RehearsedSilent, RehearsedDeclined:
		return
	case RehearsedLate:
		at = schedule.DateOf(from.In(q.Zone)).AddDays(p.reminderDay(q.chance.IntN(2))).At(9, 0, q.Zone).Add(hours / 4)
	case RehearsedLost:
		if q.met > q.stopsAt {
			return
		}
		at = from.Add(hours)
	case RehearsedBounced, RehearsedNoAddress, RehearsedCorrected:
		if luck < 0.5 { // a printed link alone is forgotten more often
			return
		}
		at = from.Add(30*time.Hour + hours)
	default:
		at = from.Add(30*time.Minute + hours)
	}
	if at = awake(at, q.Zone); luck < 1.0/12 || !at.Before(o.Closes) {
		return
	}
	p.happen(q, at, func() { p.answer(q, o) })
}

// reminderDay is the day of a reminder after the opening; two where there is none.
func (p *runPlay) reminderDay(n int) int {
	if len(p.rules.ReminderDays) == 0 {
		return 2
	}
	return p.rules.ReminderDays[min(n, len(p.rules.ReminderDays)-1)]
}

// answer completes a wave, if it can still be answered and the person is still there.
func (p *runPlay) answer(q *simulated, o occasion) {
	e := q.Enrolment
	window, there := p.k.window(p.run, o.Wave, e)
	if e.Stopped() || !there || window.At(p.now) != schedule.During {
		return
	}
	c := p.k.done[e.ID][o.Wave.ID]
	c.Started, c.DoneAt = true, p.now
	p.k.done[e.ID][o.Wave.ID] = c
	p.k.completed[completion{e.ID, o.Wave.ID}] = p.now
	p.wave(o).Answered++
	q.Answered++
}
