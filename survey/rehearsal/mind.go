package rehearsal

import (
	"math"
	"math/rand/v2"
	"slices"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// The traits that the questionnaires measure.
const (
	selfCompassion = iota
	resilience
	motivation
	traits
)

// traitOf says which trait an instrument measures, and how closely its items
// follow it (the standardised loading λ before variation between items).
// Loadings were chosen so that the twelve self-compassion items reach a
// Cronbach's α of about .85.
func traitOf(key string) (trait int, loading float64) {
	switch key {
	case "resilience":
		return resilience, 0.66
	case "motivation":
		return motivation, 0.72
	case "weekly_check_in":
		return selfCompassion, 0.70
	case "self_judgement_shame":
		return selfCompassion, 0.64
	default:
		return selfCompassion, 0.60
	}
}

// gain is what the time does, in standard deviations of each trait: to people in
// the course, and to people who wait (the passing of time and being asked).
// Observed effects come out smaller by the square root of the reliability.
func gain(control bool) [traits]float64 {
	if control {
		return [traits]float64{0.05, 0.04, 0.03}
	}
	return [traits]float64{0.80, 0.46, 0.30}
}

const (
	// stability is the share of a trait's variance that lasts from one wave
	// to the next. With the reliability of the scales it gives a retest
	// correlation between .6 and .7.
	stability = 0.82
	// unlikeGain is how much people differ in what the course does to them,
	// relative to its mean effect.
	unlikeGain = 0.35
	// kept is the share of the effect left three months later.
	kept = 0.85
	// skipRate is the chance that an item is left out.
	skipRate = 0.015
	// start is where people begin: those who sign up are a little harder on
	// themselves than the middle of the scale.
	start = -0.25
)

// mind is what a simulated person brings along.
type mind struct {
	trait    [traits]float64
	receives float64 // multiplies the effect of the course
	diligent float64 // how much they practise at home, standard normal
	levels   map[survey.WaveID][traits]float64
	rng      *rand.Rand
	aside    *rand.Rand // for what is asked beside the outcomes
	person   *rand.Rand // for who the person is
}

// newMind draws a person. Resilience and motivation correlate with
// self-compassion by .55 and .45.
func newMind(rng, aside, person *rand.Rand) *mind {
	m := &mind{rng: rng, aside: aside, person: person, levels: map[survey.WaveID][traits]float64{}}
	z := rng.NormFloat64()
	m.trait[selfCompassion] = z
	m.trait[resilience] = mix(z, rng.NormFloat64(), 0.55)
	m.trait[motivation] = mix(z, rng.NormFloat64(), 0.45)
	unlike := rng.NormFloat64()
	m.receives = 1 + unlikeGain*unlike
	// Who practises more gains more; the correlation of .7 lets a dose-response
	// show without explaining all that people differ in.
	m.diligent = mix(unlike, aside.NormFloat64(), 0.7)
	return m
}

// mix is a standard normal that correlates by r with a, given an independent b.
func mix(a, b, r float64) float64 { return r*a + math.Sqrt(1-r*r)*b }

// level is where the person stands at a wave: what lasts, the state of the day
// (shared in part between traits), and what the course has done by then.
// progress is the part of the course done by then, from 0 to 1.
func (m *mind) level(w survey.Wave, progress float64, control bool) [traits]float64 {
	if l, ok := m.levels[w.ID]; ok {
		return l
	}
	var l [traits]float64
	day := m.rng.NormFloat64()
	for t := range traits {
		state := mix(day, m.rng.NormFloat64(), 0.6)
		l[t] = start + math.Sqrt(stability)*m.trait[t] + math.Sqrt(1-stability)*state
		l[t] += progress * gain(control)[t] * m.receives
	}
	m.levels[w.ID] = l
	return l
}

// weekOf is the course week that a wave during the course belongs to.
func weekOf(w survey.Wave) int {
	if w.Rule.Anchor == schedule.AnchorMeeting {
		return w.Rule.Meeting
	}
	return w.Rule.OpensDay/schedule.DaysBetweenMeetings + 1
}

// progressAt is how much of the course has been done at a wave.
func progressAt(w survey.Wave, meetings int) float64 {
	switch w.Kind {
	case survey.WavePre:
		return 0
	case survey.WaveDuring:
		return min(1, float64(weekOf(w))/float64(meetings))
	case survey.WaveFollowUp:
		return kept
	default:
		return 1
	}
}

// answers draws the person's answers to a questionnaire from a graded response
// model: an item's hidden value is λ·level plus noise, shared a little between
// items of one facet, and the answer is the option whose interval it falls in.
// Items that are turned around for the score are answered the other way round.
func (m *mind) answers(d *instrument.Definition, level [traits]float64) instrument.Numbers {
	switch d.Purpose {
	case instrument.PurposePractice:
		return m.practice(d)
	case instrument.PurposeExperience:
		return m.experience(d)
	case instrument.PurposeBackground, instrument.PurposeOutcome:
	}
	const facetLoading = 0.22
	trait, loading := traitOf(d.Key)
	primary, _ := d.Primary()
	facets := map[string]float64{}
	answers := make(instrument.Numbers, len(d.Items))
	for i, item := range d.Items {
		facet := facetOf(d, item.Code)
		if _, drawn := facets[facet]; !drawn {
			facets[facet] = m.rng.NormFloat64()
		}
		l := loading + 0.05*float64(i%3-1)
		noise := math.Sqrt(1 - l*l - facetLoading*facetLoading)
		y := l*level[trait] + facetLoading*facets[facet] + noise*m.rng.NormFloat64()
		y -= 0.2 * float64(i*2%5-2) // some items are easier to agree with
		if slices.Contains(primary.Reversed, item.Code) != (primary.Direction == instrument.LowerBetter) {
			y = -y
		}
		if m.rng.Float64() < skipRate {
			continue
		}
		if options, _ := d.ItemOptions(item.Code); len(options) > 0 {
			answers[item.Code] = choose(options, y)
		} else if item.Range != nil {
			answers[item.Code] = inRange(*item.Range, y)
		}
	}
	return answers
}

// practice draws the days of a week's practice and the minutes on such a day,
// around four days and a quarter of an hour.
func (m *mind) practice(d *instrument.Definition) instrument.Numbers {
	const usualDays, usualMinutes = 4, 15
	days := nearest(d, 0, usualDays+1.3*m.diligent+1.2*m.aside.NormFloat64())
	minutes := 0.0
	if days > 0 {
		minutes = max(nearest(d, 1, usualMinutes+5*m.diligent+5*m.aside.NormFloat64()), leastAbove(d, 1))
	}
	return instrument.Numbers{d.Items[0].Code: days, d.Items[1].Code: minutes}
}

// experience draws what people say of the course. One in eight or so tells of
// each unwanted effect, most of them of a small one.
func (m *mind) experience(d *instrument.Definition) instrument.Numbers {
	answers := instrument.Numbers{}
	for _, item := range d.Items {
		if m.aside.Float64() < skipRate {
			continue
		}
		options, _ := d.ItemOptions(item.Code)
		if item.Unwanted {
			severity := int(max(0, m.aside.NormFloat64()-0.15)) // above 0 for one in eight
			answers[item.Code] = options[min(severity, len(options)-1)].Value
			continue
		}
		answers[item.Code] = choose(options, 0.8+0.3*m.diligent+m.aside.NormFloat64())
	}
	return answers
}

// nearest is the option of an item closest to v.
func nearest(d *instrument.Definition, item int, v float64) float64 {
	options, _ := d.ItemOptions(d.Items[item].Code)
	best := options[0].Value
	for _, o := range options {
		if math.Abs(o.Value-v) < math.Abs(best-v) {
			best = o.Value
		}
	}
	return best
}

// leastAbove is the least option of an item above nothing.
func leastAbove(d *instrument.Definition, item int) float64 {
	options, _ := d.ItemOptions(d.Items[item].Code)
	least := math.Inf(1)
	for _, o := range options {
		if o.Value > 0 {
			least = min(least, o.Value)
		}
	}
	return least
}

// facetOf is the key of the part of the total that an item belongs to.
func facetOf(d *instrument.Definition, code string) string {
	for _, s := range d.Scales {
		if s.Parent != "" && slices.Contains(s.Items, code) {
			return s.Key
		}
	}
	return ""
}

// choose is the option for a hidden value y: the k options split the line at
// points one apart, around 0.
func choose(options []instrument.Option, y float64) float64 {
	values := make([]float64, len(options))
	for i, o := range options {
		values[i] = o.Value
	}
	slices.Sort(values)
	k := len(values)
	at := int(math.Floor(y + float64(k)/2))
	return values[min(max(at, 0), k-1)]
}
