package store

import (
	"context"
	"fmt"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/vault"
)

// VaultState is how far a change of the master key has come.
type VaultState struct {
	// MasterIDs name the master keys that keys of the vault are wrapped by, that of
	// new people last. More than one: a change is under way.
	MasterIDs []string
	People    int // who have a key
	Former    int // of these, whose key is still wrapped by a former key of the vault
}

// VaultState tells it; the vault need not open.
func (s *Store) VaultState(ctx context.Context) (VaultState, error) {
	var v VaultState
	keys, inUse, err := s.vaultKeys(ctx)
	if err != nil {
		return v, err
	}
	last := ""
	for _, k := range keys {
		if k.ID == inUse {
			last = k.MasterID
		} else {
			v.MasterIDs = append(v.MasterIDs, k.MasterID)
		}
	}
	if last != "" {
		v.MasterIDs = append(v.MasterIDs, last)
	}
	err = s.one(ctx, []any{&v.People, &v.Former}, `SELECT count(*), count(CASE WHEN k.key_id <> ? THEN 1 END) FROM (
		SELECT key_id FROM person_key UNION ALL SELECT key_id FROM entry_ticket WHERE key_id IS NOT NULL) k`, inUse)
	return v, wrap(err, "state of the vault")
}

// RotateVault wraps the keys of all people by a new key of the vault, which the first
// master key wraps, and removes the former. What is sealed stays as it is. Some people
// make a transaction; after each progress is told how many are done, and an error of
// its ends the work, which the next call goes on with. Servers that were given both
// master keys may run meanwhile.
func (s *Store) RotateVault(ctx context.Context, progress func(done int) error) error {
	if err := s.CheckVault(ctx); err != nil {
		return err
	}
	if err := s.nextVaultKey(ctx); err != nil {
		return fmt.Errorf("rotate the vault: %w", err)
	}
	_, inUse, err := s.vaultKeys(ctx)
	if err != nil {
		return err
	}
	ring, err := s.opened(ctx, inUse)
	if err != nil {
		return err
	}
	done := 0
	for _, table := range []rewrapping{
		{"person_key", "participant_id", func(id string) string { return participantOwner(survey.ParticipantID(id)) }},
		{"entry_ticket", "id", ticketOwner},
	} {
		for n := sealLot; n == sealLot; {
			err := s.InTx(ctx, func(tx survey.Tx) (err error) {
				n, err = asTransaction(tx).rewrap(ctx, ring, inUse, table)
				return err
			})
			if err != nil {
				return fmt.Errorf("rotate the vault: %w", err)
			}
			if done += n; n > 0 {
				if err := progress(done); err != nil {
					return err
				}
			}
		}
	}
	return s.dropFormerKeys(ctx)
}

// nextVaultKey makes a key under the first master key, unless the one in use is.
func (s *Store) nextVaultKey(ctx context.Context) error {
	ring, err := s.opened(ctx)
	if err != nil {
		return err
	}
	first := s.safe.masters[0]
	next, err := ring.Next(ctx, first)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx survey.Tx) error {
		t := asTransaction(tx)
		var master string
		err := t.one(ctx, []any{&master}, `SELECT master_id FROM vault_key WHERE in_use`+removalClause(t.db.Dialector.Name()))
		if err != nil || master == first.ID() {
			return err
		}
		if _, err := t.change(ctx, `UPDATE vault_key SET in_use = ? WHERE in_use`, false); err != nil {
			return err
		}
		return t.addVaultKey(ctx, next)
	})
}

// rewrapping is a table with keys of people.
type rewrapping struct {
	table, id string
	owner     func(id string) string
}

// rewrap wraps some keys by the key in use and tells how many.
func (t *transaction) rewrap(ctx context.Context, ring *vault.Ring, inUse string, in rewrapping) (int, error) {
	type row struct {
		study, id string
		key       sealedKey
	}
	var all []row
	var r row
	err := t.each(ctx, append([]any{&r.study, &r.id}, r.key.targets()...), func() error {
		all = append(all, r)
		return nil
	}, `SELECT study_id, `+in.id+`, key_id, wrapped FROM `+in.table+` WHERE key_id <> ? ORDER BY study_id, `+in.id+` LIMIT ?`+
		lockClause(t.db.Dialector.Name()), inUse, sealLot)
	for i := 0; err == nil && i < len(all); i++ {
		r := all[i]
		var w vault.Wrapped
		if w, err = ring.Rewrap(vault.Wrapped{KeyID: string(r.key.id), Bytes: r.key.wrapped}, inUse, r.study, in.owner(r.id)); err != nil {
			return 0, wrap(closedOr(err), "key of %s", r.id)
		}
		err = t.soon(ctx, `UPDATE `+in.table+` SET key_id = ?, wrapped = ? WHERE study_id = ? AND `+in.id+` = ?`, w.KeyID, w.Bytes, r.study, r.id)
	}
	return len(all), err
}

// dropFormerKeys removes the keys by which nothing is wrapped any more.
func (s *Store) dropFormerKeys(ctx context.Context) error {
	var removed int64
	err := s.InTx(ctx, func(tx survey.Tx) (err error) {
		removed, err = asTransaction(tx).change(ctx, `DELETE FROM vault_key WHERE NOT in_use
			AND NOT EXISTS (SELECT 1 FROM person_key p WHERE p.key_id = vault_key.id)
			AND NOT EXISTS (SELECT 1 FROM entry_ticket t WHERE t.key_id = vault_key.id)`)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove the former key: %w", err)
	}
	if removed == 0 {
		return nil
	}
	if s.dialect == migrations.Postgres {
		if _, err := s.writePool.ExecContext(ctx, `VACUUM vault_key`); err != nil {
			return fmt.Errorf("remove the former key: %w", err)
		}
	}
	return s.Scrub(ctx)
}
