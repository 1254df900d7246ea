package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"tidemark/survey/export"
)

func TestASumCountsRowsAcrossLineEndsInQuotes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                           0,
		"a,b\n":                      0,
		"a,b\n1,\"two\nlines\"\n":    1,
		"a\n\"says \"\"x\ny\"\"\"\n": 1,
	} {
		for _, size := range []int{1, 1000} { // in the smallest pieces, and whole
			var b bytes.Buffer
			s := export.NewSum(&b)
			for at := 0; at < len(text); at += size {
				if _, err := s.Write([]byte(text[at:min(at+size, len(text))])); err != nil {
					t.Fatal(err)
				}
			}
			hash := sha256.Sum256([]byte(text))
			if s.Rows() != want || b.String() != text || s.Bytes() != int64(len(text)) || s.SHA256() != hex.EncodeToString(hash[:]) {
				t.Errorf("%q: %d rows, want %d; %d bytes", text, s.Rows(), want, s.Bytes())
			}
		}
	}
	full := errors.New("the disk is full")
	if _, err := export.NewSum(failing{full}).Write([]byte("a")); !errors.Is(err, full) {
		t.Errorf("a failure is %v", err)
	}
}
