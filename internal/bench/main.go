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
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"tidemark/internal/pgserver"
	"tidemark/internal/program"
)

// bench is one run.
type bench struct {
	out     io.Writer
	dir     string // for databases, on the disk to be measured
	binary  string
	seed    uint64
	at      []int // participants at once
	each    int   // participations for each measurement
	answers []int // sizes of the exports
	people  int   // enrolled in the study of the report
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == emptyFlag {
		fmt.Fprintln(os.Stderr, serveEmpty(os.Args[2]))
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	b := bench{out: os.Stdout}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	short := flags.Bool("short", false, "little work, to see that everything runs")
	engine := flags.String("engine", "all", "sqlite, postgres or all")
	only := flags.String("only", "all", "participations, data or all")
	at := flags.String("participants", "1,8,32", "how many answer at `once`")
	dir := flags.String("dir", "", "`folder` on the disk to measure (default: the system's temporary folder)")
	flags.Uint64Var(&b.seed, "seed", 1, "seed of the answers")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	err := b.configure(*short, *at)
	if err == nil {
		err = b.all(ctx, *engine, *only, *dir)
	}
	if err != nil {
		b.say("bench: %v\n", err)
		return 1
	}
	return 0
}

func (b *bench) configure(short bool, at string) error {
	b.each, b.answers, b.people = 400, []int{10_000, 100_000, 1_000_000}, 10_000
	if short {
		b.each, b.answers, b.people = 40, []int{10_000}, 1_000
	}
	for text := range strings.SplitSeq(at, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("-participants %q: write numbers, as 1,8,32", at)
		}
		b.at = append(b.at, n)
	}
	return nil
}

func (b *bench) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.out, format, args...) // a closed terminal stops nothing
}

// all measures the engines that are asked for.
func (b *bench) all(ctx context.Context, engine, only, parent string) (err error) {
	if b.dir, err = os.MkdirTemp(parent, "tidemark-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	// PostgreSQL's own user must reach its folder in here.
	if err := os.Chmod(b.dir, 0o711); err != nil {
		return err
	}
	if b.binary, err = program.Build(ctx, b.dir); err != nil {
		return err
	}
	b.say("%s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	known := false
	for _, e := range []struct {
		name string
		run  func(ctx context.Context, only string) error
	}{{"sqlite", b.sqlite}, {"postgres", b.postgres}} {
		if engine != "all" && engine != e.name {
			continue
		}
		known = true
		if err := e.run(ctx, only); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	if !known {
		return fmt.Errorf("-engine %q: sqlite, postgres or all", engine)
	}
	return nil
}

func (b *bench) sqlite(ctx context.Context, only string) error {
	b.say("\nSQLite, synchronous=FULL, %s\n", b.dir)
	return b.measure(ctx, only, engine{database: filepath.Join(b.dir, "tidemark.db")})
}

func (b *bench) postgres(ctx context.Context, only string) (err error) {
	bin, err := pgserver.Find()
	if err != nil {
		return err
	}
	server, err := pgserver.Start(ctx, pgserver.Options{Bin: bin, Dir: b.dir, Durable: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	b.say("\nPostgreSQL, fsync=on, synchronous_commit=on, %s\n", bin)
	return b.measure(ctx, only, engine{database: server.DSN(), pid: server.PID(), postgres: true})
}

// engine is a database to measure on.
type engine struct {
	database string
	postgres bool
	pid      int // of the database's own process; 0: it has none
}

func (b *bench) measure(ctx context.Context, only string, e engine) error {
	if only == "all" || only == "participations" {
		if err := b.participations(ctx, e); err != nil {
			return err
		}
	}
	if only == "all" || only == "data" {
		return b.data(ctx, e)
	}
	return nil
}
