package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"tidemark/web"
)

type serveCmd struct {
	Config
	Addr      string `env:"TIDEMARK_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default: ${default})."`
	BaseURL   string `env:"TIDEMARK_BASE_URL" placeholder:"URL" help:"Address people use, as https://study.example.org; links are made from it (default: the address listened on)."`
	LogFormat string `env:"TIDEMARK_LOG_FORMAT" enum:"text,json" default:"text" help:"text or json (default: ${default})."`

	Mail mailFlags `embed:"" prefix:"mail-"`
}

// Help is shown under the command's flags.
func (serveCmd) Help() string {
	return `Serves people's browsers until it is told to stop (SIGTERM or Ctrl+C); requests
under way are finished. It needs a database made by tidemark migrate. It works
without a mail server, but then nobody is written to: what waits for somebody is
on the staff pages alone. HTTPS is the business of a proxy in front of it.

Examples:
  tidemark serve
  tidemark serve --database /var/lib/tidemark/tidemark.db --base-url https://study.example.org
  TIDEMARK_DATABASE=postgres://tidemark@db/tidemark TIDEMARK_SECRET_FILE=/run/secrets/tidemark tidemark serve --addr :8080`
}

// Run serves until ctx ends.
func (c serveCmd) Run(ctx context.Context, p *program) error {
	sender, office, err := c.Mail.sender()
	if err != nil {
		return err
	}
	return p.on(ctx, c.Config, func(in *installation) error {
		l, err := listen(ctx, c.Addr)
		if err != nil {
			return err
		}
		if c.BaseURL == "" {
			c.BaseURL = addressOf(l)
		}
		log := p.logger(c.LogFormat, slog.LevelInfo)
		server, err := web.New(web.Config{
			BaseURL: c.BaseURL, Version: readBuild().short(), Logger: log, Now: p.now, Mail: sender != nil,
		}, in.cases, in.store)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		log.Info("serving", "addr", l.Addr().String(), "base_url", c.BaseURL, "database", c.place(), "mail", cmp.Or(office, "off"))
		again, err := in.agree(ctx)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		if again > 0 {
			log.Warn("people who had their data erased were in this database again; they were erased again", "people", again)
		}
		defer in.settle(ctx, log)()
		stop := in.post(ctx, server, sender, log)
		defer stop()
		return serveUntil(ctx, l, server.Handler(), log)
	})
}

func (p *program) logger(format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}
