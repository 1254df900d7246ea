package paper

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
)

// fingerprint is the SHA-256 of everything that enters an analysis.
func (d *Dataset) fingerprint() string {
	p := printer{h: sha256.New()}
	for _, a := range d.Arms {
		p.text(a.Key)
	}
	for _, w := range d.Waves {
		p.text(w.Key)
	}
	for _, person := range d.People {
		p.text(person.Code)
		p.number(uint64(person.Arm))
		p.number(uint64(person.Run))
	}
	for _, states := range d.States {
		for _, s := range states {
			p.number(uint64(s))
		}
	}
	for i := range d.Measures {
		m := &d.Measures[i]
		p.text(m.Scale.Key)
		for w, values := range m.Values {
			p.column(values)
			if m.Items != nil {
				for _, item := range m.Items.Values[w] {
					p.column(item)
				}
			}
		}
	}
	for _, dose := range d.Doses {
		p.text(dose.Key)
		p.column(dose.Values)
	}
	for _, c := range d.Baseline {
		p.text(c.Key)
		p.column(c.Values)
	}
	for _, q := range d.Experience {
		p.text(q.Code)
		p.column(q.Values)
	}
	return hex.EncodeToString(p.h.Sum(nil))
}

// printer writes values so that no two different sequences look the same.
type printer struct {
	h   hash.Hash
	buf []byte
}

func (p *printer) number(n uint64) {
	p.buf = binary.LittleEndian.AppendUint64(p.buf[:0], n)
	p.h.Write(p.buf)
}

func (p *printer) text(s string) {
	p.number(uint64(len(s)))
	p.h.Write([]byte(s))
}

func (p *printer) column(values []float64) {
	p.number(uint64(len(values)))
	p.buf = p.buf[:0]
	for _, v := range values {
		bits := math.Float64bits(v)
		if math.IsNaN(v) {
			bits = math.MaxUint64 // missing is one thing
		}
		p.buf = binary.LittleEndian.AppendUint64(p.buf, bits)
	}
	p.h.Write(p.buf)
}

// Seal notes the fingerprint of a dataset that was put together elsewhere, once
// nothing more is added to it.
func (d *Dataset) Seal() { d.Source.Fingerprint = d.fingerprint() }
