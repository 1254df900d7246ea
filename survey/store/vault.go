package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"tidemark/survey"
	"tidemark/survey/vault"
)

// ErrUnsealed: names or notes from before they were sealed are still in the database.
var ErrUnsealed = errors.New("names, addresses and notes in this database are not sealed yet; run: tidemark migrate")

// ErrNoMaster: nobody gave a master key, or the vault has no key yet.
var ErrNoMaster = errors.New("names and addresses are sealed, and the key of the vault was not given")

// WithVault gives the store the master keys that names, addresses and notes are sealed
// under: new ones under the first, while the others open what is still wrapped by
// them. A store without any reads and writes everything else.
func WithVault(masters ...vault.Master) Option {
	return func(o *options) { o.masters = masters }
}

// safe is the vault of a store, opened when it is first needed.
type safe struct {
	masters []vault.Master
	ring    atomic.Pointer[vault.Ring]
}

// opened gives the vault's keys, all of the given ones among them: another program may
// have changed the master key since they were read.
func (r reader) opened(ctx context.Context, keyIDs ...string) (*vault.Ring, error) {
	ring := r.safe.ring.Load()
	for again := false; ; again = true {
		whole := ring != nil
		for _, id := range keyIDs {
			whole = whole && ring.Has(id)
		}
		switch {
		case whole:
			return ring, nil
		case again:
			return nil, ErrNoMaster
		}
		keys, _, err := r.vaultKeys(ctx)
		if err != nil {
			return nil, err
		}
		if len(r.safe.masters) == 0 || len(keys) == 0 {
			return nil, ErrNoMaster
		}
		if ring, err = vault.Open(ctx, keys, r.safe.masters); err != nil {
			return nil, err
		}
		r.safe.ring.Store(ring)
	}
}

// vaultKeys are the vault's keys as they are stored, and the ID of the one in use.
func (r reader) vaultKeys(ctx context.Context) (keys []vault.Key, inUse string, err error) {
	var k vault.Key
	var wrapped sealed
	var used bool
	err = r.each(ctx, []any{&k.ID, &k.MasterID, &wrapped, &used}, func() error {
		k.Wrapped = wrapped
		keys = append(keys, k)
		if used {
			inUse = k.ID
		}
		return nil
	}, `SELECT id, master_id, wrapped, in_use FROM vault_key ORDER BY made_at, id`)
	return keys, inUse, wrap(err, "keys of the vault")
}

// inUse is the key that wraps new keys of people. It stays in use until the
// transaction ends.
func (t *transaction) inUse(ctx context.Context) (id string, ring *vault.Ring, err error) {
	err = t.one(ctx, []any{&id}, `SELECT id FROM vault_key WHERE in_use`+shareClause(t.db.Dialector.Name()))
	if errors.Is(err, survey.ErrNotFound) {
		err = ErrNoMaster
	}
	if err == nil {
		ring, err = t.opened(ctx, id)
	}
	return id, ring, err
}

// CheckVault refuses a database in which something is still to be sealed, and master
// keys that are not those of the database. It changes nothing.
func (s *Store) CheckVault(ctx context.Context) error {
	waiting, err := s.Unsealed(ctx)
	switch {
	case err != nil:
		return err
	case waiting:
		return ErrUnsealed
	}
	keys, _, err := s.vaultKeys(ctx)
	if err == nil && len(keys) > 0 {
		_, err = s.opened(ctx)
	}
	return err
}

// Unlock is CheckVault, and makes the first key of a vault that has none.
func (s *Store) Unlock(ctx context.Context) error {
	if err := s.CheckVault(ctx); err != nil {
		return err
	}
	return s.unlock(ctx)
}

func (s *Store) unlock(ctx context.Context) error {
	if len(s.safe.masters) == 0 {
		return ErrNoMaster
	}
	keys, _, err := s.vaultKeys(ctx)
	if err == nil && len(keys) == 0 {
		var first vault.Key
		if first, err = vault.New(ctx, s.safe.masters[0]); err == nil {
			err = s.InTx(ctx, func(tx survey.Tx) error { return asTransaction(tx).addVaultKey(ctx, first) })
		}
	}
	if err != nil {
		return fmt.Errorf("the vault: %w", err)
	}
	_, err = s.opened(ctx)
	return err
}

// addVaultKey puts a key into use, unless another program was first.
func (t *transaction) addVaultKey(ctx context.Context, k vault.Key) error {
	_, err := t.change(ctx, `INSERT INTO vault_key (id, master_id, wrapped, in_use, made_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		k.ID, k.MasterID, k.Wrapped, true, t.at(time.Now()))
	return wrap(err, "add a key to the vault")
}

// asTransaction is a transaction of this store as what it is.
func asTransaction(tx survey.Tx) *transaction {
	t, _ := tx.(*transaction) // InTx gives no other
	return t
}

// sealedKey is a person's key as it is stored, read along with what it opens.
type sealedKey struct {
	id      optional
	wrapped sealed
}

// targets are where k.key_id and k.wrapped go.
func (k *sealedKey) targets() []any { return []any{&k.id, &k.wrapped} }

// person opens somebody's key.
func (r reader) person(ctx context.Context, k sealedKey, study survey.StudyID, owner string) (*vault.Person, error) {
	if k.id == "" { // it was shredded
		return nil, survey.ErrSealed
	}
	ring, err := r.opened(ctx, string(k.id))
	if err != nil {
		return nil, err
	}
	p, err := ring.Person(vault.Wrapped{KeyID: string(k.id), Bytes: k.wrapped}, string(study), owner)
	return p, closedOr(err)
}

// closedOr puts what does not open in the words of the domain.
func closedOr(err error) error {
	if errors.Is(err, vault.ErrSealed) {
		return survey.ErrSealed
	}
	return err
}

func participantOwner(id survey.ParticipantID) string { return "participant " + string(id) }

// keyOf opens the key of a participant, and makes one where there is none.
func (t *transaction) keyOf(ctx context.Context, study survey.StudyID, id survey.ParticipantID) (*vault.Person, error) {
	const find = `SELECT k.key_id, k.wrapped FROM person_key k WHERE k.study_id = ? AND k.participant_id = ?`
	var k sealedKey
	err := t.one(ctx, k.targets(), find, string(study), string(id))
	if errors.Is(err, survey.ErrNotFound) {
		if err = t.addKeys(ctx, study, []survey.ParticipantID{id}, nil); err == nil {
			err = t.one(ctx, k.targets(), find, string(study), string(id)) // somebody else's, if they were first
		}
	}
	if err != nil {
		return nil, err
	}
	return t.person(ctx, k, study, participantOwner(id))
}

// addKeys makes keys for participants of a study and gives them to f, if there is one.
func (t *transaction) addKeys(ctx context.Context, study survey.StudyID, ids []survey.ParticipantID, f func(i int, p *vault.Person)) error {
	if len(ids) == 0 {
		return nil
	}
	keyID, ring, err := t.inUse(ctx)
	if err != nil {
		return err
	}
	wrapped := make([][]byte, len(ids))
	for i, id := range ids {
		w, p, err := ring.NewPerson(keyID, string(study), participantOwner(id))
		if err != nil {
			return err
		}
		if wrapped[i] = w.Bytes; f != nil {
			f(i, p)
		}
	}
	in := insertion{head: `INSERT INTO person_key (study_id, participant_id, key_id, wrapped)`, columns: 4}
	if f == nil {
		in.tail = ` ON CONFLICT (study_id, participant_id) DO NOTHING`
	}
	return in.run(ctx, t, len(ids), func(args []any, i int) []any {
		return append(args, string(study), string(ids[i]), keyID, wrapped[i])
	})
}
