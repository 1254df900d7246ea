package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tidemark/survey"
)

// Bounds on the boards that are watched.
const (
	// livePoll is how often a watched board is asked about.
	livePoll = time.Second
	// livePollTimeout is how long one question may take.
	livePollTimeout = 5 * time.Second
	// maxStreams bounds the pages that one account keeps open on one server. A
	// browser without HTTP/2 has six connections for everything.
	maxStreams = 8
)

// live tells open pages that the board of a run has changed. What is true stands in
// the database, so that it does not matter which server a change came through: each
// server asks about each run that somebody watches, once for all who do.
type live struct {
	use  *survey.UseCases
	log  *slog.Logger
	beat time.Duration // see heartbeat

	mu       sync.Mutex
	closed   bool
	watches  map[liveRun]*watch
	accounts map[survey.UserID]int
	running  sync.WaitGroup
}

// liveRun is what somebody watches.
type liveRun struct {
	study survey.StudyID
	run   survey.RunID
}

// watch is one run that is asked about, and who wants to know.
type watch struct {
	stop    context.CancelFunc
	version string // "" until it is known
	viewers map[*viewer]bool
}

// viewer is one open page. News holds the newest version only: whoever is slow gets
// the last one and not all.
type viewer struct {
	News <-chan string
	news chan string
	// Gone is closed when the server stops.
	Gone <-chan struct{}
	gone chan struct{}
}

func newLive(use *survey.UseCases, log *slog.Logger) *live {
	return &live{use: use, log: log, beat: heartbeat, watches: map[liveRun]*watch{}, accounts: map[survey.UserID]int{}}
}

// join watches a run for an account, until leave is called. survey.ErrBusy when the
// account watches too much already, or the server stops.
func (l *live) join(ctx context.Context, account survey.UserID, at liveRun) (v *viewer, leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.accounts[account] >= maxStreams {
		return nil, nil, survey.ErrBusy
	}
	l.accounts[account]++
	v = &viewer{news: make(chan string, 1), gone: make(chan struct{})}
	v.News, v.Gone = v.news, v.gone
	w := l.watches[at]
	if w == nil {
		asking, stop := context.WithCancel(context.WithoutCancel(ctx)) // it outlives the request that began it
		w = &watch{stop: stop, viewers: map[*viewer]bool{}}
		l.watches[at] = w
		l.running.Go(func() { l.poll(asking, at, w) })
	}
	w.viewers[v] = true
	if w.version != "" {
		v.news <- w.version
	}
	return v, sync.OnceFunc(func() { l.leave(account, at, w, v) }), nil
}

func (l *live) leave(account survey.UserID, at liveRun, w *watch, v *viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.accounts[account]--; l.accounts[account] == 0 {
		delete(l.accounts, account)
	}
	delete(w.viewers, v)
	if len(w.viewers) == 0 {
		w.stop()
		if l.watches[at] == w {
			delete(l.watches, at)
		}
	}
}

// poll asks about one run until nobody wants to know.
func (l *live) poll(ctx context.Context, at liveRun, w *watch) {
	every := time.NewTicker(livePoll)
	defer every.Stop()
	var mark survey.BoardMark
	well := true
	for {
		asking, done := context.WithTimeout(ctx, livePollTimeout)
		next, err := l.use.Runs.Mark(asking, survey.SystemActor("board"), at.study, at.run, mark)
		done()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if well { // once, not every second
				l.log.Warn("watch a board", "error", err)
			}
		default:
			mark = next
			l.tell(w, mark.Version())
		}
		well = err == nil
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// tell gives everyone who watches a version that they have not been given.
func (l *live) tell(w *watch, version string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.version == version {
		return
	}
	w.version = version
	for v := range w.viewers {
		select { // an older one that was not fetched yet is no news any more
		case <-v.news:
		default:
		}
		v.news <- version
	}
}

// close ends all watching, and lets nobody watch again.
func (l *live) close() {
	l.mu.Lock()
	l.closed = true
	for _, w := range l.watches {
		w.stop()
		for v := range w.viewers {
			close(v.gone)
		}
	}
	l.mu.Unlock()
	l.running.Wait()
}
