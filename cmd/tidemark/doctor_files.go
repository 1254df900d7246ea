package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"tidemark/survey"
)

// folder is where what this installation keeps on this machine's disk grows: the
// database, or what is kept apart from one elsewhere; empty: there is nothing.
func (c Config) folder() string {
	if path, ok := c.file(); ok {
		return filepath.Dir(path)
	}
	for _, path := range []string{c.ErasuresFile, c.HeadsFile} {
		if path != "" {
			return filepath.Dir(path)
		}
	}
	return ""
}

// permissions looks who else on this machine may read what is kept here.
func (c doctorCmd) permissions() survey.Check {
	const name = "permissions"
	check := survey.Check{Name: name, State: survey.CheckOK, Says: "Nobody but their owner reads the files of this installation."}
	var open, odd []string
	for path, secret := range c.files() {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return survey.Check{Name: name, State: survey.CheckFault, Says: fmt.Sprintf("%s cannot be looked at by this account.", path), Do: "Run this as the account that the server runs as."}
		}
		// A secret that an engine of containers hands in is read by all of the container.
		handedIn := strings.HasPrefix(path, "/run/secrets/")
		switch others := info.Mode().Perm() & 0o077; {
		case others&0o002 != 0, others&0o004 != 0 && !handedIn:
			open = append(open, path)
		case others != 0 && secret && !handedIn:
			odd = append(odd, path)
		}
	}
	switch {
	case len(open) > 0:
		check.State, check.Says = survey.CheckFault, "Everybody on this machine can read or write "+strings.Join(open, ", ")+"."
		check.Do = "chmod 600 " + strings.Join(open, " ")
	case len(odd) > 0:
		check.State, check.Says = survey.CheckWarning, "A group of accounts can read "+strings.Join(odd, ", ")+"."
		check.Do = "chmod 600 " + strings.Join(odd, " ") + ", unless it is the server's own group."
	case c.passwordInAddress():
		check.State, check.Says = survey.CheckWarning, "The address of the database holds a password, which others may see in the list of processes."
		check.Do = "Put it into a file and name that: postgres://user@host/name?passfile=FILE."
	}
	return check
}

// files are what is kept here, and whether it is a secret.
func (c doctorCmd) files() map[string]bool {
	files := map[string]bool{}
	if path, ok := c.file(); ok {
		files[path], files[path+"-wal"], files[path+".secret"] = true, true, true
	}
	for _, path := range []string{c.SecretFile, c.Mail.PasswordFile, c.Mail.HookSecret} {
		if path != "" {
			files[path] = true
		}
	}
	if path := c.erasures(); path != "" {
		files[path] = false
	}
	return files
}

func (c doctorCmd) passwordInAddress() bool {
	u, err := url.Parse(c.Database)
	if err != nil || u.User == nil {
		return false
	}
	_, given := u.User.Password()
	return given && c.Database != os.Getenv("TIDEMARK_DATABASE")
}
