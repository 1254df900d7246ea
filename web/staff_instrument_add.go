package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument/catalogue"
)

type instrumentAddPage struct {
	Page
	Entry *catalogue.Entry
	Form  staffForm
	// Found is what is in the sheet or in the fields; nil before anything was pasted.
	Found *catalogue.Preview
	Items []sheetItem
	Today string
}

// sheetItem is one item of the form.
type sheetItem struct {
	Number int
	Text   string
	Turned bool
}

// Field is the name of the item's field.
func (i sheetItem) Field() string { return "item_" + strconv.Itoa(i.Number) }

// Turned are the texts of the items that the key turns.
func (p instrumentAddPage) Turned() []sheetItem {
	return slices.DeleteFunc(slices.Clone(p.Items), func(i sheetItem) bool { return !i.Turned })
}

// showAddInstrument asks for the author's sheet.
func (s *Server) showAddInstrument(c *gin.Context, a survey.Actor) error {
	e, err := s.addable(c, a)
	if err != nil {
		return err
	}
	return s.addForm(c, a, http.StatusOK, e, given("language", "en"), nil)
}

// addable is the entry of a page's address, for whoever may add to the library.
func (s *Server) addable(c *gin.Context, a survey.Actor) (*catalogue.Entry, error) {
	shelf, err := s.use.Library.Show(c.Request.Context(), a, c.Param("entry"))
	if err != nil {
		return nil, err
	}
	if shelf.Entry == nil || !shelf.Entry.Ready {
		return nil, survey.ErrNotFound
	}
	return shelf.Entry, nil
}

// addInstrument looks at a pasted sheet, or adds the wording that was gone through.
func (s *Server) addInstrument(c *gin.Context, a survey.Actor) error {
	e, err := s.addable(c, a)
	if err != nil {
		return err
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	if values.Get("step") != "add" {
		return s.previewSheet(c, a, e, values)
	}
	items := make([]string, e.Items)
	for i := range items {
		items[i] = strings.Join(strings.Fields(values.Get("item_"+strconv.Itoa(i+1))), " ")
	}
	found := catalogue.Review(e, items, e.ReadOptions(values.Get("options")))
	n := survey.NewWording{
		Entry: e.ID, Checked: values.Get("checked") == "1", Once: survey.Once(values.Get("once")),
		Wording: catalogue.Wording{
			Language: values.Get("language"), Heading: values.Get("heading"), Intro: values.Get("intro"), Items: items,
		},
		Terms: survey.TermsForm{
			Accept: values.Get("accept") == "1", Name: values.Get("name"), On: values.Get("on"), Licence: values.Get("licence"),
		},
	}
	n.Wording.Options, _ = e.Options(found.Options) // none: told as a fault of the sheet
	faults := survey.FieldErrors{}
	if e.KeyOnForm {
		if n.Wording.Reversed, err = numbersOf(values.Get("reversed"), e.Items); err != nil {
			faults["reversed"] = "library.numbers_needed"
		}
	}
	if found.Stops() {
		faults["sheet"] = "library.wording_does_not_fit"
	}
	if len(faults) == 0 {
		_, err = s.use.Library.AddWording(c.Request.Context(), a, n)
	} else {
		err = faults
	}
	if err == nil || errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/instruments/"+e.DefinitionKey())
	}
	f, status, err := again(values, err, "sheet")
	if err != nil {
		return err
	}
	return s.addForm(c, a, status, e, f, found)
}

// previewSheet shows what was found in a sheet. Nothing is kept yet.
func (s *Server) previewSheet(c *gin.Context, a survey.Actor, e *catalogue.Entry, values url.Values) error {
	found := catalogue.PasteWording(e, values.Get("sheet"))
	f := staffForm{Values: values}
	for n := 1; n <= e.Items; n++ {
		text := ""
		for _, item := range found.Items {
			if item.Number == n && text == "" {
				text = item.Text
			}
		}
		values.Set("item_"+strconv.Itoa(n), text)
	}
	values.Set("options", catalogue.WriteOptions(found.Options))
	return s.addForm(c, a, http.StatusOK, e, f, found)
}

func (s *Server) addForm(c *gin.Context, a survey.Actor, status int, e *catalogue.Entry, f staffForm, found *catalogue.Preview) error {
	if f.Values.Get("once") == "" {
		f.Values.Set("once", newOnce())
	}
	if f.Values.Get("language") == "" {
		f.Values.Set("language", "en")
	}
	p := instrumentAddPage{
		Page:  s.staffPage(c, a, survey.Study{}, sectionLibrary, "Add the wording of "+e.Short),
		Entry: e, Form: f, Found: found, Today: s.cfg.Now().UTC().Format("2006-01-02"),
	}
	turned := e.Reversed()
	for n := 1; n <= e.Items; n++ {
		p.Items = append(p.Items, sheetItem{n, f.Value("item_" + strconv.Itoa(n)), slices.Contains(turned, n)})
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_instrument_add", p)
}

// numbersOf reads item numbers, as "2, 4", or "none".
func numbersOf(text string, items int) ([]int, error) {
	text = strings.TrimSpace(strings.ToLower(text))
	if text == "none" {
		return nil, nil
	}
	var all []int
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > items || slices.Contains(all, n) {
			return nil, errNoNumbers
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		return nil, errNoNumbers
	}
	return all, nil
}

// errNoNumbers: a list of item numbers could not be read.
var errNoNumbers = errors.New("not a list of item numbers")
