package main

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// composition is docker-compose.yml, as far as it is checked.
type composition struct {
	Services map[string]composedService          `yaml:"services"`
	Configs  map[string]struct{ Content string } `yaml:"configs"`
	Secrets  map[string]struct{ File string }    `yaml:"secrets"`
	Networks map[string]any                      `yaml:"networks"`
	Volumes  map[string]any                      `yaml:"volumes"`
}

type composedService struct {
	Image       string
	Build       string
	Command     []string
	Ports       []string
	Networks    []string
	Secrets     []string
	Volumes     []string
	Environment map[string]string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	Healthcheck *struct{ Test []string }
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
}

func composed(t *testing.T) composition {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c composition
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// model is the command line, to check what a container is told against.
func model(t *testing.T) *kong.Kong {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.Vars{"demoPeople": "1"}, kong.Writers(&bytes.Buffer{}, &bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	return parser
}

// settings are the environment variables the program reads.
func settings(t *testing.T) []string {
	t.Helper()
	names := []string{"TIDEMARK_SECRET"}
	var walk func(*kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			names = append(names, f.Envs...)
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(model(t).Model.Node)
	return names
}

func TestTheCompositionHasAllItsParts(t *testing.T) {
	t.Parallel()
	c := composed(t)
	var names []string
	for name, s := range c.Services {
		names = append(names, name)
		if name != "migrate" && s.Healthcheck == nil {
			t.Errorf("%s has no health check", name)
		}
		if _, tag, ok := strings.Cut(s.Image, ":"); !ok || tag == "" || tag == "latest" {
			t.Errorf("%s runs whatever %q is today", name, s.Image)
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s opens %s to the network", name, port)
			}
		}
		for _, n := range s.Networks {
			if _, ok := c.Networks[n]; !ok {
				t.Errorf("%s is on the network %s, which is not there", name, n)
			}
		}
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, ok := c.Volumes[volume]; !ok {
				t.Errorf("%s keeps data on %s, which is not there", name, volume)
			}
		}
		for other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s waits for %s, which is not there", name, other)
			}
		}
	}
	slices.Sort(names)
	if d := cmp.Diff(names, []string{"database", "mail", "migrate", "proxy", "server-1", "server-2"}); d != "" {
		t.Errorf("services (-got +want):\n%s", d)
	}
}

func TestSecretsOfTheCompositionAreFiles(t *testing.T) {
	t.Parallel()
	c := composed(t)
	for name, s := range c.Services {
		for variable, value := range s.Environment {
			path, isFile := strings.CutPrefix(value, "/run/secrets/")
			if isFile && !slices.Contains(s.Secrets, path) {
				t.Errorf("%s: %s is %s, which is not given to it", name, variable, value)
			}
			if !isFile && (strings.Contains(variable, "PASSWORD") || strings.Contains(variable, "SECRET")) {
				t.Errorf("%s: %s is written in the file", name, variable)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File != "secrets/"+secret {
				t.Errorf("%s uses the secret %s, which comes from %q", name, secret, c.Secrets[secret].File)
			}
		}
	}
	ignored, err := os.ReadFile("../../.gitignore")
	if err != nil || !strings.Contains(string(ignored), "\n/secrets/\n") {
		t.Errorf("the folder of the secrets could be committed (%v)", err)
	}
}

func TestTheCompositionSpeaksTheProgramsLanguage(t *testing.T) {
	t.Parallel()
	c, known := composed(t), settings(t)
	ours := 0
	for name, s := range c.Services {
		if s.Build == "" {
			continue
		}
		ours++
		for variable := range s.Environment {
			if !slices.Contains(known, variable) {
				t.Errorf("%s sets %s, which the program does not read", name, variable)
			}
		}
		if _, err := model(t).Parse(s.Command); err != nil {
			t.Errorf("%s runs tidemark %v: %v", name, s.Command, err)
		}
		if s.Healthcheck != nil {
			if _, err := model(t).Parse(s.Healthcheck.Test[2:]); err != nil || s.Healthcheck.Test[1] != "/tidemark" {
				t.Errorf("%s is asked by %v: %v", name, s.Healthcheck.Test, err)
			}
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("%s may do more than it needs", name)
		}
	}
	if ours != 3 {
		t.Errorf("%d services run the program, want 3", ours)
	}
	for _, server := range []string{"server-1", "server-2"} {
		if got := c.Services[server].DependsOn["migrate"].Condition; got != "service_completed_successfully" {
			t.Errorf("%s starts before the schema is there (%q)", server, got)
		}
	}
}

func TestTheServersOfTheCompositionReachTheDatabase(t *testing.T) {
	t.Parallel()
	c := composed(t)
	dsn := c.Services["server-1"].Environment["TIDEMARK_DATABASE"]
	if other := c.Services["migrate"].Environment["TIDEMARK_DATABASE"]; other != dsn {
		t.Errorf("migrates %s and serves %s", other, dsn)
	}
	// The same address with the file of passwords at hand.
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	header := readText(t, "../../docker-compose.yml")
	line := regexp.MustCompile(`echo "([^"]+)\$\(cat secrets/database\)" > secrets/pgpass`).FindStringSubmatch(header)
	if line == nil {
		t.Fatal("nothing says how to make secrets/pgpass")
	}
	passwords := write(t, filepath.Join(t.TempDir(), "pgpass"), line[1]+"hunter2\n")
	u.RawQuery = url.Values{"passfile": {passwords}}.Encode()
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		t.Fatal(err)
	}
	database := c.Services["database"]
	if config.Host != "database" || config.Password != "hunter2" ||
		config.User != database.Environment["POSTGRES_USER"] || config.Database != database.Environment["POSTGRES_DB"] {
		t.Errorf("signs in as %s with password %q at %s/%s", config.User, config.Password, config.Host, config.Database)
	}
	if !slices.Contains(c.Services["server-1"].Networks, c.Services["database"].Networks[0]) {
		t.Error("the servers and the database share no network")
	}
}

func TestTheProxyOfTheCompositionHandsHostOn(t *testing.T) {
	t.Parallel()
	c := composed(t)
	text := c.Configs["proxy"].Content
	for _, want := range []string{"reverse_proxy server-1:8080 server-2:8080", "health_uri /readyz"} {
		if !strings.Contains(text, want) {
			t.Errorf("the proxy's settings lack %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "header_up Host") {
		t.Error("the proxy rewrites Host")
	}
	// One address: where the proxy listens, and what links are made from.
	site, _, _ := strings.Cut(strings.TrimSpace(text), " {")
	if base := c.Services["server-1"].Environment["TIDEMARK_BASE_URL"]; base != site {
		t.Errorf("the proxy answers at %s, and links lead to %s", site, base)
	}
	if !strings.Contains(site, "localhost:8443") || !slices.Contains(c.Services["proxy"].Ports, "127.0.0.1:8443:8443") {
		t.Errorf("the proxy answers at %s through %v", site, c.Services["proxy"].Ports)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The image is checked as text: there may be no engine to build it.
func TestTheImageIsSmallStaticAndNotRoot(t *testing.T) {
	t.Parallel()
	text := readText(t, "../../Dockerfile")
	_, final, ok := strings.Cut(text, "\nFROM scratch\n")
	if !ok {
		t.Fatal("the program does not stand on an empty image")
	}
	if !strings.Contains(readText(t, "../../Makefile"), "\n\tCGO_ENABLED=0 go build -tags nomsgpack -trimpath") {
		t.Error("make build links the program with what is around it")
	}
	for _, want := range []string{"make build OUT=/out/tidemark", "COPY go.mod go.sum"} {
		if !strings.Contains(text, want) {
			t.Errorf("Dockerfile lacks %q", want)
		}
	}
	if !regexp.MustCompile(`(?m)^USER [1-9]\d*:[1-9]\d*$`).MatchString(final) {
		t.Error("runs as root")
	}
	goLine := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readText(t, "../../go.mod"))
	if goLine == nil || !strings.Contains(text, "FROM golang:"+goLine[1]+"-") {
		t.Errorf("is built with another Go than %v", goLine)
	}
	for _, instruction := range []string{"HEALTHCHECK", "CMD"} {
		m := regexp.MustCompile(`(?m)^` + instruction + `.*\[(.+)\]$`).FindStringSubmatch(final)
		if m == nil {
			t.Errorf("has no %s", instruction)
			continue
		}
		var args []string
		for a := range strings.SplitSeq(m[1], ",") {
			if a = strings.Trim(a, ` "`); a != "/tidemark" {
				args = append(args, a)
			}
		}
		if _, err := model(t).Parse(args); err != nil {
			t.Errorf("%s runs tidemark %v: %v", instruction, args, err)
		}
	}
	known := settings(t)
	for _, m := range regexp.MustCompile(`TIDEMARK_[A-Z_]+`).FindAllString(final, -1) {
		if !slices.Contains(known, m) {
			t.Errorf("sets %s, which the program does not read", m)
		}
	}
}
