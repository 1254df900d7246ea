package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
)

// database is where the study lives.
type database struct {
	name, dsn string
	pid       int // of PostgreSQL's first process; 0: in the server
}

// server is one that is asked.
type server struct {
	base string
	pid  int
	stop func() error
}

// process serves in a process of its own, as in service.
func (l load) process(ctx context.Context, s *stage.Stage, d database) (server, error) {
	p, err := program.Serve(ctx, program.Options{
		Binary: l.binary, Database: d.dsn, SecretFile: s.SecretFile, Dir: l.dir, Args: l.args,
	})
	if err != nil {
		return server{}, err
	}
	return server{p.URL(), p.PID(), p.Stop}, nil
}

// on lets everybody take part, on one database.
func (l load) on(ctx context.Context, d database) (_ *report, err error) {
	s, err := stage.Set(ctx, d.dsn, l.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Store.Close()) }()
	people, err := s.Add(ctx, l.people)
	if err != nil {
		return nil, err
	}
	server, err := l.serve(ctx, s, d)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	r := &report{load: l, database: d.name, waits: newWaits(), busy: trials.Busy()}
	b := newBook()
	meter, err := startMeter(server.pid, d.pid)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if l.closed > 0 {
		r.unfinished = l.oneAfterTheOther(ctx, server.base, people, r.waits, b)
	} else {
		r.unfinished = l.asTheyCome(ctx, server.base, people, r.waits, b)
	}
	r.took = time.Since(began)
	if err := meter.stop(r); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.verdict, err = b.judge(ctx, s.Store, s.Design.Study.ID)
	return r, err
}

// failures are people who did not come to the end, and why.
type failures struct {
	mu  sync.Mutex
	all []error
}

func (f *failures) note(err error) {
	if err != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.all = append(f.all, err)
	}
}

// asTheyCome does not ask whether the server keeps up.
func (l load) asTheyCome(ctx context.Context, base string, people []stage.Person, w *waits, b *book) []error {
	random := rand.New(rand.NewPCG(l.seed, 4))
	began := time.Now()
	var f failures
	var all sync.WaitGroup
	for i, after := range arrivals(random, len(people), l.in) {
		all.Go(func() {
			at := began.Add(after)
			if sleepUntil(ctx, at) != nil {
				return
			}
			f.note(newPerson(base, people[i], w, b, l.seed+uint64(i), l.think).takePart(ctx, at))
		})
	}
	all.Wait()
	return f.all
}

// oneAfterTheOther lets so many take part at once.
func (l load) oneAfterTheOther(ctx context.Context, base string, people []stage.Person, w *waits, b *book) []error {
	next := make(chan int)
	var f failures
	var all sync.WaitGroup
	for range l.closed {
		all.Go(func() {
			for i := range next {
				f.note(newPerson(base, people[i], w, b, l.seed+uint64(i), 0).takePart(ctx, time.Now()))
			}
		})
	}
	for i := range people {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	all.Wait()
	return f.all
}

// meter measures what the processes use.
type meter struct {
	server, db        int
	cpuBegan, dbBegan time.Duration
	began             time.Time
}

func startMeter(server, db int) (*meter, error) {
	m := &meter{server: server, db: db, began: time.Now()}
	var err error
	if m.cpuBegan, m.dbBegan, err = m.spent(); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *meter) spent() (server, db time.Duration, err error) {
	server, err = program.CPU(m.server)
	if errors.Is(err, program.ErrNotMeasured) {
		return 0, 0, nil
	}
	if err == nil && m.db != 0 {
		db, err = program.CPU(m.db)
	}
	return server, db, err
}

func (m *meter) stop(r *report) error {
	server, db, err := m.spent()
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	r.cpu, r.dbCPU = server-m.cpuBegan, db-m.dbBegan
	memory, err := program.MemoryOf(m.server)
	if err != nil && !errors.Is(err, program.ErrNotMeasured) {
		return fmt.Errorf("measure: %w", err)
	}
	r.memory = memory.Peak
	return nil
}
