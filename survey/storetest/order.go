package storetest

import (
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// anyOrder compares lists that promise no order, by a key of their elements.
func anyOrder[T any](key func(T) string) cmp.Option {
	return cmpopts.SortSlices(func(a, b T) bool { return key(a) < key(b) })
}
