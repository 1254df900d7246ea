package paper_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// crowd is a study of so many people in two arms with so many scales, each asked
// at every wave of the two: one before, weekly ones, one after, one follow-up.
// A third is lost by the end.
func crowd(people, waves, scales int) *paper.Dataset {
	rng := rand.New(rand.NewPCG(1, 2))
	d := &paper.Dataset{
		Source: paper.Source{Key: "crowd", Title: "Crowd"},
		Arms:   []paper.Arm{{Key: "course", Name: "Course"}, {Key: "waitlist", Name: "Waiting list", Control: true}},
		Runs:   []string{"All"},
	}
	for w := range waves {
		wave := paper.Wave{Key: fmt.Sprintf("w%02d", w), Name: fmt.Sprintf("Wave %d", w), Short: fmt.Sprintf("W%d", w), Kind: survey.WaveDuring, Weeks: float64(w)}
		switch w {
		case 0:
			wave.Kind = survey.WavePre
		case waves - 2:
			wave.Kind = survey.WavePost
		case waves - 1:
			wave.Kind = survey.WaveFollowUp
		}
		d.Waves = append(d.Waves, wave)
		d.States = append(d.States, make([]paper.State, people))
	}
	last := make([]int, people)
	for i := range people {
		d.People = append(d.People, paper.Person{Code: fmt.Sprintf("P-%05d", i), Arm: i % 2})
		last[i] = waves
		if rng.Float64() < 0.33 {
			last[i] = 1 + rng.IntN(waves-1)
		}
		for w := range waves {
			d.States[w][i] = paper.Answered
			if w >= last[i] {
				d.States[w][i] = paper.Lost
			}
		}
	}
	for s := range scales {
		m := paper.Measure{
			Scale:  report.Scale{Key: fmt.Sprintf("s%d", s), Name: fmt.Sprintf("Scale %d", s), Primary: s == 0, Min: 1, Max: 5, Direction: instrument.HigherBetter},
			Values: make([][]float64, waves),
		}
		for w := range waves {
			m.Values[w] = make([]float64, people)
		}
		for i := range people {
			level := 3 + 0.5*rng.NormFloat64()
			for w := range waves {
				m.Values[w][i] = math.NaN()
				if w < last[i] {
					effect := 0.5 * float64(1-i%2) * float64(w) / float64(waves)
					m.Values[w][i] = math.Round(12*min(5, max(1, level+effect+0.4*rng.NormFloat64()))) / 12
				}
			}
		}
		d.Measures = append(d.Measures, m)
	}
	return d
}

// BenchmarkPaper is the whole report on 10,000 people at 14 waves with 8
// outcomes: 5 s on two cores are aimed at, and memory in proportion to people.
func BenchmarkPaper(b *testing.B) {
	for _, people := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			d := crowd(people, 14, 8)
			used := paper.PlanUsed{Content: plan.Default(d.Design()), Version: 1}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				if _, err := paper.Build(b.Context(), d, paper.Options{Plan: used, Now: storyEnds}); err != nil {
					b.Fatal(err)
				}
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(people), "alloc-B/person")
		})
	}
}
