package readers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheValidatorOfFHIRFindsFaults(t *testing.T) {
	t.Parallel()
	bundle := `{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "1", "gender": "GENDER"}}]}`
	for gender, faults := range map[string]int{"female": 0, "f": 1} {
		path := filepath.Join(t.TempDir(), "bundle.json")
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(bundle, "GENDER", gender)), 0o600); err != nil {
			t.Fatal(err)
		}
		if said := FHIR(t, path); len(said) != faults {
			t.Errorf("a patient whose gender is %q: %q", gender, said)
		}
	}
}
