package store

import (
	"context"
	"strings"
	"time"

	"tidemark/survey"
)

const webhookColumns = `w.study_id, w.id, w.address, w.kinds, w.key_id, w.sealed, w.made_by, w.made_at, w.sequence, w.takes, w.next_at,
	w.leased_to_at, w.tries, w.failing_at, w.paused_at, w.pause_reason, w.ended_at`

func (r reader) webhooks(ctx context.Context, rest string, args ...any) ([]survey.Webhook, error) {
	hooks := []survey.Webhook{}
	var w survey.Webhook
	var study, id, kinds, by, pause string
	var sealed []byte
	var made, next, leased, failing, paused, ended instant
	targets := []any{
		&study, &id, &w.Address, &kinds, &w.KeyID, &sealed, &by, &made, &w.Sequence, &w.Takes, &next,
		&leased, &w.Tries, &failing, &paused, &pause, &ended,
	}
	err := r.each(ctx, targets, func() error {
		w.StudyID, w.ID, w.MadeBy, w.Pause = survey.StudyID(study), survey.WebhookID(id), survey.UserID(by), survey.HookPause(pause)
		w.Sealed, w.Kinds = append([]byte(nil), sealed...), nil
		for word := range strings.FieldsSeq(kinds) {
			w.Kinds = append(w.Kinds, survey.HookKind(word))
		}
		w.MadeAt, w.NextAt, w.LeasedTo = made.time(), next.time(), leased.time()
		w.FailingAt, w.PausedAt, w.EndedAt = failing.time(), paused.time(), ended.time()
		hooks = append(hooks, w)
		return nil
	}, `SELECT `+webhookColumns+` FROM webhook w `+rest, args...)
	return hooks, err
}

// Webhooks lists those of a study.
func (r reader) Webhooks(ctx context.Context, study survey.StudyID) ([]survey.Webhook, error) {
	hooks, err := r.webhooks(ctx, `WHERE w.study_id = ? ORDER BY w.made_at, w.id`, string(study))
	return hooks, wrap(err, "webhooks of study %s", study)
}

// Webhook reads one.
func (r reader) Webhook(ctx context.Context, study survey.StudyID, id survey.WebhookID) (survey.Webhook, error) {
	hooks, err := r.webhooks(ctx, `WHERE w.study_id = ? AND w.id = ?`, string(study), string(id))
	if err == nil && len(hooks) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Webhook{}, wrap(err, "webhook %s", id)
	}
	return hooks[0], nil
}

// WorkingWebhooks lists those that are neither paused nor ended.
func (r reader) WorkingWebhooks(ctx context.Context) ([]survey.Webhook, error) {
	hooks, err := r.webhooks(ctx, `WHERE w.ended_at IS NULL AND w.paused_at IS NULL ORDER BY w.study_id, w.id`)
	return hooks, wrap(err, "webhooks that work")
}

// dueWebhook is one that may be taken at an instant, given twice.
const dueWebhook = ` ended_at IS NULL AND paused_at IS NULL AND next_at <= ? AND (leased_to_at IS NULL OR leased_to_at <= ?)`

// DueWebhooks lists those with something to send that nobody holds.
func (r reader) DueWebhooks(ctx context.Context, now time.Time, limit int) ([]survey.Webhook, error) {
	hooks, err := r.webhooks(ctx, `WHERE`+dueWebhook+` AND EXISTS (SELECT 1 FROM webhook_delivery d
		WHERE d.study_id = w.study_id AND d.webhook_id = w.id AND d.ended_at IS NULL)
		ORDER BY w.next_at, w.study_id, w.id LIMIT ?`, r.at(now), r.at(now), limit)
	return hooks, wrap(err, "webhooks that are due")
}

func (r reader) deliveries(ctx context.Context, rest string, args ...any) ([]survey.HookDelivery, error) {
	all := []survey.HookDelivery{}
	var d survey.HookDelivery
	var study, hook, kind, person string
	var created, tried, ended instant
	targets := []any{
		&study, &hook, &d.ID, &kind, &person, &d.About, &d.Detail, &created, &d.Sequence, &d.Attempts, &tried, &d.Status, &d.Error, &ended,
	}
	err := r.each(ctx, targets, func() error {
		d.StudyID, d.WebhookID, d.Kind, d.Enrolment = survey.StudyID(study), survey.WebhookID(hook), survey.HookKind(kind), survey.EnrolmentID(person)
		d.CreatedAt, d.TriedAt, d.EndedAt = created.time(), tried.time(), ended.time()
		all = append(all, d)
		return nil
	}, `SELECT study_id, webhook_id, id, kind, coalesce(enrolment_id, ''), about, detail, created_at, sequence, attempts,
		tried_at, status, last_error, ended_at FROM webhook_delivery WHERE study_id = ? AND webhook_id = ? `+rest, args...)
	return all, err
}

// HookDeliveries lists the last events of a webhook.
func (r reader) HookDeliveries(ctx context.Context, study survey.StudyID, id survey.WebhookID, limit int) ([]survey.HookDelivery, error) {
	all, err := r.deliveries(ctx, `ORDER BY created_at DESC, id DESC LIMIT ?`, string(study), string(id), limit)
	return all, wrap(err, "events of webhook %s", id)
}

// WaitingDeliveries lists events that are to be sent.
func (r reader) WaitingDeliveries(ctx context.Context, study survey.StudyID, id survey.WebhookID, limit int) ([]survey.HookDelivery, error) {
	all, err := r.deliveries(ctx, `AND ended_at IS NULL AND sequence > 0 ORDER BY sequence, id LIMIT ?`, string(study), string(id), limit)
	return all, wrap(err, "events of webhook %s that wait", id)
}

// ToldOf are the identifiers of the events of a kind.
func (r reader) ToldOf(ctx context.Context, study survey.StudyID, id survey.WebhookID, kind survey.HookKind) (map[string]bool, error) {
	told := map[string]bool{}
	var event string
	err := r.each(ctx, []any{&event}, func() error { told[event] = true; return nil },
		`SELECT id FROM webhook_delivery WHERE study_id = ? AND webhook_id = ? AND kind = ?`, string(study), string(id), string(kind))
	return told, wrap(err, "what webhook %s was told", id)
}

// CreateWebhook writes a webhook.
func (t *transaction) CreateWebhook(ctx context.Context, w survey.Webhook) error {
	var kinds strings.Builder
	kinds.WriteString(" ")
	for _, k := range w.Kinds {
		kinds.WriteString(string(k) + " ")
	}
	_, err := t.change(ctx, `INSERT INTO webhook (study_id, id, address, kinds, key_id, sealed, made_by, made_at, sequence, takes, next_at,
		tries, pause_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, '')`,
		string(w.StudyID), string(w.ID), w.Address, kinds.String(), w.KeyID, w.Sealed, string(w.MadeBy), t.at(w.MadeAt), t.at(w.NextAt))
	return wrap(err, "create webhook %s", w.ID)
}

// Announce keeps events for all webhooks that want them. Almost no study has any, so
// that one event costs one statement that finds nothing, and many a question before.
func (t *transaction) Announce(ctx context.Context, events ...survey.HookNotice) error {
	if len(events) > 1 {
		hooks, err := t.webhooks(ctx, `WHERE w.study_id = ? AND w.ended_at IS NULL LIMIT 1`, string(events[0].StudyID))
		if err != nil || len(hooks) == 0 {
			return wrap(err, "announce events")
		}
	}
	for _, e := range events {
		var person any
		if e.Enrolment != "" {
			person = string(e.Enrolment)
		}
		err := t.soon(ctx, `INSERT INTO webhook_delivery (study_id, webhook_id, id, kind, enrolment_id, about, detail, created_at)
			SELECT w.study_id, w.id, ?, ?, ?, ?, ?, ? FROM webhook w
			WHERE w.study_id = ? AND w.ended_at IS NULL AND (w.id = ? OR ? = '' AND w.kinds LIKE ?)
			ON CONFLICT (study_id, webhook_id, id) DO NOTHING`,
			e.ID(), string(e.Kind), person, e.About, e.Detail, t.at(e.At), string(e.StudyID), string(e.Only), string(e.Only), "% "+string(e.Kind)+" %")
		if err != nil {
			return wrap(err, "announce an event of study %s", e.StudyID)
		}
	}
	return nil
}

// TakeWebhook takes one that is due: of two at once, the second finds its takes counted
// already.
func (t *transaction) TakeWebhook(ctx context.Context, w survey.Webhook, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE webhook SET leased_to_at = ?, takes = takes + 1 WHERE study_id = ? AND id = ? AND takes = ? AND`+dueWebhook,
		t.at(until), string(w.StudyID), string(w.ID), w.Takes, t.at(now), t.at(now))
	return n > 0, wrap(err, "take webhook %s", w.ID)
}

// NumberDeliveries gives numbers to events that have none.
func (t *transaction) NumberDeliveries(ctx context.Context, w survey.Webhook, limit int) (int, error) {
	fresh, err := t.deliveries(ctx, `AND ended_at IS NULL AND sequence = 0 ORDER BY created_at, id LIMIT ?`, string(w.StudyID), string(w.ID), limit)
	if err != nil {
		return 0, wrap(err, "number the events of webhook %s", w.ID)
	}
	last := w.Sequence
	for _, d := range fresh {
		last++
		err := t.soon(ctx, `UPDATE webhook_delivery SET sequence = ? WHERE study_id = ? AND webhook_id = ? AND id = ?`,
			last, string(w.StudyID), string(w.ID), d.ID)
		if err != nil {
			return 0, wrap(err, "number the events of webhook %s", w.ID)
		}
	}
	return last, nil
}

// KeepWebhook writes how sending stands.
func (t *transaction) KeepWebhook(ctx context.Context, w survey.Webhook) (bool, error) {
	n, err := t.change(ctx, `UPDATE webhook SET sequence = ?, next_at = ?, leased_to_at = ?, tries = ?, failing_at = ?, paused_at = ?,
		pause_reason = ? WHERE study_id = ? AND id = ? AND takes = ? AND ended_at IS NULL`,
		w.Sequence, t.at(w.NextAt), t.at(w.LeasedTo), w.Tries, t.at(w.FailingAt), t.at(w.PausedAt), string(w.Pause),
		string(w.StudyID), string(w.ID), w.Takes)
	return n > 0, wrap(err, "keep webhook %s", w.ID)
}

// NoteDelivery writes what became of a try.
func (t *transaction) NoteDelivery(ctx context.Context, d survey.HookDelivery) error {
	_, err := t.change(ctx, `UPDATE webhook_delivery SET attempts = ?, tried_at = ?, status = ?, last_error = ?, ended_at = ?
		WHERE study_id = ? AND webhook_id = ? AND id = ?`,
		d.Attempts, t.at(d.TriedAt), d.Status, d.Error, t.at(d.EndedAt), string(d.StudyID), string(d.WebhookID), d.ID)
	return wrap(err, "note a try of event %s", d.ID)
}

// SendAgain has an event sent once more.
func (t *transaction) SendAgain(ctx context.Context, study survey.StudyID, id survey.WebhookID, event string) (bool, error) {
	n, err := t.change(ctx, `UPDATE webhook_delivery SET ended_at = NULL WHERE study_id = ? AND webhook_id = ? AND id = ? AND ended_at IS NOT NULL`,
		string(study), string(id), event)
	return n > 0, wrap(err, "send event %s again", event)
}

// ResumeWebhook lets a paused one go on.
func (t *transaction) ResumeWebhook(ctx context.Context, study survey.StudyID, id survey.WebhookID, by survey.UserID, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE webhook SET paused_at = NULL, pause_reason = '', tries = 0, failing_at = NULL, next_at = ?, made_by = ?,
		leased_to_at = NULL, takes = takes + 1 WHERE study_id = ? AND id = ? AND paused_at IS NOT NULL AND ended_at IS NULL`,
		t.at(at), string(by), string(study), string(id))
	return n > 0, wrap(err, "resume webhook %s", id)
}

// EndWebhook switches one off.
func (t *transaction) EndWebhook(ctx context.Context, study survey.StudyID, id survey.WebhookID, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE webhook SET ended_at = ? WHERE study_id = ? AND id = ? AND ended_at IS NULL`,
		t.at(at), string(study), string(id))
	if err == nil && n > 0 {
		_, err = t.change(ctx, `DELETE FROM webhook_delivery WHERE study_id = ? AND webhook_id = ?`, string(study), string(id))
	}
	return n > 0 && err == nil, wrap(err, "end webhook %s", id)
}

// ClearDeliveries removes old events.
func (t *transaction) ClearDeliveries(ctx context.Context, study survey.StudyID, id survey.WebhookID, before time.Time) error {
	return wrap(t.soon(ctx, `DELETE FROM webhook_delivery WHERE study_id = ? AND webhook_id = ? AND created_at < ?`,
		string(study), string(id), t.at(before)), "clear events of webhook %s", id)
}
