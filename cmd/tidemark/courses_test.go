package main

import (
	"testing"

	"tidemark/internal/browser"
)

func TestThePagesOfCoursesAreAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	err := browser.TourCourses(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		return isAccessible(t, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 12 {
		t.Errorf("walked through %d pages only", pages)
	}
}
