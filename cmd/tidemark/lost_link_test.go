package main

import (
	"strings"
	"testing"

	"tidemark/internal/browser"
)

// TestALostLinkIsAskedForByKeyboardAlone goes through the page in all its states, as
// it is where mail is on.
func TestALostLinkIsAskedForByKeyboardAlone(t *testing.T) {
	t.Parallel()
	_, ways := watchedStudy(t, "--mail-dir", t.TempDir(), "--mail-from", "study@example.org")
	base, _, _ := strings.Cut(ways.Participant, "/p/")
	tab := open(t, chrome(t), browser.Phone)
	do(t, tab.Visit(base+"/"), tab.TabTo("a[href='/link/lost']"), tab.Enter())
	wellMade(t, tab)
	do(t, tab.Type("#email", "nobody@example.org"), tab.TabTo("main form button"), tab.Enter())
	if said, err := tab.Text("main [role=status]"); err != nil || !strings.HasPrefix(said, "If this address is known") {
		t.Errorf("the page says %q (%v)", said, err)
	}
	wellMade(t, tab)
	do(t, tab.Visit(base+"/link/lost"))
	_, err := browser.Evaluate[bool](tab, "document.querySelector('main form').noValidate = true")
	do(t, err)
	do(t, tab.Type("#email", "nobody"), tab.TabTo("main form button"), tab.Enter())
	if said, err := tab.Text("main [role=alert]"); err != nil || !strings.Contains(said, "does not look like") {
		t.Errorf("of a wrong address the page says %q (%v)", said, err)
	}
	wellMade(t, tab)
}
