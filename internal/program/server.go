package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

const (
	startTimeout = time.Minute // of a machine that does much else
	stopTimeout  = time.Minute
)

// Options say how to serve.
type Options struct {
	Binary     string
	Database   string
	SecretFile string
	// Dir takes the server's log.
	Dir string
	// Addr is where to listen; empty: a free port of this machine.
	Addr string
	// BaseURL is the address people use; empty: the one listened on.
	BaseURL string
	// Args are further flags.
	Args []string
	// Under is a command that the program runs under, as a tracer; it must leave the
	// program its process id.
	Under []string
}

// Server is tidemark serve in a process of its own.
type Server struct {
	Addr    string // host:port
	process *exec.Cmd
	log     string
	ended   chan struct{}
	exit    error // set before ended is closed
}

// Serve starts a server and waits until it answers. It does not end by itself:
// Kill or Stop it.
func Serve(ctx context.Context, o Options) (*Server, error) {
	if o.Addr == "" {
		free, err := freeAddr(ctx)
		if err != nil {
			return nil, err
		}
		o.Addr = free
	}
	log, err := os.OpenFile(filepath.Join(o.Dir, "serve.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{"serve", "--database", o.Database, "--secret-file", o.SecretFile, "--addr", o.Addr, "--log-format", "json"}
	// Whoever tests and measures has no phone at hand.
	args = append(args, "--second-factor", "off", "--prove-again", "0")
	if o.BaseURL != "" {
		args = append(args, "--base-url", o.BaseURL)
	}
	s := &Server{Addr: o.Addr, log: log.Name(), ended: make(chan struct{})}
	command := slices.Concat(o.Under, []string{o.Binary}, args, o.Args)
	s.process = exec.Command(command[0], command[1:]...) //nolint:noctx // ended by Kill and Stop
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		s.exit = s.process.Wait()
	}()
	if err := s.await(ctx); err != nil {
		return nil, errors.Join(err, s.Kill())
	}
	return s, nil
}

// freeAddr is a port of this machine that was free a moment ago.
func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// URL is the server's address for a browser on this machine.
func (s *Server) URL() string { return "http://" + s.Addr }

// PID is the server's process id.
func (s *Server) PID() int { return s.process.Process.Pid }

func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/healthz", nil)
		if err != nil {
			return err
		}
		if response, err := client.Do(request); err == nil {
			if err := response.Body.Close(); err == nil && response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.ended:
			return fmt.Errorf("the server ended (%w):\n%s", s.exit, s.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w\n%s", ctx.Err(), s.lastWords())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// lastWords are the end of the server's log.
func (s *Server) lastWords() string {
	log, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-20):], []byte("\n")))
}

// Kill ends the server as a crash does, in the middle of whatever it is doing.
func (s *Server) Kill() error {
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended
	return nil
}

// Stop asks the server to end, as a service manager does, and reports an error
// unless it ends well.
func (s *Server) Stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
		return errors.Join(errors.New("the server does not stop"), s.Kill())
	}
	if s.exit != nil {
		return fmt.Errorf("the server ended (%w):\n%s", s.exit, s.lastWords())
	}
	return nil
}
