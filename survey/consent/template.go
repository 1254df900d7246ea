package consent

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed texts/*.json
var texts embed.FS

// Languages are those our own texts are written in, the first being the one to
// fall back on.
func Languages() []string { return []string{"en", "de", "es"} }

// DefaultMinimumAge is how old people must be where a study says nothing else.
const DefaultMinimumAge = 18

// Blanks are what only those who run a study know. What is empty stays a blank,
// which keeps the text from being complete.
type Blanks struct {
	Team    string // who runs the study
	Contact string // how to reach them
	Ethics  string // the board that has approved, with its number
	// Rehearsal says instead that the people are simulated.
	Rehearsal bool
}

// template is a text with blanks, as its file has it.
type template struct {
	Title    string `json:"title"`
	Summary  string `json:"summary"`
	Safety   string `json:"safety"`
	Sections []struct {
		Section
		Rehearsal string `json:"rehearsal"`
	} `json:"sections"`
	Choices []Choice `json:"choices"`
	// Blanks say in the language of the text what is to be filled in.
	Blanks struct {
		Team    string `json:"team"`
		Contact string `json:"contact"`
		Ethics  string `json:"ethics"`
	} `json:"blanks"`
}

// Template is our own text in one of Languages, for a course about setbacks that
// is compared with a waiting list.
func Template(language string, b Blanks) (Text, error) {
	data, err := texts.ReadFile("texts/" + language + ".json")
	if err != nil {
		return Text{}, fmt.Errorf("consent text in %q: %w", language, err)
	}
	var from template
	if err := json.Unmarshal(data, &from); err != nil {
		return Text{}, fmt.Errorf("consent text in %q: %w", language, err)
	}
	t := Text{
		Title: from.Title, Summary: from.Summary, Safety: from.Safety, Choices: from.Choices, MinimumAge: DefaultMinimumAge,
	}
	fill := strings.NewReplacer(
		"{team}", filled(b.Team, from.Blanks.Team),
		"{contact}", filled(b.Contact, from.Blanks.Contact),
		"{ethics}", filled(b.Ethics, from.Blanks.Ethics))
	for _, s := range from.Sections {
		if b.Rehearsal && s.Rehearsal != "" {
			s.Body = s.Rehearsal
		}
		s.Body = fill.Replace(s.Body)
		t.Sections = append(t.Sections, s.Section)
	}
	return t, nil
}

// filled is what was given, or the blank in brackets, which Check finds.
func filled(given, blank string) string {
	if given = strings.TrimSpace(given); given != "" {
		return given
	}
	return "[" + blank + "]"
}
