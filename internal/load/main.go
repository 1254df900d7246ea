package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tidemark/internal/pgserver"
	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
)

// load is one run.
type load struct {
	out    io.Writer
	dir    string
	binary string
	people int
	in     time.Duration // within which all arrive
	think  time.Duration // before each answer, on average
	closed int           // at once, when they do not come by themselves; 0: they do
	seed   uint64
	args   []string // further flags of the server
	// serve begins to serve a study.
	serve func(context.Context, *stage.Stage, database) (server, error)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	l := load{out: os.Stdout}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	engine := flags.String("engine", "all", "sqlite, postgres or all")
	dir := flags.String("dir", "", "`folder` on the disk to measure (default: the system's temporary folder)")
	flags.IntVar(&l.people, "people", 5000, "how many take part")
	flags.DurationVar(&l.in, "in", 5*time.Minute, "within what time they arrive")
	flags.DurationVar(&l.think, "think", 3*time.Second, "how long they think about an answer, on average")
	flags.IntVar(&l.closed, "closed", 0, "`how many` at once, who do not think, instead of people who come by themselves")
	flags.Uint64Var(&l.seed, "seed", 1, "seed of arrivals and answers")
	atOnce := flags.String("at-once", "", "the server's flag --at-once")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if *atOnce != "" {
		l.args = []string{"--at-once", *atOnce}
	}
	if err := l.all(ctx, *engine, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		return 1
	}
	return 0
}

func (l load) all(ctx context.Context, engine, parent string) (err error) {
	if l.dir, err = os.MkdirTemp(parent, "tidemark-load-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(l.dir)) }()
	if l.binary, err = program.Build(ctx, l.dir); err != nil {
		return err
	}
	l.serve = l.process
	for _, one := range []struct {
		name string
		run  func(context.Context) (*report, error)
	}{{"sqlite", l.onSQLite}, {"postgres", l.onPostgres}} {
		if engine != "all" && engine != one.name {
			continue
		}
		r, err := one.run(ctx)
		if err != nil {
			return err
		}
		r.print(l.out)
		if err := trials.Keep(r.result("make load")); err != nil {
			return err
		}
		if !r.sound() {
			return errors.New("what was acknowledged is not what is stored; see above")
		}
	}
	return nil
}

func (l load) onSQLite(ctx context.Context) (*report, error) {
	return l.on(ctx, database{name: "SQLite", dsn: filepath.Join(l.dir, "tidemark.db")})
}

func (l load) onPostgres(ctx context.Context) (_ *report, err error) {
	bin, err := pgserver.Find()
	if err != nil {
		return nil, err
	}
	server, err := pgserver.Start(ctx, pgserver.Options{Bin: bin, Durable: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	return l.on(ctx, database{name: "PostgreSQL", dsn: server.DSN(), pid: server.PID()})
}
