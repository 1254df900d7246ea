package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string // of a package that is being built
	Test        string
	Elapsed     float64 // seconds
	Output      string
	FailedBuild string
}

// arguments are those of go test. It vets what it builds, by every rule: a go vet of its
// own would read everything a second time.
func (c *checks) arguments() []string {
	args := []string{"test", "-json", "-vet", "all", "-timeout", c.timeout.String()}
	if c.race {
		args = append(args, "-race")
	}
	if c.short {
		args = append(args, "-short")
	}
	if c.run != "" {
		args = append(args, "-run", c.run)
	}
	if c.count > 0 {
		args = append(args, "-count", strconv.Itoa(c.count))
	}
	return append(args, c.inOrder()...)
}

// longest are the packages that take minutes. The go command begins packages in the
// order they are named in, each once: were one of these among the last, a processor
// would have nothing to do in the end.
var longest = []string{"./cmd/tidemark", "./survey", "./internal/faults", "./web", "./survey/store"}

// inOrder are the packages to test; where these are all, the longest come first.
func (c *checks) inOrder() []string {
	if !slices.Equal(c.packages, everything) {
		return c.packages
	}
	here := slices.DeleteFunc(slices.Clone(longest), func(p string) bool { _, err := os.Stat(p); return err != nil })
	return slices.Concat(here, c.packages)
}

// test runs the tests and counts what became of them. The error is of the
// running, not of a test.
func (c *checks) test(ctx context.Context, env []string) (*tally, error) {
	cmd := exec.CommandContext(ctx, "go", c.arguments()...)
	cmd.Env, cmd.Stderr = env, os.Stderr
	grouped(cmd)
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := newTally(c.out)
	readErr := t.read(out)
	err = cmd.Wait()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited && ctx.Err() == nil {
		return nil, err
	}
	if err != nil && t.failed == 0 && ctx.Err() == nil {
		// Nothing that failed was seen: the command itself did.
		return nil, fmt.Errorf("go test: %w", err)
	}
	return t, readErr
}

// read takes events until there are no more.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				t.say("%s", line) // a message of the go command
			} else {
				t.note(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
