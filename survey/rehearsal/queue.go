package rehearsal

import (
	"container/heap"
	"context"
	"time"
)

// event is something that happens at a moment of the story.
type event struct {
	at    time.Time
	order int // of planning, among events of one moment
	do    func(context.Context) error
}

// events is the story still to come, the next event first. Heap operations go
// through push and pop.
type events struct {
	planned int
	list    []event
}

// Len, Less, Swap, Push and Pop are for package heap.
func (q *events) Len() int { return len(q.list) }
func (q *events) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	if a.at.Equal(b.at) {
		return a.order < b.order
	}
	return a.at.Before(b.at)
}
func (q *events) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *events) Push(x any)    { q.list = append(q.list, x.(event)) }
func (q *events) Pop() any {
	last := len(q.list) - 1
	e := q.list[last]
	q.list = q.list[:last]
	return e
}

func (q *events) push(at time.Time, do func(context.Context) error) {
	q.planned++
	heap.Push(q, event{at, q.planned, do})
}

func (q *events) pop() (event, bool) {
	if len(q.list) == 0 {
		return event{}, false
	}
	return heap.Pop(q).(event), true
}
