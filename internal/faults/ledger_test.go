package faults

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ledger is kept outside of the program: what was sent, and what the program
// said it had saved.
type ledger struct {
	mu          sync.Mutex
	answers     map[place]*entry
	submissions map[string]*submission // by assessment
	acked       int                    // answers acknowledged so far
}

// place is one item of one assessment.
type place struct{ assessment, item string }

// entry is what may stand at a place.
type entry struct {
	acked float64
	isset bool // something was acknowledged
	// unsure are values sent after the acknowledged one, of which nobody
	// knows whether they arrived.
	unsure []float64
}

type submission struct{ sent, acked bool }

func newLedger() *ledger {
	return &ledger{answers: map[place]*entry{}, submissions: map[string]*submission{}}
}

// sending notes an answer about to be sent.
func (l *ledger) sending(p place, value float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answers[p] == nil {
		l.answers[p] = &entry{}
	}
	l.answers[p].unsure = append(l.answers[p].unsure, value)
}

// saved notes that the last answer sent was acknowledged.
func (l *ledger) saved(p place, value float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*l.answers[p] = entry{acked: value, isset: true}
	l.acked++
}

// submitting and submitted note the same of a submission.
func (l *ledger) submitting(assessment string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.submissions[assessment] == nil {
		l.submissions[assessment] = &submission{}
	}
	l.submissions[assessment].sent = true
}

func (l *ledger) submitted(assessment string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.submissions[assessment].acked = true
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

func (l *ledger) submissionsAcked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, s := range l.submissions {
		if s.acked {
			n++
		}
	}
	return n
}

// stored is an assessment as the database has it at the end.
type stored struct {
	answers   map[string][]float64 // by item: every row there is
	skipped   []string             // items written as skipped
	submitted bool
	scores    map[string]int // rows by scale
	scales    int            // scales it has when it is scored
	audits    int            // lines of the audit trail about its submission
}

// faults compares an assessment with the ledger and says what is wrong.
func (l *ledger) faults(assessment string, got stored) []string {
	var found []string
	fault := func(format string, args ...any) { found = append(found, assessment+": "+fmt.Sprintf(format, args...)) }
	for p, e := range l.answers {
		if p.assessment != assessment {
			continue
		}
		rows := got.answers[p.item]
		switch {
		case len(rows) > 1:
			fault("%s is there %d times", p.item, len(rows))
		case len(rows) == 0 && e.isset:
			fault("%s is lost; %v was acknowledged", p.item, e.acked)
		case len(rows) == 1 && !(e.isset && rows[0] == e.acked) && !slices.Contains(e.unsure, rows[0]):
			fault("%s is %v; acknowledged %v, sent since %v", p.item, rows[0], e.acked, e.unsure)
		}
	}
	for item := range got.answers {
		if l.answers[place{assessment, item}] == nil {
			fault("%s was never sent", item)
		}
	}
	return append(found, l.submissionFaults(assessment, got)...)
}

// submissionFaults says what is wrong with a submission: it is whole or absent.
func (l *ledger) submissionFaults(assessment string, got stored) []string {
	var found []string
	fault := func(format string, args ...any) { found = append(found, assessment+": "+fmt.Sprintf(format, args...)) }
	s := l.submissions[assessment]
	switch {
	case got.submitted && s == nil:
		fault("submitted by nobody")
	case !got.submitted && s != nil && s.acked:
		fault("an acknowledged submission is lost")
	}
	want := 0
	if got.submitted {
		want = 1
	}
	if got.audits != want {
		fault("%d submissions in the audit trail, want %d", got.audits, want)
	}
	if len(got.scores) != want*got.scales {
		fault("%d scales are scored, want %d", len(got.scores), want*got.scales)
	}
	for scale, rows := range got.scores {
		if rows != 1 {
			fault("%s is scored %d times", scale, rows)
		}
	}
	if len(got.skipped) > 0 && !got.submitted {
		fault("items are skipped before the submission: %v", got.skipped)
	}
	return found
}

func TestTheLedgerFindsWhatIsLostAlteredOrDoubled(t *testing.T) {
	t.Parallel()
	l := newLedger()
	for _, item := range []string{"kept", "lost", "altered", "doubled", "unsure", "older"} {
		l.sending(place{"a", item}, 3)
		l.saved(place{"a", item}, 3)
	}
	l.sending(place{"a", "unsure"}, 4)
	l.sending(place{"a", "older"}, 5)
	l.saved(place{"a", "older"}, 5)
	l.sending(place{"a", "never acknowledged"}, 1)
	got := l.faults("a", stored{answers: map[string][]float64{
		"kept": {3}, "altered": {2}, "doubled": {3, 3}, "unsure": {4}, "older": {3}, "unsent": {1},
	}})
	slices.Sort(got)
	want := []string{
		"a: altered is 2; acknowledged 3, sent since []",
		"a: doubled is there 2 times",
		"a: lost is lost; 3 was acknowledged",
		"a: older is 3; acknowledged 5, sent since []",
		"a: unsent was never sent",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("faults (-got +want):\n%s", d)
	}
}

func TestTheLedgerFindsSubmissionsThatAreNotWhole(t *testing.T) {
	t.Parallel()
	whole := stored{submitted: true, scores: map[string]int{"x": 1, "y": 1}, scales: 2, audits: 1}
	absent := stored{scales: 2}
	for name, c := range map[string]struct {
		sent, acked bool
		got         stored
		want        []string
	}{
		"whole":          {true, true, whole, nil},
		"unsure, whole":  {true, false, whole, nil},
		"unsure, absent": {true, false, absent, nil},
		"none":           {false, false, absent, nil},
		"lost":           {true, true, absent, []string{"a: an acknowledged submission is lost"}},
		"by nobody":      {false, false, whole, []string{"a: submitted by nobody"}},
		"unscored": {true, true, stored{submitted: true, scales: 2, audits: 1},
			[]string{"a: 0 scales are scored, want 2"}},
		"scored twice": {true, true, stored{submitted: true, scores: map[string]int{"x": 2}, scales: 1, audits: 1},
			[]string{"a: x is scored 2 times"}},
		"scored, not submitted": {true, false, stored{scores: map[string]int{"x": 1}, scales: 1},
			[]string{"a: 1 scales are scored, want 0"}},
		"audited twice": {true, true, stored{submitted: true, audits: 2},
			[]string{"a: 2 submissions in the audit trail, want 1"}},
	} {
		l := newLedger()
		if c.sent {
			l.submitting("a")
		}
		if c.acked {
			l.submitted("a")
		}
		if d := cmp.Diff(l.faults("a", c.got), c.want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}
