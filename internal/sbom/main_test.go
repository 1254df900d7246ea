package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// TestAProgramIsDescribedTheSameEachTime describes the test itself, which is a program
// too, and reads it again.
func TestAProgramIsDescribedTheSameEachTime(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var first, second bytes.Buffer
	for _, to := range []*bytes.Buffer{&first, &second} {
		if err := run([]string{self}, to); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the document differs from one time to the next")
	}
	var d document
	if err := json.Unmarshal(first.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Format != "CycloneDX" || len(d.Metadata.Component.Hashes[0].Content) != 64 || len(d.Dependencies[0].On) != len(d.Components) {
		t.Errorf("the document is %+v", d)
	}
	refs := map[string]bool{}
	for _, c := range d.Components {
		if refs[c.Ref] || c.PURL == "" || c.Version == "" {
			t.Errorf("component %+v", c)
		}
		refs[c.Ref] = true
	}
	for _, wrong := range [][]string{nil, {"a", "b"}, {"main.go"}} {
		if run(wrong, &second) == nil {
			t.Errorf("%q is described", wrong)
		}
	}
}
