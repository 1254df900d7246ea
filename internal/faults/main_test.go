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
