package instrument

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/vm"
)

// A Form is the conditions of a definition, compiled. It is safe for use by many
// at once and holds nothing of anybody's answers.
type Form struct {
	items []formItem // as in the definition
	pages []formPage
	order []int // items by index, each after those it depends on
	used  []int // items that conditions look at
	spare sync.Pool
}

type formItem struct {
	code                 string
	kind                 ItemType
	page                 int // −1: none
	showIf, requiredIf   *condition
	shownFor, requiredBy string // the conditions in words, to see whether they are still those
}

type formPage struct {
	showIf *condition
	words  string
	items  int
}

// Equal lets tests compare definitions: forms add nothing to what they were made
// of.
func (f *Form) Equal(*Form) bool { return true }

// Compile makes the conditions ready for use. The error is of type Faults. Parse
// has done it for every definition that it returns.
func (d *Definition) Compile() (*Form, error) {
	f, faults := d.compile()
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// branches reports whether anything depends on answers.
func (d *Definition) branches() bool {
	return slices.ContainsFunc(d.Items, func(i Item) bool { return i.ShowIf != "" || i.RequiredIf != "" }) ||
		slices.ContainsFunc(d.Layout, func(p PagePlan) bool { return p.ShowIf != "" })
}

// form is the definition's, compiled anew when the definition has been changed
// since; nil when nothing depends on answers, or when it cannot be compiled.
func (d *Definition) form() *Form {
	if !d.branches() {
		return nil
	}
	if d.Form != nil && d.Form.isOf(d) {
		return d.Form
	}
	f, faults := d.compile()
	if len(faults) > 0 {
		return nil
	}
	return f
}

func (f *Form) isOf(d *Definition) bool {
	if len(f.items) != len(d.Items) || len(f.pages) != len(d.Layout) {
		return false
	}
	for i := range d.Items {
		item, made := &d.Items[i], &f.items[i]
		if made.code != item.Code || made.kind != item.Type || made.shownFor != item.ShowIf || made.requiredBy != item.RequiredIf {
			return false
		}
	}
	for i := range d.Layout {
		page, made := &d.Layout[i], &f.pages[i]
		if made.words != page.ShowIf || made.items != len(page.Items) {
			return false
		}
		for _, code := range page.Items {
			if j := slices.IndexFunc(f.items, func(it formItem) bool { return it.code == code }); j < 0 || f.items[j].page != i {
				return false
			}
		}
	}
	return true
}

// compile makes the form and finds everything that is wrong with the conditions.
func (d *Definition) compile() (*Form, Faults) {
	if !d.branches() {
		return nil, nil
	}
	f := &Form{items: make([]formItem, len(d.Items)), pages: make([]formPage, len(d.Layout))}
	c := compiling{d: d, f: f, language: newLanguage(d.Items), index: make(map[string]int, len(d.Items))}
	for i, item := range d.Items {
		if _, isFunction := functions[item.Code]; isFunction || slices.Contains(words, item.Code) {
			c.faults.Add(fmt.Sprintf("items[%d].code", i), "%q is a word of conditions; choose another code", item.Code)
		}
		c.index[item.Code] = i
		f.items[i] = formItem{code: item.Code, kind: item.Type, page: -1, shownFor: item.ShowIf, requiredBy: item.RequiredIf}
	}
	for i, page := range d.Layout {
		for _, code := range page.Items {
			if j, known := c.index[code]; known {
				f.items[j].page = i
			}
		}
	}
	c.conditions()
	if len(c.faults) == 0 {
		c.sort()
	}
	f.spare.New = func() any { return newEvaluation(f) }
	return f, c.faults
}

type compiling struct {
	d        *Definition
	f        *Form
	language *language
	index    map[string]int
	faults   Faults
}

func (c *compiling) conditions() {
	for i, page := range c.d.Layout {
		made := formPage{words: page.ShowIf, items: len(page.Items)}
		if page.ShowIf != "" {
			place := fmt.Sprintf("pages[%d].show_if", i)
			made.showIf = c.condition(place, page.ShowIf)
			c.earlier(place, i, made.showIf)
		}
		c.f.pages[i] = made
	}
	for i, item := range c.d.Items {
		if item.ShowIf != "" {
			c.f.items[i].showIf = c.own(fmt.Sprintf("items[%d].show_if", i), item, item.ShowIf)
		}
		if item.RequiredIf != "" {
			place := fmt.Sprintf("items[%d].required_if", i)
			if !item.Type.Asked() {
				c.faults.Add(place, "cannot hold for what is only read")
			}
			c.f.items[i].requiredIf = c.own(place, item, item.RequiredIf)
		}
	}
}

func (c *compiling) condition(place, source string) *condition {
	made, faults := c.language.compile(source)
	for _, fault := range faults {
		c.faults.Add(place, "%s", fault)
	}
	for _, code := range made.items {
		if i, known := c.index[code]; known && !slices.Contains(c.f.used, i) {
			c.f.used = append(c.f.used, i)
		}
	}
	return &made
}

func (c *compiling) own(place string, item Item, source string) *condition {
	made := c.condition(place, source)
	if slices.Contains(made.items, item.Code) {
		c.faults.Add(place, "asks for the answer to the item itself")
	}
	return made
}

// earlier checks that a page depends on earlier pages alone: nobody has seen the
// others when it is their turn.
func (c *compiling) earlier(place string, page int, made *condition) {
	for _, code := range made.items {
		if on := c.f.items[c.index[code]].page; on >= page {
			c.faults.Add(place, "asks for %q, which is on page %d; a page can depend on earlier pages only", code, on+1)
		}
	}
}

// sort puts every item behind those its being shown depends on, by depth first
// search; a way that comes back to itself is a fault.
func (c *compiling) sort() {
	const onTheWay, done = 1, 2
	state := make([]int, len(c.f.items))
	var way []string
	var visit func(i int)
	visit = func(i int) {
		item := &c.f.items[i]
		switch state[i] {
		case done:
			return
		case onTheWay:
			circle := append(slices.Clone(way[slices.Index(way, item.code):]), item.code)
			c.faults.Add(fmt.Sprintf("items[%d].show_if", i), "depends on itself: %s", strings.Join(circle, " → "))
			return
		}
		state[i], way = onTheWay, append(way, item.code)
		for _, on := range c.dependencies(item) {
			visit(on)
		}
		state[i], way = done, way[:len(way)-1]
		c.f.order = append(c.f.order, i)
	}
	for i := range c.f.items {
		visit(i)
	}
}

func (c *compiling) dependencies(item *formItem) []int {
	var on []int
	if item.page >= 0 && c.f.pages[item.page].showIf != nil {
		on = c.indices(on, c.f.pages[item.page].showIf)
	}
	if item.showIf != nil {
		on = c.indices(on, item.showIf)
	}
	return on
}

func (c *compiling) indices(on []int, made *condition) []int {
	for _, code := range made.items {
		on = append(on, c.index[code])
	}
	return on
}

// An evaluation is the memory that working out conditions needs.
type evaluation struct {
	machine vm.VM
	env     map[string]any
	pages   []bool
	known   []bool // whether a page has been worked out
}

func newEvaluation(f *Form) *evaluation {
	return &evaluation{
		machine: vm.VM{MemoryBudget: conditionMemory},
		env:     make(map[string]any, len(f.used)),
		pages:   make([]bool, len(f.pages)), known: make([]bool, len(f.pages)),
	}
}

// holds works a condition out. One that fails, which none that was compiled does,
// holds: a question too many is better than one that nobody can answer.
func (e *evaluation) holds(c *condition) bool {
	if c == nil {
		return true
	}
	result, err := e.machine.Run(c.program, e.env)
	truth, ok := result.(bool)
	return err != nil || !ok || truth
}
