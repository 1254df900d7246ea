package chromium

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// EnvPath names the browser to use instead of the one found.
const EnvPath = "TIDEMARK_TEST_BROWSER"

// ErrNotFound: there is no Chromium or Chrome on this machine.
var ErrNotFound = errors.New("neither Chromium nor Chrome was found")

// names are the browser's programs, on the path or where macOS keeps them.
var names = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
}

// Find gives the path of a browser, or ErrNotFound.
func Find() (string, error) {
	if named := os.Getenv(EnvPath); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s: %w", EnvPath, err)
		}
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNotFound
}
