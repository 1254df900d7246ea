package paper_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/render"
	"tidemark/survey/report/paper"
)

var gallery = flag.String("gallery", "", "folder to write the figures of a rehearsal to, for looking at")

// each gives every figure of a paper with its name.
func each(p *paper.Paper, d *paper.Dataset, f func(name string, fig figure.Figure)) {
	for _, name := range p.StudyFigures() {
		if fig, ok := p.Figure(d, name, nil); ok {
			f(name, fig)
		}
	}
	for i := range p.Outcomes {
		for _, name := range paper.OutcomeFigures() {
			if fig, ok := p.Figure(d, name, &p.Outcomes[i]); ok {
				f(name+"-"+p.Outcomes[i].Key, fig)
			}
		}
	}
}

func TestEveryFigureOfAPaperIsDrawnAndSaysItsNumbers(t *testing.T) {
	t.Parallel()
	d := inTwoRuns(rehearsed(t, 1, 122))
	p := build(t, d, planned(d))
	drawn, ids := map[string]bool{}, map[string]bool{}
	each(p, d, func(name string, fig figure.Figure) {
		drawing := fig.Draw(figure.SizeStandard)
		drawn[name] = true
		if len(drawing.Marks) < 3 || fig.Alt() == "" || len(fig.Table().Rows) == 0 {
			t.Errorf("%s: %d marks, says %q", name, len(drawing.Marks), fig.Alt())
		}
		if ids[drawing.ID] {
			t.Errorf("%s: the id %s is used twice", name, drawing.ID)
		}
		ids[drawing.ID] = true
		for _, person := range d.People {
			if strings.Contains(figure.SVG(drawing), person.Code) {
				t.Errorf("%s names %s", name, person.Code)
			}
		}
		if *gallery == "" {
			return
		}
		for size, suffix := range map[figure.Size]string{figure.SizeCompact: "-phone", figure.SizeStandard: ""} {
			png, err := render.PNG(fig.Draw(size))
			if err == nil {
				err = os.WriteFile(filepath.Join(*gallery, name+suffix+".png"), png, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	for _, name := range p.StudyFigures() {
		if !drawn[name] {
			t.Errorf("no figure %s", name)
		}
	}
	for _, name := range paper.OutcomeFigures() {
		if !drawn[name+"-sc_total-pre-post"] {
			t.Errorf("no figure %s of the primary outcome", name)
		}
	}
}

func TestFiguresOfAFewPeopleShowNobody(t *testing.T) {
	t.Parallel()
	d := first(rehearsed(t, 4, 60), 8)
	each(build(t, d, planned(d)), d, func(name string, _ figure.Figure) {
		for _, showing := range []string{paper.FigureRaincloud, paper.FigureReliable, paper.FigureResiduals, paper.FigureNormal, paper.FigurePeople} {
			if strings.HasPrefix(name, showing) {
				t.Errorf("%s is drawn", name)
			}
		}
	})
}
