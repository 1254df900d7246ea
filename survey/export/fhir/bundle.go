package fhir

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// TimeForm is an instant of FHIR.
const TimeForm = "2006-01-02T15:04:05.000Z"

// ID is the identifier of a resource: a UUID (version 8, RFC 9562) made from the
// parts of what it is about.
func ID(parts ...string) string {
	sum := sha256.Sum256([]byte("tidemark\x00" + strings.Join(parts, "\x00")))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// To refers to a resource of the bundle.
func To(id string) *Reference { return &Reference{Reference: "urn:uuid:" + id} }

// Bundle writes one file.
type Bundle struct {
	out     *bufio.Writer
	entries int
	err     error
}

// New begins a bundle. at is the time of the data.
func New(w io.Writer, id string, at time.Time, simulated bool) *Bundle {
	b := &Bundle{out: bufio.NewWriterSize(w, 64<<10)}
	meta := ""
	if simulated { // data of nobody, in the words of HL7
		meta = `,"meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST","display":"test health data"}]}`
	}
	_, b.err = fmt.Fprintf(b.out, `{"resourceType":"Bundle","id":%q%s,"type":"collection","timestamp":%q,"entry":[`, id, meta, at.UTC().Format(TimeForm))
	return b
}

// Add writes a resource. Its identifier is id.
func (b *Bundle) Add(id string, resource any) error {
	if b.err != nil {
		return b.err
	}
	text, err := json.Marshal(resource)
	if err != nil {
		return fmt.Errorf("fhir bundle: %w", err)
	}
	comma := ",\n"
	if b.entries == 0 {
		comma = "\n"
	}
	b.entries++
	_, b.err = fmt.Fprintf(b.out, `%s{"fullUrl":"urn:uuid:%s","resource":%s}`, comma, id, text)
	return b.err
}

// Entries is how many resources were written.
func (b *Bundle) Entries() int { return b.entries }

// Close ends the file.
func (b *Bundle) Close() error {
	if b.err == nil {
		_, b.err = b.out.WriteString("\n]}\n")
	}
	if b.err == nil {
		b.err = b.out.Flush()
	}
	return b.err
}
