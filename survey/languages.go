package survey

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// StudyText is something a study says in one language.
type StudyText struct {
	StudyID  StudyID
	Language string // BCP 47
	Key      string // TextTitle, TextWelcome or WaveText
	Body     string
}

// The keys of a study's texts; [WaveText] makes those of its waves.
const (
	TextTitle   = "title"
	TextWelcome = "welcome" // a few sentences for whoever opens a personal link
)

// WaveText is the key of a wave's name.
func WaveText(wave string) string { return "wave." + wave }

// The longest texts, in bytes.
const (
	maxTitle   = 200
	maxWelcome = 2000
)

// StudyTexts are the texts of a study, of all languages.
type StudyTexts []StudyText

// In is a text in a language; empty when it is not there.
func (t StudyTexts) In(language, key string) string {
	for _, x := range t {
		if x.Language == language && x.Key == key {
			return x.Body
		}
	}
	return ""
}

// Languages are the use cases of saying things in a person's language.
type Languages struct{ env Env }

var languageTag = regexp.MustCompile(`^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$`)

func isLanguage(tag string) bool { return len(tag) <= 35 && languageTag.MatchString(tag) }

// Choose notes the language in which the person wants to read. It is theirs to
// change at any time, after leaving too.
func (u *Languages) Choose(ctx context.Context, a Actor, language string) error {
	p := a.Participation
	switch {
	case a.Kind != ActorParticipant:
		return ErrForbidden
	case !isLanguage(language):
		return FieldErrors{"language": "language.unknown"}
	case language == p.Enrolment.Language:
		return nil
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		return tx.SetLanguage(ctx, p.Study.ID, p.Enrolment.ID, language)
	})
	if err != nil {
		return fmt.Errorf("choose a language: %w", err)
	}
	return nil
}

// Texts are what a study says in the languages it has, for its own people and
// for whoever has to do with it.
func (u *Languages) Texts(ctx context.Context, a Actor, study StudyID) (StudyTexts, error) {
	own := a.Kind == ActorParticipant && a.Participation.Study.ID == study
	if !own && !a.MayKnowStudy(study) {
		return nil, ErrNotFound
	}
	texts, err := u.env.Store.StudyTexts(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("texts of study %s: %w", study, err)
	}
	return texts, nil
}

// Write puts texts of a study in one language, by key; an empty one is taken
// back. The title and the names of waves in the study's own language are part of
// its protocol and stay. Researchers of the study may, and administrators.
// Faults are FieldErrors by key.
func (u *Languages) Write(ctx context.Context, a Actor, study Study, language string, bodies map[string]string) error {
	if !a.MayAnalyse(study.ID) && !a.IsAdministrator() {
		return ErrForbidden
	}
	design, err := u.env.Store.Design(ctx, study.ID)
	if err != nil {
		return fmt.Errorf("write texts: %w", err)
	}
	texts, faults := checkStudyTexts(design, language, bodies)
	if err := faults.OrNil(); err != nil {
		return err
	}
	event := u.env.event(a, study.ID, u.env.now(), ActionTextsWritten, "study", string(study.ID))
	event.Detail = language
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutStudyTexts(ctx, texts); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("write texts of study %s: %w", study.ID, err)
	}
	return nil
}

// TextKeys are the keys of what a study can say in a language: in its own only
// the welcome, which no protocol has.
func (d StudyDesign) TextKeys(language string) []string {
	if language == d.Study.Language {
		return []string{TextWelcome}
	}
	keys := []string{TextTitle, TextWelcome}
	for _, w := range d.Waves {
		keys = append(keys, WaveText(w.Key))
	}
	return keys
}

func checkStudyTexts(d StudyDesign, language string, bodies map[string]string) ([]StudyText, FieldErrors) {
	faults := FieldErrors{}
	if !isLanguage(language) {
		faults["language"] = "language.unknown"
	}
	keys := d.TextKeys(language)
	var texts []StudyText
	for key, body := range bodies {
		most := maxTitle
		if key == TextWelcome {
			most = maxWelcome
		}
		body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
		if !slices.Contains(keys, key) {
			faults[key] = "language.unknown_text"
		}
		checkText(faults, key, body, most)
		texts = append(texts, StudyText{StudyID: d.Study.ID, Language: language, Key: key, Body: body})
	}
	slices.SortFunc(texts, func(a, b StudyText) int { return strings.Compare(a.Key, b.Key) })
	return texts, faults
}
