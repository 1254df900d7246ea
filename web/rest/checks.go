package rest

import (
	"encoding/base64"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey/export"
)

// What a download ends with, after its last byte, since it is known only then: the
// length, the rows of a table, and the hash as RFC 9530 writes it. A program that
// asks for them can tell a whole file from half of one; so can any, because the
// connection of a broken one is broken off.
const (
	TrailerBytes  = "Tidemark-Bytes"
	TrailerRows   = "Tidemark-Rows"
	TrailerDigest = "Repr-Digest"
)

// Announce gives a writer of the answer that checks what passes.
func Announce(c *gin.Context) *export.Sum {
	for _, name := range []string{TrailerBytes, TrailerRows, TrailerDigest} {
		c.Writer.Header().Add("Trailer", name)
	}
	return export.NewSum(c.Writer)
}

// Tell ends the answer with them.
func Tell(c *gin.Context, s *export.Sum, rows bool) {
	h := c.Writer.Header()
	h.Set(TrailerBytes, strconv.FormatInt(s.Bytes(), 10))
	h.Set(TrailerDigest, "sha-256=:"+base64.StdEncoding.EncodeToString(s.Digest())+":")
	if rows {
		h.Set(TrailerRows, strconv.Itoa(s.Rows()))
	}
}
