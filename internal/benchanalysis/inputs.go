package main

import "sync"

// inputs makes the data of every row, each when it is first asked for. Products
// are converted before they are added, so that no processor fuses the two
// roundings into one.
type inputs struct {
	pairs    func() pairs       // a million pairs of scores with three decimals
	integers func() pairs       // 100,000 pairs of whole scores, with ties and zeros
	items    func() [][]float64 // 26 items answered by 100,000 people, item by item
	small    func() smallStudy
	change   func(n int) []float64 // changes of n people
	weekly   func(people int) weekly
	visits   func() visits
}

type pairs struct{ pre, post []float64 }

// smallStudy is 120 people who answered 12 items twice, item by item.
type smallStudy struct{ pre, post [][]float64 }

// weekly is people with ten weekly scores each, person by person.
type weekly struct {
	person         []int // from 1
	arm, week, y   []float64
	people, visits int
}

// visits is 200 people with six complete visits each, person by person.
type visits struct {
	person []int     // from 1
	arm    []float64 // 0 or 1
	visit  []int     // from 1
	y      []float64
}

func newInputs() *inputs {
	return &inputs{
		pairs:    sync.OnceValue(makePairs),
		integers: sync.OnceValue(makeIntegers),
		items:    sync.OnceValue(makeItems),
		small:    sync.OnceValue(makeSmall),
		change:   makeChange,
		weekly:   makeWeekly,
		visits:   sync.OnceValue(makeVisits),
	}
}

func makePairs() pairs {
	const n = 1_000_000
	s := newStream(101)
	p := pairs{make([]float64, n), make([]float64, n)}
	for i := range n {
		p.pre[i] = thousandths(50 + float64(10*s.normal()))
		p.post[i] = thousandths(p.pre[i] + 2 + float64(7*s.normal()))
	}
	return p
}

func makeIntegers() pairs {
	const n = 100_000
	s := newStream(102)
	p := pairs{make([]float64, n), make([]float64, n)}
	for i := range n {
		p.pre[i] = halfUp(20 + float64(6*s.normal()))
		p.post[i] = halfUp(p.pre[i] - 1 + float64(4*s.normal()))
	}
	return p
}

// columns are k columns of n.
func columns(k, n int) [][]float64 {
	c := make([][]float64, k)
	for i := range c {
		c[i] = make([]float64, n)
	}
	return c
}

func makeItems() [][]float64 {
	const items, people = 26, 100_000
	s := newStream(103)
	out := columns(items, people)
	for p := range people {
		level := 3 + float64(0.8*s.normal())
		for i := range items {
			out[i][p] = answer(level + s.normal())
		}
	}
	return out
}

func makeChange(n int) []float64 {
	x := newStream(uint32(200 + n)).normals(n)
	for i, z := range x {
		x[i] = thousandths(2 + float64(7*z))
	}
	return x
}

func makeWeekly(people int) weekly {
	const weeks = 10
	s := newStream(uint32(300 + people))
	w := weekly{people: people, visits: weeks}
	for id := 1; id <= people; id++ {
		arm := float64(id % 2)
		level := 20 + float64(4*s.normal())
		slope := 0.1 + float64(0.3*arm)
		for t := range weeks {
			week := float64(t)
			w.person, w.arm, w.week = append(w.person, id), append(w.arm, arm), append(w.week, week)
			w.y = append(w.y, thousandths(level+float64(slope*week)+float64(3*s.normal())))
		}
	}
	return w
}

func makeVisits() visits {
	const people, each = 200, 6
	s := newStream(400)
	var v visits
	for id := 1; id <= people; id++ {
		arm := float64(id % 2)
		level, slope := 30+float64(5*s.normal()), float64(0.8*s.normal())+float64(0.5*arm)
		for visit := 1; visit <= each; visit++ {
			spread := 2 + float64(0.3*float64(visit))
			v.person, v.arm, v.visit = append(v.person, id), append(v.arm, arm), append(v.visit, visit)
			v.y = append(v.y, thousandths(level+float64(slope*float64(visit-1))+float64(spread*s.normal())))
		}
	}
	return v
}

func makeSmall() smallStudy {
	const items, people = 12, 120
	s := newStream(600)
	out := smallStudy{columns(items, people), columns(items, people)}
	for p := range people {
		level := 3 + float64(0.8*s.normal())
		for i := range items {
			out.pre[i][p] = answer(level + s.normal())
		}
		for i := range items {
			out.post[i][p] = answer(level + 0.4 + s.normal())
		}
		s.normal() // the stream has one more deviate a person
	}
	return out
}
