package export

import (
	"embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/stata"
)

// What a bundle's scripts are made from: programs of R, Python, SPSS and Stata that
// read its files and label them, and one of R that computes the report's figures
// again.
//
//go:embed scripts
var scriptFiles embed.FS

// scripted is what the scripts are told.
type scripted struct {
	Title     string
	Simulated bool
	Wide      []scriptedVariable
	Times     []string // variables with days and instants
	Pre, Post string   // names of the waves compared
	Outcomes  []scriptedOutcome
}

type scriptedVariable struct {
	dataset.Variable
	Index int
	Short string // as Stata has it
}

// scriptedOutcome is a scale before and after, by its variables.
type scriptedOutcome struct {
	Scale, Pre, Post string
	Items, Reversed  []string // before
	Ends             string   // the smallest and the largest answer, added
}

func (f *frame) scripted(wide dataset.Table) scripted {
	s := scripted{Title: f.design.Study.Title, Simulated: f.design.Study.Simulated}
	short := stata.Names(wide)
	for i, v := range wide.Variables {
		s.Wide = append(s.Wide, scriptedVariable{v, i + 1, short[i]})
		if v.Kind == dataset.Day || v.Kind == dataset.Instant {
			s.Times = append(s.Times, v.Name)
		}
	}
	pre, okPre := f.design.WaveOfKind(survey.WavePre)
	post, okPost := f.design.WaveOfKind(survey.WavePost)
	if okPre && okPost {
		s.Pre, s.Post = pre.Name, post.Name
		s.Outcomes = f.outcomes(pre, post)
	}
	return s
}

// outcomes are the scales that are asked at both waves.
func (f *frame) outcomes(pre, post survey.Wave) []scriptedOutcome {
	after := map[string]string{} // scale → variable
	columns := f.columns()
	for _, c := range columns {
		if f.sheets[c.sheet].Wave.ID == post.ID && c.kind == columnScore {
			after[f.sheets[c.sheet].Def.Key+" "+f.scale(c).Key] = c.name
		}
	}
	var all []scriptedOutcome
	for _, c := range columns {
		s := f.sheets[c.sheet]
		if s.Wave.ID != pre.ID || c.kind != columnScore {
			continue
		}
		scale := f.scale(c)
		name, ok := after[s.Def.Key+" "+scale.Key]
		if !ok {
			continue
		}
		o := scriptedOutcome{Scale: scale.Key, Pre: c.name, Post: name, Ends: "0"}
		reversed := map[string]bool{}
		for _, code := range scale.Reversed {
			reversed[code] = true
		}
		for _, i := range columns {
			if i.sheet != c.sheet || i.kind != columnItem {
				continue
			}
			item, _ := f.item(i)
			for _, code := range scale.Items {
				if code != item.Code {
					continue
				}
				o.Items = append(o.Items, i.name)
				if reversed[code] {
					o.Reversed = append(o.Reversed, i.name)
				}
				if low, high, bounded := s.Def.ItemBounds(code); bounded {
					o.Ends = strconv.FormatFloat(low+high, 'g', -1, 64)
				}
			}
		}
		all = append(all, o)
	}
	return all
}

// oneLine has no line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// atMost is a text of n bytes at most, cut between characters.
func atMost(s string, n int) string {
	for len(s) > n {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

var scriptFunctions = template.FuncMap{
	// quote writes a text as R and Python read it.
	"quote": func(s string) string { return strconv.QuoteToASCII(oneLine(s)) },
	// single writes one as SPSS does.
	"single": func(s string, n int) string { return "'" + strings.ReplaceAll(atMost(oneLine(s), n), "'", "''") + "'" },
	// compound writes one as Stata does, where quotes may stand within.
	"compound": func(s string, n int) string { return "`\"" + atMost(oneLine(s), n) + "\"'" },
	"whole":    func(v float64) bool { return v == math.Trunc(v) },
	"spss": func(v scriptedVariable) string {
		switch v.Kind {
		case dataset.Number:
			return fmt.Sprintf("F%d.%d", 8+v.Decimals, v.Decimals)
		case dataset.Day:
			return "SDATE10"
		case dataset.Instant:
			return "A24"
		default:
			return fmt.Sprintf("A%d", v.Width)
		}
	},
	"level": func(v scriptedVariable) string {
		switch {
		case v.Kind == dataset.Instant || v.Measure == dataset.ID:
			return "NOMINAL"
		default:
			return strings.ToUpper(string(v.Measure))
		}
	},
}

var scriptTemplates = template.Must(template.New("scripts").Funcs(scriptFunctions).ParseFS(scriptFiles, "scripts/*"))
