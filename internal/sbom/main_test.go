package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is that of CycloneDX, as its authors publish it.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, name := range []string{"bom-1.6", "spdx", "jsf-0.82"} {
		packed, err := os.Open("testdata/" + name + ".schema.json.gz")
		if err != nil {
			t.Fatal(err)
		}
		text, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := jsonschema.UnmarshalJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := packed.Close(); err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name+".schema.json", parsed); err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name+".SNAPSHOT.schema.json", parsed); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheListOfPartsIsThatOfTheStandard holds what is written to the schema of CycloneDX,
// which finds what is planted.
func TestTheListOfPartsIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := run([]string{self}, &text); err != nil {
		t.Fatal(err)
	}
	s := schema(t)
	whole := text.String()
	for _, c := range []struct {
		from, to string
		valid    bool
	}{
		{"", "", true},
		{`"CycloneDX"`, `"CyclonDX"`, false},
		{`"specVersion"`, `"specversion"`, false},
		{`"type": "library"`, `"type": "a library"`, false},
		{`"SHA-256"`, `"SHA256"`, false},
	} {
		bent := strings.Replace(whole, c.from, c.to, 1)
		if c.from != "" && bent == whole {
			t.Errorf("there is no %s in the document", c.from)
		}
		d, err := jsonschema.UnmarshalJSON(strings.NewReader(bent))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(d); (err == nil) != c.valid {
			t.Errorf("%s for %s: %v", c.to, c.from, err)
		}
	}
}

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
