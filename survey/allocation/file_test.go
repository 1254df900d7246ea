package allocation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey/allocation"
)

// made is a file of a study with everything in it: by lot, by hand, before.
func made(t testing.TB, s allocation.Scheme, n int) allocation.File {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seed := seedOf(2026)
	o := allocation.Opening{Study: "setbacks-2026", SealedAt: allocation.Instant(at), Commitment: seed.Commitment(), Scheme: s}
	q, err := allocation.NewSequence(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	var records []allocation.Record
	chain, dice := o.Chain(), newDice(1)
	for i := range n {
		var levels []string
		for _, f := range s.Factors {
			if f.Asked() {
				levels = append(levels, f.Levels[dice(len(f.Levels))])
			} else {
				levels = append(levels, fmt.Sprintf("0198c-%d", dice(3)))
			}
		}
		a := allocation.Assignment{Kind: allocation.ByHand, Levels: levels, Arm: s.Arms[dice(len(s.Arms))].Key}
		switch {
		case i < 2:
			a.Kind, a.Levels = allocation.Before, nil
			err = q.Note(a)
		case i%7 == 0:
			err = q.Note(a)
		default:
			a, err = q.Next(levels)
		}
		if err != nil {
			t.Fatal(err)
		}
		r := allocation.Record{
			Seq: i + 1, At: allocation.Instant(at.Add(time.Duration(i) * 61_003 * time.Millisecond)),
			Kind: a.Kind, Stratum: a.Stratum, Number: a.Number, Levels: a.Levels, Arm: a.Arm,
		}
		r.Chain = r.Link(chain)
		chain = r.Chain
		records = append(records, r)
	}
	return allocation.NewFile(o, seed, records)
}

func schemes() map[string]allocation.Scheme {
	stratified := blocks([]int{3, 6, 9}, 2, 1)
	stratified.Factors = []allocation.Factor{{Name: allocation.FactorRun}, {Name: "Ort", Levels: []string{"Köln", "München", "Wien"}}}
	three := minimised(85, 1, 2, 1)
	three.Factors[1].Weight = 2
	by := blocks([]int{2, 4}, 1, 1)
	by.Unit = allocation.ByRun
	return map[string]allocation.Scheme{
		"simple": simple(1, 1), "blocks": blocks([]int{4, 6}, 1, 1), "stratified": stratified,
		"minimisation": minimised(80, 1, 1), "minimisation of three": three, "runs": by,
	}
}

func written(t testing.TB, f allocation.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatWasWrittenIsReadAndEqual(t *testing.T) {
	t.Parallel()
	for name, s := range schemes() {
		f, err := allocation.Read(bytes.NewReader(written(t, made(t, s, 60))))
		if err != nil {
			t.Fatal(name, err)
		}
		v, err := f.Verify()
		if err != nil || v != (allocation.Verdict{ByLot: 50, ByHand: 8, Before: 2}) {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
	if _, err := made(t, simple(1, 1), 0).Verify(); err != nil {
		t.Errorf("a study without anybody: %v", err)
	}
}

// The golden files were found equal by testdata/verify.py, which was written from
// the text of doc.go; so neither program repeats the other's mistakes. They never
// change: a seed that was sealed must give the same for ever.
func TestGoldenFilesAreMadeTheSameForEver(t *testing.T) {
	t.Parallel()
	for name, s := range schemes() {
		path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".json")
		got := written(t, made(t, s, 60))
		want, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) && os.Getenv("WRITE_GOLDEN") != "" {
			err = os.WriteFile(path, got, 0o600)
			want = got
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not made as it was", path)
		}
	}
}

// leaf is one value in a JSON document, and how to change it.
type leaf struct {
	path string
	set  func(any)
	old  any
}

func leaves(path string, v any, set func(any)) []leaf {
	var all []leaf
	switch x := v.(type) {
	case map[string]any:
		for k, inner := range x {
			all = append(all, leaves(path+"."+k, inner, func(n any) { x[k] = n })...)
		}
	case []any:
		for i, inner := range x {
			all = append(all, leaves(fmt.Sprintf("%s[%d]", path, i), inner, func(n any) { x[i] = n })...)
		}
		if len(x) > 0 { // and the list without its first, its last, or with one twice
			all = append(all, leaf{path + " less first", set, x}, leaf{path + " less last", set, x}, leaf{path + " with last twice", set, x})
		}
	default:
		all = append(all, leaf{path, set, v})
	}
	return all
}

// changes are other values for a leaf.
func changes(l leaf) []any {
	switch x := l.old.(type) {
	case string:
		list := []any{x + "x", ""}
		if x == "" {
			list = []any{"x"}
		}
		if len(x) > 0 {
			b := []byte(x)
			b[len(b)/2] ^= 1
			list = append(list, string(b), strings.ToUpper(x)+" ")
		}
		switch x {
		case "a":
			list = append(list, "b")
		case "b", "c":
			list = append(list, "a")
		case "lot":
			list = append(list, "hand", "before")
		case "hand", "before":
			list = append(list, "lot")
		case "North", "West":
			list = append(list, "South")
		}
		return list
	case float64:
		return []any{x + 1, x - 1, x * 2, nil}
	case []any:
		switch {
		case strings.HasSuffix(l.path, "first"):
			return []any{x[1:]}
		case strings.HasSuffix(l.path, "last"):
			return []any{x[:len(x)-1]}
		}
		return []any{append(slices.Clip(x), x[len(x)-1])}
	}
	return nil
}

func TestEveryChangeOfASingleFieldIsFound(t *testing.T) {
	t.Parallel()
	for name, s := range schemes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var doc any
			if err := json.Unmarshal(written(t, made(t, s, 24)), &doc); err != nil {
				t.Fatal(err)
			}
			tried := 0
			for _, l := range leaves("", doc, func(any) {}) {
				if l.path == " less first" {
					continue
				}
				for _, other := range changes(l) {
					if other == any(0.0) && l.old == any(0.0) {
						continue
					}
					l.set(other)
					data, err := json.Marshal(doc)
					if err != nil {
						t.Fatal(err)
					}
					l.set(l.old)
					tried++
					f, err := allocation.Read(bytes.NewReader(data))
					if err == nil {
						_, err = f.Verify()
					}
					if err == nil && !(other == nil && l.old == any(0.0)) && l.old != other {
						t.Errorf("%s changed from %v to %v, and nothing was found", l.path, l.old, other)
					}
				}
			}
			if tried < 24*8*2 {
				t.Errorf("only %d changes were tried", tried)
			}
		})
	}
}

func TestTheFirstDeviationIsNamed(t *testing.T) {
	t.Parallel()
	f := made(t, blocks([]int{4, 6}, 1, 1), 40)
	f.Draws[16].Arm = map[string]string{"a": "b", "b": "a"}[f.Draws[16].Arm]
	f.Draws[30].At = f.SealedAt
	_, err := f.Verify()
	d, ok := errors.AsType[*allocation.Deviation](err)
	if !ok || d.Seq != 17 || !strings.Contains(err.Error(), "the seed gives") {
		t.Errorf("%v", err)
	}
	// Whoever changes an arm and makes all hashes anew is found out by the seed.
	chain := f.Opening().Chain()
	for i := range f.Draws {
		f.Draws[i].Chain = f.Draws[i].Link(chain)
		chain = f.Draws[i].Chain
	}
	f.Head = chain
	if _, err := f.Verify(); err == nil || !strings.Contains(err.Error(), "record 17") {
		t.Errorf("%v", err)
	}
	// Another seed is found out by the commitment.
	g := made(t, simple(1, 1), 5)
	g.Seed = seedOf(5).Reveal()
	if _, err := g.Verify(); err == nil || !strings.Contains(err.Error(), "committed") {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	good := string(written(t, made(t, simple(1, 1), 3)))
	for name, text := range map[string]string{
		"nothing": "", "not JSON": "seq,at,arm", "a list": "[]", "a number": "7", "only half": good[:len(good)/2],
		"two files":     good + good,
		"another field": strings.Replace(good, `"study"`, `"purpose": "", "study"`, 1),
		"a field twice": strings.Replace(good, `"study"`, `"seed": "", "study"`, 1),
		"in capitals":   strings.Replace(good, `"study"`, `"SEED": "", "study"`, 1),
		"other format":  strings.Replace(good, allocation.Format, "tidemark-allocation-2", 1),
		"deep":          strings.Repeat("[", 100_000),
		"text as seq":   strings.Replace(good, `"seq": 1`, `"seq": "1"`, 1),
	} {
		if _, err := allocation.Read(strings.NewReader(text)); !errors.Is(err, allocation.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRead: no file does harm, and one that stands still stands when it is written
// and read again.
func FuzzRead(f *testing.F) {
	for _, s := range schemes() {
		f.Add(written(f, made(f, s, 12)))
	}
	f.Add([]byte(`{"format":"tidemark-allocation-1","scheme":{"arms":[{"key":"a","share":-1}]},"draws":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := allocation.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		v, err := file.Verify()
		if err != nil {
			return
		}
		again, err := allocation.Read(bytes.NewReader(written(t, file)))
		if err != nil {
			t.Fatal(err)
		}
		if w, err := again.Verify(); err != nil || w != v {
			t.Fatalf("%+v, then %+v, %v", v, w, err)
		}
	})
}
