package rehearsal

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// fate is how a person's part in the study goes.
type fate string

const (
	fateStays      fate = "stays"
	fateNever      fate = "never"      // never follows the link
	fateLeaves     fate = "leaves"     // withdraws
	fateSilent     fate = "silent"     // stops answering without a word
	fateReturns    fate = "returns"    // silent, but answers the follow-up
	fateNoFollowUp fate = "nofollowup" // answers all but the follow-up
)

// cohort is one course run and its people.
type cohort struct {
	name, location, time string
	hour, minute         int
	starts               schedule.Date
	coming               bool // begins after the story ends
	people               []*person
	run                  survey.CourseRun
}

// person is one simulated participant.
type person struct {
	survey.Person
	mind *mind
	rng  *rand.Rand // of when and whether, apart from the mind's
	home *rand.Rand // of what they do at home between meetings
	fate fate
	// lastWeek is the course week after which someone who leaves or goes
	// silent is not heard of again.
	lastWeek int
	// early is how far someone has come in a run that is yet to begin.
	early early

	enrolment survey.Enrolment
	control   bool
	// finishes is when they are going to have completed each wave, by key.
	finishes map[string]time.Time
	link     string // token
	cookie   string
	gone     bool
}

// early says what a person has done before the course begins.
type early string

const (
	earlyNothing   early = "nothing"
	earlyConsented early = "consented"
	earlyPartly    early = "partly"
	earlyAnswered  early = "answered"
)

// cohorts casts the three course runs.
func cohorts(o Options, today schedule.Date) []*cohort {
	first := int(math.Round(0.49 * float64(o.People)))
	second := int(math.Round(0.295 * float64(o.People)))
	cast := []*cohort{
		{starts: today.AddDays(-210), time: "18:30", hour: 18, minute: 30, location: "Room 2.14, Harbour House"},
		{starts: today.AddDays(-30), time: "12:15", hour: 12, minute: 15, location: "Online"},
		{starts: today.AddDays(4), time: "09:30", hour: 9, minute: 30, location: "Garden Room, Mill Lane Library", coming: true},
	}
	kinds := []string{"evening", "lunchtime", "morning"}
	sizes := []int{first, second, o.People - first - second}
	everyone := names(stream(o.Seed, "names", 0), o.People)
	for i, c := range cast {
		c.name = fmt.Sprintf("%s %d %s group", season(c.starts), c.starts.Year, kinds[i])
		for j := range sizes[i] {
			c.people = append(c.people, &person{
				Person: everyone[0],
				mind:   newMind(stream(o.Seed, "mind", 1000000*(i+1)+j), stream(o.Seed, "course", 1000000*(i+1)+j), stream(o.Seed, "person", 1000000*(i+1)+j)),
				rng:    stream(o.Seed, "life", 1000000*(i+1)+j),
				home:   stream(o.Seed, "home", 1000000*(i+1)+j),
			})
			everyone = everyone[1:]
		}
		dice := stream(o.Seed, "fates", i)
		if c.coming {
			c.drawEarly(dice)
		} else {
			c.drawFates(dice)
		}
	}
	return cast
}

// stream is a repeatable generator for one purpose and one person.
func stream(seed uint64, purpose string, n int) *rand.Rand {
	return rand.New(chacha(seed+uint64(n)*0x9e3779b97f4a7c15, purpose))
}

func season(d schedule.Date) string {
	return [...]string{"Winter", "Spring", "Summer", "Autumn"}[int(d.Month)%12/3]
}

// drawFates decides who is lost: three in ten by the questionnaires after the
// course, somewhat more often those who are hard on themselves, a little under
// half of them by saying so.
func (c *cohort) drawFates(dice *rand.Rand) {
	n := len(c.people)
	lost := int(math.Round(0.30 * float64(n)))
	never := max(n/30, 1)
	leaves := int(math.Round(0.45 * float64(lost-never)))
	order := byRisk(dice, c.people)
	for i, p := range order {
		switch {
		case i < never:
			p.fate = fateNever
		case i < never+leaves:
			p.fate, p.lastWeek = fateLeaves, 1+dice.IntN(7)
		case i < lost-1:
			p.fate, p.lastWeek = fateSilent, 2+dice.IntN(6)
		case i < lost:
			p.fate, p.lastWeek = fateReturns, 4+dice.IntN(4)
		case dice.Float64() < 0.18:
			p.fate = fateNoFollowUp
		default:
			p.fate = fateStays
		}
	}
}

// byRisk puts people in a random order in which those with low self-compassion
// tend to come first: the k-th smallest of exponential variates with rate w is
// a draw without replacement weighted by w (Efraimidis and Spirakis, 2006).
func byRisk(dice *rand.Rand, people []*person) []*person {
	type key struct {
		p *person
		k float64
	}
	keys := make([]key, len(people))
	for i, p := range people {
		keys[i] = key{p, dice.ExpFloat64() / math.Exp(-0.35*p.mind.trait[selfCompassion])}
	}
	slices.SortStableFunc(keys, func(a, b key) int { return cmp.Compare(a.k, b.k) })
	order := make([]*person, len(keys))
	for i, k := range keys {
		order[i] = k.p
	}
	return order
}

// drawEarly decides how far the people of a coming run are: half have answered,
// some are in the middle. The last to be enrolled is the person whose link is
// given away; nothing has come from there yet.
func (c *cohort) drawEarly(dice *rand.Rand) {
	n := len(c.people)
	demo := c.people[n-1]
	demo.Person = survey.Person{Name: DemoName, Email: "demo.person@example.org"}
	demo.fate, demo.early = fateStays, earlyNothing
	for i, k := range dice.Perm(n - 1) {
		p := c.people[k]
		p.fate = fateStays
		switch {
		case i < n/2:
			p.early = earlyAnswered
		case i < n/2+2:
			p.early = earlyPartly
		case i < n/2+4:
			p.early = earlyConsented
		default:
			p.early = earlyNothing
		}
	}
}
