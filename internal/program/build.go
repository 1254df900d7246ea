package program

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Build compiles the program into a folder and returns its path. The working
// directory must be within the module.
func Build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "tidemark")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "tidemark/cmd/tidemark").CombinedOutput()
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
