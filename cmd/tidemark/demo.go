package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
	"tidemark/survey/vault"
	"tidemark/web"
)

type demoCmd struct {
	Dir     string `placeholder:"FOLDER" help:"Where to keep the rehearsal (default: a new temporary folder). One that is there already is shown again."`
	Addr    string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default: ${default})."`
	BaseURL string `placeholder:"URL" help:"Address to print links with, if others than this machine are to follow them."`
	Seed    uint64 `default:"1" help:"Another number gives other people (default: ${default})."`
	People  int    `default:"${demoPeople}" placeholder:"N" help:"How many people take part, 20 to 5000 (default: ${default})."`
	Reset   bool   `help:"Play the rehearsal in --dir anew, and forget what was entered in it."`
	Pseudo  bool   `hidden:"" help:"Offer a language for tests: English with accents, from right to left."`
}

// Help is shown under the command's flags.
func (demoCmd) Help() string {
	return `Plays a study with simulated people: an eight-week course and a waiting list, three
course runs at different points, people who answer, skip, forget and leave. Then
it serves the study and prints four links, one for each kind of person.

Examples:
  tidemark demo
  tidemark demo --dir ./rehearsal --addr 127.0.0.1:9000
  tidemark demo --dir ./rehearsal --reset --seed 7`
}

// Run plays or finds a rehearsal and serves it until ctx ends.
func (c demoCmd) Run(ctx context.Context, p *program) error {
	// The port first: who has to choose another should not wait for the play.
	l, err := listen(ctx, c.Addr, "--addr")
	if err != nil {
		return err
	}
	if c.BaseURL == "" {
		c.BaseURL = addressOf(l)
	}
	temporary := c.Dir == ""
	in, links, err := c.ready(ctx, p)
	if err != nil {
		if temporary && c.Dir != "" {
			err = errors.Join(err, os.RemoveAll(c.Dir))
		}
		return errors.Join(err, l.Close())
	}
	server, log, err := c.server(p, in)
	if err == nil {
		err = c.welcome(p, links)
	}
	if err != nil {
		return in.close(errors.Join(err, l.Close()))
	}
	stop, stopFiles := in.keepTrail(ctx, "", log), in.files(ctx, log)
	err = serveUntil(ctx, l, server.Handler(), ending{stop: server.Stop}, log)
	stop()
	stopFiles()
	return in.close(err)
}

func (c demoCmd) server(p *program, in *installation) (*web.Server, *slog.Logger, error) {
	log := p.logger("text", slog.LevelWarn)
	server, err := web.New(web.Config{
		BaseURL: c.BaseURL, Version: readBuild().short(), Logger: log, Demo: true, Pseudo: c.Pseudo, Now: p.now,
	}, in.cases, in.store)
	return server, log, err
}

// ready opens the rehearsal in the folder, playing it first if there is none,
// and makes links into it.
func (c *demoCmd) ready(ctx context.Context, p *program) (*installation, rehearsal.Links, error) {
	fresh, err := c.folder()
	if err != nil {
		return nil, rehearsal.Links{}, err
	}
	config := Config{Database: filepath.Join(c.Dir, "demo.db")}
	if c.Reset && !fresh {
		if err := c.forget(ctx, p, config); err != nil {
			return nil, rehearsal.Links{}, err
		}
	}
	if _, err := os.Stat(config.Database); errors.Is(err, fs.ErrNotExist) {
		if err := c.play(ctx, p, config.Database); err != nil {
			return nil, rehearsal.Links{}, err
		}
	}
	in, err := (&program{now: p.now}).open(ctx, config) // a secret of its own, whatever is set
	if err != nil {
		return nil, rehearsal.Links{}, err
	}
	if err := in.onlySimulated(ctx, config.Database); err != nil {
		return nil, rehearsal.Links{}, in.close(err)
	}
	if _, err := tellFigures(ctx, in.cases); err != nil {
		return nil, rehearsal.Links{}, in.close(err)
	}
	if _, err := in.cases.Audits.Seal(ctx, trailKeeper()); err != nil {
		return nil, rehearsal.Links{}, in.close(err)
	}
	links, err := rehearsal.Invite(ctx, in.cases)
	if err != nil {
		return nil, rehearsal.Links{}, in.close(fmt.Errorf("%w; play it anew with --reset", err))
	}
	return in, links, nil
}

// folder makes the folder, and reports whether it is a new one.
func (c *demoCmd) folder() (fresh bool, err error) {
	if c.Dir == "" {
		c.Dir, err = os.MkdirTemp("", "tidemark-demo-")
		return true, err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return false, fmt.Errorf("make the folder: %w", err)
	}
	return false, nil
}

// play makes the rehearsal under another name first, so that one that was
// interrupted is never taken for a whole one.
func (c demoCmd) play(ctx context.Context, p *program, path string) (err error) {
	draft := path + ".new"
	if err := removeDatabase(draft); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(draft))
		}
	}()
	s, err := Config{Database: path}.readSecret("")
	if err != nil {
		return err
	}
	keys, err := auth.New(s.hex)
	if err != nil {
		return fmt.Errorf("%s: %w", s.from, err)
	}
	db, err := openStore(ctx, Config{Database: draft}, vault.Secret(keys.VaultSecret()))
	if err != nil {
		return err
	}
	err = db.Migrate(ctx)
	if err == nil {
		_, err = rehearsal.Play(ctx, rehearsal.Options{
			Store: db, Keys: keys, Seed: c.Seed, Now: p.now(), People: c.People, Version: readBuild().short(), Progress: p.progress(),
		})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := s.keep(); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// progress shows how far a play has come, in one line that is written over.
func (p *program) progress() func(step string, done, total int) {
	return func(step string, done, total int) {
		const width = 24
		filled := width * done / max(total, 1)
		p.say("\r  [%s%s] %-24s", strings.Repeat("#", filled), strings.Repeat(".", width-filled), step)
		if done >= total {
			p.say("\n")
		}
	}
}

// forget removes a rehearsal, and nothing else.
func (c demoCmd) forget(ctx context.Context, p *program, config Config) error {
	if _, err := os.Stat(config.Database); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := openStore(ctx, config)
	if err != nil {
		return err
	}
	// The schema may be another version's; what matters is whose data it is.
	err = (&installation{store: db}).onlySimulated(ctx, config.Database)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%w\nIf it can go, remove %s yourself", err, config.Database)
	}
	p.say("playing the rehearsal in %s anew\n", c.Dir)
	return removeDatabase(config.Database)
}

// onlySimulated refuses a database in which a study has real people.
func (in *installation) onlySimulated(ctx context.Context, path string) error {
	studies, err := in.store.Studies(ctx)
	if err != nil {
		return err
	}
	for _, s := range studies {
		if !s.Simulated {
			return fmt.Errorf("%s holds the study %s, which is not a rehearsal; name another folder with --dir", path, s.Key)
		}
	}
	return nil
}

// removeDatabase removes a SQLite database with its log.
func removeDatabase(path string) error {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the old rehearsal: %w", err)
		}
	}
	return nil
}

// welcome prints the links.
func (c demoCmd) welcome(p *program, l rehearsal.Links) error {
	_, err := fmt.Fprintf(p.stdout, `
Tidemark is ready. This is a rehearsal: all of its people are simulated.

  As participant      %s
  As facilitator      %s
  As researcher       %s
  As administrator    %s

It is kept in %s
To come back to it: tidemark demo --dir %s
Stop with Ctrl+C.
`,
		personalLink(c.BaseURL, l.Participant), staffLink(c.BaseURL, l.Facilitator),
		staffLink(c.BaseURL, l.Researcher), staffLink(c.BaseURL, l.Administrator), c.Dir, c.Dir)
	return err
}
