package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/vault"
)

// vaultCmd looks after the keys that names, addresses and notes are sealed under.
type vaultCmd struct {
	Key    vaultKeyCmd    `cmd:"" help:"Print a new master key for the vault."`
	Status vaultStatusCmd `cmd:"" help:"Say which master key the vault is under, and whether a change is under way."`
	Rotate vaultRotateCmd `cmd:"" help:"Put the vault under another master key; goes on where it was cut off."`
}

type vaultKeyCmd struct{}

// Help is shown under the command's flags.
func (vaultKeyCmd) Help() string {
	return `Whoever has this key and a copy of the database can read who its people are;
without it nobody can, and it cannot be made again. Keep it apart from the copies.

Example:
  (umask 077; tidemark vault key > /etc/tidemark/vault.key)`
}

// Run prints a new key.
func (vaultKeyCmd) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, vault.NewKey())
	return err
}

type vaultStatusCmd struct {
	Config
}

// Run tells which key is needed, and needs none itself.
func (c vaultStatusCmd) Run(ctx context.Context, p *program) (err error) {
	db, masters, err := c.vault(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	waiting, err := db.Unsealed(ctx)
	if err != nil {
		return err
	}
	state, err := db.VaultState(ctx)
	if err != nil {
		return err
	}
	given := "none"
	if len(masters) > 0 {
		given = masters[0].ID()
	}
	_, err = fmt.Fprintf(p.stdout, "master key given:       %s\nmaster key needed:      %s\npeople sealed:          %d\nto be wrapped anew:     %d\nleft unsealed:          %t\n",
		given, strings.Join(state.MasterIDs, ", "), state.People, state.Former, waiting)
	if err == nil {
		err = explainVault(db.CheckVault(ctx))
	}
	return err
}

type vaultRotateCmd struct {
	Config
}

// Help is shown under the command's flags.
func (vaultRotateCmd) Help() string {
	return `Wraps the keys of all people anew, so that the first file of --vault-key-file opens
the vault and the keys after it no longer do. The key made from the secret is known
without being named. What is sealed is not touched; 10,000 people take seconds.

Servers go on meanwhile if they were started with both keys in the same order; then
start them with the new key alone. Copies of the database from before still open with
the former key: it can be destroyed once they need not be put back any more, and then
nobody reads names and addresses in them.

Examples:
  tidemark vault rotate --vault-key-file vault.key             (from the key made from the secret)
  tidemark vault rotate --vault-key-file new.key,old.key`
}

// Run puts the vault under the first key.
func (c vaultRotateCmd) Run(ctx context.Context, p *program) (err error) {
	db, masters, err := c.vault(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if len(masters) == 0 {
		return explainVault(store.ErrNoMaster)
	}
	people := 0
	err = db.RotateVault(ctx, func(done int) error {
		people = done
		return ctx.Err()
	})
	if err != nil {
		return explainVault(err)
	}
	_, err = fmt.Fprintf(p.stdout, "the vault is under master key %s; keys wrapped anew: %d\n", masters[0].ID(), people)
	return err
}

// vault opens the database with the keys that are given, and leaves the vault closed.
func (c Config) vault(ctx context.Context, p *program) (*store.Store, []vault.Master, error) {
	if err := c.present(); err != nil {
		return nil, nil, err
	}
	var keys *auth.Keys
	s, err := c.readSecret(p.secret)
	if err == nil && s.file == "" { // a fresh one opens nothing
		if keys, err = auth.New(s.hex); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.from, err)
		}
	}
	if _, ok := errors.AsType[usageError](err); err != nil && !ok {
		return nil, nil, err // a server's database needs no secret if there is a key
	}
	masters, err := c.masters(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	db, err := openStore(ctx, c, masters...)
	if err != nil {
		return nil, nil, err
	}
	if err := db.CheckSchema(ctx); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, masters, nil
}
