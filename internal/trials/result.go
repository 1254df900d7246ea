package trials

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// EnvFolder names the folder that takes results; without it none are kept.
const EnvFolder = "TIDEMARK_RESULTS"

// Result is what one suite found on one database.
type Result struct {
	Row      string `json:"row"`  // of the table in the trust report, as "power-cut"
	Test     string `json:"test"` // the test, or the command, that ran
	Database string `json:"database,omitempty"`
	// Trials is how many times the fault was brought about.
	Trials int `json:"trials"`
	// Acked is how many answers and submissions had been acknowledged to somebody;
	// of these so many were not there, were another, or were there twice.
	Acked   int `json:"acked"`
	Lost    int `json:"lost"`
	Altered int `json:"altered"`
	Doubled int `json:"doubled"`
	// Figures are whatever else was measured, in order.
	Figures []Figure `json:"figures,omitempty"`
	Passed  bool     `json:"passed"`
	Seconds float64  `json:"seconds"`

	Commit  string    `json:"commit"`
	At      time.Time `json:"at"`
	Machine string    `json:"machine"`
}

// Figure is something measured.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
}

// Seconds is a figure of time.
func Seconds(name string, d time.Duration) Figure {
	return Figure{name, d.Round(100 * time.Microsecond).Seconds(), "s"}
}

// Count is a figure that counts.
func Count(name string, n int) Figure { return Figure{Name: name, Value: float64(n)} }

// String is the result in one line, for logs.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", r.Row)
	if r.Database != "" {
		fmt.Fprintf(&b, " on %s", r.Database)
	}
	fmt.Fprintf(&b, ": %d trials, %d acknowledged, %d lost, %d altered, %d doubled", r.Trials, r.Acked, r.Lost, r.Altered, r.Doubled)
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "; %s %s", f.Name, f)
	}
	fmt.Fprintf(&b, "; %.1f s", r.Seconds)
	return b.String()
}

// String is the value with its unit.
func (f Figure) String() string {
	text := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", f.Value), "0"), ".")
	if f.Unit == "" || f.Unit == "%" {
		return text + f.Unit
	}
	return text + " " + f.Unit
}

// Keep adds a result to its file, if there is a folder for it. When and on what it
// was found is filled in.
func Keep(r Result) error {
	dir := os.Getenv(EnvFolder)
	if dir == "" {
		return nil
	}
	r.Commit, r.At, r.Machine = commit(), time.Now().UTC().Truncate(time.Second), machine()
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, r.Row+".jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Read gives the newest result of each row, test and database in a folder.
func Read(dir string) ([]Result, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	newest := map[[3]string]Result{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		for n := 1; lines.Scan(); n++ {
			var r Result
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, n, err)
			}
			key := [3]string{r.Row, r.Test, r.Database}
			if old, known := newest[key]; !known || !r.At.Before(old.At) {
				newest[key] = r
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	all := make([]Result, 0, len(newest))
	for _, r := range newest {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Result) int {
		return strings.Compare(a.Row+"\x00"+a.Test+"\x00"+a.Database, b.Row+"\x00"+b.Test+"\x00"+b.Database)
	})
	return all, nil
}
