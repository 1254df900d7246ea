package survey

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey/reminding"
)

// planAtOnce is how many messages one transaction puts into the outbox.
const planAtOnce = 200

// A Harmless sender reaches nobody: it puts letters where those who try things out
// can read them.
type Harmless interface{ Harmless() bool }

func isHarmless(s Sender) bool {
	h, ok := s.(Harmless)
	return ok && h.Harmless()
}

// Plan puts into the outbox what is due now in all open studies that send messages,
// and gives how many are new. Only the program may. Nothing is planned ahead: what
// the schedule, the rules and the people are like now decides, and decides again
// when a message is sent. People of a rehearsal are written to only by a sender that
// reaches nobody. Several servers may plan at once.
func (u *Outbox) Plan(ctx context.Context, a Actor, sender Sender) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	now := u.env.now()
	due, err := u.due(ctx, isHarmless(sender), now)
	planned := 0
	for err == nil && len(due) > 0 {
		some := due[:min(planAtOnce, len(due))]
		due = due[len(some):]
		n := 0
		err = u.env.Store.InTx(ctx, func(tx Tx) error {
			var err error
			n, err = tx.PlanMessages(ctx, some)
			return err
		})
		planned += n
	}
	if err != nil {
		return planned, fmt.Errorf("plan messages: %w", err)
	}
	return planned, nil
}

// due are the messages to be sent now, in a constant number of queries.
func (u *Outbox) due(ctx context.Context, harmless bool, now time.Time) ([]Message, error) {
	r := u.env.Store
	all, err := r.MessagingStudies(ctx)
	if err != nil {
		return nil, err
	}
	var studies []MessagingStudy
	var ids []StudyID
	for _, m := range all {
		if harmless || !m.Study.Simulated {
			studies, ids = append(studies, m), append(ids, m.Study.ID)
		}
	}
	if len(studies) == 0 {
		return nil, nil
	}
	waves, err := r.WavesOfStudies(ctx, ids)
	if err != nil {
		return nil, err
	}
	runs, err := r.RunsOfStudies(ctx, ids)
	if err != nil {
		return nil, err
	}
	scope := MessageScope{Studies: ids, Runs: runsUnderWay(runs, waves, now)}
	if len(scope.Runs) == 0 {
		return nil, nil
	}
	k, err := correspondenceOf(ctx, r, studies, runs, waves, scope)
	if err != nil {
		return nil, err
	}
	return k.due(now), nil
}

// underWaySlack is how long before and after it a wave may have something sent about
// it: more than thanks wait, and the word before a meeting comes ahead.
const underWaySlack = 5 * 24 * time.Hour

// runsUnderWay are the runs of which anything may be sent about now, so that those
// of past years are not read again and again.
func runsUnderWay(runs []CourseRun, waves []Wave, now time.Time) []RunID {
	var ids []RunID
	for _, run := range runs {
		under := now.Before(run.FirstMeeting().Add(underWaySlack)) && now.After(run.FirstMeeting().Add(-underWaySlack))
		for _, w := range waves {
			if w.StudyID == run.StudyID && !under {
				window := run.Window(w.Rule)
				under = window.IsZero() || now.After(window.Opens.Add(-underWaySlack)) && now.Before(window.Closes.Add(underWaySlack))
			}
		}
		if under {
			ids = append(ids, run.ID)
		}
	}
	return ids
}

// due are the messages that the decision sends now.
func (k *correspondence) due(now time.Time) []Message {
	var due []Message
	for _, p := range k.people {
		rules, person := k.rules(p.Enrolment.StudyID), k.person(p, now)
		for _, o := range k.occasions(p) {
			if now.Before(o.Opens) || now.After(o.Closes.Add(underWaySlack)) { // most of them
				continue
			}
			for _, s := range o.slots(rules) {
				if s.Kind == reminding.Nudge { // only when somebody asks
					continue
				}
				if reminding.Decide(rules, person, o.Occasion, o.Past, s, now).Verdict == reminding.Send {
					due = append(due, p.message(o.About, s, now, now))
				}
			}
		}
	}
	return due
}

// message is one about an occasion to a person.
func (p Recipient) message(about string, s reminding.Slot, now, notBefore time.Time) Message {
	e := p.Enrolment
	return Message{
		StudyID: e.StudyID, Key: waveKey(e, about, s), Kind: MessageKind(s.Kind), ToKind: ActorParticipant, ToID: string(e.ID),
		About: about, Number: s.Number, CreatedAt: now, NotBefore: notBefore,
	}
}
