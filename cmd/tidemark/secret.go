package main

import (
	"fmt"

	"tidemark/survey/auth"
)

type secretCmd struct{}

// Help is shown under the command's flags.
func (secretCmd) Help() string {
	return `The secret is what personal links are made from. Every server of an installation
needs the same one, and with another one no link works: keep it with the backups,
apart from the database.

Example:
  (umask 077; tidemark secret > tidemark.secret)`
}

// Run prints a new secret.
func (secretCmd) Run(p *program) error {
	s, err := auth.NewSecret()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, s)
	return err
}
