package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tidemark/survey"
)

type studySafetyCmd struct {
	Config
	Key         string `arg:"" help:"Key of the study."`
	Linked      bool   `xor:"shape" required:"" help:"Answers belong to people who can be reached, and named people read those that may tell of danger."`
	Anonymous   bool   `xor:"shape" required:"" help:"Nobody sees an answer in time and nobody can be sent; people are told so."`
	Responder   string `placeholder:"EMAIL" help:"Account of whoever reads such answers first (linked)."`
	Deputy      string `placeholder:"EMAIL" help:"Account of whoever is told when the responder does not act (linked)."`
	OfficeHours string `placeholder:"TEXT" help:"When somebody reads, in words (linked)."`
	Window      int    `placeholder:"HOURS" help:"Within how many hours they are read (linked)."`
	Wording     string `placeholder:"TEXT" help:"What people are told about who reads their answers and when, in the study's language."`
}

// Help is shown under the command's flags.
func (studySafetyCmd) Help() string {
	return `Every study says before it opens whether somebody could look after a person
because of an answer. One whose questionnaires ask about risk says more: what is
still missing is told. Whom people can turn to in each country is entered on the
study's page "Safety". What is not given here stays as it was.

Examples:
  tidemark admin study safety learning-from-setbacks --anonymous
  tidemark admin study safety learning-from-setbacks --linked --responder ada@example.org \\
      --deputy ben@example.org --office-hours "Monday to Friday, 9 to 17" --window 12`
}

// Run declares, and tells what is still missing.
func (c studySafetyCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		s, err := in.study(ctx, c.Key)
		if err != nil {
			return err
		}
		book, err := in.cases.Safeties.Book(ctx, operator(), s.ID)
		if err != nil {
			return err
		}
		safety, err := c.fill(ctx, in, book)
		if err != nil {
			return err
		}
		if _, err = in.cases.Safeties.Declare(ctx, operator(), safety); err != nil {
			if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
				return undeclared(s.Key, faults)
			}
			return err
		}
		if book, err = in.cases.Safeties.Book(ctx, operator(), s.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "study %s is declared %s\n", s.Key, safety.Shape)
		if err == nil && len(book.Missing) > 0 {
			_, err = fmt.Fprintf(p.stdout, "before it can open:\n%s", missingWords(book.Missing))
		}
		return err
	})
}

func (c studySafetyCmd) fill(ctx context.Context, in *installation, book survey.SafetyBook) (survey.Safety, error) {
	safety := book.Safety
	safety.Shape = survey.SafetyAnonymous
	if c.Linked {
		safety.Shape = survey.SafetyLinked
	}
	for _, named := range []struct {
		email string
		id    *survey.UserID
	}{{c.Responder, &safety.Responder}, {c.Deputy, &safety.Deputy}} {
		if named.email == "" {
			continue
		}
		u, err := in.cases.Users.ByEmail(ctx, operator(), named.email)
		if err != nil {
			return safety, fmt.Errorf("there is no account %s; see: tidemark admin list", named.email)
		}
		*named.id = u.ID
	}
	if c.OfficeHours != "" {
		safety.OfficeHours = c.OfficeHours
	}
	if c.Window != 0 {
		safety.Window = c.Window
	}
	if c.Wording != "" {
		safety.Wording[book.Study.Language] = c.Wording
	}
	return safety, nil
}

// undeclared says what a study lacks, in words that can be acted on.
func undeclared(key string, faults survey.FieldErrors) error {
	return fmt.Errorf("study %s has not declared everything about the safety of its people:\n%s"+
		"Declare it with: tidemark admin study safety %s --linked (or --anonymous), or on the study's page \"Safety\"",
		key, missingWords(faults), key)
}

func missingWords(faults survey.FieldErrors) string {
	words := map[string]string{
		"shape": "say whether it is linked or anonymous", "responder": "name a responder: an open account with a role in the study",
		"deputy":       "name a deputy: another open account with a role in the study",
		"office_hours": "say when somebody reads", "window": "say within how many hours, 1 to 168",
		"time_zone": "name the time zone", "resources": "name whom people can turn to, for at least one country (on the page)",
	}
	var b strings.Builder
	for _, field := range slices.Sorted(maps.Keys(faults)) {
		text, known := words[field]
		switch {
		case !known && strings.HasPrefix(field, "wording_"):
			text = "tell people who reads their answers and when (" + strings.TrimPrefix(field, "wording_") + ")"
		case !known:
			text = field + ": " + faults[field]
		}
		fmt.Fprintf(&b, "  - %s\n", text)
	}
	return b.String()
}
