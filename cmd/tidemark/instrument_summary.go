package main

import (
	"math"
	"strconv"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report/keyed"
	"tidemark/survey/report/sheet"
)

// scoring is what was found out about a file that was scored.
type scoring struct {
	Instrument string   `json:"instrument"`
	Title      string   `json:"title"`
	File       string   `json:"file"`
	Notes      []string `json:"notes,omitempty"`
	// Columns by item code.
	Columns keyed.Columns `json:"columns"`
	Rows    int           `json:"rows"`
	// AnsweredAll, Some and None count the rows by how many items have an answer.
	AnsweredAll  int               `json:"answered_all"`
	AnsweredSome int               `json:"answered_some"`
	AnsweredNone int               `json:"answered_none"`
	Scales       []scoredScale     `json:"scales"`
	LookAt       []keyed.Suspicion `json:"look_at,omitempty"`

	first, last string // columns of the first and the last item
}

// scoredScale is one scale of it. Numbers that cannot be given are null.
type scoredScale struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Scored rows; TooFew and Impossible count the others by the reason.
	Scored     int      `json:"scored"`
	TooFew     int      `json:"too_few_answered"`
	Impossible int      `json:"impossible_answer"`
	Mean       *float64 `json:"mean"`
	SD         *float64 `json:"sd"`
	Alpha      *float64 `json:"alpha"`
	Low        float64  `json:"low"`
	High       float64  `json:"high"`
}

func summarise(s *sheet.Sheet, d *instrument.Definition, columns keyed.Columns, answers keyed.Answers, scored []keyed.Scored) scoring {
	told := scoring{Title: d.Title, Notes: s.Notes, Columns: columns, Rows: len(s.Rows)}
	for row := range s.Rows {
		n := 0
		for _, column := range answers {
			if !math.IsNaN(column[row]) {
				n++
			}
		}
		switch n {
		case len(answers):
			told.AnsweredAll++
		case 0:
			told.AnsweredNone++
		default:
			told.AnsweredSome++
		}
	}
	for _, item := range d.Items {
		if name := columns[item.Code]; name != "" {
			if told.first == "" {
				told.first = name
			}
			told.last = name
		}
	}
	for _, sc := range scored {
		told.Scales = append(told.Scales, scoredScale{
			Key: sc.Scale.Key, Name: sc.Scale.Name, Scored: sc.Scores, TooFew: sc.TooFew, Impossible: sc.Invalid,
			Mean: estimated(sc.Summary.Mean), SD: estimated(sc.Summary.SD), Alpha: estimated(sc.Alpha.Alpha), Low: sc.Low, High: sc.High,
		})
	}
	return told
}

func estimated(e analysis.Estimate) *float64 {
	if !e.OK() {
		return nil
	}
	return &e.Value
}

// say tells it to the person at the command line.
func (s scoring) say(p *program) {
	for _, note := range s.Notes {
		p.say("%s\n", note)
	}
	p.say("%s, %d items in %s to %s: %d rows, %d answered every item, %d some, %d none.\n",
		s.Title, len(s.Columns), s.first, s.last, s.Rows, s.AnsweredAll, s.AnsweredSome, s.AnsweredNone)
	for _, s := range s.Scales {
		p.say("%-22s %5d scored", s.Key, s.Scored)
		if s.Mean != nil {
			p.say("   mean %s", fixed(*s.Mean))
		}
		if s.SD != nil {
			p.say(" (SD %s)", fixed(*s.SD))
		}
		if s.High > s.Low {
			p.say(" of %s to %s", scoreText(s.Low), scoreText(s.High))
		}
		if s.Alpha != nil {
			p.say("   alpha %s", fixed(*s.Alpha))
		}
		if s.TooFew > 0 {
			p.say("   %d without: too few answers", s.TooFew)
		}
		if s.Impossible > 0 {
			p.say("   %d without: an impossible answer", s.Impossible)
		}
		p.say("\n")
	}
	for _, s := range s.LookAt {
		p.say("look at: %s\n", s.Text)
	}
}

func fixed(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
