package instrument_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/instrument"
)

func codes(items []instrument.Item) string {
	var names []string
	for _, item := range items {
		names = append(names, item.Code)
	}
	return strings.Join(names, " ")
}

func TestPagesAreThoseOfTheLayout(t *testing.T) {
	t.Parallel()
	pages := parsed(t, branching).PageList()
	if len(pages) != 3 || codes(pages[0].Items) != "smokes a_day many" || codes(pages[1].Items) != "hint colours name" || codes(pages[2].Items) != "born mood" {
		t.Errorf("pages %+v", pages)
	}
	if pages[1].Heading != "More" || pages[1].ShowIf != "answered(smokes)" || pages[0].Heading != "" {
		t.Errorf("second page %q shown if %q", pages[1].Heading, pages[1].ShowIf)
	}
}

// shuffled is a definition of nine items on two pages, in random order, the first
// of them fixed and the sixth a text to read.
func shuffled(t *testing.T) *instrument.Definition {
	t.Helper()
	var items []string
	for i := range 9 {
		more := ""
		switch i {
		case 0:
			more = `, "fixed": true`
		case 5:
			more = `, "type": "information"`
		}
		items = append(items, fmt.Sprintf(`{"code": "i%d", "text": "I"%s}`, i, more))
	}
	head, _, _ := strings.Cut(asking("true"), `"items"`)
	return parsed(t, strings.Replace(head, `"page_size": 9`, `"page_size": 5, "random_order": true`, 1)+`"items": [`+strings.Join(items, ",")+`]}`)
}

func TestARandomOrderKeepsPagesAndWhatIsFixed(t *testing.T) {
	t.Parallel()
	d := shuffled(t)
	seen := map[string]int{}
	first := map[string]int{}
	for i := range 2000 {
		order := d.Order(fmt.Sprint("assessment ", i))
		page, second := slices.Clone(order[:5]), slices.Clone(order[5:])
		if order[0] != "i0" || order[5] != "i5" {
			t.Fatalf("order %v moves what is fixed", order)
		}
		slices.Sort(page)
		slices.Sort(second)
		if !slices.Equal(page, []string{"i0", "i1", "i2", "i3", "i4"}) || !slices.Equal(second, []string{"i5", "i6", "i7", "i8"}) {
			t.Fatalf("order %v takes items to another page", order)
		}
		seen[strings.Join(order, " ")]++
		first[order[1]]++
	}
	if len(seen) != 24*6 {
		t.Errorf("%d different orders, want all %d", len(seen), 24*6)
	}
	for code, n := range first { // 500 expected, standard deviation 19.4
		if n < 400 || n > 600 {
			t.Errorf("%s comes second in %d of 2000 orders, want about 500", code, n)
		}
	}
}

func TestTheOrderOfASeedNeverChanges(t *testing.T) {
	t.Parallel()
	d := shuffled(t)
	got := strings.Join(d.Order("0197a3f2-0000-7000-8000-000000000001"), " ")
	// Computed by a program of its own, from the description of Order.
	if want := "i0 i4 i1 i2 i3 i5 i8 i6 i7"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	d.RandomOrder = false
	if got := strings.Join(d.Order("anything"), " "); got != "i0 i1 i2 i3 i4 i5 i6 i7 i8" {
		t.Errorf("without random order: %s", got)
	}
	if got := strings.Join(parsed(t, branching).Order(""), " "); got != "smokes a_day many hint colours name born mood" {
		t.Errorf("laid out: %s", got)
	}
}
