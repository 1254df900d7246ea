package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed routes.R
var routes string

// rProcess is a warm R that does work when it is told to.
type rProcess struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startR starts R on a folder of inputs.
func startR(ctx context.Context, binary, dir string) (*rProcess, error) {
	script := filepath.Join(dir, "routes.R")
	if err := os.WriteFile(script, []byte(routes), 0o600); err != nil {
		return nil, err
	}
	p := &rProcess{command: exec.CommandContext(ctx, binary, script, dir)}
	p.command.Stderr = os.Stderr
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start R: %w", err)
	}
	return p, nil
}

// stop lets R end.
func (p *rProcess) stop() error {
	if err := p.in.Close(); err != nil {
		return err
	}
	return p.command.Wait()
}

// ask sends a line and returns the answer's fields, which tabs part.
func (p *rProcess) ask(fields ...string) ([]string, error) {
	if _, err := io.WriteString(p.in, strings.Join(fields, "\t")+"\n"); err != nil {
		return nil, fmt.Errorf("ask R: %w", err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("ask R for %s: %w", strings.Join(fields, " "), err)
	}
	line = strings.TrimSuffix(line, "\n")
	if line == "" {
		return nil, nil
	}
	return strings.Split(line, "\t"), nil
}

// version is R's name and that of the library it multiplies matrices with.
func (p *rProcess) version() (string, error) {
	f, err := p.ask("version")
	return strings.Join(f, ", "), err
}

// ways are the ways in R to do a row's work, the usual one first.
func (p *rProcess) ways(row string) ([]*way, error) {
	found, err := p.ask("ways", row)
	if err != nil {
		return nil, err
	}
	ways := make([]*way, 0, len(found))
	for _, name := range found {
		ways = append(ways, &way{name: name, do: func(_ context.Context, times int) (took, []float64, error) {
			return p.do(row, name, times)
		}})
	}
	return ways, nil
}

// do lets R do a row's work one way.
func (p *rProcess) do(row, way string, times int) (took, []float64, error) {
	f, err := p.ask("do", row, way, strconv.Itoa(times))
	if err != nil {
		return took{}, nil, err
	}
	numbers := make([]float64, len(f))
	for i, text := range f {
		if numbers[i], err = strconv.ParseFloat(text, 64); err != nil {
			return took{}, nil, fmt.Errorf("row %s in R, %s: %w", row, way, err)
		}
	}
	if len(numbers) < 2 {
		return took{}, nil, fmt.Errorf("row %s in R, %s: %q", row, way, f)
	}
	return took{numbers[0], numbers[1]}, numbers[2:], nil
}
