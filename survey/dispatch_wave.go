package survey

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/reminding"
	"tidemark/survey/schedule"
)

// WaveDispatch is what a message about a wave, or before the first meeting, tells.
type WaveDispatch struct {
	Kind   reminding.Kind
	Number int
	// Text are the study's own words in the person's language; nil: the program's.
	Text *reminding.Text
	Run  CourseRun
	// Course is what the course is called, and Wave the wave, in the person's
	// language if the study has the words.
	Course, Wave string
	// Until is the last day on which the wave can be answered, where the person
	// is. At is when the first meeting begins, in their zone.
	Until schedule.Date
	At    time.Time
	// Minutes is how long the questionnaires of the wave take.
	Minutes int
	// Unsubscribe is the token by which the person pauses messages.
	Unsubscribe string
}

// heldError says that a message is not sent, or not yet.
type heldError struct {
	reason MessageReason
	until  time.Time // zero: it is dropped
}

// Error is the reason.
func (e *heldError) Error() string { return "the message is not sent: " + string(e.reason) }

// Is makes a message that is not sent at all a needless one.
func (e *heldError) Is(target error) bool { return target == errNeedless && e.until.IsZero() }

// dispatchWave decides once more, and reads what the message tells, both as things
// are now.
func (u *Outbox) dispatchWave(ctx context.Context, d *Dispatch) error {
	now, m := u.env.now(), d.Message
	k, err := correspondenceIn(ctx, u.env.Store, d.Study, MessageScope{Enrolment: EnrolmentID(m.ToID)})
	if err != nil {
		return err
	}
	if len(k.people) == 0 {
		return &heldError{reason: ReasonErased}
	}
	p := k.people[0]
	o, held := k.hold(p, m, now)
	if held != nil {
		return held
	}
	return u.writeWave(ctx, d, k, p, o, k.person(p, now))
}

// hold decides about a message that waits in the outbox when it is to be sent; nil:
// it goes.
func (k *correspondence) hold(p Recipient, m Message, now time.Time) (occasion, *heldError) {
	slot := slotOf(m)
	occasions := k.occasions(p)
	i := slices.IndexFunc(occasions, func(o occasion) bool { return o.About == m.About })
	if i < 0 {
		return occasion{}, &heldError{reason: MessageReason(reminding.NotTheirs)}
	}
	o := occasions[i]
	others := slices.DeleteFunc(slices.Clone(o.Past), func(b reminding.Past) bool { return b.Slot == slot })
	c := reminding.Decide(k.rules(m.StudyID), k.person(p, now), o.Occasion, others, slot, now)
	if c.Verdict == reminding.Send {
		return o, nil
	}
	held := &heldError{reason: MessageReason(c.Reason)}
	if c.Verdict == reminding.Wait {
		held.until = c.At
	}
	return o, held
}

func (u *Outbox) writeWave(ctx context.Context, d *Dispatch, k *correspondence, p Recipient, o occasion, person reminding.Person) error {
	r, e := u.env.Store, p.Enrolment
	contact, err := r.Contact(ctx, e.StudyID, e.ParticipantID)
	if errors.Is(err, ErrNotFound) {
		return &heldError{reason: MessageReason(reminding.NoAddress)}
	}
	if err != nil {
		return err
	}
	links, err := r.Links(ctx, e.StudyID, e.RunID)
	if err != nil {
		return err
	}
	if d.Study.Simulated && !d.Harmless {
		return &heldError{reason: ReasonSimulated}
	}
	d.addressTo(e, contact)
	d.Link = u.env.Keys.PersonalToken(e.StudyID, e.ID, links[e.ID].Generation)
	d.Wave = newWaveDispatch(d.Message, k.runs[e.RunID], o, person.Zone)
	d.Wave.Unsubscribe = u.env.unsubscribeToken(e.StudyID, e.ID)
	return u.env.fillWave(ctx, r, d, o.Wave)
}

// addressTo says where a message goes and in which language.
func (d *Dispatch) addressTo(e Enrolment, contact Contact) {
	d.Name, d.Email, d.Language = contact.Name, contact.Email, cmp.Or(e.Language, d.Study.Language)
	switch contact.Channel.of(contact) {
	case ChannelSMS:
		d.Email, d.Phone = "", contact.Phone
	case ChannelPush:
		d.Email, d.Push = "", contact.Push
	case ChannelAny, ChannelEmail:
	}
}

// newWaveDispatch is what a message tells of an occasion to somebody in a zone,
// before the words of the study are added.
func newWaveDispatch(m Message, run CourseRun, o occasion, zone *time.Location) *WaveDispatch {
	return &WaveDispatch{
		Kind: reminding.Kind(m.Kind), Number: m.Number, Run: run, Until: lastDay(o.Closes, zone), At: o.Closes.In(zone),
	}
}

// fillWave adds the words of a study for a wave; the zero wave is none.
func (e Env) fillWave(ctx context.Context, r Reader, d *Dispatch, wave Wave) error {
	words, err := e.waveWords(ctx, r, d.Study.ID, d.Wave.Run)
	if err != nil {
		return err
	}
	words.fill(d, wave)
	return nil
}

// waveWords are the words of a study for messages about its waves.
type waveWords struct {
	own    MessageTexts
	names  StudyTexts
	design StudyDesign
	course *course.Course // nil: there is no run, in a sample
}

// waveWords reads them, with the course of a run.
func (e Env) waveWords(ctx context.Context, r Reader, study StudyID, run CourseRun) (waveWords, error) {
	var w waveWords
	var err error
	if w.own, err = r.MessageTexts(ctx, study); err != nil {
		return w, err
	}
	if w.course, err = e.course(ctx, r, run); err != nil && !errors.Is(err, ErrNotFound) {
		return w, err
	}
	if w.names, err = r.StudyTexts(ctx, study); err != nil {
		return w, err
	}
	w.design, err = r.Design(ctx, study)
	return w, err
}

// fill adds the words to a message, in its language; the zero wave has none.
func (x waveWords) fill(d *Dispatch, wave Wave) {
	w := d.Wave
	if own, ok := x.own.In(w.Kind, d.Language); ok {
		w.Text = &own.Text
	}
	w.Course = w.Run.Name
	if x.course != nil {
		w.Course = x.course.In(d.Language).Title
	}
	if wave.ID != "" {
		w.Wave = cmp.Or(x.names.In(d.Language, WaveText(wave.Key)), wave.Name)
		w.Minutes = minutesOf(x.design, wave.ID)
	}
}

// minutesOf is how long the questionnaires of a wave take, at least one minute.
func minutesOf(d StudyDesign, id WaveID) int {
	sum := 0.0
	for _, w := range d.Waves {
		if w.ID == id {
			for _, set := range w.Sets {
				sum += d.Instruments[set].Definition.Minutes
			}
		}
	}
	return max(1, int(sum+0.5))
}

// lastDay is the day on which a window closes, as people say it.
func lastDay(closes time.Time, zone *time.Location) schedule.Date {
	return schedule.DateOf(closes.Add(-time.Nanosecond).In(zone))
}
