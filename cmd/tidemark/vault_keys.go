package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/vault"
)

// masters are the master keys of the vault: new keys are wrapped by the first. That
// made from the secret always comes last, for databases that have no other.
func (c Config) masters(ctx context.Context, keys *auth.Keys) ([]vault.Master, error) {
	var all []vault.Master
	if c.VaultCommand != "" {
		m, err := vault.Command(ctx, c.VaultCommand)
		if err != nil {
			return nil, fmt.Errorf("--vault-command: %w", err)
		}
		all = append(all, m)
	}
	for _, name := range c.VaultKeyFile {
		data, err := os.ReadFile(name) //nolint:gosec // the operator names it
		if err != nil {
			return nil, fmt.Errorf("read the key of the vault: %w", err)
		}
		m, err := vault.Local(string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, m)
	}
	if keys != nil {
		all = append(all, vault.Secret(keys.VaultSecret()))
	}
	return all, nil
}

// explainVault says what to do about a vault that does not open.
func explainVault(err error) error {
	_, other := errors.AsType[*vault.WrongMasterError](err)
	switch {
	case other, errors.Is(err, store.ErrNoMaster):
		return fmt.Errorf("%w.\nName its file with --vault-key-file, or TIDEMARK_VAULT_KEY_FILE", err)
	case errors.Is(err, vault.ErrSealed):
		return fmt.Errorf("the key of the vault does not open this database: %w", err)
	}
	return err
}
