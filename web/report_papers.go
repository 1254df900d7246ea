package web

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report/paper"
)

const (
	// maxPapers is how many papers of snapshots are kept; each holds the scores
	// of a study.
	maxPapers = 4
	// maxAnalyses bounds how many analyses are under way at once: each keeps
	// every processor busy.
	maxAnalyses = 2
)

// paperKey is all that a paper of frozen data depends on.
type paperKey struct {
	study       survey.StudyID
	hash        string // of the snapshot
	planVersion int
	planHash    string
	program     string
}

// keptPaper is an analysis with what its figures are drawn from. Nobody changes
// it.
type keptPaper struct {
	key   paperKey
	paper *paper.Paper
	data  *paper.Dataset
}

// papers keeps the analyses of frozen data that were opened last; those of live
// data are never kept, as the next answer changes them.
type papers struct {
	mu   sync.Mutex
	kept []keptPaper // the last used last
}

func (k *papers) find(key paperKey) (keptPaper, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.kept, func(p keptPaper) bool { return p.key == key })
	if i < 0 {
		return keptPaper{}, false
	}
	p := k.kept[i]
	k.kept = append(slices.Delete(k.kept, i, i+1), p)
	return p, true
}

func (k *papers) keep(p keptPaper) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = slices.DeleteFunc(k.kept, func(old keptPaper) bool { return old.key == p.key })
	if len(k.kept) >= maxPapers {
		k.kept = slices.Delete(k.kept, 0, 1)
	}
	k.kept = append(k.kept, p)
}

// forget drops what was made of a snapshot whose content is gone.
func (k *papers) forget(study survey.StudyID, hash string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = slices.DeleteFunc(k.kept, func(p keptPaper) bool { return p.key.study == study && p.key.hash == hash })
}

// paper analyses the data a request asks for, live or those of a snapshot, by the
// plan in force. The number of the snapshot is 0 for live data.
func (s *Server) paper(c *gin.Context, a survey.Actor, study survey.StudyID) (*paper.Paper, *paper.Dataset, int, error) {
	ctx := c.Request.Context()
	inForce, err := s.planInForce(c, a, study)
	if err != nil {
		return nil, nil, 0, err
	}
	book, err := s.use.Allocations.Book(ctx, a, study)
	if err != nil {
		return nil, nil, 0, err
	}
	// Kept papers are everybody's; what is concealed is each one's own.
	allotted := func(p *paper.Paper) *paper.Paper {
		own := *p
		own.Allocation = paper.AllocationOf(book)
		return &own
	}
	opt := paper.StudyOptions{Options: paper.Options{Version: s.cfg.Version, Now: s.cfg.Now()}, PlanInForce: inForce}
	if c.Query("snapshot") == "" {
		p, d, err := s.analyse(ctx, s.store, a, study, opt)
		if err != nil {
			return nil, nil, 0, err
		}
		return allotted(p), d, 0, nil
	}
	// Whether the content is still there is asked every time.
	taken, err := s.use.Snapshots.Get(ctx, a, study, snapshotNumber(c.Query("snapshot")))
	if err != nil {
		return nil, nil, 0, err
	}
	if taken.Removed != nil {
		s.papers.forget(study, taken.Hash)
		return nil, nil, 0, survey.ErrRemoved
	}
	key := paperKey{study: study, hash: taken.Hash, program: s.cfg.Version}
	if inForce != nil {
		key.planVersion, key.planHash = inForce.Version, inForce.Lock.Hash
	}
	if kept, ok := s.papers.find(key); ok {
		return allotted(kept.paper), kept.data, taken.Number, nil
	}
	frozen, err := s.use.Snapshots.Open(ctx, a, study, taken.Number)
	if err != nil {
		return nil, nil, 0, err
	}
	opt.Snapshot = &taken
	p, d, err := s.analyse(ctx, frozen, a, study, opt)
	if err != nil {
		return nil, nil, 0, err
	}
	s.papers.keep(keptPaper{key, p, d})
	return allotted(p), d, taken.Number, nil
}

// analyse makes a paper as soon as fewer than maxAnalyses are under way.
func (s *Server) analyse(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, opt paper.StudyOptions) (*paper.Paper, *paper.Dataset, error) {
	select {
	case s.analyses <- struct{}{}:
		defer func() { <-s.analyses }()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	p, d, err := paper.OfStudy(ctx, r, a, study, opt)
	if _, unknown := errors.AsType[survey.FieldErrors](err); unknown {
		return nil, nil, survey.ErrNotFound
	}
	return p, d, err
}
