package report

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
)

// fingerprint is the SHA-256 of the data used.
func (d *data) fingerprint() string {
	h := sha256.New()
	var buf [8]byte
	text := func(s string) {
		binary.LittleEndian.PutUint64(buf[:], uint64(len(s)))
		h.Write(buf[:])
		h.Write([]byte(s))
	}
	column := func(values []float64) {
		bytes := make([]byte, 8*len(values))
		for i, v := range values {
			bits := math.Float64bits(v)
			if math.IsNaN(v) {
				bits = math.MaxUint64 // missing is one thing
			}
			binary.LittleEndian.PutUint64(bytes[8*i:], bits)
		}
		h.Write(bytes)
	}
	text(d.choice.pre.Key)
	text(d.choice.post.Key)
	for i := range d.people {
		text(d.people[i].code)
		text(d.design.Arms[d.people[i].arm].Key)
	}
	for _, s := range d.scales {
		text(d.design.Instruments[s.id].Hash)
		text(s.scale.Key)
		column(s.values[atPre])
		column(s.values[atPost])
	}
	for _, it := range d.items {
		text(it.code)
		column(it.values[atPre])
		column(it.values[atPost])
	}
	return hex.EncodeToString(h.Sum(nil))
}
