package survey

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Webhooks are the use cases of telling other systems of a study's events. Whoever may
// read who takes part may set them up, in person, and see those of the study;
// administrators may see them and switch them off. To anybody else there are none.
type Webhooks struct{ env Env }

// NewWebhook is one to be made.
type NewWebhook struct {
	Address string
	Kinds   []HookKind
}

// maySetHooks reports whether somebody may set webhooks up.
func maySetHooks(a Actor, study StudyID) bool {
	return a.Kind == ActorUser && a.Token == nil && a.MayKnowPeople(study)
}

func maySeeHooks(a Actor, study StudyID) bool {
	return a.Kind == ActorUser && a.Token == nil && (a.MayKnowPeople(study) || a.IsAdministrator())
}

// WebhookBook is what somebody sees of the webhooks of a study.
type WebhookBook struct {
	Hooks []Webhook // those that work or wait first
	May   bool      // set them up, and not just switch them off
}

// Paused is how many wait for somebody to let them go on.
func (b WebhookBook) Paused() int {
	n := 0
	for _, w := range b.Hooks {
		if w.EndedAt.IsZero() && !w.PausedAt.IsZero() {
			n++
		}
	}
	return n
}

// Book shows the webhooks of a study.
func (u *Webhooks) Book(ctx context.Context, a Actor, study StudyID) (WebhookBook, error) {
	if !maySeeHooks(a, study) {
		return WebhookBook{}, ErrNotFound
	}
	all, err := u.env.Store.Webhooks(ctx, study)
	if err != nil {
		return WebhookBook{}, fmt.Errorf("webhooks of study %s: %w", study, err)
	}
	slices.SortStableFunc(all, func(x, y Webhook) int {
		if off := y.EndedAt.IsZero(); x.EndedAt.IsZero() != off {
			if off {
				return 1
			}
			return -1
		}
		return y.MadeAt.Compare(x.MadeAt)
	})
	return WebhookBook{Hooks: all, May: maySetHooks(a, study)}, nil
}

// WebhookView is one webhook with its last events.
type WebhookView struct {
	Webhook
	Events []HookDelivery
	May    bool
}

// shownDeliveries is how many events of a webhook are shown.
const shownDeliveries = 50

// Get is one webhook with its last events.
func (u *Webhooks) Get(ctx context.Context, a Actor, study StudyID, id WebhookID) (WebhookView, error) {
	v := WebhookView{May: maySetHooks(a, study)}
	if !maySeeHooks(a, study) {
		return v, ErrNotFound
	}
	var err error
	if v.Webhook, err = u.env.Store.Webhook(ctx, study, id); err != nil {
		return v, fmt.Errorf("webhook %s: %w", id, err)
	}
	if v.Events, err = u.env.Store.HookDeliveries(ctx, study, id, shownDeliveries); err != nil {
		return v, fmt.Errorf("webhook %s: %w", id, err)
	}
	return v, nil
}

// Create makes a webhook and gives its secret, which nobody can read again. Faults are
// FieldErrors.
func (u *Webhooks) Create(ctx context.Context, a Actor, study StudyID, n NewWebhook) (secret string, w Webhook, err error) {
	if !maySetHooks(a, study) {
		return "", w, ErrNotFound
	}
	now := u.env.now()
	w = Webhook{
		StudyID: study, ID: WebhookID(u.env.NewID()), Address: strings.TrimSpace(n.Address), MadeBy: a.User.ID, MadeAt: now, NextAt: now,
	}
	faults := FieldErrors{}
	if fault := hookAddress(w.Address, u.env.PrivateHooks); fault != "" {
		faults["address"] = fault
	}
	for _, k := range HookKinds() {
		if slices.Contains(n.Kinds, k) {
			w.Kinds = append(w.Kinds, k)
		}
	}
	if len(w.Kinds) == 0 || slices.ContainsFunc(n.Kinds, func(k HookKind) bool { return !k.Valid() }) {
		faults["kinds"] = "webhook.kinds"
	}
	if err := faults.OrNil(); err != nil {
		return "", w, err
	}
	if err := u.env.proven(a); err != nil {
		return "", w, err
	}
	key := make([]byte, hookSecretBytes)
	if _, err := io.ReadFull(u.env.Random, key); err != nil {
		return "", w, fmt.Errorf("make a webhook: read randomness: %w", err)
	}
	w.KeyID, w.Sealed = u.env.Keys.SealSecret(w.place(), key)
	e := u.env.event(a, study, now, ActionHookMade, "webhook", string(w.ID))
	e.Detail = kindsText(w.Kinds)
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		all, err := tx.Webhooks(ctx, study)
		if err != nil {
			return err
		}
		if len(slices.DeleteFunc(all, func(w Webhook) bool { return !w.EndedAt.IsZero() })) >= maxHooks {
			return FieldErrors{"address": "webhook.too_many"}
		}
		if err := tx.CreateWebhook(ctx, w); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return "", w, fmt.Errorf("make a webhook: %w", err)
	}
	return HookSecretPrefix + base64.StdEncoding.EncodeToString(key), w, nil
}

// place is where the secret of a webhook belongs.
func (w Webhook) place() string { return "webhook " + string(w.StudyID) + " " + string(w.ID) }

func kindsText(kinds []HookKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, " ")
}

// Test sends an event that is about nothing.
func (u *Webhooks) Test(ctx context.Context, a Actor, study StudyID, id WebhookID) error {
	key := u.env.NewID()
	return u.change(ctx, a, study, id, "", func(tx Tx, _ Webhook, now time.Time) error {
		return tx.Announce(ctx, HookNotice{StudyID: study, Kind: HookTest, At: now, Key: key, Only: id})
	})
}

// Again sends an event once more, under the same identifier. ErrNotFound when it waits
// or is not there any more.
func (u *Webhooks) Again(ctx context.Context, a Actor, study StudyID, id WebhookID, event string) error {
	return u.change(ctx, a, study, id, "", func(tx Tx, _ Webhook, _ time.Time) error {
		ok, err := tx.SendAgain(ctx, study, id, event)
		if err == nil && !ok {
			err = ErrNotFound
		}
		return err
	})
}

// Resume lets a webhook go on that was paused; what waits is sent. From then on it hangs
// on the role of whoever asks.
func (u *Webhooks) Resume(ctx context.Context, a Actor, study StudyID, id WebhookID) error {
	if maySetHooks(a, study) {
		if err := u.env.proven(a); err != nil {
			return err
		}
	}
	return u.change(ctx, a, study, id, ActionHookResumed, func(tx Tx, _ Webhook, now time.Time) error {
		ok, err := tx.ResumeWebhook(ctx, study, id, a.User.ID, now)
		if err == nil && !ok {
			err = ErrConflict
		}
		return err
	})
}

// change does something to a webhook that is not switched off, and notes it.
func (u *Webhooks) change(ctx context.Context, a Actor, study StudyID, id WebhookID, action Action, f func(Tx, Webhook, time.Time) error) error {
	if !maySetHooks(a, study) {
		return ErrNotFound
	}
	now := u.env.now()
	e := u.env.event(a, study, now, action, "webhook", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Webhook(ctx, study, id)
		if err != nil {
			return err
		}
		if !w.EndedAt.IsZero() {
			return ErrNotFound
		}
		if err := f(tx, w, now); err != nil || action == "" {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("webhook %s: %w", id, err)
	}
	return nil
}

// End switches a webhook off for good: what waits is not sent. Administrators may too.
// Doing it twice is no fault.
func (u *Webhooks) End(ctx context.Context, a Actor, study StudyID, id WebhookID) error {
	if !maySeeHooks(a, study) {
		return ErrNotFound
	}
	now := u.env.now()
	e := u.env.event(a, study, now, ActionHookEnded, "webhook", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.Webhook(ctx, study, id); err != nil {
			return err
		}
		ended, err := tx.EndWebhook(ctx, study, id, now)
		if err != nil || !ended {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("switch webhook %s off: %w", id, err)
	}
	return nil
}
