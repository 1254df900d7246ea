package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"tidemark/internal/browser"
	"tidemark/internal/kinds"
	"tidemark/internal/stage"
)

var servedAt = regexp.MustCompile(`base_url=(\S+)`)

// everyKind serves an installation in which a questionnaire with a question of
// every kind comes first, and gives a person's link.
func everyKind(t *testing.T) (link string) {
	t.Helper()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.Set(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := kinds.Definition()
	if err != nil {
		t.Fatal(err)
	}
	do(t, kinds.AddTo(t.Context(), s.Store, s.Design.Study.ID, d))
	people, err := s.Add(t.Context(), 1)
	do(t, err, s.Store.Close())
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0")
	t.Cleanup(func() { server.stop(t) })
	base := servedAt.FindStringSubmatch(server.await(t, server.err.String, "base_url="))
	return base[1] + "/p/" + people[0].Token
}

func TestEveryKindOfQuestionIsAccessible(t *testing.T) {
	t.Parallel()
	b, link := chrome(t), everyKind(t)
	do(t, browser.TourKinds(b, link, browser.Phone, func(s browser.Stop) error {
		if dir := os.Getenv("PICS"); dir != "" {
			for _, width := range []int{browser.Phone, browser.Desk} {
				do(t, s.Resize(width))
				png, err := s.Picture()
				do(t, err, os.WriteFile(filepath.Join(dir, s.Name+"-"+map[int]string{390: "phone", 1280: "desk"}[width]+".png"), png, 0o644))
			}
			do(t, s.Resize(browser.Phone))
		}
		return isAccessible(t, s)
	}))
}
