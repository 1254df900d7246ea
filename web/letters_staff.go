package web

import (
	"strings"

	"tidemark/survey"
)

// staffLetter tells somebody of their account: in plain text, with addresses from the
// configured one alone.
func (s *Server) staffLetter(d survey.Dispatch) survey.Letter {
	greeting := "Hello,"
	if d.Name != "" {
		greeting = "Hello " + d.Name + ","
	}
	subject, body := "Your account at "+s.base.Host, s.noticeWords(*d.Staff)
	if d.Message.Kind == survey.MessageReset {
		subject, body = "A new password for "+s.base.Host, s.resetWords(d)
	}
	return survey.Letter{
		Subject: subject, Body: strings.Join(append([]string{greeting}, body...), "\n\n") + "\n", Language: "en",
	}
}

func (s *Server) resetWords(d survey.Dispatch) []string {
	if d.Staff.Elsewhere {
		return []string{
			"Somebody asked for a new password for your account at " + s.base.Host + ". The account has no password: you sign in by your organisation.\n" + s.link("/sign-in"),
			"If it was not you, there is nothing to do.",
		}
	}
	return []string{
		"Somebody asked for a new password for your account at " + s.base.Host + ". With this link you sign in once and set it; a second factor is asked for as ever.",
		s.link("/sign-in/link/" + d.Link),
		"It works once, until " + d.Staff.Until.UTC().Format("15:04") + " UTC. If it was not you, there is nothing to do: your password stays as it is.",
	}
}

// noticeWords say what was done, and what to do when it was somebody else.
func (s *Server) noticeWords(n survey.StaffDispatch) []string {
	what := map[survey.Notice]string{
		survey.NoticePassword:   "Your password was changed, and every other browser is signed out.",
		survey.NoticeFactor:     "An administrator has reset your second factor. Your password alone opens the account until you set up another.",
		survey.NoticeLink:       "An administrator has made a link by which you sign in without a password. They hand it over to you.",
		survey.NoticePasskey:    "A passkey was added to your account. Whoever has it can sign in as you.",
		survey.NoticeNewBrowser: "Somebody signed in to your account on a browser that had not been used for it before.",
		survey.NoticeProvider:   "Your account was signed in to by your organisation for the first time, and is linked to you there from now on.",
	}[n.Notice]
	when := "It was on " + n.At.UTC().Format("2 January 2006, 15:04") + " UTC"
	if n.Browser != "" {
		when += ", in " + n.Browser
	}
	return []string{
		what, when + ".",
		"Was it you, or did you know of it? Then there is nothing to do. Otherwise sign in, sign all other browsers out, change your password, and tell an administrator:\n" + s.link("/account"),
	}
}
