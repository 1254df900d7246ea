package paper

import (
	"tidemark/analysis"
	"tidemark/survey/report"
)

// Unwanted is what people said of the course itself.
type Unwanted struct {
	Wave   string `json:"wave"`
	People int    `json:"people"` // who answered at least one question
	// Any counts the people with at least one unwanted effect.
	Any     report.Count      `json:"any"`
	Share   analysis.Estimate `json:"any_share"`
	ShareCI analysis.Interval `json:"any_share_ci"`
	Effects []UnwantedEffect  `json:"effects"`
	Ratings []Rating          `json:"ratings"`
}

// UnwantedEffect is one question about an unwanted effect.
type UnwantedEffect struct {
	Code    string            `json:"code"`
	Text    string            `json:"text"`
	N       int               `json:"n"`
	Answers []AnswerCount     `json:"answers"`
	Any     report.Count      `json:"any"`
	Share   analysis.Estimate `json:"share"`
	ShareCI analysis.Interval `json:"share_ci"`
}

// AnswerCount is how many people gave an answer.
type AnswerCount struct {
	Label string       `json:"label"`
	N     report.Count `json:"people"`
}

// Rating is a question about how the course was.
type Rating struct {
	Code string            `json:"code"`
	Text string            `json:"text"`
	N    int               `json:"n"`
	Mean analysis.Estimate `json:"mean"`
	SD   analysis.Estimate `json:"sd"`
	Min  float64           `json:"min"`
	Max  float64           `json:"max"`
}

// unwanted tabulates the questions about the course; nil when none was asked or
// answered.
func (d *Dataset) unwanted(level float64, minimum int) *Unwanted {
	if len(d.Experience) == 0 {
		return nil
	}
	u := &Unwanted{Wave: d.Waves[d.Experience[0].Wave].Name}
	answered, affected := make([]bool, len(d.People)), make([]bool, len(d.People))
	for _, q := range d.Experience {
		for i, v := range q.Values {
			if !isMissing(v) {
				answered[i] = true
				affected[i] = affected[i] || q.Unwanted && v > q.least()
			}
		}
		if q.Unwanted {
			u.Effects = append(u.Effects, q.effect(level, minimum))
			continue
		}
		u.Ratings = append(u.Ratings, q.rating(level, minimum))
	}
	any := 0
	for i := range answered {
		if answered[i] {
			u.People++
		}
		if affected[i] {
			any++
		}
	}
	if u.People == 0 {
		return nil
	}
	u.Any, u.Share, u.ShareCI = share(any, u.People, level, minimum)
	return u
}

func (q *Question) least() float64 {
	least := q.Options[0].Value
	for _, o := range q.Options {
		least = min(least, o.Value)
	}
	return least
}

func (q *Question) effect(level float64, minimum int) UnwantedEffect {
	e := UnwantedEffect{Code: q.Code, Text: q.Text}
	counts := make([]report.Count, len(q.Options))
	any := 0
	for _, v := range q.Values {
		if isMissing(v) {
			continue
		}
		e.N++
		if v > q.least() {
			any++
		}
		for k, o := range q.Options {
			if o.Value == v {
				counts[k].N++
			}
		}
	}
	hideRow(counts, minimum)
	for k, o := range q.Options {
		e.Answers = append(e.Answers, AnswerCount{o.Label, counts[k]})
	}
	e.Any, e.Share, e.ShareCI = share(any, e.N, level, minimum)
	return e
}

// share is k of n with Wilson's interval. It is hidden when those who are, or
// those who are not, are so few that they could be known.
func share(k, n int, level float64, minimum int) (report.Count, analysis.Estimate, analysis.Interval) {
	if why := analysis.FirstReason(tooFew(k, minimum), tooFew(n-k, minimum)); why != "" {
		return report.Count{Hidden: true}, analysis.Unknown(why), analysis.NoInterval(why, level)
	}
	w := analysis.Wilson(k, n, level)
	return report.Count{N: k}, w.Value, w.CI
}

func (q *Question) rating(level float64, minimum int) Rating {
	s := analysis.Describe(q.Values, level)
	r := Rating{Code: q.Code, Text: q.Text, N: s.N, Mean: s.Mean, SD: s.SD, Min: q.least(), Max: q.least()}
	for _, o := range q.Options {
		r.Max = max(r.Max, o.Value)
	}
	if why := tooFew(s.N, minimum); why != "" {
		r.Mean, r.SD = analysis.Unknown(why), analysis.Unknown(why)
	}
	return r
}
