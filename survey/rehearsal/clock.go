package rehearsal

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"time"
)

// clock is the time of the story. The play is sequential, so nothing guards it.
type clock struct{ at time.Time }

func (c *clock) now() time.Time  { return c.at }
func (c *clock) set(t time.Time) { c.at = t }

// chacha is a repeatable source of randomness for everything that service takes
// from the system's generator: identifiers, codes, allocation.
func chacha(seed uint64, purpose string) *rand.ChaCha8 {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:8], seed)
	copy(key[8:], purpose)
	return rand.NewChaCha8(key)
}

// identifiers makes UUIDv7 (RFC 9562, section 5.7) from the story's clock: 48
// bits of milliseconds, then a counter in the 12 bits that keep identifiers of
// one millisecond in order, then 62 random bits.
type identifiers struct {
	clock   *clock
	random  *rand.ChaCha8
	last    uint64
	counter uint16
}

func (g *identifiers) next() string {
	ms := uint64(g.clock.now().UnixMilli())
	if ms != g.last {
		g.last, g.counter = ms, 0
	}
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], ms<<16|uint64(g.counter&0x0fff))
	binary.BigEndian.PutUint64(u[8:], g.random.Uint64())
	g.counter++
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:8], u[0:4])
	hex.Encode(text[9:13], u[4:6])
	hex.Encode(text[14:18], u[6:8])
	hex.Encode(text[19:23], u[8:10])
	hex.Encode(text[24:36], u[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
