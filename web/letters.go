package web

import (
	"fmt"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
)

// Letter writes a message out: how it is with what the letter is about now, and
// where to go. It implements survey.Letters.
func (s *Server) Letter(d survey.Dispatch) (survey.Letter, error) {
	if d.Wave != nil {
		return s.waveLetter(d)
	}
	switch d.Message.Kind {
	case survey.MessageAlert:
		return s.alertLetter(d), nil
	case survey.MessageAccessCode:
		return s.codeLetter(d), nil
	case survey.MessageLostLink:
		return s.linkLetter(d), nil
	case survey.MessageReset, survey.MessageNotice:
		return s.staffLetter(d), nil
	case survey.MessageHeads:
		return headsLetter(d)
	default:
		return survey.Letter{}, fmt.Errorf("no letter is written for a message of kind %q", d.Message.Kind)
	}
}

// alertLetter says that something waits and by when. What was answered, and by
// whom, is on the page behind the sign-in alone.
func (s *Server) alertLetter(d survey.Dispatch) survey.Letter {
	subject := "Please look: something waits for you in “" + d.Study.Title + "”"
	why := "You are named in this study as one of the people who look after answers that may need somebody’s attention. One such answer has come in."
	switch d.Alert.Level {
	case survey.AlertNew:
		if d.Again {
			subject = "Still waiting for you: “" + d.Study.Title + "”"
			why = "You were told of an answer that may need somebody’s attention, and nobody has taken it on yet. If nobody does by " +
				d.Alert.NextAt.In(zoneOf(d.Study.TimeZone)).Format("Monday 2 January, 15:04 MST") + ", the deputy is told."
		}
	case survey.AlertHalfway:
		subject = "Nobody has looked yet: “" + d.Study.Title + "”"
		why = "An answer that may need somebody’s attention has come in, and nobody has taken it on yet. Half of the time that the study promises has passed."
	case survey.AlertOverdue:
		subject = "The promised time has passed: “" + d.Study.Title + "”"
		why = "An answer that may need somebody’s attention has come in, and nobody has taken it on. The time that the study promises has passed."
	}
	due := d.Alert.DueAt.In(zoneOf(d.Study.TimeZone)).Format("Monday 2 January, 15:04 MST")
	greeting := "Hello,"
	if d.Name != "" {
		greeting = "Hello " + d.Name + ","
	}
	body := []string{
		greeting, why,
		"Please sign in, see who it is about and note what you do:\n" + s.link("/studies/"+d.Study.Key+"/alerts"),
		"The study promises to look by " + due + ".",
		"For the person’s sake this message says nothing more. Please do not forward it.",
	}
	return survey.Letter{Subject: subject, Body: strings.Join(body, "\n\n") + "\n", Language: "en"}
}

// codeLetter brings the code that a person has asked for. It does not name them: the
// address may be somebody else's by now.
func (s *Server) codeLetter(d survey.Dispatch) survey.Letter {
	l := s.texts.In(d.Language)
	code := d.Code[:4] + " " + d.Code[4:]
	return survey.Letter{
		Subject:  l.Say("mydata.letter_subject"),
		Body:     l.Say("mydata.letter_body", "Code", code, "Study", d.Study.Title) + "\n\n" + l.Say("mydata.letter_not_you") + "\n",
		Language: l.Tag,
	}
}

// linkLetter brings the personal link that a person has lost.
func (s *Server) linkLetter(d survey.Dispatch) survey.Letter {
	l := s.texts.In(d.Language)
	return survey.Letter{
		Subject: l.Say("lost.letter_subject"),
		Body: strings.Join([]string{
			l.Say("lost.letter_body", "Study", d.Study.Title), s.link("/p/" + d.Link), l.Say("lost.letter_keep"), l.Say("lost.letter_not_you"),
		}, "\n\n") + "\n",
		Language: l.Tag,
	}
}

// headsLetter brings signed heads of the audit trail to whoever keeps them. The lines are
// those of the file, so that the letter, saved as it came, can be given to the check.
func headsLetter(d survey.Dispatch) (survey.Letter, error) {
	var lines strings.Builder
	if err := export.WriteHeads(&lines, d.Heads); err != nil {
		return survey.Letter{}, err
	}
	body := []string{
		"Please keep this letter. It says where the audit trail of this installation ended, and is signed. Should somebody cut off the trail or write it anew, " +
			"it shows by comparing with letters like this one, because nobody at the installation can change yours.",
		strings.TrimSpace(lines.String()),
		"To compare, save the letter and run:\n  tidemark audit verify --heads LETTER\nWithout access to the installation, with a trail that was exported and the public key:\n  tidemark audit verify --file TRAIL --heads LETTER --key KEY",
		"The letter names studies by their identifiers and tells nothing of anybody.",
	}
	return survey.Letter{Subject: "Audit trail: signed heads up to " + d.Heads[len(d.Heads)-1].Day, Body: strings.Join(body, "\n\n") + "\n", Language: "en"}, nil
}

// zoneOf is a time zone by name; UTC when this system does not know it.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
