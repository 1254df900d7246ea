package survey

import (
	"context"
	"time"
)

// WebhookReader reads webhooks and their events.
type WebhookReader interface {
	// Webhooks lists those of a study, by when they were made.
	Webhooks(ctx context.Context, study StudyID) ([]Webhook, error)
	Webhook(ctx context.Context, study StudyID, id WebhookID) (Webhook, error)
	// WorkingWebhooks lists those of all studies that are neither paused nor ended.
	WorkingWebhooks(ctx context.Context) ([]Webhook, error)
	// DueWebhooks lists those of all studies that have something to send and that
	// nobody holds; the one that has waited longest comes first.
	DueWebhooks(ctx context.Context, now time.Time, limit int) ([]Webhook, error)
	// HookDeliveries lists the last events of a webhook, the newest first.
	HookDeliveries(ctx context.Context, study StudyID, id WebhookID, limit int) ([]HookDelivery, error)
	// WaitingDeliveries lists events with a number that are to be sent, in their order.
	WaitingDeliveries(ctx context.Context, study StudyID, id WebhookID, limit int) ([]HookDelivery, error)
	// ToldOf are the identifiers of the events of a kind that a webhook has.
	ToldOf(ctx context.Context, study StudyID, id WebhookID, kind HookKind) (map[string]bool, error)
}

// WebhookWriter writes webhooks and their events. Whoever sends holds a webhook by the
// number of its takes: when another has taken it meanwhile, what the first still writes
// is refused.
type WebhookWriter interface {
	CreateWebhook(ctx context.Context, w Webhook) error
	// Announce keeps events for all webhooks that want them.
	Announce(ctx context.Context, events ...HookNotice) error
	// TakeWebhook takes one that is due. False: another was faster.
	TakeWebhook(ctx context.Context, w Webhook, now, until time.Time) (bool, error)
	// NumberDeliveries gives numbers to events that have none, at most limit, after
	// w.Sequence, and returns the last that was given.
	NumberDeliveries(ctx context.Context, w Webhook, limit int) (int, error)
	// KeepWebhook writes how sending stands: until when it is held, what failed, and
	// whether it is paused. False: it is no longer held.
	KeepWebhook(ctx context.Context, w Webhook) (bool, error)
	// NoteDelivery writes what became of a try.
	NoteDelivery(ctx context.Context, d HookDelivery) error
	// SendAgain has an event sent once more; false: there is none that has ended.
	SendAgain(ctx context.Context, study StudyID, id WebhookID, event string) (bool, error)
	// ResumeWebhook lets a paused one go on; false: it is not paused.
	ResumeWebhook(ctx context.Context, study StudyID, id WebhookID, by UserID, at time.Time) (bool, error)
	// EndWebhook switches one off and removes its events; false: it was off.
	EndWebhook(ctx context.Context, study StudyID, id WebhookID, at time.Time) (bool, error)
	// ClearDeliveries removes events of a webhook from before an instant.
	ClearDeliveries(ctx context.Context, study StudyID, id WebhookID, before time.Time) error
}
