package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"
)

// stepTimeout bounds one step. A page takes a moment, and a machine that runs every
// other test at the same time can take many. Only what will never come is waited for
// so long.
const stepTimeout = 3 * time.Minute

// Browser is a running Chromium.
type Browser struct{ ctx context.Context }

// Start runs the Chromium at path (see package chromium) until stop is called.
func Start(ctx context.Context, path string) (b *Browser, stop func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // root in a container has no other way
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-GB"),
	)
	allocated, free := chromedp.NewExecAllocator(ctx, options...)
	opened, cancel := chromedp.NewContext(allocated)
	stop = func() { cancel(); free() }
	if err := chromedp.Do(opened); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start the browser: %w", err)
	}
	return &Browser{opened}, stop, nil
}

// Tab is one window with cookies of its own: one person's device.
type Tab struct {
	ctx   context.Context
	Width int // CSS pixels

	mu       sync.Mutex
	messages []string // errors and warnings of the page's console
}

// Widths at which pages are looked at: a phone and a desk.
const (
	Phone = 390
	Desk  = 1280
)

// Open opens a window of the given width. The returned function closes it.
func (b *Browser) Open(width int) (*Tab, func(), error) {
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t := &Tab{ctx: ctx, Width: width}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("open a window: %w", err)
	}
	console := chromedp.Console(ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			t.note(m)
		}
	}()
	if err := t.Resize(width); err != nil {
		cancel()
		return nil, nil, err
	}
	return t, cancel, nil
}

// Resize makes the window another width.
func (t *Tab) Resize(width int) error {
	if err := t.do(chromedp.EmulateViewport(int64(width), 844)); err != nil {
		return fmt.Errorf("resize the window: %w", err)
	}
	t.Width = width
	return nil
}

func (t *Tab) note(m chromedp.ConsoleMessage) {
	if !m.IsException() && m.Type != "error" && m.Type != "warning" {
		return
	}
	// That a page answered 404 or 422 is told by the page, not a fault in it.
	if strings.Contains(m.Text, "Failed to load resource") {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.messages = append(t.messages, m.String())
}

// Complaints are the errors and warnings that pages have written to the console,
// refusals of the content security policy among them.
func (t *Tab) Complaints() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.messages...)
}

func (t *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, stepTimeout)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

func run[T any](t *Tab, a chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, stepTimeout)
	defer cancel()
	return chromedp.Run(ctx, a)
}

// Visit goes to an address.
func (t *Tab) Visit(address string) error {
	if err := t.do(chromedp.Navigate(address)); err != nil {
		return fmt.Errorf("visit: %w", err)
	}
	return nil
}

// Click presses what the selector names and waits for the page it leads to, if it
// leads to one.
func (t *Tab) Click(css string) error {
	if err := t.do(chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible)); err != nil {
		return fmt.Errorf("click %s on %s: %w", css, t.where(), err)
	}
	return nil
}

// Follow presses what the selector names and waits until another page is there.
func (t *Tab) Follow(css string) error {
	ctx, cancel := context.WithTimeout(t.ctx, stepTimeout)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible)); err != nil {
		return fmt.Errorf("follow %s on %s: %w", css, t.where(), err)
	}
	return nil
}

// Type writes into a field.
func (t *Tab) Type(css, text string) error {
	if err := t.do(chromedp.SendKeys(chromedp.CSS(css), text)); err != nil {
		return fmt.Errorf("type into %s on %s: %w", css, t.where(), err)
	}
	return nil
}

// Wait waits until something visible matches the selector.
func (t *Tab) Wait(css string) error {
	if err := t.do(chromedp.WaitVisible(chromedp.CSS(css))); err != nil {
		return fmt.Errorf("wait for %s on %s: %w", css, t.where(), err)
	}
	return nil
}

// Text is the visible text of the first element that matches.
func (t *Tab) Text(css string) (string, error) {
	text, err := run(t, chromedp.Text(chromedp.CSS(css)))
	if err != nil {
		return "", fmt.Errorf("read %s on %s: %w", css, t.where(), err)
	}
	return text, nil
}

// Has reports whether something matches the selector now.
func (t *Tab) Has(css string) (bool, error) {
	return run(t, chromedp.Evaluate[bool](fmt.Sprintf("document.querySelector(%q) !== null", css)))
}

// Path is the path of the page the tab is on.
func (t *Tab) Path() (string, error) {
	return run(t, chromedp.Evaluate[string]("location.pathname"))
}

// Evaluate gives the value of a JavaScript expression, which may be a promise.
func Evaluate[T any](t *Tab, expression string) (T, error) {
	return run(t, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// where names the page in messages, without what may be a token.
func (t *Tab) where() string {
	title, err := run(t, chromedp.Title())
	if err != nil {
		return "an unknown page"
	}
	return fmt.Sprintf("%q", title)
}

// Picture is the whole page as PNG, at the tab's width. The window is made as high
// as the page for it, so that what sticks to the foot of the window stands at the
// foot of the picture.
func (t *Tab) Picture() ([]byte, error) {
	high, err := run(t, chromedp.Evaluate[int64]("Math.max(844, document.documentElement.scrollHeight)"))
	if err != nil {
		return nil, fmt.Errorf("measure %s: %w", t.where(), err)
	}
	if err := t.do(chromedp.EmulateViewport(int64(t.Width), high)); err != nil {
		return nil, fmt.Errorf("take a picture of %s: %w", t.where(), err)
	}
	png, err := run(t, chromedp.CaptureScreenshot())
	if err != nil {
		return nil, fmt.Errorf("take a picture of %s: %w", t.where(), err)
	}
	return png, t.Resize(t.Width)
}

// Overflow is by how many pixels the page is wider than the window: 0 unless
// something sticks out and makes the page scroll sideways.
func (t *Tab) Overflow() (int, error) {
	return run(t, chromedp.Evaluate[int]("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
}
