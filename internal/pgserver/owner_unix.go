//go:build unix

package pgserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// owner is whom the server runs as. PostgreSQL refuses to run as root, so root
// hands it to the user that its package made.
type owner struct {
	drop     bool
	uid, gid uint32
}

func findOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return owner{}, fmt.Errorf("user %s: %w", name, err)
		}
		return owner{drop: true, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return owner{}, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

// own hands a folder over.
func (o owner) own(dir string) error {
	if !o.drop {
		return nil
	}
	return os.Chown(dir, int(o.uid), int(o.gid))
}

// run makes a command run as the owner, and in a process group of its own, so
// that Ctrl+C at the terminal does not end it before those who use it.
func (o owner) run(c *exec.Cmd, dir string) {
	c.Dir = dir
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if o.drop {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid}
	}
}
