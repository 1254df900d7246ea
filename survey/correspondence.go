package survey

import (
	"cmp"
	"context"
	"time"

	"tidemark/survey/reminding"
	"tidemark/survey/schedule"
)

// correspondence is what decides about the messages of some people: read in a
// constant number of queries, whether for one person or for all open studies.
type correspondence struct {
	studies map[StudyID]MessagingStudy
	runs    map[RunID]CourseRun
	waves   map[StudyID][]Wave
	people  []Recipient
	done    map[EnrolmentID]map[WaveID]Completion
	past    map[EnrolmentID]map[string][]Message // by what they are about
	zones   map[string]*time.Location            // read from disk, once each
	tables  map[RunID]*Timetable
	// completed is when people completed waves, for those that follow another.
	completed Completed
}

// occasion is a wave or a meeting as it is for one person, with all that is needed
// to decide about its messages.
type occasion struct {
	reminding.Occasion
	Wave  Wave // zero for the first meeting
	About string
	Past  []reminding.Past
	// Started: something of the wave was given.
	Started bool
}

// correspondenceOf reads it for the people of a scope; studies says what they have
// set.
func correspondenceOf(ctx context.Context, r Reader, studies []MessagingStudy, runs []CourseRun, waves []Wave, s MessageScope) (*correspondence, error) {
	k := newCorrespondence(studies, runs, waves)
	var err error
	if k.people, err = r.Recipients(ctx, s); err != nil {
		return nil, err
	}
	completions, err := r.Completions(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, c := range completions {
		of := k.done[c.EnrolmentID]
		if of == nil {
			of = map[WaveID]Completion{}
			k.done[c.EnrolmentID] = of
		}
		of[c.WaveID] = c
		if !c.DoneAt.IsZero() {
			k.completed[completion{c.EnrolmentID, c.WaveID}] = c.DoneAt
		}
	}
	messages, err := r.WaveMessages(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		id := EnrolmentID(m.ToID)
		if k.past[id] == nil {
			k.past[id] = map[string][]Message{}
		}
		k.past[id][m.About] = append(k.past[id][m.About], m)
	}
	return k, nil
}

// newCorrespondence is one without people.
func newCorrespondence(studies []MessagingStudy, runs []CourseRun, waves []Wave) *correspondence {
	k := &correspondence{
		studies: map[StudyID]MessagingStudy{}, runs: map[RunID]CourseRun{}, waves: map[StudyID][]Wave{},
		done: map[EnrolmentID]map[WaveID]Completion{}, past: map[EnrolmentID]map[string][]Message{},
		zones: map[string]*time.Location{}, tables: map[RunID]*Timetable{}, completed: Completed{},
	}
	for _, m := range studies {
		k.studies[m.Study.ID] = m
	}
	for _, run := range runs {
		k.runs[run.ID] = run
	}
	for _, w := range waves {
		k.waves[w.StudyID] = append(k.waves[w.StudyID], w)
	}
	return k
}

// correspondenceIn reads it for the people of one study.
func correspondenceIn(ctx context.Context, r Reader, study Study, s MessageScope) (*correspondence, error) {
	m, err := r.Messaging(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	ids := []StudyID{study.ID}
	runs, err := r.RunsOfStudies(ctx, ids)
	if err != nil {
		return nil, err
	}
	waves, err := r.WavesOfStudies(ctx, ids)
	if err != nil {
		return nil, err
	}
	s.Studies = ids
	return correspondenceOf(ctx, r, []MessagingStudy{{study, m}}, runs, waves, s)
}

// rules are those for the people of a study: none is sent in one that is not open.
func (k *correspondence) rules(id StudyID) reminding.Rules {
	m := k.studies[id]
	rules := m.Messaging.Rules
	rules.On = rules.On && m.Study.State == StudyOpen
	return rules
}

// person is a recipient as the decision takes one.
func (k *correspondence) person(p Recipient, now time.Time) reminding.Person {
	e := p.Enrolment
	return reminding.Person{
		Zone: k.zone(cmp.Or(e.TimeZone, k.runs[e.RunID].TimeZone)), Since: e.InRunSince(), Left: e.Withdrawn(), Declined: e.Declined(),
		Paused: e.Paused(), Reachable: p.Reachable, Bounced: p.Bounced, Linked: now.Before(p.LinkUntil),
	}
}

func (k *correspondence) zone(name string) *time.Location {
	zone := k.zones[name]
	if zone == nil {
		zone = ZoneOf(name)
		k.zones[name] = zone
	}
	return zone
}

// occasions are the waves of a person in order of their numbers, and the first
// meeting before them. Waves of which the person has no questionnaire, and those
// that have no window yet, are not among them.
func (k *correspondence) occasions(p Recipient) []occasion {
	e := p.Enrolment
	run := k.runs[e.RunID]
	all := []occasion{k.meeting(run, p)}
	for _, w := range k.waves[e.StudyID] {
		c, theirs := k.done[e.ID][w.ID]
		window, there := k.window(run, w, e)
		if !theirs || !there {
			continue
		}
		all = append(all, occasion{
			Occasion: reminding.Occasion{Opens: window.Opens, Closes: window.Closes, Theirs: true, DoneAt: c.DoneAt},
			Wave:     w, About: string(w.ID), Past: pastOf(k.past[e.ID][string(w.ID)]), Started: c.Started,
		})
	}
	return all
}

// window is when a person of a run can answer a wave, as they are told; false: they
// are not asked, or not yet. It is the one place where messages ask the schedule.
func (k *correspondence) window(run CourseRun, w Wave, e Enrolment) (schedule.Window, bool) {
	t := k.tables[run.ID]
	if t == nil {
		t = run.Timetable(k.waves[run.StudyID])
		k.tables[run.ID] = t
	}
	window := t.Window(w.ID, e, k.completed)
	return window, !window.IsZero()
}

// meetingAhead is how long before the first meeting people are told of it.
const meetingAhead = 24 * time.Hour

func (k *correspondence) meeting(run CourseRun, p Recipient) occasion {
	at := run.FirstMeeting()
	return occasion{
		Occasion: reminding.Occasion{Opens: at.Add(-meetingAhead), Closes: at, Theirs: !p.Control},
		About:    FirstMeeting, Past: pastOf(k.past[p.Enrolment.ID][FirstMeeting]),
	}
}

// slots are the messages there can be about an occasion.
func (o occasion) slots(r reminding.Rules) []reminding.Slot {
	if o.About == FirstMeeting {
		return []reminding.Slot{{Kind: reminding.Meeting, Number: 1}}
	}
	return reminding.Slots(r, o.Past)
}

// pastOf are messages as the decision takes them: those that were dropped never
// were.
func pastOf(messages []Message) []reminding.Past {
	var past []reminding.Past
	for _, m := range messages {
		b := reminding.Past{Slot: reminding.Slot{Kind: reminding.Kind(m.Kind), Number: m.Number}}
		switch m.Outcome {
		case OutcomeNone:
			b.State, b.At = reminding.Waiting, m.NotBefore
		case OutcomeSent:
			b.State, b.At = reminding.Sent, m.EndedAt
		case OutcomeFailed:
			b.State, b.At = reminding.Failed, m.EndedAt
		case OutcomeDropped:
			continue
		}
		past = append(past, b)
	}
	return past
}

// ZoneOf is a time zone by name; UTC when this machine does not know it.
func ZoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// FirstMeeting is the instant at which the run meets first.
func (r CourseRun) FirstMeeting() time.Time {
	return r.Calendar().MeetingAt(1)
}
