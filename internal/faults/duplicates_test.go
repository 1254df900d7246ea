package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"tidemark/internal/trials"
	"tidemark/internal/visitor"
	"tidemark/survey"
)

// A finger taps twice, a page is sent again, a browser repeats what it had no answer
// to: the same at the same moment to two servers, and once more later.
func TestTheSameSentAgainAndAgainToTwoServersIsOneAnswer(t *testing.T) {
	t.Parallel()
	began := time.Now()
	r := startReplicas(t)
	n := often(t, 100, 10000) // requests that repeat another
	people, err := r.Add(t.Context(), max(4, n/200))
	do(t, err)
	book, random := newLedger(), rand.New(rand.NewPCG(uint64(n), 11))
	c := newClient(t, r.Stage, r.proxy.URL, people, book, 1)
	answers, repeated := map[place]int{}, 0
	for repeated < n {
		s := c.sheets[random.IntN(len(c.sheets))]
		q := s.questions[random.IntN(len(s.questions))]
		p, value := place{s.id, q.Item}, q.Values[random.IntN(len(q.Values))]
		book.sending(p, value)
		parallel := 2 + random.IntN(7)
		replies := sendTogether(t, s.visitor, s.id, q.Item, value, parallel)
		replies = append(replies, sendTogether(t, s.visitor, s.id, q.Item, value, 1)...)
		book.saved(p, value)
		for _, reply := range replies[1:] {
			if reply != replies[0] {
				t.Errorf("the same was answered by %q and by %q", replies[0], reply)
			}
		}
		repeated += parallel
		answers[p]++
	}
	f := judge(t, r.Stage, people, book)
	// What was replaced is kept once for each time that something else was given.
	kept := 0
	do(t, r.Store.EachReplaced(t.Context(), r.Design.Study.ID, func(row *survey.ResponseRow) error {
		kept++
		answers[place{string(row.AssessmentID), row.Item}]--
		return nil
	}))
	for p, left := range answers {
		if left < 1 {
			t.Errorf("%v: more answers are kept as replaced than were given", p)
			f.doubled++
		}
	}
	keep(t, "duplicates", "PostgreSQL, two replicas", repeated, book, f, began, trials.Count("answers replaced by another", kept))
}

// sendTogether saves the same answer so many times at once, and gives the replies.
func sendTogether(t *testing.T, v *visitor.Visitor, id, item string, value float64, parallel int) []string {
	t.Helper()
	replies := make([]string, parallel)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() {
			status, reply, err := v.Post(t.Context(), "/me/a/"+id+"/save", fmt.Sprintf(`{"answers":{%q:%g}}`, item, value))
			if err != nil || status != http.StatusOK {
				t.Errorf("one of %d at once: status %d (%v) %s", parallel, status, err, reply)
			}
			replies[i] = reply
		})
	}
	all.Wait()
	return replies
}
