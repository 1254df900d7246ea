package main

import (
	"os"
	"path/filepath"
	"testing"

	"tidemark/internal/browser"
)

func TestThePagesOfCalendarsAreAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	do(t, browser.TourCalendars(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		if dir := os.Getenv("PICS"); dir != "" {
			for _, width := range []int{browser.Desk, browser.Phone} {
				if err := s.Resize(width); err != nil {
					return err
				}
				png, err := s.Picture()
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(dir, s.Name+map[int]string{browser.Desk: "-d", browser.Phone: "-p"}[width]+".png"), png, 0o600); err != nil {
					return err
				}
			}
		}
		return isAccessible(t, s)
	}))
	if pages != 4 {
		t.Errorf("walked through %d pages", pages)
	}
}
