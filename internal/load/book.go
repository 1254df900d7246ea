package main

import (
	"context"
	"sync"

	"tidemark/survey"
	"tidemark/survey/store"
)

// book is kept outside of the program: what it said it had saved. Each question is
// answered once, so there is one right value.
type book struct {
	mu    sync.Mutex
	saves map[string]map[string]float64 // by assessment and item
	sent  map[string]bool               // assessments
}

func newBook() *book { return &book{saves: map[string]map[string]float64{}, sent: map[string]bool{}} }

func (b *book) saved(assessment, item string, value float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saves[assessment] == nil {
		b.saves[assessment] = map[string]float64{}
	}
	b.saves[assessment][item] = value
}

func (b *book) submitted(assessment string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent[assessment] = true
}

// verdict is the database held against the book.
type verdict struct{ acked, lost, altered, doubled int }

// judge reads every answer of the study.
func (b *book) judge(ctx context.Context, s *store.Store, study survey.StudyID) (verdict, error) {
	type place struct{ assessment, item string }
	var v verdict
	seen, submitted := map[place]int{}, map[string]bool{}
	err := s.EachResponse(ctx, study, func(r *survey.ResponseRow) error {
		id := string(r.AssessmentID)
		submitted[id] = submitted[id] || !r.SubmittedAt.IsZero()
		seen[place{id, r.Item}]++
		if want, acked := b.saves[id][r.Item]; acked && (r.Value != want || r.Missing != "") {
			v.altered++
		}
		return nil
	})
	if err != nil {
		return verdict{}, err
	}
	for id, items := range b.saves {
		for item := range items {
			v.acked++
			switch n := seen[place{id, item}]; {
			case n == 0:
				v.lost++
			case n > 1:
				v.doubled++
			}
		}
	}
	lines := map[string]int{} // of the audit trail
	events, err := s.AuditEvents(ctx, study, 1_000_000)
	if err != nil {
		return verdict{}, err
	}
	for _, e := range events {
		if e.Action == survey.ActionSubmitted {
			lines[e.ObjectID]++
		}
	}
	for id := range b.sent {
		v.acked++
		if !submitted[id] || lines[id] == 0 {
			v.lost++
		}
		if lines[id] > 1 {
			v.doubled++
		}
	}
	return v, nil
}
