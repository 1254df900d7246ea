package rest

import (
	"reflect"
	"strings"

	"tidemark/survey"
	"tidemark/survey/client"
)

// describeEvents are the events that webhooks are told of, by their kinds.
func describeEvents(s *schemas) map[string]any {
	header := func(name, about string) any {
		return map[string]any{"name": name, "in": "header", "required": true, "description": about, "schema": map[string]any{"type": "string"}}
	}
	all := map[string]any{}
	for _, k := range append(survey.HookKinds(), survey.HookTest) {
		var id strings.Builder
		id.WriteString("on")
		for word := range strings.FieldsFuncSeq(string(k), func(r rune) bool { return r == '.' }) {
			id.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		all[string(k)] = map[string]any{"post": map[string]any{
			"operationId": id.String(), "summary": "Sent to a webhook: " + string(k), "security": []any{},
			"parameters": []any{
				header("webhook-id", "The same whenever the event is sent: whoever has seen it need do nothing."),
				header("webhook-timestamp", "When it was sent, in Unix seconds. Refuse what is older than five minutes."),
				header("webhook-signature", "v1, and the base64 of the HMAC-SHA256 of identifier, time and body with full stops between."),
			},
			"requestBody": map[string]any{"required": true, "content": map[string]any{
				"application/json": map[string]any{"schema": s.of(reflect.TypeFor[client.WebhookEvent]())},
			}},
			"responses": map[string]any{
				"2XX": map[string]any{"description": "It was taken. Anything else is tried again for a day."},
				"410": map[string]any{"description": "The address is gone: the webhook is paused."},
			},
		}}
	}
	return all
}
