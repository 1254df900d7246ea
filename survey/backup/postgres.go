package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrTools is what PostgreSQL's own programs get that are missing or too old.
var ErrTools = errors.New("PostgreSQL's programs cannot be used")

var toolVersion = regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`)

// tool finds one of PostgreSQL's programs that is as new as the server.
func tool(ctx context.Context, name string, server int) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%w: there is no %s; install the client programs of PostgreSQL %d (Debian: postgresql-client-%d), or make backups with --kind rows, which need none",
			ErrTools, name, server, server)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output() //nolint:gosec // a program of PostgreSQL's
	if err != nil {
		return "", fmt.Errorf("%w: %s --version: %w", ErrTools, path, err)
	}
	m := toolVersion.FindSubmatch(out)
	if m == nil {
		return "", fmt.Errorf("%w: %s does not say what version it is", ErrTools, path)
	}
	if major, err := strconv.Atoi(string(m[1])); err != nil || major < server {
		return "", fmt.Errorf("%w: %s is version %s and the server is %d; install the client programs of PostgreSQL %d, or make backups with --kind rows, which need none",
			ErrTools, path, m[1], server, server)
	}
	return path, nil
}

// ownParameters are those of an address that PostgreSQL's own programs know. What
// else it says is for the server, or for the driver of this program.
var ownParameters = []string{ //nolint:gochecknoglobals // never changed
	"host", "hostaddr", "port", "user", "passfile", "channel_binding", "connect_timeout", "application_name", "options", "sslmode",
	"sslcert", "sslkey", "sslrootcert", "sslcrl", "sslsni", "krbsrvname", "gssencmode", "service", "target_session_attrs",
}

// driverParameters are for the driver alone.
var driverParameters = []string{ //nolint:gochecknoglobals // never changed
	"default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity", "sslpassword", "password", "min_read_buffer_size",
}

// forTools is an address without the password, which others could read among the
// machine's processes, and the environment that holds it.
func forTools(dsn string) (address string, environment []string, err error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", nil, errors.New("the address of the database cannot be read")
	}
	environment = os.Environ()
	if password, ok := u.User.Password(); ok {
		u.User = url.User(u.User.Username())
		environment = append(environment, "PGPASSWORD="+password)
	}
	query, own := u.Query(), url.Values{}
	var options []string
	for name, values := range query {
		switch {
		case name == "password":
			environment = append(environment, "PGPASSWORD="+values[0])
		case slices.Contains(ownParameters, name):
			own[name] = values
		case !slices.Contains(driverParameters, name) && !strings.HasPrefix(name, "pool_"):
			options = append(options, "-c "+name+"="+strings.NewReplacer(`\`, `\\`, ` `, `\ `).Replace(values[0]))
		}
	}
	if len(options) > 0 {
		slices.Sort(options)
		own.Set("options", strings.TrimSpace(own.Get("options")+" "+strings.Join(options, " ")))
	}
	// Not as Encode does: a space as + is none to them.
	u.RawQuery = strings.ReplaceAll(own.Encode(), "+", "%20")
	return u.String(), environment, nil
}

// dump writes an archive of the state that a snapshot names.
func dump(ctx context.Context, program, dsn, snapshot, path string) error {
	// Compressing is done once, with what is around it.
	return runTool(ctx, program, dsn, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--schema=public",
		"--snapshot="+snapshot, "--file="+path)
}

// restore puts an archive into an empty database, all of it or nothing.
func restore(ctx context.Context, program, dsn, path string) error {
	return runTool(ctx, program, dsn, "--format=custom", "--no-owner", "--no-privileges", "--schema=public", "--exit-on-error", "--single-transaction", path)
}

func runTool(ctx context.Context, program, dsn string, args ...string) error {
	address, environment, err := forTools(dsn)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, program, append([]string{"--dbname=" + address, "--no-password"}, args...)...) //nolint:gosec // found by tool
	c.Env = environment
	var told bytes.Buffer
	c.Stdout, c.Stderr = &told, &told
	if err := c.Run(); err != nil {
		// It quotes rows when one breaks a rule; those stay here.
		first, _, _ := strings.Cut(strings.TrimSpace(told.String()), "\n")
		if i := strings.Index(first, "DETAIL"); i >= 0 {
			first = first[:i]
		}
		return fmt.Errorf("%s: %w: %s", program, err, first)
	}
	return nil
}
