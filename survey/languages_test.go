package survey_test

import (
	"strings"
	"testing"

	"tidemark/survey"
)

func TestAPersonChoosesTheirLanguageAndKeepsIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		person := s.enrol(t, "course", 1)[0]
		chosen := func() string {
			t.Helper()
			p, err := s.store.Participation(t.Context(), s.study.ID, person.Participation.Enrolment.ID)
			noError(t, err)
			return p.Enrolment.Language
		}
		same(t, chosen(), "")
		for range 2 {
			noError(t, s.cases.Languages.Choose(t.Context(), person, "es"))
		}
		same(t, chosen(), "es")
		for _, bad := range []string{"", "e", "es ", "es_MX", "<de>", strings.Repeat("abcdefgh-", 4)} {
			wantFault(t, s.cases.Languages.Choose(t.Context(), person, bad), "language", "language.unknown")
		}
		same(t, chosen(), "es")
	})
}

func TestAStudySaysWhatItHasWordsFor(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		write := func(language string, bodies map[string]string) error {
			return s.cases.Languages.Write(t.Context(), s.researcher, s.study, language, bodies)
		}
		noError(t, write("de", map[string]string{survey.TextTitle: " Lernen ", survey.TextWelcome: "Hallo.\r\n\r\nSchön!", "wave.pre": "Vor dem Kurs"}))
		noError(t, write("en", map[string]string{survey.TextWelcome: "Hello."}))
		noError(t, write("de", map[string]string{"wave.pre": ""}))
		texts, err := s.cases.Languages.Texts(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, []string{
			texts.In("de", survey.TextTitle), texts.In("de", survey.TextWelcome), texts.In("de", "wave.pre"),
			texts.In("en", survey.TextWelcome), texts.In("fr", survey.TextTitle),
		}, []string{"Lernen", "Hallo.\n\nSchön!", "", "Hello.", ""})
		for key, fault := range map[string]string{"wave.nothing": "language.unknown_text", "other": "language.unknown_text"} {
			wantFault(t, write("de", map[string]string{key: "x"}), key, fault)
		}
		// The study's own title is part of its protocol.
		wantFault(t, write("en", map[string]string{survey.TextTitle: "x"}), survey.TextTitle, "language.unknown_text")
		wantFault(t, write("d", map[string]string{survey.TextTitle: "x"}), "language", "language.unknown")
		wantFault(t, write("de", map[string]string{survey.TextTitle: strings.Repeat("x", 201)}), survey.TextTitle, "text.too_long")
		wantFault(t, write("de", map[string]string{survey.TextWelcome: "a\x00b"}), survey.TextWelcome, "text.unreadable")
		after, err := s.cases.Languages.Texts(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, after, texts)
	})
}
