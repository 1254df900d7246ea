package toml

import (
	"errors"
	"io"
)

var errLeftOut = errors.New("this program is built without TOML; send JSON")

// Decoder reads nothing.
type Decoder struct{}

// NewDecoder is what Gin's binding calls.
func NewDecoder(io.Reader) *Decoder { return &Decoder{} }

// Decode says that the format was left out.
func (*Decoder) Decode(any) error { return errLeftOut }

// Marshal writes nothing.
func Marshal(any) ([]byte, error) { return nil, errLeftOut }
