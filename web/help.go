package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// helpView is whom a person can turn to, for the page about help and for what is
// shown after an answer.
type helpView struct {
	Country   string   // of the numbers; empty: not known
	Name      string   // of the country
	Emergency []string // numbers there; empty: not known
	Lines     []helpLine
	Countries []NavItem // to choose from
	Reads     readWords
}

// readWords say who reads answers and when.
type readWords struct {
	Shape survey.SafetyShape
	// Own are the study's own words, in OwnLang.
	Own     []string
	OwnLang string
	Hours   string // when somebody reads; empty: nobody is named
	Zone    string
	Window  int // hours
}

// Named reports whether somebody is named who reads.
func (r readWords) Named() bool { return r.Shape == survey.SafetyLinked && r.Window > 0 }

// Nobody reports whether people must be told that nobody sees an answer in time.
func (r readWords) Nobody() bool { return !r.Named() }

// readsIn are a study's words on a page in a language.
func readsIn(l *locale.Language, st survey.Study, safety survey.Safety) readWords {
	r := readWords{Shape: safety.Shape, Hours: safety.OfficeHours, Zone: safety.TimeZone, Window: safety.Window}
	for _, tag := range []string{l.Tag, st.Language} {
		if own := safety.Wording[tag]; own != "" {
			r.Own, r.OwnLang = paragraphs(own), tag
			break
		}
	}
	return r
}

func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// helpFor puts together whom people can turn to in a country: those that the
// study names, or else the few that are known of it.
func helpFor(l *locale.Language, st survey.Study, safety survey.Safety, country string) helpView {
	v := helpView{Country: country, Reads: readsIn(l, st, safety)}
	codes := safety.Countries()
	for _, h := range homelands {
		if !slices.Contains(codes, h.code) {
			codes = append(codes, h.code)
		}
	}
	if country != "" && !slices.Contains(codes, country) {
		codes = append(codes, country)
	}
	for _, code := range codes {
		v.Countries = append(v.Countries, NavItem{Label: l.Country(code), Path: code, On: code == country})
	}
	slices.SortFunc(v.Countries, func(a, b NavItem) int { return cmp.Compare(sortable(a.Label), sortable(b.Label)) })
	if country == "" {
		return v
	}
	home := homelandOf(country)
	v.Name, v.Emergency, v.Lines = l.Country(country), home.emergency, home.lines
	if own := safety.In(country); len(own) > 0 {
		v.Lines = nil
		for _, r := range own {
			line := helpLine{Name: r.Name, Phone: r.Phone, Message: r.Message, Web: r.Web, Hours: r.Hours, Language: r.Language}
			v.Lines = append(v.Lines, line)
		}
	}
	for i, line := range v.Lines {
		if line.Language != "" {
			v.Lines = slices.Clone(v.Lines)
			v.Lines[i].Language = l.Tongue(line.Language)
		}
	}
	return v
}

// sortable puts letters with marks where a reader looks for them.
func sortable(name string) string {
	return strings.NewReplacer("Ä", "A", "É", "E", "Í", "I", "Ö", "O", "Ü", "U", "Å", "A").Replace(name)
}

// countryOf is where a person of a study probably is: where the meetings are, or
// else the one country whose numbers the study names.
func countryOf(p survey.Participation, safety survey.Safety) string {
	for _, zone := range []string{p.Run.TimeZone, p.Study.TimeZone} {
		if code := countryIn(zone); code != "" {
			return code
		}
	}
	if codes := safety.Countries(); len(codes) > 0 {
		return codes[0]
	}
	return ""
}

type helpPage struct {
	Page
	helpView
	// Words leads a participant's browser to their own words. Whether there are
	// any is not looked up: the page needs no database.
	Words bool
}

// helpWait is how long the page about help waits for the database: it is shown
// without, as for whoever comes without a link.
const helpWait = 2 * time.Second

// showHelp says where to find someone to talk to. It needs no sign-in, and no
// database; a participant finds what the study says there as well.
func (s *Server) showHelp(c *gin.Context) error {
	a, safety := s.studyHelp(c)
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	p := helpPage{Words: err == nil && cookie != ""}
	country := strings.ToUpper(c.Query("country"))
	if a.Kind == survey.ActorParticipant {
		if err := s.settleLanguage(c, a); err != nil {
			s.cfg.Logger.WarnContext(c.Request.Context(), "help is shown without the study's own texts", "error", err)
		}
		if !c.Request.URL.Query().Has("country") {
			country = countryOf(a.Participation, safety)
		}
		p.Page = s.participantPage(c, a, s.say(c, "help.title"))
	} else {
		p.Page = s.page(c, s.say(c, "help.title"))
	}
	if l := s.language(c); len(country) != 2 || l.Country(country) == country {
		country = "" // no country of this world
	}
	p.helpView = helpFor(s.language(c), a.Participation.Study, safety, country)
	return s.render(c, 200, "help", p)
}

// studyHelp is the participant that a request comes from and what their study
// declares, if both can be found.
func (s *Server) studyHelp(c *gin.Context) (survey.Actor, survey.Safety) {
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	if err != nil || cookie == "" {
		return survey.Actor{}, survey.Safety{}
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), helpWait)
	defer cancel()
	a, err := s.use.SignIns.Participant(ctx, cookie)
	if err != nil {
		return survey.Actor{}, survey.Safety{}
	}
	safety, err := s.use.Safeties.For(ctx, a)
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "help is shown without what the study says", "error", err)
	}
	return a, safety
}

// participantHelp is whom a participant can turn to, with what the study says.
func (s *Server) participantHelp(c *gin.Context, a survey.Actor) (helpView, error) {
	safety, err := s.use.Safeties.For(c.Request.Context(), a)
	if err != nil {
		return helpView{}, err
	}
	return helpFor(s.language(c), a.Participation.Study, safety, countryOf(a.Participation, safety)), nil
}

type helpNowPage struct {
	Page
	Help helpView
	Next string // where to go on
}

// helpNow leads from an answer that met a rule about risk to the page that says
// who is there, and from there to where the person was going.
func helpNow(id survey.AssessmentID, next string) string {
	return assessmentPath(id) + "/help?next=" + url.QueryEscape(next)
}

// showHelpNow shows help because of an answer, and notes that it did.
func (s *Server) showHelpNow(c *gin.Context, a survey.Actor) error {
	next := localPath(c.Query("next"), "/me")
	if next != "/me" && !strings.HasPrefix(next, "/me/") {
		next = "/me"
	}
	flagged, err := s.use.Assessments.ShowHelp(c.Request.Context(), a, assessmentID(c), false)
	if err != nil {
		return err
	}
	if !flagged {
		return redirect(c, next)
	}
	p := helpNowPage{Page: s.participantPage(c, a, s.say(c, "help.now")), Next: next}
	if p.Help, err = s.participantHelp(c, a); err != nil {
		return err
	}
	return s.render(c, 200, "helpnow", p)
}

// helpAtOnce is the same as a part of the page on which the answer was given; the
// script puts it there.
func (s *Server) helpAtOnce(c *gin.Context, a survey.Actor, id survey.AssessmentID) (string, error) {
	if _, err := s.use.Assessments.ShowHelp(c.Request.Context(), a, id, false); err != nil {
		return "", err
	}
	help, err := s.participantHelp(c, a)
	if err != nil {
		return "", err
	}
	return s.renderPart(s.language(c), "helpnow", "help-now", help)
}

// helpAgain is help at the end of a questionnaire in which an answer met a rule;
// nil when none did.
func (s *Server) helpAgain(c *gin.Context, a survey.Actor, id survey.AssessmentID) (*helpView, error) {
	flagged, err := s.use.Assessments.ShowHelp(c.Request.Context(), a, id, true)
	if err != nil || !flagged {
		return nil, err
	}
	help, err := s.participantHelp(c, a)
	return &help, err
}

// renderPart renders one part of a page.
func (s *Server) renderPart(l *locale.Language, page, part string, data any) (string, error) {
	var b strings.Builder
	t, ok := s.pages.byName[pageName{l.Tag, page}]
	if !ok {
		return "", fmt.Errorf("no template %q in %s", page, l.Tag)
	}
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return "", fmt.Errorf("render %s: %w", part, err)
	}
	return b.String(), nil
}

// Talk is the view without the emergency numbers, where those are told already.
func (v helpView) Talk() helpView {
	v.Emergency = nil
	return v
}
