package export_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
)

// withAnswers is a study with n answers and the people they need.
func withAnswers(tb testing.TB, n int) *synthetic {
	tb.Helper()
	r := newSynthetic(tb, n/newSynthetic(tb, 1).perPerson()+1)
	r.responses = n
	return r
}

func BenchmarkExport(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		r := withAnswers(b, n)
		for _, name := range []string{"long", "wide"} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := files()[name](context.Background(), r, system(), syntheticStudy, io.Discard); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "answers/s")
			})
		}
	}
}

// Not parallel: it measures the memory of the whole process.
func TestMemoryDoesNotGrowWithTheAnswers(t *testing.T) {
	for _, name := range []string{"long", "wide"} {
		// The same people with few and with many answers.
		r := withAnswers(t, 500_000)
		var peaks [2]uint64
		for i, n := range []int{5_000, 500_000} {
			r.responses = n
			watch := &peak{Reader: r, every: n / 20}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			if err := files()[name](t.Context(), watch, system(), syntheticStudy, io.Discard); err != nil {
				t.Fatal(err)
			}
			peaks[i] = watch.max - min(watch.max, before.HeapAlloc)
		}
		const slack = 2 << 20
		if peaks[1] > peaks[0]+slack {
			t.Errorf("%s: %d kB for 5,000 answers, %d kB for 500,000", name, peaks[0]>>10, peaks[1]>>10)
		}
		if peaks[1] > 30<<20 {
			t.Errorf("%s: %d kB held at once", name, peaks[1]>>10)
		}
	}
}

// Not parallel, as the one above.
func TestMemoryOfTheWholeStudyDoesNotGrowWithTheAnswers(t *testing.T) {
	for _, f := range append(export.FormatsOf(export.WholeStudy), export.FormatsOf(export.Questionnaires)...) {
		what := export.WholeStudy
		if f.Key == "csv" {
			what = export.Questionnaires
		}
		r := withAnswers(t, 60_000)
		var peaks [2]uint64
		for i, n := range []int{6_000, 60_000} {
			r.responses = n
			watch := &peak{Reader: r, every: n / 10}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			if _, err := export.In(t.Context(), f, what, watch, system(), syntheticStudy, io.Discard); err != nil {
				t.Fatal(err)
			}
			peaks[i] = watch.max - min(watch.max, before.HeapAlloc)
		}
		if peaks[1] > peaks[0]+1<<20 || peaks[1] > 10<<20 {
			t.Errorf("%s: %d kB for 6,000 answers, %d kB for 60,000", f.Key, peaks[0]>>10, peaks[1]>>10)
		}
		t.Logf("%s: %d kB and %d kB", f.Key, peaks[0]>>10, peaks[1]>>10)
	}
}

// peak looks at what is held while answers pass by.
type peak struct {
	survey.Reader
	every, n int
	max      uint64
}

func (p *peak) EachResponse(ctx context.Context, id survey.StudyID, f func(*survey.ResponseRow) error) error {
	return p.Reader.EachResponse(ctx, id, func(r *survey.ResponseRow) error {
		if p.n++; p.n%p.every == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			p.max = max(p.max, m.HeapAlloc)
		}
		return f(r)
	})
}
