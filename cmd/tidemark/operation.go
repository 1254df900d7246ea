package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"tidemark/operate"
	"tidemark/survey"
)

// operationFlags say how a server is looked after.
type operationFlags struct {
	MetricsAddr string        `env:"TIDEMARK_METRICS_ADDR" placeholder:"HOST:PORT" help:"Where to give metrics in the format of Prometheus, apart from where people are served; best on this machine or an inner network (default: nowhere)."`
	TracesTo    string        `env:"TIDEMARK_TRACES_TO" placeholder:"URL" help:"Collector of OpenTelemetry to send a span for each request to (OTLP over HTTP), as http://127.0.0.1:4318 (default: nowhere)."`
	TracesShare float64       `env:"TIDEMARK_TRACES_SHARE" default:"1" placeholder:"SHARE" help:"Share of the requests that spans are sent of, from 0 to 1, unless a proxy in front says which (default: ${default})."`
	Drain       time.Duration `env:"TIDEMARK_DRAIN" default:"0s" placeholder:"TIME" help:"How long to go on serving after being told to stop, while /readyz says that this server is about to end, so that a proxy sends people to others; twice as long as it takes the proxy to notice (default: ${default})."`
	ReadOnly    bool          `env:"TIDEMARK_READ_ONLY" help:"Take no changes: pages can be read, what people send is refused so that their browsers keep it, and nothing is done in the background. Administrators can switch the same for all servers at once under Administration, Status."`
}

// leastFree is how many bytes there must be on the disk of the database for a server to
// say that it is ready: below, the next answers may not fit.
const leastFree = 64 << 20

// operation is what a server tells of itself.
type operation struct {
	flags   operationFlags
	metrics *operate.Metrics
	traces  *operate.Traces // nil: none are sent
	faults  *operate.Faults
	ready   *operate.Readiness
	mode    *survey.Mode
	self    survey.Replica
	folder  string // of the database, or of what is kept beside it; empty: there is none
	log     *slog.Logger
}

// operate begins to count, and puts what counts where the installation will tell it.
func (p *program) operate(c *Config, flags operationFlags, log *slog.Logger, faults *operate.Faults) (*operation, error) {
	b := readBuild()
	o := &operation{
		flags: flags, metrics: operate.NewMetrics(b.short(), b.goVersion), faults: faults, mode: survey.NewMode(), log: log,
		ready: &operate.Readiness{LeastFree: leastFree},
		self:  survey.Replica{ID: newID(), Host: hostName(), Version: b.short(), StartedAt: p.now().UTC().Truncate(time.Millisecond)},
	}
	o.folder = c.folder()
	c.meter, c.mode, c.groups = o.metrics, o.mode, o.metrics.Group
	if flags.TracesTo == "" {
		return o, nil
	}
	var err error
	if o.traces, err = operate.NewTraces(flags.TracesTo, flags.TracesShare, b.short(), o.self.ID); err != nil {
		return nil, usageError{fmt.Errorf("--traces-to, --traces-share: %w", err)}
	}
	return o, nil
}

// hostName is what this machine is called; a container's is a number.
func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name[:min(len(name), 255)]
}

// serverActor is the program as a server.
func serverActor() survey.Actor { return survey.SystemActor("server") }

// attach connects what is told with the installation that it is about.
func (o *operation) attach(in *installation) {
	u, actor := in.cases.Operations, serverActor()
	o.ready.Probe = func(ctx context.Context) error { return u.Probe(ctx, actor) }
	o.ready.Schema = in.store.CheckSchema
	o.ready.ReadOnly = o.mode.ReadOnly
	if _, _, err := o.disk(); err == nil {
		o.ready.Free = func() (uint64, error) { free, _, err := o.disk(); return free, err }
	}
	o.metrics.Sources = operate.Sources{
		Backlog:    func(ctx context.Context) (survey.Backlog, error) { return u.Backlog(ctx, actor) },
		Faults:     o.faults.Counts,
		Ready:      func() bool { return !o.ready.Draining() },
		ReadOnly:   o.mode.ReadOnly,
		TracesLost: o.tracesLost(),
		Pools: func() []operate.Pool {
			var pools []operate.Pool
			for name, use := range in.store.Pools() {
				pools = append(pools, operate.Pool{Name: name, Most: use.Most, InUse: use.InUse, Waits: use.Waits, Waited: use.Waited})
			}
			return pools
		},
	}
}

// examineEvery bounds how often the page of administrators looks the installation
// through: it asks the mail server, too.
const examineEvery = 20 * time.Second

// examiner looks the installation through, as far as a server can.
func (o *operation) examiner(d operate.Doctor, sender survey.Sender) func(context.Context) []survey.Check {
	d.Actor, d.Disk = serverActor(), o.disk
	if probe, can := sender.(interface{ Probe(context.Context) error }); can {
		d.Mail = probe.Probe
	}
	var mu sync.Mutex
	var last []survey.Check
	var at time.Time
	return func(ctx context.Context) []survey.Check {
		mu.Lock()
		defer mu.Unlock()
		if last == nil || time.Since(at) >= examineEvery {
			last, at = d.Running(ctx), time.Now()
		}
		return last
	}
}

// disk is how much is left where the database is.
func (o *operation) disk() (free, total uint64, err error) {
	if o.folder == "" {
		return 0, 0, operate.ErrUnknownDisk
	}
	return operate.Disk(o.folder)
}

// refreshEvery is how soon a server follows what an administrator said about changes.
const refreshEvery = time.Second

// begin tells of this server until stop, and follows what is said about changes. The
// first time of both is before anybody is served.
func (o *operation) begin(ctx context.Context, in *installation) (stop func(), err error) {
	u, actor := in.cases.Operations, serverActor()
	if o.flags.ReadOnly {
		o.mode.Hold()
	}
	if _, err := u.Refresh(ctx, actor); err != nil {
		return nil, err
	}
	o.beat(ctx, in)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		refresh, beat := time.NewTicker(refreshEvery), time.NewTicker(survey.BeatEvery)
		defer refresh.Stop()
		defer beat.Stop()
		for {
			select {
			case <-refresh.C:
				was := o.mode.ReadOnly()
				if _, err := u.Refresh(ctx, actor); err != nil && ctx.Err() == nil {
					o.log.Error("whether changes are taken", "error", err)
				} else if on := o.mode.ReadOnly(); on != was {
					o.log.Warn("whether changes are taken was switched", "read_only", on)
				}
			case <-beat.C:
				o.beat(ctx, in)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-ended
		if o.mode.Held() {
			return
		}
		gone, end := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer end()
		if err := u.Leave(gone, actor, o.self.ID); err != nil {
			o.log.Warn("this server could not say that it ends", "error", err)
		}
	}, nil
}

// beat tells that this server runs. One that was started read-only writes nothing.
func (o *operation) beat(ctx context.Context, in *installation) {
	if o.mode.Held() {
		return
	}
	r := o.self
	r.Draining, r.Faults = o.ready.Draining(), o.faults.Counts()
	if err := in.cases.Operations.Beat(ctx, serverActor(), r); err != nil && ctx.Err() == nil {
		o.log.Warn("this server could not say that it runs", "error", err)
	}
}

// serveMetrics gives metrics on an address of their own until stop; no address: nowhere.
func (o *operation) serveMetrics(ctx context.Context) (stop func(), err error) {
	if o.flags.MetricsAddr == "" {
		return func() {}, nil
	}
	l, err := listen(ctx, o.flags.MetricsAddr, "--metrics-addr")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.metrics)
	mux.Handle("GET /readyz", o.ready)
	mux.HandleFunc("GET /livez", operate.Live)
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: time.Minute, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelWarn),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			o.log.Error("metrics are no longer given", "error", err)
		}
	}()
	o.log.Info("metrics", "addr", l.Addr().String())
	return func() {
		if err := server.Close(); err != nil {
			o.log.Warn("metrics", "error", err)
		}
		<-ended
	}, nil
}
