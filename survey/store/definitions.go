package store

import (
	"context"
	"fmt"
	"sync"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// definitionCache keeps parsed instrument versions by id. The database refuses
// to change a version, so what was once read from committed data holds for ever,
// in this process and in any other.
type definitionCache struct {
	versions sync.Map // survey.InstrumentID → survey.InstrumentVersion
	consents sync.Map // consent texts by their hash: string → readConsent
}

func (c *definitionCache) get(id survey.InstrumentID) (survey.InstrumentVersion, bool) {
	v, ok := c.versions.Load(id)
	if !ok {
		return survey.InstrumentVersion{}, false
	}
	return v.(survey.InstrumentVersion), true
}

// keep remembers a version, unless it was read within a transaction: that may
// see a version of its own, which goes away when it fails.
func (r reader) keep(v survey.InstrumentVersion) {
	if r.within == nil {
		r.definitions.versions.Store(v.ID, v)
	}
}

const instrumentColumns = `SELECT id, key, version, hash, definition, created_at FROM instrument_version`

// instruments reads and parses versions.
func (r reader) instruments(ctx context.Context, rest string, args ...any) ([]survey.InstrumentVersion, error) {
	rows, err := rowsOf[instrumentVersionRow](ctx, r, instrumentColumns+" "+rest, args...)
	if err != nil {
		return nil, err
	}
	versions := make([]survey.InstrumentVersion, len(rows))
	for i, row := range rows {
		id := survey.InstrumentID(row.ID)
		v, known := r.definitions.get(id)
		if !known {
			definition, err := row.parse()
			if err != nil {
				return nil, err
			}
			v = survey.InstrumentVersion{ID: id, Hash: row.Hash, Definition: definition, CreatedAt: row.Created.time()}
			r.keep(v)
		}
		versions[i] = v
	}
	return versions, nil
}

// parse reads the stored definition and holds it to its hash.
func (r instrumentVersionRow) parse() (*instrument.Definition, error) {
	definition, err := instrument.Parse([]byte(r.Definition))
	if err != nil {
		return nil, fmt.Errorf("stored instrument %s %s: %w", r.Key, r.Version, err)
	}
	if definition.Hash() != r.Hash {
		return nil, fmt.Errorf("stored instrument %s %s: %w", r.Key, r.Version, survey.ErrInstrumentChanged)
	}
	return definition, nil
}

func (r reader) instrument(ctx context.Context, rest string, args ...any) (survey.InstrumentVersion, error) {
	versions, err := r.instruments(ctx, rest, args...)
	if err == nil && len(versions) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.InstrumentVersion{}, err
	}
	return versions[0], nil
}

// InstrumentVersion reads one version.
func (r reader) InstrumentVersion(ctx context.Context, id survey.InstrumentID) (survey.InstrumentVersion, error) {
	if v, known := r.definitions.get(id); known {
		return v, nil
	}
	v, err := r.instrument(ctx, "WHERE id = ?", string(id))
	return v, wrap(err, "instrument version %s", id)
}

// InstrumentVersionByKey reads one version by its name.
func (r reader) InstrumentVersionByKey(ctx context.Context, key, version string) (survey.InstrumentVersion, error) {
	v, err := r.instrument(ctx, "WHERE key = ? AND version = ?", key, version)
	return v, wrap(err, "instrument %s %s", key, version)
}

// InstrumentVersions lists all.
func (r reader) InstrumentVersions(ctx context.Context) ([]survey.InstrumentVersion, error) {
	versions, err := r.instruments(ctx, "ORDER BY key, version")
	return versions, wrap(err, "list instrument versions")
}

// CreateInstrumentVersion registers a version.
func (t *transaction) CreateInstrumentVersion(ctx context.Context, v survey.InstrumentVersion) error {
	canonical, err := v.Definition.Canonical()
	if err != nil {
		return err
	}
	if v.Hash != v.Definition.Hash() {
		return fmt.Errorf("register instrument %s %s: the hash is not that of the definition", v.Definition.Key, v.Definition.Version)
	}
	err = t.create(ctx, "instrument_version", &instrumentVersionRow{
		ID: string(v.ID), Key: v.Definition.Key, Version: v.Definition.Version, Hash: v.Hash,
		Definition: string(canonical), Created: instant(v.CreatedAt),
	})
	return wrap(err, "register instrument %s %s", v.Definition.Key, v.Definition.Version)
}
