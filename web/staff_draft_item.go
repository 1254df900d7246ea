package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// newPart stands for something to be added in addresses; codes begin with a letter.
const newPart = "_new"

// draftItemPage is the form of one item.
type draftItemPage struct {
	draftPage
	Code  string // as it is kept; empty: a new one
	Types []instrument.ItemType
	Sets  []draftSet
	Show  conditionField
	Need  conditionField
	// Scales that the item may count in, and languages it is read in.
	Scales    []instrument.Scale
	Languages []string
	Pages     []int
	Previous  string // codes of the neighbours
	Next      string
}

// showDraftItem is the form of an item, or of a new one.
func (s *Server) showDraftItem(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraft(c, a, "Item")
	if err != nil {
		return err
	}
	code := c.Param("item")
	if code == newPart {
		p.Form.Values = newItemValues(p.D(), c.Request.URL.Query())
		return s.draftItem(c, http.StatusOK, p, "")
	}
	item, known := p.D().Item(code)
	if !known {
		return survey.ErrNotFound
	}
	p.Form.Values = itemValues(p.D(), item)
	p.Form.found(p.View, "item/"+code)
	return s.draftItem(c, http.StatusOK, p, code)
}

// newItemValues begin a new item: with the next code and the answers of the one
// before.
func newItemValues(d *instrument.Definition, query url.Values) url.Values {
	v := url.Values{"code": {drafting.NextCode(d)}, "type": {query.Get("type")}, "page": {query.Get("page")}}
	if n, err := strconv.Atoi(query.Get("page")); err != nil || n < 1 || n > len(d.Layout) {
		v.Set("page", strconv.Itoa(len(d.Layout)))
	}
	v.Set("answers", "own")
	for _, item := range d.Items { // as the last of its type
		if string(item.Type) != query.Get("type") {
			continue
		}
		switch {
		case item.Set != "":
			v.Set("answers", "set:"+item.Set)
		case len(item.Options) == 0 && item.Type != instrument.TypeYesNo:
			v.Set("answers", "all")
		default:
			v.Set("answers", "own")
			v.Set("options", drafting.WriteOptions(item.Options))
		}
	}
	if query.Get("type") == string(instrument.TypeSlider) {
		v.Set("min", "0")
		v.Set("max", "10")
		v.Set("step", "1")
	}
	return v
}

// itemValues fill the form of an item.
func itemValues(d *instrument.Definition, item instrument.Item) url.Values {
	v := url.Values{"code": {item.Code}, "type": {string(item.Type)}, "text": {item.Text}, "note": {item.Note}}
	switch {
	case item.Set != "":
		v.Set("answers", "set:"+item.Set)
	case len(item.Options) == 0 && item.Type.Chosen() && item.Type != instrument.TypeYesNo && len(d.Options) > 0:
		v.Set("answers", "all")
	default:
		v.Set("answers", "own")
	}
	v.Set("options", drafting.WriteOptions(item.Options))
	if r := item.Range; r != nil {
		v.Set("min", drafting.Show(r.Min))
		v.Set("max", drafting.Show(r.Max))
		if r.Step != 0 {
			v.Set("step", drafting.Show(r.Step))
		}
		v.Set("unit", r.Unit)
		v.Set("low_label", r.LowLabel)
		v.Set("high_label", r.HighLabel)
	}
	if item.MaxLength != 0 {
		v.Set("max_length", strconv.Itoa(item.MaxLength))
	}
	setCondition(v, "show_if", item.ShowIf)
	setCondition(v, "required_if", item.RequiredIf)
	set := func(name string, on bool) {
		if on {
			v.Set(name, "1")
		}
	}
	set("fixed", item.Fixed)
	set("unwanted", item.Unwanted)
	v.Set("identifying", string(item.Identifying))
	if r := item.Risk; r != nil {
		if r.Above != nil {
			v.Set("risk_above", drafting.Show(*r.Above))
		}
		var values []string
		for _, x := range r.Values {
			values = append(values, drafting.Show(x))
		}
		v.Set("risk_values", strings.Join(values, ", "))
	}
	for _, scale := range d.Scales {
		switch {
		case slices.Contains(scale.Reversed, item.Code):
			v.Set("scale_"+scale.Key, "turned")
		case slices.Contains(scale.Items, item.Code):
			v.Set("scale_"+scale.Key, "counts")
		}
	}
	for tag, t := range d.Translations {
		v.Set("text_"+tag, t.Items[item.Code].Text)
	}
	return v
}

func (s *Server) draftItem(c *gin.Context, status int, base draftPage, code string) error {
	d := base.D()
	p := draftItemPage{
		draftPage: base, Code: code, Types: itemTypes, Sets: draftSets(d, nil), Scales: d.Scales, Languages: d.Languages()[1:],
		Show: newConditionField(base.Form, d, "show_if", "When it is shown", "Always", "", code),
		Need: newConditionField(base.Form, d, "required_if", "When an answer is needed", "Never: people may leave it out", "Always", code),
	}
	for i := range d.Layout {
		p.Pages = append(p.Pages, i+1)
	}
	for i, item := range d.Items {
		if item.Code != code {
			continue
		}
		if i > 0 {
			p.Previous = d.Items[i-1].Code
		}
		if i < len(d.Items)-1 {
			p.Next = d.Items[i+1].Code
		}
	}
	p.Title = "Item " + code + " – " + base.View.Draft.Title
	if code == "" {
		p.Title = "A new item – " + base.View.Draft.Title
	}
	if len(base.Form.faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_draft_item", p)
}

// saveDraftItem keeps an item, or adds it.
func (s *Server) saveDraftItem(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.openDraft(c, a, "Item")
	if err != nil {
		return err
	}
	code := c.Param("item")
	e := draftEdit{values: values, what: "changed " + code, edit: func(d *instrument.Definition) error { return putItem(d, code, values) }}
	if code == newPart {
		e.what = "added " + strings.TrimSpace(values.Get("code"))
	}
	aside, err := s.keepDraft(c, a, e)
	if err != nil {
		p.Form.Values = values
		if !p.Form.refused(err) {
			return err
		}
		if code == newPart {
			code = ""
		}
		return s.draftItem(c, http.StatusUnprocessableEntity, p, code)
	}
	if aside != "" {
		return redirect(c, aside)
	}
	return s.afterSaving(c, a, "item/"+strings.TrimSpace(values.Get("code")), "item-"+strings.TrimSpace(values.Get("code")), itemOnward(values))
}

// itemOnward is where the button that was pressed leads: to a new item of the same
// type on the same page, or back to the outline.
func itemOnward(values url.Values) string {
	if values.Get("then") != "another" {
		return ""
	}
	q := url.Values{"type": {values.Get("type")}}
	if values.Get("page") != "" {
		q.Set("page", values.Get("page"))
	}
	return "item/" + newPart + "?" + q.Encode()
}

// afterSaving leads back to the page of what was saved when it still has faults, to be
// mended there; and else onward, or to its place in the outline.
func (s *Server) afterSaving(c *gin.Context, a survey.Actor, page, at, onward string) error {
	v, err := s.use.Drafts.Open(c.Request.Context(), a, survey.DraftID(c.Param("draft")), 0)
	if err != nil {
		return err
	}
	base := draftPath(v.Draft.ID)
	if page == "example/"+newPart { // it has a number now
		page = "example/" + strconv.Itoa(len(v.Definition.Vectors))
	}
	for _, fault := range v.Faults {
		if draftPlace(v.Definition, fault.Place).Page == page {
			return redirect(c, base+"/"+page+"?saved=1")
		}
	}
	if onward != "" {
		return redirect(c, base+"/"+onward)
	}
	return redirect(c, base+"?saved=1#"+at)
}

func numberGiven(values url.Values, name string) (int, error) {
	text := strings.TrimSpace(values.Get(name))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &drafting.Refusal{Field: name, Message: drafting.MessageNumber}
	}
	return n, nil
}
