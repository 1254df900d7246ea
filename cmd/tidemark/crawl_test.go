//go:build soak

package main

import (
	"testing"

	"tidemark/internal/browser"
)

// TestEveryPageThatLinksLeadToIsAccessible goes wherever a link goes, so that no page
// is left out because nobody thought of it. It takes minutes and finds what a tour
// lacks; what it found is in the tours.
func TestEveryPageThatLinksLeadToIsAccessible(t *testing.T) {
	t.Parallel()
	places, err := browser.PlacesOf("../../web")
	do(t, err)
	b, ways := chrome(t), freshDemo(t, "--people", "20")
	found, err := browser.Crawl(b, ways, places, browser.Desk, func(s browser.Stop) error {
		return isAccessibleAt(t, s, browser.Desk, 320)
	})
	do(t, err)
	if len(found) < 60 {
		t.Errorf("links lead to %d places only", len(found))
	}
}
