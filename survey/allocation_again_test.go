package survey_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"tidemark/survey/allocation"
)

// againSimple recomputes simple draws from the text of package allocation alone.
func againSimple(t *testing.T, f allocation.File) []string {
	t.Helper()
	seed, err := hex.DecodeString(f.Seed)
	noError(t, err)
	var parts, arms []string
	for _, a := range f.Scheme.Arms {
		for range a.Share {
			parts = append(parts, a.Key)
		}
	}
	k := 0
	for _, d := range f.Draws {
		if d.Kind != allocation.ByLot {
			continue
		}
		k++
		for i := 0; ; i++ {
			mac := hmac.New(sha256.New, seed)
			_, _ = fmt.Fprintf(mac, "tidemark-allocation-1\ndraw\nstudy\n%d\n%d", k, i)
			v := binary.BigEndian.Uint64(append([]byte{0, 0}, mac.Sum(nil)[:6]...))
			if n := uint64(len(parts)); v < 1<<48-1<<48%n {
				arms = append(arms, parts[v%n])
				break
			}
		}
	}
	return arms
}
