package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// Bounds on one connection. Writing is bounded generously, since a long export
// over a slow line takes minutes.
const (
	headerTimeout  = 10 * time.Second
	readTimeout    = time.Minute
	writeTimeout   = 15 * time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 16 << 10
	// shutdownGrace is how long requests under way may take to finish once
	// the program is asked to stop.
	shutdownGrace = 10 * time.Second
)

// listen takes an address, or says how to choose another with a flag.
func listen(ctx context.Context, addr, flag string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program; choose another with %s, as %s %s (or port 0 for any that is free)", addr, flag, flag, nextPort(addr))
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("not allowed to listen on %s; choose a port above 1023 with %s", addr, flag)
	case err != nil:
		return nil, fmt.Errorf("listen on %q: %w; write it as host:port, as %s 127.0.0.1:8080", addr, err, flag)
	}
	return l, nil
}

func nextPort(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || n >= 65535 {
		return "127.0.0.1:8081"
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// addressOf is how a browser on this machine reaches a listener.
func addressOf(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// ending is how serving ends.
type ending struct {
	// stop ends requests that would not end by themselves.
	stop func()
	// drain, if not nil, says that this server is about to end; requests are still taken
	// for a while, so that a proxy can send them elsewhere before they are refused.
	drain func()
	while time.Duration
	// tls, if not nil, is how HTTPS is served.
	tls *tls.Config
	// read is how long a request may take to come, its body included; 0: a minute.
	read time.Duration
}

// serveUntil serves until ctx ends, then lets requests under way finish.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler, end ending, log *slog.Logger) error {
	requests, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	var last atomic.Bool
	server := &http.Server{
		Handler:           lastOnConnection(h, &last),
		ReadHeaderTimeout: min(headerTimeout, cmp.Or(end.read, headerTimeout)), ReadTimeout: cmp.Or(end.read, readTimeout),
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	server.RegisterOnShutdown(end.stop)
	failed := make(chan error, 1)
	go func() {
		if end.tls == nil {
			failed <- server.Serve(l)
			return
		}
		server.TLSConfig = end.tls
		failed <- server.ServeTLS(l, "", "")
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", end.while.String(), "grace", shutdownGrace.String())
	if end.drain != nil {
		end.drain()
	}
	last.Store(true)
	if end.while > 0 {
		select {
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case <-time.After(end.while):
		}
	}
	grace, cancel := context.WithTimeout(requests, shutdownGrace)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		// What still runs is cut off: its transactions are whole or absent.
		log.Warn("some requests did not finish in time and were cut off")
		abandon()
		return server.Close()
	}
	return err
}

// lastOnConnection asks whoever is answered while the server ends to send the next
// request on a connection of its own: this one is closed soon.
func lastOnConnection(h http.Handler, last *atomic.Bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if last.Load() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}
