//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// grouped makes a command and all that it starts end together: tests run servers
// and browsers of their own, which would outlive a test that is interrupted.
func grouped(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
