package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"tidemark/internal/chromium"
	"tidemark/internal/pgserver"
	"tidemark/internal/readers"
)

// envPostgres tells the tests where PostgreSQL is. Who has a server already may
// set it, and none is started.
const envPostgres = "TIDEMARK_TEST_POSTGRES"

const (
	postgresHelp = `  Debian, Ubuntu   sudo apt-get install postgresql
  Fedora           sudo dnf install postgresql-server
  macOS            brew install postgresql
  elsewhere        name the folder with initdb and postgres in ` + pgserver.EnvBin + `
`
	chromiumHelp = `  Debian           sudo apt-get install chromium
  Fedora           sudo dnf install chromium
  macOS            brew install --cask google-chrome
  elsewhere        name the browser's program in ` + chromium.EnvPath + `
`
	straceHelp = `  Debian, Ubuntu   sudo apt-get install strace
  Fedora           sudo dnf install strace
  elsewhere        only Linux has it
`
	readersHelp = `  Debian           sudo apt-get install r-base-core r-cran-haven r-cran-jsonlite r-cran-nlme pspp python3-pandas libreoffice-calc-nogui nodejs npm
                   npm ci --prefix internal/readers/node
  elsewhere        R from r-project.org, then install.packages(c("haven", "jsonlite")); PSPP from gnu.org/software/pspp; pip install pandas
`
)

// machine is what the tests find around them.
type machine struct {
	browser  string // path; empty: none
	dsn      string // of PostgreSQL; empty: none
	server   *pgserver.Server
	starting chan started // nil: nothing is starting
}

type started struct {
	server *pgserver.Server
	err    error
}

// machine looks for what the tests need, says what is missing, and begins to
// start PostgreSQL.
func (c *checks) machine(ctx context.Context) (*machine, error) {
	m := &machine{}
	missing := false
	browser, err := chromium.Find()
	if err != nil {
		missing = true
		c.missing("Chromium", err, "the tests in a browser", chromiumHelp)
	} else {
		m.browser = browser
		c.say("%-12s %s\n", "Chromium", browser)
	}
	if lacking := readers.Missing(); len(lacking) > 0 {
		missing = true
		c.missing("Statistics", fmt.Errorf("not installed: %s", strings.Join(lacking, ", ")), "the tests that read files back with other programs", readersHelp)
	} else {
		c.say("%-12s R with haven, PSPP, Python with pandas\n", "Statistics")
	}
	if path, err := exec.LookPath("strace"); err != nil {
		missing = true
		c.missing("strace", err, "the tests of power cuts", straceHelp)
	} else {
		c.say("%-12s %s\n", "strace", path)
	}
	if m.dsn = os.Getenv(envPostgres); m.dsn != "" {
		c.say("%-12s as %s says\n", "PostgreSQL", envPostgres)
		return m, c.unless(missing)
	}
	bin, err := pgserver.Find()
	if err != nil {
		c.missing("PostgreSQL", err, "the tests on PostgreSQL", postgresHelp)
		return m, c.unless(true)
	}
	c.say("%-12s %s\n", "PostgreSQL", bin)
	if err := c.unless(missing); err != nil {
		return nil, err
	}
	m.starting = make(chan started, 1)
	go func() {
		server, err := pgserver.Start(ctx, pgserver.Options{Bin: bin})
		m.starting <- started{server, err}
	}()
	return m, nil
}

func (c *checks) missing(name string, err error, tests, help string) {
	c.say("%-12s MISSING: %v.\n", name, err)
	if !c.require {
		c.say("Without it %s are skipped. To install it:\n", tests)
	}
	c.say("%s", help)
}

// unless refuses to go on when something is missing that must not be.
func (c *checks) unless(missing bool) error {
	if missing && c.require {
		return errors.New("something is missing, and nothing may be")
	}
	return nil
}

// ready waits until PostgreSQL is, if it is starting.
func (m *machine) ready() error {
	if m.starting == nil {
		return nil
	}
	s := <-m.starting
	m.starting = nil
	if s.err != nil {
		return s.err
	}
	m.server, m.dsn = s.server, s.server.DSN()
	return nil
}

// stop ends what was started, whether or not anybody waited for it.
func (m *machine) stop() error {
	if err := m.ready(); err != nil || m.server == nil {
		return nil //nolint:nilerr // what did not start need not be stopped
	}
	if err := m.server.Stop(); err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	return nil
}

// environment is that of the tests.
func (m *machine) environment(require bool) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, envPostgres+"=") && !strings.HasPrefix(v, chromium.EnvPath+"=") {
			env = append(env, v)
		}
	}
	if m.dsn != "" {
		env = append(env, envPostgres+"="+m.dsn)
	}
	if m.browser != "" {
		env = append(env, chromium.EnvPath+"="+m.browser)
	}
	// The tests keep little in memory and throw much away: collecting it a third as often
	// leaves the processors to what is tested.
	if os.Getenv("GOGC") == "" {
		env = append(env, "GOGC=300")
	}
	if require {
		env = append(env, "REQUIRE_POSTGRES=1", "REQUIRE_BROWSER=1", "REQUIRE_FAULTS=1", readers.EnvRequire+"=1")
	}
	return env
}
