package web

import (
	"net/url"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// allocationRows is how many lines for further things to balance by the form has.
const allocationRows = 4

// allocationForm is the choice of a draft study, as typed.
type allocationForm struct {
	staffForm
	Known  []knownFactor // what need not be asked
	Rows   []int         // numbers of the lines for what is asked
	Shares []shareField
}

type knownFactor struct {
	Number     int
	Name, Text string
}

type shareField struct{ Field, Name string }

// The places of what need not be asked; lines for the rest come after.
const (
	runPlace    = 1
	coursePlace = 2
)

func newAllocationForm(b survey.AllocationBook, f staffForm) *allocationForm {
	form := &allocationForm{staffForm: f, Known: []knownFactor{
		{runPlace, allocation.FactorRun, "Course run"}, {coursePlace, allocation.FactorCourse, "Course (of 8 or of 10 weeks)"},
	}}
	for i := range allocationRows {
		form.Rows = append(form.Rows, coursePlace+1+i)
	}
	for _, a := range b.Arms {
		form.Shares = append(form.Shares, shareField{"share_" + a.Key, a.Name})
	}
	if f.Values == nil {
		form.Values = allocationValues(b)
	}
	return form
}

// allocationValues are what is chosen now, as form fields.
func allocationValues(b survey.AllocationBook) url.Values {
	s := b.Scheme
	v := url.Values{"method": {string(s.Method)}, "unit": {string(s.Unit)}, "best": {"80"}}
	if s.Best > 0 {
		v.Set("best", strconv.Itoa(s.Best))
	}
	for _, a := range b.Arms {
		v.Set("share_"+a.Key, strconv.Itoa(a.Share))
	}
	if !b.Usual {
		v.Set("sizes", numbersText(s.Sizes))
	}
	place := coursePlace
	for _, f := range s.Factors {
		at := runPlace
		switch f.Name {
		case allocation.FactorRun:
		case allocation.FactorCourse:
			at = coursePlace
		default:
			place++
			at = place
			v.Set(factorField(at)+"_levels", strings.Join(f.Levels, ", "))
		}
		v.Set(factorField(at), f.Name)
		if f.Weight > 0 {
			v.Set(factorField(at)+"_weight", strconv.Itoa(f.Weight))
		}
	}
	return v
}

func factorField(n int) string { return "factor_" + strconv.Itoa(n) }

func numbersText(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// numberIn reads a number; what is none is −1.
func numberIn(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}

// listOf is what stands between commas, without spaces and empty places.
func listOf(text string) []string {
	var list []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// readAllocation is a posted choice. Factors stand at the places of their lines, so
// that faults name these.
func readAllocation(arms []survey.Arm, v url.Values) survey.NewAllocation {
	n := survey.NewAllocation{
		Method: allocation.Method(v.Get("method")), Unit: allocation.Unit(v.Get("unit")), Best: numberIn(v.Get("best")),
		Shares: map[survey.ArmID]int{},
	}
	for _, a := range arms {
		n.Shares[a.ID] = numberIn(v.Get("share_" + a.Key))
	}
	for _, part := range listOf(v.Get("sizes")) {
		n.Sizes = append(n.Sizes, numberIn(part))
	}
	for place := 1; place <= coursePlace+allocationRows; place++ {
		field := factorField(place)
		f := allocation.Factor{Name: strings.TrimSpace(v.Get(field)), Levels: listOf(v.Get(field + "_levels"))}
		if weight := v.Get(field + "_weight"); weight != "" {
			f.Weight = numberIn(weight)
		} else {
			f.Weight = 1
		}
		n.Factors = append(n.Factors, f)
	}
	return n
}
