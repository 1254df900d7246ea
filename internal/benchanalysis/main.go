package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// reportRow stands for the whole reports among the rows.
const reportRow = "report"

// bench is one sitting.
type bench struct {
	out   io.Writer
	only  []string // rows; empty: all
	sizes string   // of the studies of whole reports; empty: none
	turns int
	r     string // Rscript; empty: none
	dir   string // for the files
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	b := bench{out: os.Stdout}
	flags := flag.NewFlagSet("benchanalysis", flag.ContinueOnError)
	only := flags.String("rows", "", "measure these `rows` only, as 1a,3b,report")
	flags.StringVar(&b.sizes, "people", "2500,5000,10000", "`sizes` of the studies of which whole reports are made; empty: none")
	flags.IntVar(&b.turns, "turns", 7, "how often each way is measured; what takes over 3 s, 3 times")
	flags.StringVar(&b.r, "r", "Rscript", "`program` that runs R; empty: Go alone")
	write := flags.String("write", "", "only write the inputs into this `folder`")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if *only != "" {
		b.only = strings.Split(*only, ",")
	}
	err := b.start(ctx, *write)
	if err != nil {
		b.say("benchanalysis: %v\n", err)
		return 1
	}
	return 0
}

func (b *bench) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.out, format, args...) // a closed terminal stops nothing
}

// start writes the inputs and measures.
func (b *bench) start(ctx context.Context, folder string) (err error) {
	if b.turns < 1 {
		return errors.New("-turns must be at least 1")
	}
	in := newInputs()
	if folder != "" {
		return write(folder, in.files()...)
	}
	if b.dir, err = os.MkdirTemp("", "tidemark-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	chosen := rows(b.dir)
	for _, id := range b.only {
		if !slices.ContainsFunc(chosen, func(r row) bool { return r.id == id || id == reportRow }) {
			return fmt.Errorf("-rows %s: there is no such row", id)
		}
	}
	if b.only != nil {
		chosen = slices.DeleteFunc(chosen, func(r row) bool { return !slices.Contains(b.only, r.id) })
	}
	if err := write(b.dir, in.files()...); err != nil {
		return fmt.Errorf("write the inputs: %w", err)
	}
	b.say("%s, %s/%s, %d processors, load %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), load())
	return b.measure(ctx, chosen, in)
}

// measure measures rows, beside R where there is one.
func (b *bench) measure(ctx context.Context, chosen []row, in *inputs) (err error) {
	var r *rProcess
	if b.r != "" {
		if _, missing := exec.LookPath(b.r); missing != nil {
			b.say("R is not installed (%s): Go alone.\n", b.r)
		} else if r, err = startR(ctx, b.r, b.dir); err != nil {
			return err
		} else {
			defer func() { err = errors.Join(err, r.stop()) }()
			version, err := r.version()
			if err != nil {
				return err
			}
			b.say("%s\n", version)
		}
	}
	b.say("Seconds, medians of up to %d turns in one sitting, of all processors unless it says one.\n\n", b.turns)
	var done []measured
	for _, row := range chosen {
		m, err := b.one(ctx, row, in, r)
		if err != nil {
			return err
		}
		if err := m.print(b.out); err != nil {
			return err
		}
		done = append(done, m)
	}
	b.say("load %s\n\n", load())
	if err := summary(b.out, done); err != nil || b.sizes == "" || b.only != nil && !slices.Contains(b.only, reportRow) {
		return err
	}
	b.say("\n")
	return b.reports(ctx, b.sizes)
}

// one measures a row.
func (b *bench) one(ctx context.Context, row row, in *inputs, r *rProcess) (measured, error) {
	work := row.prepare(in)
	m := measured{row: row, ways: []*way{goWay(wayGo, runtime.NumCPU(), work), goWay(wayGo1, 1, work)}}
	if r != nil {
		ways, err := r.ways(row.id)
		if err != nil {
			return measured{}, err
		}
		m.ways = append(m.ways, ways...)
	}
	return m, inTurns(ctx, row, m.ways, b.turns)
}

// load is the load of the machine over the last minute, if it tells.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
