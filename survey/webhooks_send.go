package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tidemark/survey/schedule"
)

// HookSender hands an event to another system.
type HookSender interface {
	// Post returns the status of the answer, 0 when there was none. A *SendError says
	// in words without the address why it is not one of success.
	Post(ctx context.Context, c HookCall) (status int, err error)
}

// HookCall is an event as it is sent.
type HookCall struct {
	Address string
	ID      string
	Secret  []byte
	At      time.Time // of this try
	Body    []byte
}

// HookBody is what the body of an event says.
type HookBody struct {
	Type HookKind `json:"type"`
	// Timestamp is when it happened, Sequence its number among the events of this
	// webhook: they are sent in this order, and some may be missing.
	Timestamp time.Time `json:"timestamp"`
	Sequence  int       `json:"sequence"`
	Data      HookData  `json:"data"`
}

// HookData says what an event is about, by identifiers and codes alone.
type HookData struct {
	Study       string `json:"study"`
	Participant string `json:"participant,omitempty"`
	Run         string `json:"run,omitempty"`
	Wave        string `json:"wave,omitempty"`
	Assessment  string `json:"assessment,omitempty"`
	File        string `json:"file,omitempty"`
	Alert       string `json:"alert,omitempty"`
}

const (
	hooksAtOnce  = 8
	eventsAtOnce = 20
	hookTimeout  = 10 * time.Second
	// hookLease is longer than a try, and renewed before each.
	hookLease = 30 * time.Second
	// hookTryFor is for how long a webhook may fail before it is paused.
	hookTryFor = 24 * time.Hour
	// hookKept is how long events are kept.
	hookKept = 30 * 24 * time.Hour
	// hookBack is how far back waves are looked at that have closed.
	hookBack = 7 * 24 * time.Hour
)

// hookAfter is how long to wait after so many failures.
func hookAfter(tries int) time.Duration {
	waits := []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour,
	}
	return waits[min(max(tries, 1), len(waits))-1]
}

// HookRound is what a round of sending came to.
type HookRound struct{ Sent, Failed, Paused int }

// Deliver sends what is due, some of it for each webhook, one after the other in the
// order of their numbers; webhooks do not wait for each other. Only the program may.
// That something cannot be sent is no error: it is noted and counted. What was cut off
// is sent again, under the same identifier.
func (u *Webhooks) Deliver(ctx context.Context, a Actor, sender HookSender) (HookRound, error) {
	var all HookRound
	if a.Kind != ActorSystem {
		return all, ErrForbidden
	}
	due, err := u.env.Store.DueWebhooks(ctx, u.env.now(), hooksAtOnce)
	if err != nil {
		return all, fmt.Errorf("deliver events: %w", err)
	}
	rounds, faults := make([]HookRound, len(due)), make([]error, len(due))
	var group sync.WaitGroup
	for i, w := range due {
		group.Go(func() { rounds[i], faults[i] = u.deliver(ctx, w, sender) })
	}
	group.Wait()
	for _, r := range rounds {
		all.Sent, all.Failed, all.Paused = all.Sent+r.Sent, all.Failed+r.Failed, all.Paused+r.Paused
	}
	if err := errors.Join(faults...); err != nil {
		return all, fmt.Errorf("deliver events: %w", err)
	}
	return all, nil
}

// deliver sends what waits for one webhook, if nobody else does.
func (u *Webhooks) deliver(ctx context.Context, w Webhook, sender HookSender) (done HookRound, err error) {
	waiting, secret, err := u.take(ctx, &w)
	if err != nil || len(waiting) == 0 {
		return done, err
	}
	if !w.PausedAt.IsZero() {
		done.Paused++
		return done, nil
	}
	kept := context.WithoutCancel(ctx) // what became of an event is noted even if the server is stopping
	for i, d := range waiting {
		body, err := u.body(ctx, d)
		if err != nil {
			return done, err
		}
		d.Attempts, d.TriedAt = d.Attempts+1, u.env.now()
		d.Status, err = u.post(ctx, sender, HookCall{Address: w.Address, ID: d.ID, Secret: secret, At: d.TriedAt, Body: body})
		if err != nil && ctx.Err() != nil {
			return done, nil // the try was cut off; the lease ends by itself
		}
		now := u.env.now()
		w.LeasedTo = now.Add(hookLease)
		if d.Error = ""; err != nil {
			d.Error = hookReason(err)
			u.failed(&w, d.Status, now)
			done.Failed++
		} else {
			d.EndedAt, w.Tries, w.FailingAt = now, 0, time.Time{}
			done.Sent++
		}
		last := err != nil || i == len(waiting)-1 || ctx.Err() != nil
		if last {
			w.LeasedTo = time.Time{}
		}
		held := false
		err = u.env.Store.InTx(kept, func(tx Tx) (err error) {
			if held, err = tx.KeepWebhook(kept, w); err != nil || !held {
				return err
			}
			return tx.NoteDelivery(kept, d)
		})
		if !w.PausedAt.IsZero() {
			done.Paused++
		}
		if err != nil || !held || last {
			return done, err
		}
	}
	return done, nil
}

func (u *Webhooks) post(ctx context.Context, sender HookSender, c HookCall) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	return sender.Post(ctx, c)
}

// hookReason is why a try failed, without addresses.
func hookReason(err error) string {
	if fault, ok := errors.AsType[*SendError](err); ok {
		return fault.Reason
	}
	return "there was no answer"
}

// failed notes a failure: it is tried again later, for a day.
func (u *Webhooks) failed(w *Webhook, status int, now time.Time) {
	w.Tries++
	if w.FailingAt.IsZero() {
		w.FailingAt = now
	}
	w.NextAt = now.Add(hookAfter(w.Tries))
	const gone = 410
	switch {
	case status == gone:
		w.PausedAt, w.Pause = now, PauseGone
	case now.Sub(w.FailingAt) >= hookTryFor:
		w.PausedAt, w.Pause = now, PauseFailing
	}
}

// take takes a webhook, gives numbers to events that have none, and reads what is to be
// sent. It is paused, and says why, when nothing may be sent any more.
func (u *Webhooks) take(ctx context.Context, w *Webhook) (waiting []HookDelivery, secret []byte, err error) {
	maker, err := u.env.Store.User(ctx, w.MadeBy)
	if err != nil {
		return nil, nil, err
	}
	now := u.env.now()
	secret, err = u.env.Keys.OpenSecret(w.place(), w.KeyID, w.Sealed)
	var pause HookPause
	switch {
	case err != nil:
		pause = PauseSecret
	case !maker.DisabledAt.IsZero() || !maySetHooks(UserActor(maker), w.StudyID):
		pause = PauseMaker
	}
	taken := *w
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		waiting, taken = nil, *w
		mine, err := tx.TakeWebhook(ctx, *w, now, now.Add(hookLease))
		if err != nil || !mine {
			return err
		}
		taken.Takes++
		if err := tx.ClearDeliveries(ctx, w.StudyID, w.ID, now.Add(-hookKept)); err != nil {
			return err
		}
		if pause != "" {
			taken.PausedAt, taken.Pause, taken.LeasedTo = now, pause, time.Time{}
		} else if taken.Sequence, err = tx.NumberDeliveries(ctx, taken, eventsAtOnce); err != nil {
			return err
		}
		if taken.PausedAt.IsZero() {
			taken.LeasedTo = now.Add(hookLease)
		}
		if _, err := tx.KeepWebhook(ctx, taken); err != nil {
			return err
		}
		waiting, err = tx.WaitingDeliveries(ctx, w.StudyID, w.ID, eventsAtOnce)
		return err
	})
	*w = taken
	return waiting, secret, err
}

// body writes an event.
func (u *Webhooks) body(ctx context.Context, d HookDelivery) ([]byte, error) {
	study, err := u.env.Store.Study(ctx, d.StudyID)
	if err != nil {
		return nil, err
	}
	b := HookBody{Type: d.Kind, Timestamp: d.CreatedAt, Sequence: d.Sequence, Data: HookData{Study: study.Key}}
	if d.Enrolment != "" {
		p, err := u.env.Store.Participation(ctx, d.StudyID, d.Enrolment)
		if err != nil {
			return nil, err // whoever was erased meanwhile took the event along
		}
		b.Data.Participant, b.Data.Run = p.Enrolment.Code, string(p.Run.ID)
	}
	switch d.Kind {
	case HookSubmitted:
		b.Data.Assessment, b.Data.Wave = d.About, d.Detail
	case HookWaveClosed:
		b.Data.Run, b.Data.Wave = d.About, d.Detail
	case HookFileReady:
		b.Data.File = d.About
	case HookAlert:
		b.Data.Alert = d.About
	case HookEnrolled, HookConsented, HookWithdrawn, HookTest:
	}
	return json.Marshal(b)
}

// Announce tells of waves that have closed. Only the program may; doing it twice tells
// nothing twice. A run that is moved so that a wave closes another time is told again.
func (u *Webhooks) Announce(ctx context.Context, a Actor) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	all, err := u.env.Store.WorkingWebhooks(ctx)
	if err != nil {
		return 0, fmt.Errorf("waves that have closed: %w", err)
	}
	now, n := u.env.now(), 0
	closed := map[StudyID][]HookNotice{}
	for _, w := range all {
		if !w.wants(HookWaveClosed) {
			continue
		}
		if _, ok := closed[w.StudyID]; !ok {
			if closed[w.StudyID], err = u.closed(ctx, w.StudyID, now); err != nil {
				return n, fmt.Errorf("waves of study %s that have closed: %w", w.StudyID, err)
			}
		}
		told, err := u.env.Store.ToldOf(ctx, w.StudyID, w.ID, HookWaveClosed)
		if err != nil {
			return n, fmt.Errorf("waves of study %s that have closed: %w", w.StudyID, err)
		}
		var events []HookNotice
		for _, e := range closed[w.StudyID] {
			if e.Only = w.ID; !told[e.ID()] && e.At.After(w.MadeAt) {
				events = append(events, e)
			}
		}
		if len(events) == 0 {
			continue
		}
		if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.Announce(ctx, events...) }); err != nil {
			return n, fmt.Errorf("waves of study %s that have closed: %w", w.StudyID, err)
		}
		n += len(events)
	}
	return n, nil
}

func (w Webhook) wants(kind HookKind) bool {
	return slices.Contains(w.Kinds, kind)
}

// closed are the waves of a study's runs that closed not long ago.
func (u *Webhooks) closed(ctx context.Context, study StudyID, now time.Time) ([]HookNotice, error) {
	design, err := u.env.Store.Design(ctx, study)
	if err != nil {
		return nil, err
	}
	runs, err := u.env.Store.Runs(ctx, study)
	if err != nil {
		return nil, err
	}
	var events []HookNotice
	for _, r := range runs {
		timetable := r.Run.Timetable(design.Waves)
		for _, wave := range design.Waves {
			window := timetable.General(wave.ID)
			if window.At(now) != schedule.After || window.Expires.Before(now.Add(-hookBack)) {
				continue
			}
			events = append(events, HookNotice{
				StudyID: study, Kind: HookWaveClosed, About: string(r.Run.ID), Detail: wave.Key, At: window.Expires,
				Key: string(wave.ID) + window.Expires.UTC().Format(time.RFC3339),
			})
		}
	}
	return events, nil
}
