package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// maxTabs bounds how far TabTo goes: no page of ours has so much to stop at.
const maxTabs = 250

// Press presses keys, one after the other, wherever the focus is.
func (t *Tab) Press(keys string) error {
	if err := t.do(chromedp.KeyEvent(keys)); err != nil {
		return fmt.Errorf("press %q on %s: %w", keys, t.where(), err)
	}
	return nil
}

// Enter presses Enter and waits until another page is there.
func (t *Tab) Enter() error {
	ctx, cancel := context.WithTimeout(t.ctx, stepTimeout)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		return fmt.Errorf("press Enter on %s: %w", t.where(), err)
	}
	return nil
}

// TabTo presses the tabulator until what the selector names has the focus, and
// makes sure that one sees it has.
func (t *Tab) TabTo(css string) error {
	for range maxTabs {
		if err := t.Press(kb.Tab); err != nil {
			return err
		}
		there, err := run(t, chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement.matches(%q)", css)))
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		seen, err := run(t, chromedp.Evaluate[bool](`(() => {
			for (let e = document.activeElement; e && e !== document.body; e = e.parentElement) {
				if (getComputedStyle(e).outlineStyle !== "none") return true;
			}
			return false;
		})()`))
		if err == nil && !seen {
			err = fmt.Errorf("%s on %s has the focus and does not show it", css, t.where())
		}
		return err
	}
	return fmt.Errorf("no key leads to %s on %s", css, t.where())
}
