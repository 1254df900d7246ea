package backup

import (
	"context"
	"io"

	"tidemark/survey"
	"tidemark/survey/store"
)

// Pour fills an empty database with what another holds, of either engine, and gives
// the inventory of the one that was read. Both have the same schema.
func Pour(ctx context.Context, from, to *store.Store) (survey.Inventory, error) {
	r, w := io.Pipe()
	type result struct {
		held survey.Inventory
		err  error
	}
	done := make(chan result, 1)
	go func() {
		held, err := from.Export(ctx, w)
		_ = w.CloseWithError(err) // never fails
		done <- result{held, err}
	}()
	_, err := to.Load(ctx, r)
	_ = r.CloseWithError(err) // never fails
	wrote := <-done
	if err != nil {
		return wrote.held, err // why, if the writer stopped because of the reader
	}
	return wrote.held, wrote.err
}
