package web

import (
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// kindWords are the kinds of messages, for staff.
func kindWords(k reminding.Kind) string {
	switch k {
	case reminding.Invitation:
		return "Invitation"
	case reminding.Reminder:
		return "Reminder"
	case reminding.Nudge:
		return "Reminder by hand"
	case reminding.Thanks:
		return "Thanks"
	case reminding.Meeting:
		return "Before the first meeting"
	}
	return string(k)
}

// momentText is an instant as staff read it, in a zone.
func momentText(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(dayLayout + ", 15:04")
}

// lastDayText is the last day before an instant at which something closes.
func lastDayText(closes time.Time, zone *time.Location) string {
	return closes.Add(-time.Nanosecond).In(zone).Format(dayLayout)
}

// whyWords say in one sentence what has become of a message, and why. now is to be
// in the study's time; moments are in the person's.
func whyWords(l survey.WhyLine, zone *time.Location) string {
	d := l.Decision
	at := ""
	if !d.At.IsZero() {
		at = momentText(d.At, zone)
	}
	if m := l.Message; m != nil && m.Outcome == survey.OutcomeFailed {
		if m.Reason == survey.ReasonBounced {
			return "Not sent: the mail server refused the address for good on " + at + "."
		}
		if words, ok := returnedWords(m.Reason, at); ok {
			return words
		}
		return "Not sent: tried for a week, then given up on " + at + "; " + m.LastError + "."
	}
	if l.Slot.Kind == reminding.Meeting && d.Reason == reminding.Closed {
		return "Not sent: the meeting has begun."
	}
	switch d.Reason {
	case reminding.Due:
		return "Due now: it goes within a minute, if the installation sends mail."
	case reminding.AlreadySent:
		return "Sent on " + at + "."
	case reminding.Queued:
		words := "In the outbox: it is sent on " + at + ", if it is still wanted then."
		if l.Message != nil && l.Message.LastError != "" {
			words = "In the outbox: the last try failed, because " + l.Message.LastError + "; the next is on " + at + "."
		}
		return words
	case reminding.NotYet:
		return "Not yet: its day comes on " + at + "."
	case reminding.QuietHours:
		return "Not yet: it is night where the person is; it goes on " + at + "."
	case reminding.TooSoon:
		return "Not yet: the last message about this was less than 20 hours ago; it goes on " + at + "."
	default: // the others
	}
	return otherWhyWords(d.Reason, survey.MessageReason(d.Reason), at)
}

// returnedWords tell of a letter that came back.
func returnedWords(r survey.MessageReason, at string) (string, bool) {
	switch r {
	case survey.ReasonReturned:
		return "Not delivered: sent on " + at + ", but it came back, as from a mailbox that is full.", true
	case survey.ReasonReturnedGone:
		return "Not delivered: sent on " + at + ", but it came back, because the address takes no letters.", true
	default:
		return "", false
	}
}

func otherWhyWords(r reminding.Reason, more survey.MessageReason, at string) string {
	switch r {
	case reminding.Uninvited:
		return "Not yet: the invitation comes first."
	case reminding.Unanswered:
		return "Not yet: there are no answers to thank for."
	case reminding.Off:
		return "Not sent: the study sends no messages, or is not open."
	case reminding.Paused:
		return "Not sent: the person has paused messages."
	case reminding.Declined:
		return "Not sent: the person has said that they do not take part."
	case reminding.NoAddress:
		return "Not sent: no address is known."
	case reminding.Bounced:
		return "Not sent: the address takes no letters and must be corrected."
	case reminding.NoLink:
		return "Not sent: the personal link works no more."
	case reminding.NotTheirs:
		return "Not sent: this is not for the person’s group."
	case reminding.Left:
		return "Not sent: the person has left the study."
	case reminding.Unwanted:
		return "Not sent: the study does not send messages of this kind."
	case reminding.Done:
		return strings.TrimSuffix("Not sent: everything was answered on "+at, " on ") + "."
	case reminding.Closed:
		return "Not sent: the time to answer ended on " + at + "."
	case reminding.TooLate:
		return "Not sent: it would come after the time to answer ends, on " + at + "."
	case reminding.Overtaken:
		return "Not sent: a later message took its place."
	case reminding.CapReached:
		return "Not sent: the person has had as many reminders for this as the study allows."
	default: // told above, or below
	}
	switch more {
	case survey.ReasonSimulated:
		return "Not sent: the person is simulated."
	case survey.ReasonMoved:
		return "Not sent: the person went on in another course run. What they have not answered is decided on anew there."
	case survey.ReasonErased:
		return "Not sent: the person’s data were erased."
	default:
		return "Not sent."
	}
}

// addressWords say how a person can be reached.
func addressWords(a survey.AddressState) string {
	switch a {
	case survey.AddressEmail:
		return "by e-mail"
	case survey.AddressPhone:
		return "a phone number is stored"
	case survey.AddressBounced:
		return "the e-mail address takes no letters"
	case survey.AddressNone:
		return "not at all: no address is stored"
	}
	return string(a)
}
