package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tidemark/survey"
)

// explain says a failure in words that help at the command line.
func explain(err error) string {
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return explainFaults(faults)
	}
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case strings.Contains(text, "file is not a database"):
		return text + "\nThe file is something else; it was left as it is. Name another with --database."
	case strings.Contains(text, "database is locked"):
		return text + "\nAnother program holds the database. Wait for it, or stop it."
	case strings.Contains(text, "connection refused"), strings.Contains(text, "no such host"):
		return text + "\nIs the database server running, and is its address right?"
	}
	return text
}

// explainFaults lists faults in given values.
func explainFaults(faults survey.FieldErrors) string {
	words := map[string]string{
		"user.bad_email":         "that is not an e-mail address",
		"user.bad_role":          "a researcher or facilitator needs --study; an administrator has none",
		"user.password_short":    "the password needs at least 15 characters; several words are easiest",
		"user.password_long":     "the password is too long, or not text",
		"text.too_long":          "too long",
		"study.unknown_template": "there is no such template; see tidemark admin study create --help",
		"study.bad_key":          "a key has only a-z, 0-9 and -, at most 60",
		"study.trend_too_small":  "at least 5",
		"time_zone.unknown":      "there is no such time zone; write it as Europe/London",
	}
	fields := make([]string, 0, len(faults))
	for field, key := range faults {
		text, ok := words[key]
		if !ok {
			text = key
		}
		fields = append(fields, strings.ReplaceAll(field, "_", " ")+": "+text)
	}
	slices.Sort(fields)
	return strings.Join(fields, "\n")
}
