package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
)

func TestThePagesOnWhichQuestionnairesAreWrittenAreAccessible(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	pages := 0
	do(t, browser.TourDrafts(b, ways, browser.Phone, func(s browser.Stop) error {
		pages++
		return isAccessible(t, s)
	}))
	if pages < 25 {
		t.Errorf("walked through %d pages only", pages)
	}
}

// TestAQuestionnaireIsWrittenByKeyboardAlone builds one of two pages with a condition
// and a scale from nothing, previews it, runs it, publishes it and puts it into a study
// that is being prepared, on a phone's width and at a desk, without a mouse.
func TestAQuestionnaireIsWrittenByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	for _, width := range []int{browser.Desk, browser.Phone} {
		t.Run(fmt.Sprint(width, " px"), func(t *testing.T) {
			k := keyboard{t, open(t, b, width)}
			do(t, k.tab.Visit(ways.Administrator))
			k.press("main form button")
			k.press("a[href='/studies']")
			k.write(fmt.Sprint("Evening log ", width))
			k.preview()
			k.testRun()
			k.publish(fmt.Sprint("evening_log_", width))
			k.ask(fmt.Sprint("study-", width), fmt.Sprint("Evening log ", width))
			for _, c := range k.tab.Complaints() {
				t.Errorf("the console says %s", c)
			}
		})
	}
}

// keyboard is a window that is used by keys alone.
type keyboard struct {
	t   *testing.T
	tab *browser.Tab
}

// press goes to what the selector names, presses Enter, and waits for the next page.
func (k keyboard) press(css string) {
	k.t.Helper()
	do(k.t, k.tab.TabTo(css))
	_, err := browser.Evaluate[bool](k.tab, "document.body.dataset.old = 'yes', true")
	do(k.t, errors.Join(err, k.tab.Enter(), k.tab.Wait("body:not([data-old])")))
}

// enter goes to a field and types, in the place of what stands there.
func (k keyboard) enter(css, text string) {
	k.t.Helper()
	do(k.t, k.tab.TabTo(css))
	_, err := browser.Evaluate[bool](k.tab, "document.activeElement.select?.(), true") // what tabbing does in every field of a line
	do(k.t, err, k.tab.Press(text))
}

// down goes to a list and presses the down arrow so many times.
func (k keyboard) down(css string, times int) {
	k.t.Helper()
	do(k.t, k.tab.TabTo(css))
	for range times {
		do(k.t, k.tab.Press(kb.ArrowDown))
	}
}

func (k keyboard) says(texts ...string) {
	k.t.Helper()
	got, err := k.tab.Text("main")
	do(k.t, err)
	for _, want := range texts {
		if !strings.Contains(got, want) {
			k.t.Fatalf("%q is not on the page:\n%s", want, got)
		}
	}
}

const keepIt = ".actions button.btn:not([name])"

// write builds the questionnaire.
func (k keyboard) write(title string) {
	k.press("a[href='/instruments']")
	k.press("a[href='/instruments/new']")
	k.enter("#title", title)
	k.press("form[action='/drafts'] button")
	k.press("a[href$='/about']")
	k.enter("#heading", "Your day")
	k.enter("#intro", "Think of today.")
	k.enter("#terms", "Free to use.")
	k.enter("#citation", "Ours.")
	k.press(keepIt)
	k.press("#page-1 .add-item button")
	k.enter("#text", "I felt calm today.")
	k.enter("#options", "0 = Not at all\n1 = A little\n2 = Very")
	k.enter("#share", "much")
	k.press("button[value=another]")
	k.enter("#text", "I was harsh with myself today.")
	k.press(keepIt)
	k.press("button[value=add-page]")
	k.down("#type-2", 4)
	k.press("#page-2 .add-item button")
	k.enter("#text", "For how many hours?")
	k.enter("#min", "0")
	k.enter("#max", "24")
	k.down("[name=show_if_how]", 1)
	k.down("[name=show_if_item_1]", 1)
	k.down("[name=show_if_is_1]", 2)
	k.enter("[name=show_if_value_1]", "1")
	k.press(keepIt)
	k.says("shown if q_01 >= 1")
	k.press("a[href$='/scale/_new']")
	for _, box := range []string{"[name=items][value=q_01]", "[name=items][value=q_02]", "[name=reversed][value=q_02]"} {
		do(k.t, k.tab.TabTo(box), k.tab.Press(" "))
	}
	k.press(keepIt)
	k.says("mean of 2 items, 1 turned", "Ready to publish")
	// The second item goes up by its button, and down again by undoing.
	k.press("button[value='up q_02']")
	k.says("moved q_02 up")
	k.press(".strip button")
	k.says("back to revision")
}

// preview goes through the pages within their frame.
func (k keyboard) preview() {
	k.press("a[href$='/preview']")
	k.inFrame("input[name=q_01]", kb.ArrowDown)
	k.inFrame(".onward button:last-of-type", kb.Enter)
	k.frameSays("For how many hours?")
	k.inFrame("input[name=q_03]", "3")
	k.inFrame(".onward button:last-of-type", kb.Enter)
	k.frameSays("nothing was stored")
}

const frame = "document.querySelector('iframe').contentDocument"

// inFrame presses the tabulator until what the selector names within the frame has the
// focus, and then keys.
func (k keyboard) inFrame(css, keys string) {
	k.t.Helper()
	for range 1200 {
		do(k.t, k.tab.Press(kb.Tab))
		there, err := browser.Evaluate[bool](k.tab, fmt.Sprintf("document.activeElement.matches('iframe') && %s.activeElement.matches(%q)", frame, css))
		do(k.t, err)
		if there {
			do(k.t, k.tab.Press(keys))
			return
		}
	}
	k.t.Fatalf("no key leads to %s within the frame", css)
}

func (k keyboard) frameSays(text string) {
	k.t.Helper()
	for range 1200 {
		there, err := browser.Evaluate[bool](k.tab, fmt.Sprintf("%s.body?.innerText.includes(%q) ?? false", frame, text))
		do(k.t, err)
		if there {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	k.t.Fatalf("the frame never says %q", text)
}

func (k keyboard) testRun() {
	k.press("a[href$='/test']")
	do(k.t, k.tab.TabTo("input[name=q_01]"), k.tab.Press(kb.ArrowDown), k.tab.TabTo("input[name=q_02]"), k.tab.Press(" "))
	k.press("form.try button.btn")
	k.says("0, reversed 0 + 2 − 0 = 2", "Mean: 3 ÷ 2 = 1.5.", "Score: 1.5.")
}

func (k keyboard) publish(key string) {
	k.press(".crumbs a[href^='/drafts']")
	k.press("a[href$='/publish']")
	k.press("main form button.btn")
	k.says("1.0.0", "How it is scored")
	path, err := k.tab.Path()
	if do(k.t, err); path != "/instruments/"+key {
		k.t.Fatalf("publishing leads to %s", path)
	}
}

// ask puts the questionnaire into the first wave of a study that is being prepared.
func (k keyboard) ask(study, title string) {
	k.press("a[href='/admin']")
	k.enter("#key", study)
	k.press("form[action='/admin/studies'] button.btn")
	do(k.t, k.tab.Visit(k.at("/studies/"+study+"/questionnaires")))
	id, err := browser.Evaluate[string](k.tab, fmt.Sprintf(`[...document.querySelectorAll("[name=set_pre]")].find(b => b.labels[0].innerText.includes(%q)).value`, title))
	do(k.t, err, k.tab.TabTo(fmt.Sprintf("[name=set_pre][value='%s']", id)), k.tab.Press(" "))
	k.press(".actions button.btn")
	checked, err := browser.Evaluate[bool](k.tab, fmt.Sprintf(`document.querySelector("[name=set_pre][value='%s']").checked`, id))
	if do(k.t, err); !checked {
		k.t.Error("the wave does not ask the questionnaire")
	}
}

// at is an address of the installation.
func (k keyboard) at(path string) string {
	origin, err := browser.Evaluate[string](k.tab, "location.origin")
	do(k.t, err)
	return origin + path
}

// The script of the editor shows an item while it is written, and lets items be dragged.
func TestAnItemIsShownWhileItIsWrittenAndDraggedToItsPlace(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	k := keyboard{t, open(t, b, browser.Desk)}
	do(t, k.tab.Visit(ways.Researcher), k.tab.Follow("main form button"), k.tab.Visit(k.at("/instruments/resilience")),
		k.tab.Follow("form[action='/drafts'] button"), k.tab.Follow("#item-rs_02 .what a"))
	wait := func(script string) {
		t.Helper()
		for range 1200 {
			there, err := browser.Evaluate[bool](k.tab, script)
			if do(t, err); there {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("never: %s", script)
	}
	k.enter("#text", "I bend like reed.")
	wait(`document.querySelector("#look .seen .question")?.innerText.includes("I bend like reed.") ?? false`)
	do(t, k.tab.Follow(".crumbs a[href^='/drafts']"))
	_, err := browser.Evaluate[bool](k.tab, `(() => {
		document.body.dataset.old = "yes";
		const data = new DataTransfer(), fire = (css, kind) => document.querySelector(css).dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));
		fire("#item-rs_02", "dragstart");
		fire("#item-rs_01", "dragover");
		setTimeout(() => fire("#item-rs_01", "drop"));
		return true;
	})()`)
	do(t, err, k.tab.Wait("body:not([data-old])"))
	wait(`document.querySelector(".parts-list li").dataset.item === "rs_02"`)
	for _, c := range k.tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}
