package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 10 * time.Second
	// port is part of the socket's name and of nothing else.
	port = "5432"
	// maxLog bounds the log of a server whose data do not last.
	maxLog = "256MB"
)

// Options say what kind of server to run.
type Options struct {
	Bin string // folder of the programs, as Find gives it
	// Dir is the parent of the data folder; empty: memory, where there is enough of it
	// and nothing has to last, else the system's temporary folder.
	Dir string
	// Durable waits for the disk at each commit, as in service. Without it
	// commits are fast and a crash of the machine loses them, which suits
	// tests.
	Durable bool
}

// Server is a running PostgreSQL.
type Server struct {
	options Options
	owner   owner
	dir     string
	process *exec.Cmd
	log     *bytes.Buffer
	ended   chan struct{} // closed when the process is gone
}

// Start makes a database cluster and serves it until Stop. It takes about a
// second and a half.
func Start(ctx context.Context, o Options) (_ *Server, err error) {
	owner, err := findOwner()
	if err != nil {
		return nil, err
	}
	if o.Dir == "" && !o.Durable {
		o.Dir = inMemory()
	}
	dir, err := os.MkdirTemp(o.Dir, "pg-")
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := owner.own(dir); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(o.Bin, "initdb"), "--pgdata", data, "--username", "postgres",
		"--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
	owner.run(initdb, dir)
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	s := &Server{options: o, owner: owner, dir: dir}
	if err := s.launch(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// launch starts the processes over the data there are.
func (s *Server) launch(ctx context.Context) error {
	s.log, s.ended = &bytes.Buffer{}, make(chan struct{})
	// Not under ctx: the end of a context kills, and a server is to be stopped.
	s.process = exec.Command(filepath.Join(s.options.Bin, "postgres"), append([]string{"-D", filepath.Join(s.dir, "data")}, s.options.settings(s.dir)...)...) //nolint:noctx // see above
	s.owner.run(s.process, s.dir)
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	process, ended := s.process, s.ended
	go func() {
		defer close(ended)
		// Its exit status says nothing: it is always made to end.
		_ = process.Wait()
	}()
	if err := s.await(ctx); err != nil {
		return errors.Join(err, s.Stop())
	}
	return nil
}

// Crash ends the server as pg_ctl stop -m immediate does, in the middle of whatever it
// is doing, and starts it again over what is on the disk.
func (s *Server) Crash(ctx context.Context) error {
	if err := s.process.Process.Signal(syscall.SIGQUIT); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
		return errors.New("PostgreSQL does not stop")
	}
	return s.launch(ctx)
}

func (o Options) settings(dir string) []string {
	settings := []string{
		"listen_addresses=",
		"unix_socket_directories=" + dir,
		"port=" + port,
		"max_connections=300", // many packages test at once, each with its pools
		"shared_buffers=128MB",
		"log_min_messages=fatal",
	}
	if !o.Durable {
		settings = append(settings, "fsync=off", "full_page_writes=off", "max_wal_size="+maxLog)
	}
	var args []string
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

// await waits until the server takes connections: it makes its socket when it
// begins to listen, and refuses with a message until it is ready.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if s.ready(ctx) {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("PostgreSQL did not start:\n%s", s.log)
		case <-ctx.Done():
			return fmt.Errorf("start PostgreSQL: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// ready asks for a connection in the words of the protocol: a start-up message
// of version 3.0, to which a server that is ready answers with 'R'.
func (s *Server) ready(ctx context.Context) bool {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", filepath.Join(s.dir, ".s.PGSQL."+port))
	if err != nil {
		return false
	}
	defer conn.Close()
	const parameters = "user\x00postgres\x00database\x00postgres\x00\x00"
	message := append([]byte{0, 0, 0, byte(8 + len(parameters)), 0, 3, 0, 0}, parameters...)
	answer := make([]byte, 1)
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := conn.Write(message); err != nil {
		return false
	}
	_, err = conn.Read(answer)
	return err == nil && answer[0] == 'R'
}

// DSN is the address of the server's database postgres, as its superuser.
func (s *Server) DSN() string {
	u := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {s.dir}, "port": {port}}.Encode(),
	}
	return u.String()
}

// PID is the process id of the server's first process, the parent of the rest.
func (s *Server) PID() int { return s.process.Process.Pid }

// Stop ends the server at once and removes its data. Stopping again does
// nothing.
func (s *Server) Stop() error {
	// SIGQUIT is PostgreSQL's immediate shutdown: the data are thrown away.
	for _, signal := range []os.Signal{syscall.SIGQUIT, os.Kill} {
		if err := s.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop PostgreSQL: %w", err)
		}
		select {
		case <-s.ended:
			return os.RemoveAll(s.dir)
		case <-time.After(stopTimeout):
		}
	}
	return errors.New("PostgreSQL does not stop")
}
