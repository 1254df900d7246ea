package web

// messages are the texts behind the keys that use cases and the error table
// give. Keys ending in ".title" are headings.
var messages = map[string]string{
	"error.prefix":                 "Error: ",
	"error.dead_link.title":        "This link does not work",
	"error.dead_link":              "The link may be cut off, replaced by a newer one, or out of date. Open it once more from your invitation, or ask the person who invited you for a new one. Nothing you have sent is lost.",
	"error.need_link.title":        "Please open your personal link again",
	"error.need_link":              "This device no longer knows who you are. Open the link from your invitation; everything you have saved is still there.",
	"error.bad_form.title":         "That could not be read",
	"error.bad_form":               "What was sent is damaged. Go back and send it again. Nothing was changed.",
	"error.too_large.title":        "That is too much at once",
	"error.too_large":              "What was sent is larger than this page takes. Send less at a time. Nothing was changed.",
	"error.content_type.title":     "That cannot be read here",
	"error.content_type":           "This address takes forms only. Nothing was changed.",
	"error.method.title":           "That does not work here",
	"error.method":                 "This address cannot be used that way.",
	"error.cross_origin.title":     "Sent from another site",
	"error.cross_origin":           "For your safety, forms are taken only from our own pages. Open the page here and try again. Nothing was changed.",
	"error.not_signed_in.title":    "Please sign in",
	"error.not_signed_in":          "You are not signed in, or your sign-in has run out. Nothing was changed.",
	"error.not_found.title":        "There is nothing here",
	"error.not_found":              "The page does not exist, or it is not yours to see.",
	"error.forbidden.title":        "Not for this account",
	"error.forbidden":              "Your account may not do this. If you think it should, ask the administrator of this installation.",
	"error.submitted.title":        "Already sent",
	"error.submitted":              "You have sent this questionnaire before. Your answers are safe and were not changed.",
	"error.not_open.title":         "Not open yet",
	"error.not_open":               "This questionnaire opens later. Your list shows when.",
	"error.expired.title":          "Closed",
	"error.expired":                "The time for this questionnaire is over. What you saved before is kept.",
	"error.withdrawn.title":        "You have left this study",
	"error.withdrawn":              "No more questions are asked. Thank you for the part you took.",
	"error.consent_required.title": "First, your agreement",
	"error.consent_required":       "Please read what the study is about and say whether you want to take part.",
	"error.conflict.title":         "Something changed meanwhile",
	"error.conflict":               "The page you sent was no longer up to date. Open it again and look before you send. Nothing was changed.",
	"error.duplicate.title":        "That exists already",
	"error.duplicate":              "There is something with this name already. Choose another. Nothing was changed.",
	"error.repeated.title":         "Done already",
	"error.repeated":               "This form was sent before, and what it asks for is done. Nothing was done twice.",
	"error.busy.title":             "Too busy right now",
	"error.busy":                   "The server could not finish in time. Wait a moment and try again.",
	"error.internal.title":         "Something went wrong on our side",
	"error.internal":               "It is not your fault, and what was saved before is safe. Try again in a moment.",
	"error.fields.title":           "Please look at what you entered",
	"error.fields":                 "Some of it cannot be used. Nothing was changed.",

	"answer.unknown_item":  "This question does not belong to the questionnaire.",
	"answer.not_an_option": "Choose one of the answers shown.",

	"text.too_long":           "This text is too long.",
	"text.unreadable":         "This text has characters that cannot be read. Type it again.",
	"time_zone.unknown":       "Write a time zone as Europe/Madrid or America/New_York.",
	"study.unknown_template":  "Choose one of the templates.",
	"study.bad_key":           "Use lower-case letters, digits and hyphens.",
	"study.trend_too_small":   "A group trend needs at least 5 people.",
	"study.not_open":          "The study is not open yet. An administrator opens it.",
	"run.name_missing":        "Give the course run a name, as “Spring evening group”.",
	"run.bad_time":            "Write the time as 18:30.",
	"run.bad_date":            "Write the date as 2026-03-02.",
	"run.unknown_course":      "Choose one of the courses.",
	"run.unknown_arm":         "Choose one of the groups.",
	"run.unknown_meeting":     "The course has no such meeting.",
	"people.none":             "Write at least one name or address.",
	"people.too_many":         "Add at most 5,000 people at a time.",
	"people.twice":            "This address stands here twice.",
	"people.already":          "This address is in the course run already.",
	"people.bad_email":        "This is not an e-mail address.",
	"user.bad_email":          "Write an e-mail address, as ana@example.org.",
	"user.bad_role":           "Choose a role, and the study it is for.",
	"user.not_yourself":       "You cannot close your own account.",
	"user.password_short":     "Use at least 15 characters. A sentence you can remember is good.",
	"user.password_differs":   "The two are not the same. Type the new password twice.",
	"user.password_long":      "Use at most 256 characters.",
	"sign_in.wrong":           "E-mail address and password do not match an account. Check both and try again.",
	"sign_in.link_dead.title": "This link does not work",
	"sign_in.link_dead":       "A sign-in link works once and for a few days. Ask an administrator for a new one.",
}

// messageText is the English text of a key; a key without a text is shown as it
// is, so that nothing is silently empty.
func messageText(key string) string {
	if text, ok := messages[key]; ok {
		return text
	}
	return key
}
