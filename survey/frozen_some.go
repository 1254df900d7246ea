package survey

import "slices"

// Some is the frozen data of some people, in the order given; nothing of anybody
// else is in it. The heads counted in the runs stay those of everybody. Both share
// what is stored.
func (f *Frozen) Some(people []EnrolmentID) *Frozen {
	at := make(map[EnrolmentID]int, len(people))
	for i, id := range people {
		at[id] = i
	}
	some := &Frozen{snapshot: f.snapshot, design: f.design, store: f.store, runs: slices.Clone(f.runs), choices: map[EnrolmentID]ConsentChoices{}}
	some.people = someOf(f.people, at, func(p *Enrolment) EnrolmentID { return p.ID })
	some.attendance = someOf(f.attendance, at, func(a *Attendance) EnrolmentID { return a.EnrolmentID })
	some.sheets = someOf(f.sheets, at, func(s *sheetAt) EnrolmentID { return s.enrolment })
	for id := range at {
		if said, asked := f.choices[id]; asked {
			some.choices[id] = said
		}
	}
	return some
}

// someOf are the elements of people who have a place, by that place; those of one
// person stay in their order.
func someOf[T any](all []T, at map[EnrolmentID]int, of func(*T) EnrolmentID) []T {
	first := make([]int, len(at)+1) // where a person's elements begin, in the end
	for i := range all {
		if place, in := at[of(&all[i])]; in {
			first[place+1]++
		}
	}
	for i := 1; i < len(first); i++ {
		first[i] += first[i-1]
	}
	ordered := make([]T, first[len(at)])
	for i := range all {
		if place, in := at[of(&all[i])]; in {
			ordered[first[place]] = all[i]
			first[place]++
		}
	}
	return ordered
}
