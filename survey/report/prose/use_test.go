package prose_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/prose"
)

// Whatever a plan asks for, both languages cite the same works, and together the
// plans make use of every work on the list.
func TestEveryReferenceIsUsedBySomeText(t *testing.T) {
	t.Parallel()
	d := twoRuns(rehearsed(t, 1, 122))
	used := map[string]bool{}
	for name, change := range map[string]func(*plan.Plan){
		"thorough": func(*plan.Plan) {},
		"small samples": func(p *plan.Plan) {
			p.Model = plan.Model{Structure: plan.Unstructured, DF: plan.KenwardRoger}
			p.Primary = append(p.Primary, p.Secondary[1])
			p.Secondary = p.Secondary[2:]
		},
		"observed change": func(p *plan.Plan) {
			p.Estimators, p.Missing.Strategy = []plan.Estimator{plan.PairedChange, plan.MixedModel}, plan.CompleteCases
		},
		"ANCOVA": func(p *plan.Plan) {
			p.Estimators, p.Missing.Strategy = []plan.Estimator{plan.ANCOVA, plan.PairedChange}, plan.CompleteCases
		},
		"imputation": func(p *plan.Plan) {
			p.Estimators, p.Missing.Strategy = []plan.Estimator{plan.MultipleImputation, plan.MixedModel}, plan.Imputation
		},
	} {
		planned := thorough(d)
		change(&planned.Content)
		p := build(t, d, planned)
		lists := map[prose.Language][]string{}
		for _, l := range prose.Languages() {
			text := prose.Write(p, l)
			lists[l] = cited(text)
			if s := text.String(); strings.Contains(s, "{}") || strings.Contains(s, "NaN") || strings.Contains(s, "  ") || strings.Contains(s, "..") {
				t.Errorf("%s, %s:\n%s", name, l, s)
			}
			for _, r := range text.References {
				used[r.String()] = true
			}
		}
		if !slices.Equal(lists[prose.English], lists[prose.German]) {
			t.Errorf("%s: English cites %q, German %q", name, lists[prose.English], lists[prose.German])
		}
	}
	for _, r := range prose.References() {
		if !used[r.Line().String()] {
			t.Errorf("no text uses %s", r.Key)
		}
	}
}

// twoRuns divides everybody into two course runs.
func twoRuns(d *paper.Dataset) *paper.Dataset {
	d.Runs = []string{"First", "Second"}
	for i := range d.People {
		d.People[i].Run = i % 2
	}
	return d
}

func cited(t prose.Text) []string {
	var lines []string
	for _, r := range t.References {
		lines = append(lines, r.String())
	}
	return lines
}

// No English sentence stands in a German text.
func TestGermanTextsAreGerman(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	text := prose.Write(build(t, d, thorough(d)), prose.German)
	text.References = nil
	for _, word := range []string{" the ", " and ", " of ", "not shown", "95% CI", " with "} {
		if s := text.String(); strings.Contains(s, word) {
			i := strings.Index(s, word)
			t.Errorf("%q in … %s …", word, s[max(0, i-60):min(len(s), i+60)])
		}
	}
}

// The words for one outcome are those of the whole text.
func TestAnOutcomeIsToldAloneAsInTheText(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	p := build(t, d, planned(d))
	for _, l := range prose.Languages() {
		main, _ := p.Main()
		whole, alone := prose.Write(p, l), prose.Of(p, main, l)
		if whole.Answer.String() != alone.Answer.String() || !strings.Contains(whole.String(), alone.Paper.String()) {
			t.Errorf("%s: %q, %q", l, alone.Answer, alone.Paper)
		}
		for i := range p.Outcomes {
			if s := prose.Of(p, &p.Outcomes[i], l).Paper.String(); !strings.Contains(whole.String(), s) {
				t.Errorf("%s: the text does not say %q", l, s)
			}
		}
	}
}

// What is hidden in a paper is in no text.
func TestTextsOfAFewPeopleHideTheirAnswers(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 4, 60)
	d = keep(d, func(i int, _ paper.Person) bool { return i < 14 })
	p := build(t, d, thorough(d))
	for _, l := range prose.Languages() {
		text := prose.Write(p, l).String()
		if !strings.Contains(text, map[prose.Language]string{prose.English: "not shown", prose.German: "nicht gezeigt"}[l]) {
			t.Error("nothing is hidden")
		}
		for _, person := range d.People {
			if strings.Contains(text, person.Code) {
				t.Errorf("a text names %s", person.Code)
			}
		}
	}
	nobody := keep(rehearsed(t, 4, 20), func(int, paper.Person) bool { return false })
	for _, l := range prose.Languages() {
		if s := prose.Write(build(t, nobody, planned(nobody)), l).String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Error(s)
		}
	}
}
