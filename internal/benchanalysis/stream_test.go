package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The sums are of files that R wrote from the same stream.
func TestFilesAreThoseOfROfTheSameStream(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"change_200.csv":    "b6684a0f83f1e8da",
		"change_2000.csv":   "952a88dd57cb846c",
		"items_1e5x26.csv":  "917a08bbb842655a",
		"long_1e6.csv":      "29d91c81f1a50e54",
		"pairs_1e5_int.csv": "c18c7cc4e96fb47b",
		"pairs_1e6.csv":     "48211e2185153ef9",
		"small_120.csv":     "97a8ba5c1b3bf362",
		"visits_200x6.csv":  "544cb6fe5b1126bd",
		"weekly_2000.csv":   "27651fe71cfada3b",
		"weekly_20000.csv":  "961922bc23e94736",
	}
	dir := t.TempDir()
	if err := write(dir, newInputs().files()...); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range want {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		got[name] = hex.EncodeToString(sum[:8])
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("sums (-got +want):\n%s", d)
	}
}

func TestRoundingToThousandthsPrefersTheNearerDouble(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]float64{
		0.0015: 0.002, 2.0005: 2.001, 0.1234999: 0.123, 0.1235001: 0.124, -0.0015: -0.002, 5: 5, 1.0025: 1.002,
	} {
		if got := thousandths(x); got != want {
			t.Errorf("%v became %v, want %v", x, got, want)
		}
	}
}
