package web

import (
	"fmt"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// numberCard is one of the numbers at the head of the board.
type numberCard struct{ Label, Number, Detail string }

// boardCards are the numbers: people, the wave before the course, the wave that
// matters now, attendance, and the group's practice.
func boardCards(b survey.Board, now time.Time) []numberCard {
	left, declined, erased := 0, 0, 0
	for _, r := range b.Rows {
		switch {
		case r.Enrolment.Withdrawn():
			left++
		case r.Enrolment.Declined():
			declined++
		}
	}
	for _, n := range b.Erased {
		erased += n
	}
	enrolled := numberCard{"Enrolled", fmt.Sprint(len(b.Rows) + erased), "nobody has left"}
	var gone []string
	for _, g := range []struct {
		n    int
		word string
	}{{left, "withdrawn"}, {declined, "declined"}, {erased, "erased"}} {
		if g.n > 0 {
			gone = append(gone, fmt.Sprintf("%d %s", g.n, g.word))
		}
	}
	if len(gone) > 0 {
		enrolled.Detail = strings.Join(gone, ", ")
	}
	cards := []numberCard{enrolled}
	if b.Entry.Capacity > 0 || b.Waiting > 0 {
		cards = append(cards, placesCard(b))
	}
	first, current := boardWaves(b, now)
	for _, i := range []int{first, current} {
		if i >= 0 {
			cards = append(cards, waveCard(b, i, now))
		}
	}
	attendance := numberCard{"Attendance so far", "–", "not noted yet"}
	if b.Places > 0 {
		attendance.Number = percent(b.Present, b.Places)
		attendance.Detail = fmt.Sprintf("%d of %d places", b.Present, b.Places)
	}
	return append(cards, attendance, practiceCard(b))
}

// placesCard is how many places are free, and who waits for one.
func placesCard(b survey.Board) numberCard {
	card := numberCard{Label: "Free places", Number: "–", Detail: "as many as come"}
	if n := b.Entry.Capacity; n > 0 {
		card.Number, card.Detail = fmt.Sprint(max(0, n-b.Taken)), fmt.Sprintf("of %d", n)
	}
	if b.Waiting > 0 {
		card.Detail += fmt.Sprintf(", %d %s", b.Waiting, plural(b.Waiting, "waits", "wait"))
	}
	return card
}

// weeksText names course weeks: "week 2", "weeks 1–4", "weeks 1, 2, 5".
func weeksText(weeks []int) string {
	first, last := weeks[0], weeks[len(weeks)-1]
	switch {
	case len(weeks) == 1:
		return fmt.Sprintf("week %d", first)
	case last-first+1 == len(weeks):
		return fmt.Sprintf("weeks %d–%d", first, last)
	}
	names := make([]string, len(weeks))
	for i, w := range weeks {
		names[i] = fmt.Sprint(w)
	}
	return "weeks " + strings.Join(names, ", ")
}

// practiceCard is what the group practised, in whole hours: nobody's part of it.
func practiceCard(b survey.Board) numberCard {
	card := numberCard{Label: "Practice at home", Number: "–", Detail: "shown for weeks that are over"}
	if b.PracticeWeeks > 0 {
		card.Detail = fmt.Sprintf("shown for weeks in which at least %d people noted some", max(b.Study.TrendMinimum, survey.TrendFloor))
	}
	if g := b.Practice; g != nil {
		hours := (g.Minutes + 30) / 60
		card.Number = fmt.Sprintf("about %d %s", hours, plural(hours, "hour", "hours"))
		card.Detail = "of the whole group, " + weeksText(g.Weeks)
	}
	return card
}

// boardWaves are the places of the wave before the course, and of the other one
// that matters now: the last that is open, else the next to open, else the last.
// Either is -1 when there is none.
func boardWaves(b survey.Board, now time.Time) (pre, current int) {
	pre, current = -1, -1
	next, last := -1, -1
	for i, w := range b.Waves {
		if w.Kind == survey.WavePre && pre < 0 {
			pre = i
			continue
		}
		switch window := b.Run.Window(w.Rule); window.At(now) {
		case schedule.During:
			current = i
		case schedule.Before:
			if next < 0 && !window.IsZero() {
				next = i
			}
		case schedule.After:
		}
		last = i
	}
	switch {
	case current >= 0:
		return pre, current
	case next >= 0:
		return pre, next
	default:
		return pre, last
	}
}

func waveCard(b survey.Board, wave int, now time.Time) numberCard {
	w := b.Waves[wave]
	window := b.Run.Window(w.Rule)
	answered, asked := b.WaveCount(wave)
	card := numberCard{Label: w.Name, Number: fmt.Sprintf("%d of %d", answered, asked)}
	if window.IsZero() {
		card.Detail = percent(answered, asked) + ", each at a time of their own"
		return card
	}
	switch window.At(now) {
	case schedule.Before:
		card.Number = "–"
		card.Detail = "opens " + dayWords(schedule.DateOf(window.Opens))
	case schedule.During:
		card.Detail = percent(answered, asked) + ", open until " + dayWords(window.LastDay())
		if window.Overdue(now) {
			card.Detail = percent(answered, asked) + ", closed, late answers are still taken"
		}
	case schedule.After:
		card.Detail = percent(answered, asked) + ", closed"
	}
	return card
}
