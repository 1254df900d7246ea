package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"tidemark/survey/internal/definition"
)

// Parse reads a plan from its file. What cannot be read, and fields that are not
// known, are all named in the error, each with its place. Whether the plan makes
// sense is for [Plan.Check] to say.
func Parse(data []byte) (Plan, error) {
	var p Plan
	faults := definition.Decode(data, &p)
	if len(faults) == 0 && p.Schema != Schema {
		faults.Add("schema", "is %q; this program reads %q", p.Schema, Schema)
	}
	if err := faults.Err(); err != nil {
		return Plan{}, fmt.Errorf("read plan: %w", err)
	}
	return p.tidy(), nil
}

// tidy gives equal plans one form: no empty lists that are merely not nil, and
// texts without the line separators that JSON writers treat differently.
func (p Plan) tidy() Plan {
	p.Primary = append([]Outcome{}, p.Primary...)
	p.Populations = append([]Population{}, p.Populations...)
	p.Estimators = append([]Estimator{}, p.Estimators...)
	p.Rationale = plainLines(p.Rationale)
	thresholds := p.Thresholds
	p.Thresholds = nil
	for _, t := range thresholds {
		t.MCIDSource = plainLines(t.MCIDSource)
		t.Reliability.Citation = plainLines(t.Reliability.Citation)
		if t.Norm != nil {
			norm := *t.Norm
			norm.Citation = plainLines(norm.Citation)
			t.Norm = &norm
		}
		p.Thresholds = append(p.Thresholds, t)
	}
	return p
}

func plainLines(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s))
}

// Canonical is the plan as JSON in the one form that is hashed and stored. Parse
// reads it back.
func (p Plan) Canonical() ([]byte, error) {
	data, err := json.Marshal(p.tidy())
	if err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	// Through a map, whose keys are written sorted.
	var fields map[string]any
	reader := json.NewDecoder(bytes.NewReader(data))
	reader.UseNumber()
	if err := reader.Decode(&fields); err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	var b bytes.Buffer
	if err := encode(&b, fields, ""); err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func encode(w io.Writer, v any, indent string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	return e.Encode(v)
}

// Hash is the SHA-256 of the canonical form in hexadecimal; empty for a plan
// with undefined numbers, which Check refuses.
func (p Plan) Hash() string {
	data, err := p.Canonical()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// WriteJSON writes plan.json: the same content, indented, in the order of the
// fields of [Plan].
func (p Plan) WriteJSON(w io.Writer) error {
	if err := encode(w, p.tidy(), "  "); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}
