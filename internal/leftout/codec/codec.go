package codec

import (
	"errors"
	"io"
)

var errLeftOut = errors.New("this program is built without MessagePack; send JSON")

// MsgpackHandle is what Gin makes an encoder or decoder of.
type MsgpackHandle struct{}

// Decoder reads nothing.
type Decoder struct{}

// NewDecoder is what Gin's binding calls.
func NewDecoder(io.Reader, *MsgpackHandle) *Decoder { return &Decoder{} }

// Decode says that the format was left out.
func (*Decoder) Decode(any) error { return errLeftOut }

// Encoder writes nothing.
type Encoder struct{}

// NewEncoder is what Gin's rendering calls.
func NewEncoder(io.Writer, *MsgpackHandle) *Encoder { return &Encoder{} }

// Encode says that the format was left out.
func (*Encoder) Encode(any) error { return errLeftOut }
