package pgserver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// EnvBin names the folder with initdb and postgres to use instead of the newest
// one found.
const EnvBin = "TIDEMARK_POSTGRES_BIN"

// ErrNotFound: PostgreSQL's server programs are not on this machine.
var ErrNotFound = errors.New("PostgreSQL's server programs (initdb, postgres) were not found")

// folders are where distributions put the server programs, which are often not
// on the path.
var folders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // PostgreSQL's own packages for Fedora and its kin
	"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew
	"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
}

// Find gives the folder with the server programs, the newest version first, or
// ErrNotFound.
func Find() (string, error) {
	if named := os.Getenv(EnvBin); named != "" {
		if complete(named) {
			return named, nil
		}
		return "", errors.New(EnvBin + "=" + named + " holds no initdb and postgres")
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		// A link in /usr/bin may lead to where the other programs are.
		if real, err := filepath.EvalSymlinks(initdb); err == nil && complete(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	var found []string
	for _, pattern := range folders {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, slices.DeleteFunc(matches, func(m string) bool { return !complete(m) })...)
	}
	if len(found) == 0 {
		return "", ErrNotFound
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

func complete(bin string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(bin, name)); err != nil {
			return false
		}
	}
	return true
}

// version is the first number in a path, as 15 in /usr/lib/postgresql/15/bin;
// 0 when there is none.
func version(path string) int {
	from := 0
	for from < len(path) && (path[from] < '0' || path[from] > '9') {
		from++
	}
	to := from
	for to < len(path) && path[to] >= '0' && path[to] <= '9' {
		to++
	}
	n, err := strconv.Atoi(path[from:to])
	if err != nil {
		return 0
	}
	return n
}
