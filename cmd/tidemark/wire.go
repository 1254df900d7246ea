package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/vault"
)

// installation is an open database with the use cases over it.
type installation struct {
	store *store.Store
	keys  *auth.Keys
	cases *survey.UseCases
	// tombstones is kept apart from the database; nil: nobody said where.
	tombstones *tombstones
}

// operator is the program acting for whoever sits at the command line.
func operator() survey.Actor { return survey.SystemActor("command line") }

// open opens an installation whose schema and secret fit this program.
func (p *program) open(ctx context.Context, c Config) (*installation, error) {
	if err := c.present(); err != nil {
		return nil, err
	}
	s, err := c.readSecret(p.secret)
	if err != nil {
		return nil, err
	}
	keys, err := auth.New(s.hex)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.from, err)
	}
	masters, err := c.masters(ctx, keys)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, c, masters...)
	if err != nil {
		return nil, err
	}
	in := p.wire(db, keys, c)
	if err := db.CheckSchema(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := in.checkSecret(ctx, s); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.CheckVault(ctx); err != nil {
		return nil, errors.Join(explainVault(err), db.Close())
	}
	// The secret is on disk before anything is wrapped by a key made from it.
	if err := s.keep(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.Unlock(ctx); err != nil {
		return nil, errors.Join(explainVault(err), db.Close())
	}
	return in, nil
}

// wire puts the use cases on a store.
func (p *program) wire(db *store.Store, keys *auth.Keys, c Config) *installation {
	env := survey.Env{
		Store: db, Now: p.now, NewID: newID, Random: rand.Reader, Keys: keys, Version: readBuild().short(), Rules: c.rules,
		HeadsTo: c.headsTo, PrivateHooks: c.privateHooks, Mode: c.mode, Meter: c.meter,
	}
	in := &installation{store: db, keys: keys}
	if path := c.erasures(); path != "" {
		in.tombstones = &tombstones{path: path}
		// What cannot be written now is added by agree, which says why.
		env.Tombstones = func(e survey.Erasure) { _ = in.tombstones.keep(e) }
	}
	in.cases = survey.NewUseCases(env)
	return in
}

// newID makes a UUIDv7. It fails only when the system has no randomness, as
// crypto/rand itself ends the program then.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

func openStore(ctx context.Context, c Config, masters ...vault.Master) (*store.Store, error) {
	options := []store.Option{store.WithVault(masters...)}
	if c.frugal {
		options = append(options, store.WithSmallCache())
	}
	if c.groups != nil {
		options = append(options, store.WithGroups(c.groups))
	}
	db, err := store.Open(ctx, c.Database, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.place(), err)
	}
	return db, nil
}

// checkSecret refuses a secret under which the links in the database were not
// made: with it every link on paper and in every mailbox would be dead.
func (in *installation) checkSecret(ctx context.Context, s secret) error {
	studies, err := in.store.Studies(ctx)
	if err != nil {
		return fmt.Errorf("check the secret: %w", err)
	}
	for _, study := range studies {
		runs, err := in.store.Runs(ctx, study.ID)
		if err != nil {
			return fmt.Errorf("check the secret: %w", err)
		}
		for _, r := range runs {
			links, err := in.store.Links(ctx, study.ID, r.Run.ID)
			if err != nil {
				return fmt.Errorf("check the secret: %w", err)
			}
			for _, l := range links { // any one tells
				token := in.keys.PersonalToken(l.StudyID, l.EnrolmentID, l.Generation)
				if in.keys.HashToken(token) == l.TokenHash {
					return nil
				}
				if s.file != "" {
					return fmt.Errorf("the secret of this database is missing: there is no %s. "+
						"Restore it from the backup, or name it with --secret-file", s.file)
				}
				return fmt.Errorf("the secret (%s) is not the one of this database: the personal links in it were made with another", s.from)
			}
		}
	}
	return nil
}

// paused reports whether no changes are taken now, so that nothing is done in the
// background.
func (in *installation) paused() bool { return in.cases.Mode.ReadOnly() }

// close closes the database and joins its failure to another.
func (in *installation) close(err error) error { return errors.Join(err, in.store.Close()) }
