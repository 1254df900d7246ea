package readers

import (
	"os/exec"
	"testing"
)

// curlMissing names curl if it is not installed.
func curlMissing() []string {
	if _, err := exec.LookPath("curl"); err != nil {
		return []string{"curl"}
	}
	return nil
}

// NeedCurl skips a test that runs curl where there is none, or fails it.
func NeedCurl(t testing.TB) {
	t.Helper()
	need(t, curlMissing())
}
