package report

import (
	"math"
	"time"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// OwnScale is one scale over the occasions on which a person answered it.
type OwnScale struct {
	// Name of the scale, in Language.
	Name, Language string
	// Min and Max are the least and greatest possible score.
	Min, Max float64
	Points   []OwnPoint
	Verdict  OwnVerdict
}

// OwnPoint is one score of one person.
type OwnPoint struct {
	Wave  survey.Wave
	At    time.Time
	Score analysis.Estimate
	// Low and High bound the score's error of measurement, within the scale.
	// Their reason says why there is no band.
	Low, High       analysis.Estimate
	Answered, Items int
}

// OwnVerdict compares a person's last score with their first, without saying
// whether a difference is good.
type OwnVerdict string

const (
	// OwnSingle: there is only one score, or none.
	OwnSingle OwnVerdict = "single"
	// OwnUnknown: the error of one of the two is not known.
	OwnUnknown OwnVerdict = "unknown"
	// OwnWithin: the difference is within what errors of measurement make.
	OwnWithin OwnVerdict = "within"
	// OwnHigher and OwnLower: the last score is higher or lower than errors of
	// measurement alone would make it.
	OwnHigher OwnVerdict = "higher"
	OwnLower  OwnVerdict = "lower"
)

// Valid reports whether v is one of the verdicts.
func (v OwnVerdict) Valid() bool {
	switch v {
	case OwnSingle, OwnUnknown, OwnWithin, OwnHigher, OwnLower:
		return true
	}
	return false
}

// Own makes what a person sees of their own scores: the main scale of each
// questionnaire, with a 95 % band for its error of measurement. The error is
// SD·√(1 − reliability) where the questionnaire states both, else it is taken from
// the spread of the person's own answers (analysis.MeanOfPerson). Answers to
// versions of a questionnaire that are scored differently are not put together.
func Own(results survey.OwnResults, language string) []OwnScale {
	var scales []OwnScale
	place := map[string]int{} // by questionnaire and how it is scored
	for _, sent := range results.Sent {
		scale, ok := sent.Definition.Primary()
		low, high, known := sent.Definition.Range(scale.Key)
		if !ok || !known {
			continue
		}
		key := sent.Definition.Key + " " + sent.Definition.ScoringHash()
		i, seen := place[key]
		if !seen {
			i = len(scales)
			place[key] = i
			local, _ := sent.Definition.In(language)
			named, _ := local.Scale(scale.Key)
			s := OwnScale{Name: named.Name, Language: local.Language, Min: low, Max: high}
			if named.NameLang != "" {
				s.Language = named.NameLang
			}
			scales = append(scales, s)
		}
		scales[i].Points = append(scales[i].Points, ownPoint(sent, scale, low, high))
	}
	for i := range scales {
		scales[i].Verdict = ownVerdict(scales[i].Points)
	}
	return scales
}

func ownPoint(sent survey.OwnAnswers, scale instrument.Scale, low, high float64) OwnPoint {
	p := OwnPoint{Wave: sent.Wave, At: sent.SubmittedAt}
	for _, w := range sent.Definition.Explain(sent.Answers.Numbers()) {
		if w.Score.Scale != scale.Key {
			continue
		}
		p.Answered, p.Items = w.Score.Answered, w.Score.Items
		if !w.Score.Valid {
			p.Score = analysis.Estimate{Reason: analysis.ReasonTooFewAnswers}
			p.Low, p.High = p.Score, p.Score
			return p
		}
		p.Score.Value = w.Score.Value
		half := halfWidth(scale, w)
		p.Low = analysis.Estimate{Value: max(low, p.Score.Value-half.Value), Reason: half.Reason}
		p.High = analysis.Estimate{Value: min(high, p.Score.Value+half.Value), Reason: half.Reason}
		if !half.OK() {
			p.Low.Value, p.High.Value = 0, 0
		}
	}
	return p
}

// normal95 is the 97.5 % point of the normal distribution, for an error that is
// known from many people.
const normal95 = 1.959963984540054

// halfWidth of the band around a score.
func halfWidth(scale instrument.Scale, w instrument.Working) analysis.Estimate {
	if w.Table {
		return analysis.Estimate{Reason: analysis.ReasonNoData} // errors of the raw score say little of a looked-up one
	}
	if len(scale.Norms) > 0 && len(scale.Reliability) > 0 {
		sem := analysis.SEM(scale.Norms[0].SD, scale.Reliability[0].Value)
		sem.Value *= normal95
		return sem
	}
	answers := make([]float64, len(w.Items))
	for i, it := range w.Items {
		answers[i] = math.NaN()
		if it.Given && it.Fits {
			answers[i] = it.Counts
		}
	}
	half := analysis.MeanOfPerson(answers, analysis.DefaultLevel).HalfWidth
	if scale.Method == instrument.MethodSum {
		half.Value *= float64(len(w.Items))
	}
	if w.Factor != 0 {
		half.Value *= math.Abs(w.Factor)
	}
	return half
}

// ownVerdict compares the last score with the first.
func ownVerdict(points []OwnPoint) OwnVerdict {
	var scored []OwnPoint
	for _, p := range points {
		if p.Score.OK() {
			scored = append(scored, p)
		}
	}
	if len(scored) < 2 {
		return OwnSingle
	}
	first, last := scored[0], scored[len(scored)-1]
	if !first.Low.OK() || !last.Low.OK() {
		return OwnUnknown
	}
	change := last.Score.Value - first.Score.Value
	// The band may be cut off at an end of the scale; its other side is whole.
	error := math.Hypot(first.reach(), last.reach())
	switch {
	case math.Abs(change) <= error:
		return OwnWithin
	case change > 0:
		return OwnHigher
	default:
		return OwnLower
	}
}

func (p OwnPoint) reach() float64 {
	return max(p.Score.Value-p.Low.Value, p.High.Value-p.Score.Value)
}
