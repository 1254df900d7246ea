package survey

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"tidemark/survey/reminding"
)

// Messages are the use cases of what is sent to a study's people: the rules, the
// words, why something was sent or not, and reminders by hand. Sending itself is
// [Outbox].
type Messages struct{ env Env }

// MessagingBook is what a study sends, for a page.
type MessagingBook struct {
	Study     Study
	Messaging Messaging
	Texts     MessageTexts
}

// Book is what a study sends. Everybody with a role in the study may read it.
func (u *Messages) Book(ctx context.Context, a Actor, study StudyID) (MessagingBook, error) {
	if !a.MayKnowStudy(study) {
		return MessagingBook{}, ErrNotFound
	}
	b := MessagingBook{}
	var err error
	if b.Study, err = u.env.Store.Study(ctx, study); err == nil {
		b.Messaging, err = u.env.Store.Messaging(ctx, study)
	}
	if err == nil {
		b.Texts, err = u.env.Store.MessageTexts(ctx, study)
	}
	if err != nil {
		return MessagingBook{}, fmt.Errorf("messages of study %s: %w", study, err)
	}
	return b, nil
}

// Set changes what a study sends; all that was not sent yet follows it. revision is
// the one that was read: ErrConflict when somebody has changed it since. Researchers
// of the study and administrators may. Faults are FieldErrors.
func (u *Messages) Set(ctx context.Context, a Actor, study StudyID, rules reminding.Rules, revision int) (Messaging, error) {
	if !a.MayWriteConsent(study) {
		return Messaging{}, ErrForbidden
	}
	if err := checkRules(rules).OrNil(); err != nil {
		return Messaging{}, err
	}
	m := Messaging{StudyID: study, Rules: rules, Revision: revision + 1, ChangedAt: u.env.now(), ChangedBy: a.author().Name}
	event := u.env.event(a, study, m.ChangedAt, ActionMessagingSet, "study", string(study))
	event.Detail = "off"
	if rules.On {
		event.Detail = fmt.Sprintf("on; days %s; at most %d", FormatDays(rules.ReminderDays), rules.Cap)
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.PutMessaging(ctx, m)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return Messaging{}, fmt.Errorf("set messages of study %s: %w", study, err)
	}
	return m, nil
}

// MessageWording are the words of a kind in a language, for a page.
type MessageWording struct {
	Study    Study
	Kind     reminding.Kind
	Language string
	// History are the study's own words, the newest first; none: the program's
	// stand.
	History []MessageText
}

// Now are the study's own words; false: the program's stand.
func (w MessageWording) Now() (MessageText, bool) {
	if len(w.History) == 0 || w.History[0].Ours() {
		return MessageText{}, false
	}
	return w.History[0], true
}

// Revision is the newest; 0: there is none.
func (w MessageWording) Revision() int {
	if len(w.History) == 0 {
		return 0
	}
	return w.History[0].Revision
}

// Wording reads words with all revisions. Everybody with a role in the study may.
func (u *Messages) Wording(ctx context.Context, a Actor, study StudyID, kind reminding.Kind, language string) (MessageWording, error) {
	if !a.MayKnowStudy(study) || !kind.Valid() || !isLanguage(language) {
		return MessageWording{}, ErrNotFound
	}
	w := MessageWording{Kind: kind, Language: language}
	var err error
	if w.Study, err = u.env.Store.Study(ctx, study); err == nil {
		w.History, err = u.env.Store.MessageTextHistory(ctx, study, kind, language)
	}
	if err != nil {
		return MessageWording{}, fmt.Errorf("words of study %s: %w", study, err)
	}
	return w, nil
}

// CheckText gives what is wrong with words; nil when nothing is. It is what Write
// checks, for a preview.
func (u *Messages) CheckText(kind reminding.Kind, text reminding.Text) error {
	faults, places := checkMessageText(kind, text)
	if len(faults) == 0 {
		return nil
	}
	return &TextFaults{faults, places}
}

// Write adds a revision of a study's own words, which everything unsent is written
// in; empty ones bring the program's back. revision is the newest that was read:
// ErrConflict when there is a newer one. Researchers of the study and administrators
// may. Faults are *TextFaults.
func (u *Messages) Write(ctx context.Context, a Actor, study StudyID, kind reminding.Kind, language string, text reminding.Text, revision int) error {
	if !a.MayWriteConsent(study) {
		return ErrForbidden
	}
	if !kind.Valid() || !isLanguage(language) {
		return ErrNotFound
	}
	text = reminding.Text{Subject: strings.TrimSpace(text.Subject), Body: strings.TrimSpace(strings.ReplaceAll(text.Body, "\r\n", "\n"))}
	if err := u.CheckText(kind, text); err != nil {
		return err
	}
	x := MessageText{
		StudyID: study, Kind: kind, Language: language, Revision: revision + 1, Text: text,
		WrittenAt: u.env.now(), WrittenBy: a.author().Name,
	}
	event := u.env.event(a, study, x.WrittenAt, ActionMessageWritten, "study", string(study))
	event.Detail = fmt.Sprintf("%s, %s, revision %d", kind, language, x.Revision)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.PutMessageText(ctx, x)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("write words of study %s: %w", study, err)
	}
	return nil
}

// Sample is a message as nobody in particular would get it, for a preview: of the
// first wave, a week before it closes. Everybody with a role in the study may.
func (u *Messages) Sample(ctx context.Context, a Actor, study StudyID, kind reminding.Kind, language string, text *reminding.Text) (Dispatch, error) {
	if !a.MayKnowStudy(study) || !kind.Valid() {
		return Dispatch{}, ErrNotFound
	}
	d, err := u.sample(ctx, study, kind, language)
	if err != nil {
		return Dispatch{}, fmt.Errorf("sample of study %s: %w", study, err)
	}
	if text != nil {
		d.Wave.Text = text
		if (*text == reminding.Text{}) {
			d.Wave.Text = nil
		}
	}
	return d, nil
}

func (u *Messages) sample(ctx context.Context, id StudyID, kind reminding.Kind, language string) (Dispatch, error) {
	r := u.env.Store
	design, err := r.Design(ctx, id)
	if err != nil {
		return Dispatch{}, err
	}
	runs, err := r.Runs(ctx, id)
	if err != nil {
		return Dispatch{}, err
	}
	run := CourseRun{StudyID: id, TimeZone: design.Study.TimeZone, CourseKey: "learning_from_setbacks_8", MeetingTime: "18:30"}
	if len(runs) > 0 {
		run = runs[0].Run
	}
	zone := run.Zone()
	ends := u.env.now().In(zone).AddDate(0, 0, 7)
	d := Dispatch{
		Message: Message{StudyID: id, Kind: MessageKind(kind), Number: 1}, Study: design.Study, Name: "Ana", Language: cmp.Or(language, design.Study.Language),
		Link: "…", Wave: &WaveDispatch{Kind: kind, Number: 1, Run: run, Until: lastDay(ends, zone), At: ends.Truncate(time.Hour), Unsubscribe: "…"},
	}
	var wave Wave
	if len(design.Waves) > 0 && kind != reminding.Meeting {
		wave = design.Waves[0]
	}
	return d, u.env.fillWave(ctx, r, &d, wave)
}
