package web

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"tidemark/survey"
	"tidemark/survey/reminding"
	"tidemark/web/locale"
)

// waveLetter writes a message about a wave, or before the first meeting: the study's
// own words or ours, as plain text and as a page, with a way to stop letters.
func (s *Server) waveLetter(d survey.Dispatch) (survey.Letter, error) {
	l := s.texts.In(d.Language)
	w := newWrittenWave(s, l, d)
	if d.Phone != "" || d.Push != "" {
		return survey.Letter{Subject: w.Subject, Body: w.short(l, d), Language: l.Tag}, nil
	}
	html, err := s.letterPage(l, w)
	if err != nil {
		return survey.Letter{}, err
	}
	return survey.Letter{Subject: w.Subject, Body: w.Plain(), HTML: html, Unsubscribe: w.Pause, Language: l.Tag}, nil
}

// ourText are our own words for a kind of message, with places to be filled in.
func ourText(l *locale.Language, kind reminding.Kind) reminding.Text {
	say := func(part string) string {
		return l.Say("letter."+string(kind)+"_"+part, "Name", "{name}", "Course", "{course}", "Wave", "{wave}", "Until", "{until}",
			"Minutes", "{minutes}", "Place", "{place}", "Link", "{link}")
	}
	return reminding.Text{Subject: say("subject"), Body: say("body")}
}

// writtenWave is a message in words.
type writtenWave struct {
	Lang, Subject, Title  string
	Paragraphs            []letterParagraph
	Link, Help, Pause     string // addresses
	Open, Why, Talk, Stop string // what they are called
	until                 string
	wave                  string
}

// letterParagraph is a paragraph, or the link alone on a line.
type letterParagraph struct {
	Button bool
	Lines  []string
}

func newWrittenWave(s *Server, l *locale.Language, d survey.Dispatch) writtenWave {
	x := d.Wave
	w := writtenWave{
		Lang: l.Tag, Link: s.link("/p/" + d.Link), Help: s.link("/help"), Pause: s.link(unsubscribePath + x.Unsubscribe),
		Open: l.Say("letter.open"), Why: l.Say("letter.why", "Study", d.Study.Title), Talk: l.Say("letter.help"), Stop: l.Say("letter.pause"),
		until: l.Day(x.Until), wave: x.Wave,
	}
	if x.Kind == reminding.Meeting {
		w.until = l.Say("letter.time", "Day", l.Day(dateIn(x.At)), "Time", x.At.Format("15:04"))
	}
	place := x.Run.Location
	if place == "" {
		place = l.Say("letter.no_place")
	}
	values := map[string]string{
		"name": d.Name, "course": x.Course, "wave": x.Wave, "until": w.until, "minutes": l.Minutes(float64(x.Minutes)),
		"place": place, "link": w.Link,
	}
	text := ourText(l, x.Kind)
	if x.Text != nil {
		text = *x.Text
	}
	w.Subject = strings.Join(strings.Fields(reminding.Fill(text.Subject, values)), " ")
	w.Title = d.Study.Title
	for part := range strings.SplitSeq(text.Body, "\n\n") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		w.Paragraphs = append(w.Paragraphs, letterParagraph{
			Button: part == "{link}", Lines: strings.Split(reminding.Fill(part, values), "\n"),
		})
	}
	return w
}

// Plain is the message as plain text.
func (w writtenWave) Plain() string {
	var parts []string
	for _, p := range w.Paragraphs {
		parts = append(parts, strings.Join(p.Lines, "\n"))
	}
	parts = append(parts, "-- \n"+strings.Join([]string{w.Why, w.Talk + " " + w.Help, w.Stop + ": " + w.Pause}, "\n"))
	return strings.Join(parts, "\n\n") + "\n"
}

// short is the message as one that a phone shows.
func (w writtenWave) short(l *locale.Language, d survey.Dispatch) string {
	if d.Wave.Kind == reminding.Meeting {
		return l.Say("letter.short_meeting", "Study", d.Study.Title, "Until", w.until, "Link", w.Link)
	}
	return l.Say("letter.short", "Study", d.Study.Title, "Wave", w.wave, "Until", w.until, "Link", w.Link)
}

// Line is a line of a page, in which the personal link can be followed.
func (w writtenWave) Line(text string) template.HTML {
	escaped, link := template.HTMLEscapeString(text), template.HTMLEscapeString(w.Link)
	return template.HTML(strings.ReplaceAll(escaped, link, `<a href="`+link+`">`+link+`</a>`)) //nolint:gosec // escaped above
}

// letterPage is the message as a page of its own.
func (s *Server) letterPage(l *locale.Language, w writtenWave) (string, error) {
	t, ok := s.pages.byName[pageName{l.Tag, "files/letter"}]
	if !ok {
		return "", fmt.Errorf("no template of a letter in %s", l.Tag)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, w); err != nil {
		return "", fmt.Errorf("write a letter: %w", err)
	}
	return b.String(), nil
}
