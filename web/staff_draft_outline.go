package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftOutlinePage shows a draft whole: its pages and items, scales and languages.
type draftOutlinePage struct {
	draftPage
	Pages  []draftPlan
	Scales []draftScale
	Faults []draftFault
	Types  []instrument.ItemType
	Gaps   []draftLanguage
	Sets   []draftSet
	Undo   *survey.DraftRevision
	Notice string
}

// draftPlan is a page of the outline.
type draftPlan struct {
	instrument.PagePlan
	Number int // from 1
	Lines  []draftLine
	Faulty bool
	Last   bool
}

// draftLine is an item of the outline.
type draftLine struct {
	instrument.Item
	Faulty      bool
	First, Last bool // of the whole
}

type draftScale struct {
	instrument.Scale
	Faulty bool
}

// draftFault is a fault with the way to where it is mended.
type draftFault struct{ Link, Place, Text string }

type draftLanguage struct {
	Tag     string
	Missing int
}

type draftSet struct {
	Name    string
	Options []instrument.Option
	Items   int
	Faulty  bool
}

// itemTypes are the types of items in the order in which they are offered.
var itemTypes = []instrument.ItemType{
	instrument.TypeSingle, instrument.TypeMultiple, instrument.TypeYesNo, instrument.TypeSlider, instrument.TypeNumber,
	instrument.TypeText, instrument.TypeLongText, instrument.TypeDate, instrument.TypeInformation,
}

// showDraft is the outline.
func (s *Server) showDraft(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraft(c, a, "")
	if err != nil {
		return err
	}
	return s.draftOutline(c, a, http.StatusOK, p)
}

func (s *Server) draftOutline(c *gin.Context, a survey.Actor, status int, base draftPage) error {
	d := base.D()
	p := draftOutlinePage{draftPage: base, Types: itemTypes}
	faulty := map[string]bool{}
	for _, f := range base.View.Faults {
		way := draftPlace(d, f.Place)
		faulty[way.Page] = true
		p.Faults = append(p.Faults, draftFault{Link: way.link(base.Path), Place: way.Name, Text: f.Problem})
	}
	n := 0
	for i, plan := range d.Layout {
		page := draftPlan{PagePlan: plan, Number: i + 1, Faulty: faulty["page/"+strconv.Itoa(i+1)], Last: i == len(d.Layout)-1}
		for _, code := range plan.Items {
			item, _ := d.Item(code)
			n++
			page.Lines = append(page.Lines, draftLine{
				Item: item, Faulty: faulty["item/"+code],
				First: i == 0 && n == 1, Last: page.Last && n == len(d.Items),
			})
		}
		p.Pages = append(p.Pages, page)
	}
	for _, scale := range d.Scales {
		p.Scales = append(p.Scales, draftScale{scale, faulty["scale/"+scale.Key]})
	}
	for _, tag := range d.Languages()[1:] {
		p.Gaps = append(p.Gaps, draftLanguage{tag, len(d.Gaps(tag))})
	}
	p.Sets = draftSets(d, faulty)
	history, err := s.use.Drafts.History(c.Request.Context(), a, base.View.Draft.ID)
	if err != nil {
		return err
	}
	if undo, ok := survey.Undo(history, base.Revision()); ok {
		p.Undo = &undo
	}
	if len(p.Form.faults) > 0 {
		p.Notice = p.Form.faults[0].Text
		erring(&p.Page)
	}
	return s.render(c, status, "staff_draft", p)
}

// draftSets are the lists of answers that items share, those of all items first.
func draftSets(d *instrument.Definition, faulty map[string]bool) []draftSet {
	var sets []draftSet
	count := func(name string) int {
		n := 0
		for _, item := range d.Items {
			if item.Set == name && len(item.Options) == 0 && (name != "" || item.Type == instrument.TypeSingle || item.Type == instrument.TypeMultiple) {
				n++
			}
		}
		return n
	}
	if len(d.Options) > 0 || count("") > 0 {
		sets = append(sets, draftSet{"", d.Options, count(""), faulty["answers/"+forAll]})
	}
	for _, name := range sortedSets(d) {
		sets = append(sets, draftSet{name, d.Sets[name], count(name), faulty["answers/"+name]})
	}
	return sets
}

// changeDraft puts the parts of the outline in order.
func (s *Server) changeDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.openDraft(c, a, "")
	if err != nil {
		return err
	}
	e, at, err := outlineEdit(values)
	if err != nil {
		return err
	}
	aside, err := s.keepDraft(c, a, e)
	if err == nil && aside == "" {
		aside = p.Path + "#" + at
	}
	if err == nil {
		return redirect(c, aside)
	}
	if !p.Form.refused(err) {
		return err
	}
	return s.draftOutline(c, a, http.StatusUnprocessableEntity, p)
}

// outlineEdit is what a button of the outline does, and where to be afterwards.
func outlineEdit(values url.Values) (e draftEdit, at string, err error) {
	op, what, _ := strings.Cut(values.Get("do"), " ")
	number, _ := strconv.Atoi(what)
	page := number - 1
	e.values = values
	set := func(said, place string, edit func(*instrument.Definition) error) {
		e.what, at, e.edit = said, place, edit
	}
	pageAt := func(n int) string { return "page-" + strconv.Itoa(max(n, 1)) }
	switch op {
	case "up":
		set("moved "+what+" up", "item-"+what, func(d *instrument.Definition) error { return drafting.MoveItem(d, what, -1) })
	case "down":
		set("moved "+what+" down", "item-"+what, func(d *instrument.Definition) error { return drafting.MoveItem(d, what, 1) })
	case "to":
		to, err := strconv.Atoi(values.Get("page"))
		if err != nil {
			return e, "", errBadForm
		}
		where := 1 << 20 // last
		if at, err := strconv.Atoi(values.Get("place")); err == nil {
			where = at
		}
		set("moved "+what+" to page "+strconv.Itoa(to), "item-"+what, func(d *instrument.Definition) error { return drafting.ItemTo(d, what, to-1, where) })
	case "copy":
		set("copied "+what, "item-"+what, func(d *instrument.Definition) error { _, err := drafting.CopyItem(d, what); return err })
	case "remove":
		set("removed "+what, "pages", func(d *instrument.Definition) error { return drafting.RemoveItem(d, what) })
	case "add-page":
		set("added a page", "pages-end", drafting.AddPage)
	case "page-up":
		set("moved page "+what+" up", pageAt(number-1), func(d *instrument.Definition) error { return drafting.MovePage(d, page, -1) })
	case "page-down":
		set("moved page "+what+" down", pageAt(number+1), func(d *instrument.Definition) error { return drafting.MovePage(d, page, 1) })
	case "page-remove":
		set("removed page "+what, pageAt(number-1), func(d *instrument.Definition) error { return drafting.RemovePage(d, page) })
	case "scale-remove":
		set("removed the scale "+what, "scales", func(d *instrument.Definition) error { return drafting.RemoveScale(d, what) })
	case "language-remove":
		set("removed the language "+what, "languages", func(d *instrument.Definition) error { return drafting.RemoveLanguage(d, what) })
	case "language-add":
		tag := strings.TrimSpace(values.Get("language"))
		set("added the language "+tag, "languages", func(d *instrument.Definition) error { return drafting.AddLanguage(d, tag) })
	case "example-remove":
		set("removed a worked example", "examples", func(d *instrument.Definition) error {
			if page < 0 || page >= len(d.Vectors) {
				return drafting.ErrGone
			}
			d.Vectors = append(d.Vectors[:page:page], d.Vectors[page+1:]...)
			return nil
		})
	default:
		return e, "", errBadForm
	}
	return e, at, nil
}
