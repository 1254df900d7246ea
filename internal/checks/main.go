package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// checks is one run.
type checks struct {
	require  bool
	race     bool
	short    bool
	run      string
	count    int
	again    int
	timeout  time.Duration
	packages []string
	out      io.Writer
}

// everything is what is checked without a word.
var everything = []string{"./..."}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	c := checks{out: os.Stdout}
	flags := flag.NewFlagSet("checks", flag.ContinueOnError)
	flags.BoolVar(&c.require, "require", false, "fail when PostgreSQL or a browser is missing, or when any test skips")
	flags.BoolVar(&c.race, "race", false, "run the tests under the race detector (needs a C compiler)")
	flags.BoolVar(&c.short, "short", false, "leave out the long tests, as go test -short does")
	flags.StringVar(&c.run, "run", "", "run only the tests whose names match this `pattern`")
	flags.IntVar(&c.count, "count", 0, "run each test this `often`, and never from the cache")
	flags.IntVar(&c.again, "again", 0, "run tests that fail again by themselves, if they are no more than this `many`; what passes then is named as unsteady")
	flags.DurationVar(&c.timeout, "timeout", 18*time.Minute, "how long the tests of one package may take")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if c.packages = flags.Args(); len(c.packages) == 0 {
		c.packages = everything
	}
	if err := c.all(ctx); err != nil {
		c.say("\nchecks: %v\n", err)
		return 1
	}
	return 0
}

// say writes to whoever runs the checks.
func (c *checks) say(format string, args ...any) {
	// A closed terminal is no reason to leave a database running.
	_, _ = fmt.Fprintf(c.out, format, args...)
}

var errFailed = errors.New("not everything is as it should be; see above")

// all runs the checks in the order of their cost and reports at the end.
func (c *checks) all(ctx context.Context) (err error) {
	began := time.Now()
	m, err := c.machine(ctx)
	if err != nil {
		return err
	}
	// The database starts while the sources are looked at.
	defer func() { err = errors.Join(err, m.stop()) }()
	sound := c.step("gofmt", func() error { return c.format(".") })
	if err := m.ready(); err != nil {
		return err
	}
	env := m.environment(c.require)
	t, err := c.test(ctx, env)
	if err != nil {
		return err
	}
	if err := c.tryAgain(ctx, env, t); err != nil {
		return err
	}
	t.reasons(c.out)
	c.unsteadies(t)
	c.say("\nin %v\n%d passed, %d failed, %d skipped, %d unsteady\n", time.Since(began).Round(100*time.Millisecond), t.passed, t.failed, len(t.skips), len(t.unsteady))
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case t.failed > 0 || !sound:
		return errFailed
	case c.require && len(t.skips) > 0:
		return errors.New("tests were skipped, and nothing may be")
	case t.passed == 0:
		return errors.New("no test ran")
	}
	return nil
}

// step runs one check and says how it went.
func (c *checks) step(name string, check func() error) bool {
	began := time.Now()
	if err := check(); err != nil {
		c.say("%-12s FAILED\n%v\n", name, err)
		return false
	}
	c.say("%-12s ok, %v\n", name, time.Since(began).Round(100*time.Millisecond))
	return true
}
