package web

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// answersTwice lets people answer before the course and after it, where every
// second one gives another answer to one question.
func (w *world) answersTwice(people int) {
	w.t.Helper()
	for n := range people {
		w.answer(n, always(2))
	}
	w.days(9 + 50) // the day after the last meeting
	for n := range people {
		w.answer(n, func(item instrument.Item) float64 {
			if slices.Contains([]string{"sc_01", "sc_03", "sc_05", "sc_08"}, item.Code) { // none of them turned around
				return float64(2 + n%3)
			}
			return 3
		})
	}
}

func TestTheShortVersionWaitsForTheLastAnswerAndForEnoughPeople(t *testing.T) {
	t.Parallel()
	for _, people := range []int{survey.DefaultTrendMinimum - 1, survey.DefaultTrendMinimum} {
		w := newWorld(t, survey.DefaultTrendMinimum+2)
		w.answersTwice(people)
		leader := w.signedIn(t, "leader@example.org", w.facilitator())
		open := leader.get(w.runPath("/brief")).want(200, "12 people signed up", "once the survey after the course has closed")
		checkFrame(t, open)
		w.days(60)
		w.tellFigures()
		leader = w.signedIn(t, "leader@example.org")
		page := leader.get(w.runPath("/brief")).want(200)
		enough := people >= survey.DefaultTrendMinimum
		if got := strings.Contains(page.body, "among the about 10 people"); got != enough {
			t.Errorf("with %d people the change is told: %t", people, got)
		}
		if got := strings.Contains(page.body, "Nothing is told of this: fewer than 10 people"); got == enough {
			t.Errorf("with %d people it says too few: %t", people, got)
		}
		for _, word := range []string{"exploratory", "p &lt;", "Person 1", "NaN"} {
			if strings.Contains(page.body, word) {
				t.Errorf("the page has %q", word)
			}
		}
	}
}

func TestUnwantedEffectsAreToldWithoutGivingAnyoneAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		brief survey.Brief
		want  string
	}{
		{survey.Brief{Over: true, Minimum: 10}, "fewer than 10 people"},
		{survey.Brief{Over: true, Minimum: 10, Unwanted: &survey.UnwantedBrief{N: 30, Share: survey.UnwantedFew}}, "Few or none of the about 30"},
		{survey.Brief{Over: true, Minimum: 10, Unwanted: &survey.UnwantedBrief{N: 30, Reported: 10, Share: survey.UnwantedCounted}}, "About 10 of about 30"},
		{survey.Brief{Over: true, Minimum: 10, Unwanted: &survey.UnwantedBrief{N: 30, Share: survey.UnwantedMost}}, "Most of the about 30"},
		{survey.Brief{Minimum: 10}, "has closed"},
	} {
		if got := harmfulText(c.brief); !strings.Contains(got, c.want) {
			t.Errorf("%q does not say %q", got, c.want)
		}
	}
}
