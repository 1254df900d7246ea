package program

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build compiles the program as it is released into a folder and returns its path.
// The working directory must be within the module.
func Build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "tidemark")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "nomsgpack", "-trimpath", "-ldflags", "-s -w", "-o", path, "tidemark/cmd/tidemark")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
}

// Run runs a command of the program to its end and returns what it printed.
func Run(ctx context.Context, binary string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tidemark %v: %w\n%s", args, err, out)
	}
	return string(out), nil
}
