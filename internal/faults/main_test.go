package faults

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"testing"

	"tidemark/internal/program"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) {
	if len(os.Args) == 5 && os.Args[1] == writerFlag {
		fmt.Fprintln(os.Stderr, plainWriter(os.Args[2], os.Args[3], os.Args[4]))
		os.Exit(1)
	}
	dir, err := os.MkdirTemp("", "tidemark-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	leave := func(code int) {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(code)
	}
	interrupted, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(interrupted, func() { leave(1) })
	if binary, err = program.Build(interrupted, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		leave(1)
	}
	// Most of these tests wait most of the time: for leases to end, on slow lines, for
	// servers to stop. One for each processor would leave the processors idle.
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(max(4, runtime.GOMAXPROCS(0)))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		leave(1)
	}
	leave(m.Run())
}
