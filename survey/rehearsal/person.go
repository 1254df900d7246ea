package rehearsal

import (
	"math"

	"tidemark/survey/instrument"
)

// fill draws the person's answers to a questionnaire of any kind: what its scales
// count by the model of answers, the rest by chance. Questions that are not shown
// have no answer.
func (m *mind) fill(d *instrument.Definition, level [traits]float64) instrument.Answers {
	if d.Purpose == instrument.PurposeBackground {
		return d.Given(m.background(d))
	}
	answers := m.answers(d, level).Answers()
	for i := range d.Items {
		if item := &d.Items[i]; item.Type == instrument.TypeMultiple {
			answers[item.Code] = m.several(d, item, 0)
		}
	}
	return d.Given(answers)
}

// Who takes part: as in many such courses, three in four are women, most of them
// between 25 and 55 and with some schooling behind them. The figures are ours and
// prove nothing about anybody.
const (
	shareMen       = 0.22
	shareNonBinary = 0.02
	shareOwnWords  = 0.015
	shareSilent    = 0.015
	shareCourse    = 0.3 // have been to a course before
	shareSkipped   = 0.04
)

// background draws who the person is.
func (m *mind) background(d *instrument.Definition) instrument.Answers {
	answers := instrument.Answers{}
	for i := range d.Items {
		item := &d.Items[i]
		skipped, y := m.person.Float64() < shareSkipped, m.person.NormFloat64()
		if skipped {
			continue
		}
		switch item.Type {
		case instrument.TypeMultiple:
			answers[item.Code] = m.several(d, item, m.gender())
		case instrument.TypeYesNo:
			yes := 0.0
			if m.person.Float64() < shareCourse {
				yes = 1
			}
			answers[item.Code] = instrument.NumberValue(yes)
		case instrument.TypeSingle:
			options, _ := d.ItemOptions(item.Code)
			answers[item.Code] = instrument.NumberValue(choose(options, 1.5*y))
		case instrument.TypeNumber, instrument.TypeSlider:
			if item.Range != nil {
				answers[item.Code] = instrument.NumberValue(inRange(*item.Range, y))
			}
		case instrument.TypeText:
			answers[item.Code] = instrument.TextValue(m.words(item.Code))
		case instrument.TypeLongText, instrument.TypeDate, instrument.TypeInformation:
		}
	}
	return answers
}

// gender is the place of the option that the person chooses.
func (m *mind) gender() int {
	u := m.person.Float64()
	for i, share := range []float64{shareSilent, shareOwnWords, shareNonBinary, shareMen} {
		if u < share {
			return 4 - i
		}
		u -= share
	}
	return 0
}

// several chooses one option by its place.
func (m *mind) several(d *instrument.Definition, item *instrument.Item, place int) instrument.Value {
	options, _ := d.ItemOptions(item.Code)
	return instrument.ChoicesValue(options[min(place, len(options)-1)].Value)
}

// words are what a simulated person types.
func (m *mind) words(code string) string {
	said := map[string][]string{
		"dm_gender_own":   {"agender", "both and neither"},
		"dm_language":     {"English", "English", "English", "English", "Spanish", "German", "English and Polish", "Turkish"},
		"dm_course_about": {"Stress", "Mindfulness", "Sleep", "Burnout", "Self-esteem"},
	}[code]
	if len(said) == 0 {
		return ""
	}
	return said[m.person.IntN(len(said))]
}

// inRange is the number in a range for a hidden value y, a standard normal.
func inRange(r instrument.Range, y float64) float64 {
	v := r.Min + (r.Max-r.Min)*0.5*math.Erfc(-y/math.Sqrt2)
	step := r.Step
	if step == 0 {
		step = (r.Max - r.Min) / 100
	}
	return min(r.Max, r.Min+step*math.Round((v-r.Min)/step))
}
