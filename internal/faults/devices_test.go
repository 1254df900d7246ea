package faults

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

// device is one of two on which a person answers the same question. It remembers what
// it knows the server to have, as the page's script does.
type device struct {
	*visitor.Visitor
	known string
}

// saveReply is what a device is told.
type saveReply struct {
	Known     map[string]string
	Conflicts map[string]struct{ Known, Value, Text, Theirs, Mine string }
}

// save sends an answer with what was known when it was given.
func (d *device) save(t *testing.T, id, item string, value float64) saveReply {
	t.Helper()
	status, text, err := d.Post(t.Context(), "/me/a/"+id+"/save", fmt.Sprintf(`{"answers":{%q:%g},"base":{%q:%q}}`, item, value, item, d.known))
	var reply saveReply
	if err == nil {
		err = json.Unmarshal([]byte(text), &reply)
	}
	if err != nil || status != http.StatusOK {
		t.Fatalf("status %d (%v): %s", status, err, text)
	}
	return reply
}

func TestAStaleAnswerOfAnotherDeviceIsRefusedWithBothShownOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	twoDevices(t, filepath.Join(dir, "tidemark.db"), dir, "SQLite")
}

func TestAStaleAnswerOfAnotherDeviceIsRefusedWithBothShownOnPostgreSQL(t *testing.T) {
	t.Parallel()
	twoDevices(t, storetest.PostgresDSN(t), t.TempDir(), "PostgreSQL")
}

// twoDevices lets two devices answer and reload in any order, and holds every reply
// against a model of one value and its history.
func twoDevices(t *testing.T, database, dir, name string) {
	t.Helper()
	began := time.Now()
	n := often(t, 30, 1000) // interleavings, of twelve steps each
	const steps, each = 12, 20
	s := set(t, database, dir)
	people, err := s.Add(t.Context(), 1+n/each)
	do(t, err)
	server := serve(t, program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir})
	random, book := rand.New(rand.NewPCG(uint64(n), 9)), newLedger()
	history, stands, refused := map[place][]string{}, map[place]string{}, 0
	for i := range n {
		if i%each != 0 {
			continue
		}
		sheets, devices := onTwo(t, s, server.URL(), people[i/each])
		for k := range min(each, n-i) {
			one := sheets[k%len(sheets)]
			q := one.questions[(k/len(sheets))%len(one.questions)]
			p := place{one.id, q.Item}
			now := stands[p] // what the server has
			for _, d := range devices {
				d.known = now
			}
			for range steps {
				d := devices[random.IntN(2)]
				if random.IntN(4) == 0 { // a reload
					d.known = now
					continue
				}
				value := q.Values[random.IntN(len(q.Values))]
				text := strconv.FormatFloat(value, 'g', -1, 64)
				stale := d.known != now && text != now
				if !stale {
					book.sending(p, value)
				}
				reply := d.save(t, one.id, q.Item, value)
				conflict, told := reply.Conflicts[q.Item]
				switch {
				case stale && (!told || conflict.Known != now || conflict.Theirs == "" || conflict.Mine == "" || conflict.Theirs == conflict.Mine):
					t.Fatalf("%s was given upon %q while there is %q: %+v", text, d.known, now, reply)
				case stale:
					refused++
					if random.IntN(2) == 0 { // keeps the other
						d.known = now
						continue
					}
					d.known = conflict.Known // and has its own all the same
					book.sending(p, value)
					if again := d.save(t, one.id, q.Item, value); len(again.Conflicts) > 0 {
						t.Fatalf("chosen with open eyes and refused: %+v", again)
					}
				case told:
					t.Fatalf("%s was given upon %q, which is there, and refused: %+v", text, d.known, reply)
				}
				book.saved(p, value)
				if now != "" && now != text {
					history[p] = append(history[p], now)
				}
				now, d.known = text, text
			}
			stands[p] = now
		}
	}
	stop(t, server)
	f := judge(t, s, people, book)
	kept := map[place][]string{}
	do(t, s.Store.EachReplaced(t.Context(), s.Design.Study.ID, func(row *survey.ResponseRow) error {
		p := place{string(row.AssessmentID), row.Item}
		kept[p] = append(kept[p], strconv.FormatFloat(row.Value, 'g', -1, 64))
		return nil
	}))
	for p, want := range history {
		if fmt.Sprint(kept[p]) != fmt.Sprint(want) {
			t.Errorf("%v: the history has %v, want %v", p, kept[p], want)
			f.lost++
		}
	}
	if refused == 0 {
		t.Error("nothing was stale")
	}
	keep(t, "two-devices", name, n, book, f, began, trials.Count("stale answers refused", refused))
}

// onTwo lets a person in on two devices.
func onTwo(t *testing.T, s *stage.Stage, url string, p stage.Person) ([]*sheet, [2]*device) {
	t.Helper()
	var both [2]*device
	for i := range both {
		both[i] = &device{Visitor: visitor.New(url, nil)}
		t.Cleanup(both[i].Close)
		_, err := both[i].Enter(t.Context(), p.Token)
		do(t, err)
		if i == 0 {
			_, err = both[i].Consent(t.Context())
			do(t, err)
		}
	}
	var sheets []*sheet
	for _, due := range dueNow(t, s, p) {
		sheets = append(sheets, &sheet{id: string(due.Assessment.ID), questions: questionsOf(due)})
	}
	return sheets, both
}
