package faults

import (
	"context"
	"fmt"
	"os"
	"os/signal"
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
	leave(m.Run())
}
