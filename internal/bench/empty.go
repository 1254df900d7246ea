package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"tidemark/internal/program"
)

// emptyFlag makes this program a server that answers every request with an
// empty page, so that what HTTP alone costs on this machine can be told from what
// the program adds.
const emptyFlag = "-empty-server"

// serveEmpty serves empty pages at an address until it is killed.
func serveEmpty(addr string) error {
	return http.ListenAndServe(addr, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) //nolint:gosec // for this machine alone, and briefly
}

// empty measures as many requests as a participation has, to empty pages.
func (b *bench) empty(ctx context.Context, requests, at int) (one cell, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return cell{}, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return cell{}, err
	}
	server := exec.CommandContext(ctx, os.Args[0], emptyFlag, addr)
	if err := server.Start(); err != nil {
		return cell{}, err
	}
	defer func() {
		err = errors.Join(err, server.Process.Kill())
		_ = server.Wait() // it was killed
	}()
	for {
		if response, err := http.Get("http://" + addr); err == nil { //nolint:noctx // until it is up
			if err := response.Body.Close(); err != nil {
				return cell{}, err
			}
			break
		}
		if ctx.Err() != nil {
			return cell{}, ctx.Err()
		}
		time.Sleep(5 * time.Millisecond)
	}
	before, err := program.CPU(server.Process.Pid)
	if err != nil && !errors.Is(err, program.ErrNotMeasured) {
		return cell{}, err
	}
	one, err = together(ctx, fmt.Sprintf("%d empty pages", requests), at, b.each, func(ctx context.Context, _ int, waited func(time.Duration)) error {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		for range requests {
			began := time.Now()
			if err := fetch(ctx, client, "http://"+addr); err != nil {
				return err
			}
			waited(time.Since(began))
		}
		return nil
	})
	if err != nil {
		return cell{}, err
	}
	after, err := program.CPU(server.Process.Pid)
	if errors.Is(err, program.ErrNotMeasured) {
		return one, nil
	}
	one.cpu = after - before
	return one, err
}

func fetch(ctx context.Context, client *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}
