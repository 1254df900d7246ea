package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/plan"
)

type planEditPage struct {
	Page
	Study    survey.Study
	Path     string
	Design   plan.Design
	Form     staffForm
	Amends   bool // a locked version
	Revision int

	Primary, Secondary []planRow // filled
	MorePrimary        []planRow // empty, to add one
	MoreSecondary      []planRow
	Compare            []choiceOption
	Covariates         []choiceOption
	Subgroups          []choiceOption
	Thresholds         []planRow
}

// planRow is one outcome or threshold of the form.
type planRow struct {
	Field string // what the names of its fields begin with
	Title string
	Form  staffForm
	Page  *planEditPage
}

// Value, Is and Fault are those of a field of the row.
func (r planRow) Value(name string) string { return r.Form.Value(r.Field + name) }

// Is reports whether a field of the row was given this value.
func (r planRow) Is(name, value string) bool { return r.Form.Is(r.Field+name, value) }

// Fault is what is wrong with a field of the row.
func (r planRow) Fault(name string) string { return r.Form.Fault(r.Field + name) }

// Filled reports whether anything but what everybody starts with was given.
func (r planRow) Filled() bool {
	for _, name := range []string{"mcid", "mcid_source", "value", "sd", "citation", "norm_mean", "norm_sd", "norm_citation"} {
		if r.Value(name) != "" || r.Fault(name) != "" {
			return true
		}
	}
	return r.Is("source", string(plan.Published))
}

// showPlanForm shows the draft, an amendment of the locked version, or a first plan
// with what the study suggests.
func (s *Server) showPlanForm(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	b, err := s.use.Plans.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	from, reason := b.Default, ""
	if locked, ok := b.InForce(); ok {
		from = locked.Content
	}
	draft, isDraft := b.Draft()
	if isDraft {
		from, reason = draft.Content, draft.Reason
	}
	values := planValues(from, b.Design)
	values.Set("reason", reason)
	values.Set("revision", strconv.Itoa(draft.Revision))
	return s.planForm(c, a, study, b, http.StatusOK, staffForm{Values: values})
}

func (s *Server) planForm(c *gin.Context, a survey.Actor, study survey.Study, b survey.PlanBook, status int, f staffForm) error {
	_, amends := b.InForce()
	p := &planEditPage{
		Page: s.staffPage(c, a, study, sectionPlan, "Write the analysis plan"), Study: study, Path: studyPath(study) + "/plan",
		Design: b.Design, Form: f, Amends: amends,
	}
	p.Primary, p.MorePrimary = p.rows("primary", "Primary outcome", sparePrimary, plan.MaxPrimary)
	p.Secondary, p.MoreSecondary = p.rows("secondary", "Secondary outcome", spareSecondary, plan.MaxSecondary)
	if len(p.Primary) == 0 { // one is needed
		p.Primary, p.MorePrimary = p.MorePrimary, nil
	}
	p.Compare = p.comparisons()
	p.Covariates, p.Subgroups = p.known("covariates"), p.known("subgroups")
	for i := 0; ; i++ {
		r := planRow{Field: fmt.Sprintf("threshold_%d_", i), Form: f, Page: p}
		if r.Value("scale") == "" {
			break
		}
		r.Title = r.Value("scale")
		if scale, ok := b.Design.Scale(r.Title); ok {
			r.Title = scale.Name
		}
		p.Thresholds = append(p.Thresholds, r)
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_plan_edit", p)
}

// rows are the filled outcomes of a list, and some empty ones to add. An empty one
// begins with the surveys before and after the course.
func (p *planEditPage) rows(list, title string, spare, most int) (filled, more []planRow) {
	for i := range most {
		r := planRow{Field: fmt.Sprintf("%s_%d_", list, i), Title: fmt.Sprintf("%s %d", title, i+1), Form: p.Form, Page: p}
		switch {
		case r.Value("scale") != "":
			filled = append(filled, r)
		case spare > 0:
			spare--
			p.begin(r)
			more = append(more, r)
		}
	}
	return filled, more
}

// begin fills in what most outcomes have.
func (p *planEditPage) begin(r planRow) {
	if pre, ok := p.Design.Pre(); ok {
		p.Form.Values.Set(r.Field+"pre", pre.Key)
	}
	for _, w := range p.Design.Waves {
		if w.Later {
			p.Form.Values.Set(r.Field+"post", w.Key)
			return
		}
	}
}

// comparisons are the arms that can be compared.
func (p *planEditPage) comparisons() []choiceOption {
	var all []choiceOption
	add := func(arm, against string) {
		all = append(all, choiceOption{Value: compareValue(arm, against), Label: comparison(p.Design, arm, against)})
	}
	for _, a := range p.Design.Arms {
		for _, other := range p.Design.Arms {
			if !a.Control && a.Key != other.Key {
				add(a.Key, other.Key)
			}
		}
	}
	for _, a := range p.Design.Arms {
		add(a.Key, "")
	}
	add("", "")
	return all
}

// known are what people can be divided by or adjusted for, with what was ticked.
func (p *planEditPage) known(field string) []choiceOption {
	ticked := map[string]bool{}
	for _, v := range p.Form.Values[field] {
		ticked[v] = true
	}
	all := []choiceOption{{Value: string(plan.SubgroupRun), Label: "Course run"}}
	for _, s := range p.Design.Scales {
		if pre, ok := p.Design.Pre(); ok && !s.Part && slices.Contains(s.Waves, pre.Key) {
			all = append(all, choiceOption{Value: knownValue(string(plan.SubgroupScale), s.Key, nil), Label: s.Name + " before the course"})
		}
	}
	for i := range all {
		all[i].On = ticked[all[i].Value]
		delete(ticked, all[i].Value)
	}
	for _, v := range p.Form.Values[field] { // from a file, beyond what is offered
		if ticked[v] {
			all = append(all, choiceOption{Value: v, Label: v, On: true})
			delete(ticked, v)
		}
	}
	return all
}

// savePlan keeps the draft.
func (s *Server) savePlan(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	content, faults := planOf(values)
	b, err := s.use.Plans.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	if len(faults) > 0 { // what is no number is told together with what is no plan
		found := content.Check(&b.Design)
		maps.Copy(found, faults)
		err = survey.FieldErrors(found)
	} else {
		_, err = s.use.Plans.Write(c.Request.Context(), a, study.ID,
			survey.DraftPlan{Revision: revisionOf(values), Content: content, Reason: values.Get("reason")})
	}
	if err == nil {
		return redirect(c, studyPath(study)+"/plan")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.planForm(c, a, study, b, status, f)
}

// importPlan takes a plan from its file, as the draft.
func (s *Server) importPlan(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	b, err := s.use.Plans.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	content, err := plan.Parse([]byte(values.Get("file")))
	if err != nil {
		f, status, _ := again(values, survey.FieldErrors{"file": "plan.unreadable"}, "")
		return s.planPage(c, a, study, status, f, err.Error())
	}
	draft, _ := b.Draft()
	form := planValues(content, b.Design)
	form.Set("reason", values.Get("reason"))
	form.Set("revision", strconv.Itoa(draft.Revision))
	_, err = s.use.Plans.Write(c.Request.Context(), a, study.ID,
		survey.DraftPlan{Revision: draft.Revision, Content: content, Reason: values.Get("reason")})
	if err == nil {
		return redirect(c, studyPath(study)+"/plan")
	}
	f, status, err := again(form, err, "")
	if err != nil {
		return err
	}
	return s.planForm(c, a, study, b, status, f)
}

// Ticked reports whether a value is among those given in a field.
func (p *planEditPage) Ticked(field, value string) bool {
	return slices.Contains(p.Form.Values[field], value)
}

// planChoices are the choices of a kind, as a form offers them.
func planChoices(kind string) []string {
	switch kind {
	case "populations":
		return texts(plan.Populations())
	case "estimators":
		return texts(plan.Estimators())
	case "structures":
		return texts(plan.Structures())
	case "dfs":
		return texts(plan.DFs())
	case "adjustments":
		return texts(plan.Adjustments())
	case "strategies":
		return texts(plan.Strategies())
	case "sensitivities":
		return texts(plan.Sensitivities())
	}
	return nil
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = string(v)
	}
	return all
}

// planCell is one field of a threshold.
type planCell struct {
	ID, Label, Value, Fault string
	Numeric                 bool
}

func (r planRow) cell(name, label string, numeric bool) planCell {
	return planCell{r.Field + name, label, r.Value(name), r.Fault(name), numeric}
}
