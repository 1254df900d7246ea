package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"tidemark/internal/browser"
	"tidemark/internal/chromium"
)

func main() {
	into := flag.String("into", "docs/screenshots", "folder for the pictures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *into); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, into string) (err error) {
	path, err := chromium.Find()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tidemark-screenshots-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := build(ctx, dir); err != nil {
		return err
	}
	b, stopBrowser, err := browser.Start(ctx, path)
	if err != nil {
		return err
	}
	defer stopBrowser()
	if err := os.MkdirAll(into, 0o750); err != nil {
		return err
	}
	places, err := browser.PlacesOf("web")
	if err != nil {
		return err
	}
	look := func(s browser.Stop) error {
		for _, width := range []int{browser.Desk, browser.Phone} { // ends as it began
			if err := picture(s, width, into); err != nil {
				return err
			}
		}
		return nil
	}
	// The ways first, in the states worth looking at, then whatever else links lead to.
	toured := map[string]bool{}
	for _, tour := range tours {
		err := inDemo(ctx, dir, func(ways browser.Ways) error {
			return tour(b, ways, browser.Phone, func(s browser.Stop) error {
				path, err := s.Path()
				toured[places.Of(path)] = true
				return errors.Join(err, look(s))
			})
		})
		if err != nil {
			return err
		}
	}
	return inDemo(ctx, dir, func(ways browser.Ways) error {
		_, err := browser.Crawl(b, ways, places, browser.Phone, func(s browser.Stop) error {
			path, err := s.Path()
			if err != nil || toured[places.Of(path)] {
				return err
			}
			return look(s)
		})
		return err
	})
}

var tours = []func(*browser.Browser, browser.Ways, int, func(browser.Stop) error) error{
	browser.Tour, browser.TourCalendars, browser.TourCourses, browser.TourDrafts, browser.TourImports, browser.TourLibrary,
}

// inDemo does something with a fresh demo.
func inDemo(ctx context.Context, dir string, f func(browser.Ways) error) (err error) {
	ways, stop, err := demo(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return f(ways)
}

// A list that goes on is cut; the picture at the head of the README shows what is
// seen first.
const (
	longest = 4000
	first   = 1180
)

func picture(s browser.Stop, width int, into string) error {
	if err := s.Resize(width); err != nil {
		return err
	}
	png, err := s.Picture()
	if err != nil {
		return err
	}
	if err := keep(png, longest, into, fmt.Sprintf("%s-%d.png", s.Name, width)); err != nil {
		return err
	}
	if s.Name != "results" || width != browser.Desk {
		return nil
	}
	return keep(png, first, into, "readme.png")
}

func keep(png []byte, height int, into, name string) error {
	png, err := smaller(png, height)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Println(name)
	return os.WriteFile(filepath.Join(into, name), png, 0o644)
}

func build(ctx context.Context, dir string) error {
	out, err := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, "tidemark"), "tidemark/cmd/tidemark").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

// demo starts a demo of its own and reads the links it prints.
func demo(ctx context.Context, dir string) (browser.Ways, func() error, error) {
	command := exec.CommandContext(ctx, filepath.Join(dir, "tidemark"), "demo", "--addr", "127.0.0.1:0", "--dir", filepath.Join(dir, "demo"), "--reset")
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return browser.Ways{}, nil, err
	}
	if err := command.Start(); err != nil {
		return browser.Ways{}, nil, err
	}
	stop := func() error {
		if err := command.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		return command.Wait()
	}
	ways, err := readWays(out)
	if err != nil {
		return ways, nil, errors.Join(err, stop())
	}
	return ways, stop, nil
}

// readWays reads up to the last line a demo prints.
func readWays(out io.Reader) (browser.Ways, error) {
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Stop with") {
			return browser.WaysIn(said.String())
		}
	}
	return browser.Ways{}, errors.Join(errors.New("the demo ended before it was ready"), lines.Err())
}
