package survey

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAThousandRandomChangesAreFound edits, removes, repeats, moves and cuts off lines of
// a chain at random, one change at a time, before the end that was signed.
func TestAThousandRandomChangesAreFound(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	events := make([]AuditEvent, 40)
	for i := range events {
		events[i] = AuditEvent{
			StudyID: "s", ID: AuditID(fmt.Sprint("e", i)), At: start.Add(time.Duration(i) * time.Minute), ActorKind: ActorUser, ActorID: "u",
			Action: ActionExported, ObjectKind: "study", ObjectID: "s", Detail: fmt.Sprint("d", i),
		}
		if i%4 == 0 {
			events[i].Tell(AuditText{Salt: strings.Repeat("1", 64), Old: "1", New: fmt.Sprint(i), Reason: "r"})
		}
	}
	chain := AuditChain{StudyID: "s"}
	lines := chain.follow(events, start.Add(40*time.Minute))
	head := AuditHead{StudyID: "s", Day: "2026-03-01", Seq: chain.Seq, Hash: chain.Hash}
	faults := func(lines []ChainedEvent) []AuditFault {
		// Whoever changes the lines changes the row with their end along with them.
		end := AuditChain{StudyID: "s", Seq: int64(len(lines))}
		if len(lines) > 0 {
			end.Seq, end.Hash = lines[len(lines)-1].Seq, lines[len(lines)-1].Hash
		}
		c := newAuditCheck(end, []AuditHead{head})
		for i := range lines {
			c.line(&lines[i])
		}
		return c.end().Faults
	}
	if f := faults(lines); len(f) > 0 {
		t.Fatalf("an untouched chain: %+v", f)
	}
	kinds := map[string]int{}
	for range 1000 {
		changed := slices.Clone(lines)
		i := random.IntN(len(changed))
		kind := ""
		switch random.IntN(6) {
		case 0:
			kind = "edited"
			alter(random, &changed[i])
		case 1:
			kind, changed = "removed", slices.Delete(changed, i, min(i+1+random.IntN(3), len(changed)))
		case 2:
			kind, changed = "cut off", changed[:i]
		case 3:
			kind, changed = "repeated", slices.Insert(changed, random.IntN(len(changed)+1), changed[i])
		case 4:
			kind = "moved"
			j := (i + 1 + random.IntN(len(changed)-1)) % len(changed)
			changed[i], changed[j] = changed[j], changed[i]
		case 5: // and its own hash, and all that follow
			kind = "edited and written anew"
			changed[i].Detail += "x"
			for k := i; k < len(changed); k++ {
				if k > 0 {
					changed[k].Prev = changed[k-1].Hash
				}
				changed[k].Hash = changed[k].Sum()
			}
		}
		kinds[kind]++
		if len(faults(changed)) == 0 {
			t.Errorf("line %d %s: not found", i+1, kind)
		}
	}
	if len(kinds) != 6 {
		t.Errorf("only %v were tried", kinds)
	}
}

// alter changes one field of a line.
func alter(random *rand.Rand, e *ChainedEvent) {
	fields := []*string{
		(*string)(&e.ID), (*string)(&e.ActorKind), &e.ActorID, (*string)(&e.Action), &e.ObjectKind, &e.ObjectID, &e.Detail,
		(*string)(&e.Subject), &e.TextHash, &e.Prev, &e.Hash, (*string)(&e.StudyID),
	}
	switch n := random.IntN(len(fields) + 3); n {
	case len(fields):
		e.At = e.At.Add(time.Millisecond)
	case len(fields) + 1:
		e.SealedAt = e.SealedAt.Add(-time.Millisecond)
	case len(fields) + 2:
		e.Seq++
	default:
		*fields[n] += "x"
	}
}

// TestErasedTextsAreNoFault: the text of a line goes with its person, and only then.
func TestErasedTextsAreNoFault(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	told := AuditEvent{StudyID: "s", ID: "1", At: start, Action: ActionExported, Subject: "p"}
	told.Tell(AuditText{Salt: strings.Repeat("1", 64), Old: "1", New: "2", Reason: "r"})
	told.Text = AuditText{} // removed
	erased := AuditEvent{StudyID: "s", ID: "2", At: start, Action: ActionErased, ObjectID: "p"}
	check := func(events ...AuditEvent) *AuditReport {
		chain := AuditChain{StudyID: "s"}
		lines := chain.follow(events, start)
		c := newAuditCheck(chain, nil)
		for i := range lines {
			c.line(&lines[i])
		}
		return c.end()
	}
	if r := check(told, erased); !r.Whole() || r.Erased != 1 {
		t.Errorf("after an erasure: %+v", r)
	}
	if r := check(told); r.Whole() || r.Erased != 0 {
		t.Errorf("without one: %+v", r)
	}
	erased.ObjectID = "q"
	if r := check(told, erased); r.Whole() {
		t.Errorf("after another's erasure: %+v", r)
	}
}
