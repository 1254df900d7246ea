package survey_test

import (
	"context"

	"github.com/google/uuid"

	"tidemark/survey"
)

// anyHook is a webhook of the study with an event that was taken.
func (s *stage) anyHook(ctx context.Context) (survey.WebhookID, string, error) {
	now := s.clock()
	w := survey.Webhook{
		StudyID: s.study.ID, ID: survey.WebhookID(uuid.NewString()), Address: "https://example.org/", Kinds: survey.HookKinds(),
		Sealed: []byte("x"), MadeBy: s.researcher.User.ID, MadeAt: now, NextAt: now,
	}
	n := survey.HookNotice{StudyID: w.StudyID, Kind: survey.HookTest, At: now, Key: string(w.ID), Only: w.ID}
	return w.ID, n.ID(), s.store.InTx(ctx, func(tx survey.Tx) error {
		if err := tx.CreateWebhook(ctx, w); err != nil {
			return err
		}
		if err := tx.Announce(ctx, n); err != nil {
			return err
		}
		return tx.NoteDelivery(ctx, survey.HookDelivery{StudyID: w.StudyID, WebhookID: w.ID, ID: n.ID(), TriedAt: now, EndedAt: now})
	})
}

// rightsOfWebhooks is who may have other systems told of events.
func (s *stage) rightsOfWebhooks() map[string]right {
	u, study := s.cases.Webhooks, s.study.ID
	setting := map[string]verdict{researcher: yes, theProgram: unknown, everyoneElse: unknown}
	seeing := map[string]verdict{administrator: yes, researcher: yes, theProgram: unknown, everyoneElse: unknown}
	programs := map[string]verdict{everyoneElse: forbidden}
	about := func(f func(ctx context.Context, a survey.Actor, id survey.WebhookID, event string) error) func(context.Context, survey.Actor) error {
		return func(ctx context.Context, a survey.Actor) error {
			id, event, err := s.anyHook(ctx)
			if err != nil {
				return err
			}
			return f(ctx, a, id, event)
		}
	}
	return map[string]right{
		"Webhooks.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Book(ctx, a, study)) }, seeing},
		"Webhooks.Create": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Create(ctx, a, study, survey.NewWebhook{})
			return err
		}, setting},
		"Webhooks.Get": {about(func(ctx context.Context, a survey.Actor, id survey.WebhookID, _ string) error {
			return second(u.Get(ctx, a, study, id))
		}), seeing},
		"Webhooks.Test": {about(func(ctx context.Context, a survey.Actor, id survey.WebhookID, _ string) error {
			return u.Test(ctx, a, study, id)
		}), setting},
		"Webhooks.Again": {about(func(ctx context.Context, a survey.Actor, id survey.WebhookID, event string) error {
			return u.Again(ctx, a, study, id, event)
		}), setting},
		"Webhooks.Resume": {about(func(ctx context.Context, a survey.Actor, id survey.WebhookID, _ string) error {
			return u.Resume(ctx, a, study, id)
		}), setting},
		"Webhooks.End": {about(func(ctx context.Context, a survey.Actor, id survey.WebhookID, _ string) error {
			return u.End(ctx, a, study, id)
		}), seeing},
		"Webhooks.Deliver":  {func(ctx context.Context, a survey.Actor) error { return second(u.Deliver(ctx, a, nil)) }, programs},
		"Webhooks.Announce": {func(ctx context.Context, a survey.Actor) error { return second(u.Announce(ctx, a)) }, programs},
	}
}
