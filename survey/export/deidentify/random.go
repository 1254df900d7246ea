package deidentify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"tidemark/survey"
)

// random gives numbers that follow from the key and from what they are for.
type random struct{ key []byte }

func (r random) of(parts ...string) uint64 {
	m := hmac.New(sha256.New, r.key)
	for _, p := range parts {
		// The length goes first, so that ("a", "bc") and ("ab", "c") differ.
		m.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return binary.BigEndian.Uint64(m.Sum(nil))
}

const (
	// fewestWeeks and mostWeeks bound how far times are moved, either way.
	fewestWeeks, mostWeeks = 4, 30
	choices                = mostWeeks - fewestWeeks + 1
)

// weeks is how far a person's times are moved; never 0. It follows from the person
// alone and not from the snapshot: see the package.
func (r random) weeks(id survey.EnrolmentID) int {
	n := int(r.of("weeks", string(id)) % (2 * choices))
	if n < choices {
		return n + fewestWeeks
	}
	return -(n - choices + fewestWeeks)
}
