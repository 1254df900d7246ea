//go:build !unix

package pgserver

import "os/exec"

// owner is whom the server runs as: here, whoever runs the tests.
type owner struct{}

func findOwner() (owner, error) { return owner{}, nil }

func (owner) own(string) error { return nil }

func (owner) run(c *exec.Cmd, dir string) { c.Dir = dir }
