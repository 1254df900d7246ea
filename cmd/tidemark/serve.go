package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"tidemark/mail"
	"tidemark/operate"
	"tidemark/survey"
	"tidemark/survey/passkey"
	"tidemark/web"
)

type serveCmd struct {
	Config
	Addr      string   `env:"TIDEMARK_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default: ${default})."`
	BaseURL   string   `env:"TIDEMARK_BASE_URL" placeholder:"URL" help:"Address people use, as https://study.example.org; links are made from it (default: the address listened on)."`
	Proxies   []string `name:"trusted-proxies" env:"TIDEMARK_TRUSTED_PROXIES" default:"127.0.0.0/8,::1/128" placeholder:"NETWORKS" help:"Networks of the proxies in front, whose word on who asks is taken when tries are limited (default: this machine)."`
	LogFormat string   `env:"TIDEMARK_LOG_FORMAT" enum:"text,json" default:"text" help:"text or json (default: ${default})."`

	SecondFactor string        `env:"TIDEMARK_SECOND_FACTOR" enum:"answers,everyone,off" default:"answers" help:"Who of staff must have a second factor besides the password: answers (leads, researchers, data managers and administrators: they see answers or names of a whole study, or decide who does), everyone or off (default: ${default})."`
	ProveAgain   time.Duration `env:"TIDEMARK_PROVE_AGAIN" default:"10m" placeholder:"TIME" help:"How long after somebody showed who they are they may export, give roles, erase and let programs in without showing it again; 0: as long as they are signed in (default: ${default})."`

	AtOnce int `env:"TIDEMARK_AT_ONCE" default:"128" placeholder:"N" help:"How many requests are worked on at the same time; more wait up to three seconds, answers first, and are then asked to come back (default: ${default})."`

	AuditMail []string `name:"audit-mail" env:"TIDEMARK_AUDIT_MAIL" placeholder:"ADDRESS" help:"Addresses that the day's signed heads of the audit trail are sent to, best of people outside the team; needs a mail server."`

	PrivateHooks bool `name:"webhook-allow-private" env:"TIDEMARK_WEBHOOK_ALLOW_PRIVATE" help:"Let researchers have events sent to addresses of your own network, and without https. Whoever may set webhooks up can then make this server ask any of your machines."`

	Provider  providerFlags  `embed:"" prefix:"oidc-"`
	Mail      mailFlags      `embed:"" prefix:"mail-"`
	Backup    backupFlags    `embed:"" prefix:"backup-"`
	Operation operationFlags `embed:""`
	HTTPS     tlsFlags       `embed:""`
}

// Help is shown under the command's flags.
func (serveCmd) Help() string {
	return `Serves people's browsers until it is told to stop (SIGTERM or Ctrl+C); requests
under way are finished. It needs a database made by tidemark migrate. It works
without a mail server, but then nobody is written to: what waits for somebody is
on the staff pages alone. HTTPS is the business of a proxy in front of it, or of the
server itself with --acme, or --tls-cert and --tls-key.

Examples:
  tidemark serve
  tidemark serve --database /var/lib/tidemark/tidemark.db --base-url https://study.example.org
  TIDEMARK_DATABASE=postgres://tidemark@db/tidemark TIDEMARK_SECRET_FILE=/run/secrets/tidemark tidemark serve --addr :8080`
}

// Run serves until ctx ends.
func (c serveCmd) Run(ctx context.Context, p *program) error {
	enough := hurry()
	defer enough()
	sender, office, err := c.Mail.sender()
	if err != nil {
		return err
	}
	if c.headsTo, err = headsTo(c.AuditMail, c.Mail); err != nil {
		return err
	}
	proxies, err := networks(c.Proxies)
	if err != nil {
		return err
	}
	c.privateHooks = c.PrivateHooks
	c.rules = survey.StaffRules{SecondFactor: survey.FactorRule(c.SecondFactor), ProveAgain: c.ProveAgain, Letters: c.Mail.sendsLetters()}
	https, err := c.HTTPS.begin(p, c.Config, c.BaseURL)
	if err != nil {
		return err
	}
	faults := operate.NewFaults()
	log := slog.New(faults.Handler(p.logger(c.LogFormat, slog.LevelInfo).Handler()))
	o, err := p.operate(&c.Config, c.Operation, log, faults)
	if err != nil {
		return err
	}
	defer keepHeadroom()()
	return p.on(ctx, c.Config, func(in *installation) error {
		o.attach(in)
		plan, err := c.Backup.plan(p, in, c.Config)
		if err != nil {
			return err
		}
		l, err := listen(ctx, c.Addr, "--addr")
		if err != nil {
			return err
		}
		if c.BaseURL == "" {
			c.BaseURL = addressOf(l)
		}
		keys, err := passkey.New(c.BaseURL)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		site := web.Config{
			BaseURL: c.BaseURL, Version: readBuild().short(), Logger: log, Now: p.now, Mail: c.Mail.sendsLetters(), ShortMessages: c.Mail.shortMessages(), Proxies: proxies,
			Load:  web.Load{Places: c.AtOnce},
			Ready: o.ready, Observe: o.metrics.Request, Trace: o.trace(), Disk: o.disk, Self: o.self.ID,
		}
		site.Examine = o.examiner(operate.Doctor{
			Now: p.now, Cases: in.cases, BaseURL: c.BaseURL, Proxies: proxies,
		}, sender)
		if keys != nil {
			site.Passkeys = keys
		}
		if err := c.Provider.put(&site); err != nil {
			return errors.Join(err, l.Close())
		}
		server, err := web.New(site, in.cases, in.store)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		log.Info("serving", "addr", l.Addr().String(), "base_url", c.BaseURL, "database", c.place(), "mail", cmp.Or(office, "off"))
		stopMetrics, err := o.serveMetrics(ctx)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		defer stopMetrics()
		defer o.sendTraces(context.WithoutCancel(ctx))() // also of what is served while it ends
		stopRedirect, err := https.serveRedirect(ctx, log)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		defer stopRedirect()
		// Before changes may be refused: whoever is erased is not to be shown.
		again, err := in.agree(ctx)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		if again > 0 {
			log.Warn("people who had their data erased were in this database again; they were erased again", "people", again)
		}
		if c.VaultCommand == "" && len(c.VaultKeyFile) == 0 {
			log.Warn("names and addresses are sealed under a key made from the secret: whoever has the database and the secret reads them; tidemark vault gives them a key of their own")
		}
		leave, err := o.begin(ctx, in)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		defer leave()
		defer in.keepTrail(ctx, c.headsFile(), log)()
		defer in.settle(ctx, log)()
		defer in.retain(ctx, log)()
		defer in.figures(ctx, log)()
		defer in.files(ctx, log)()
		defer in.backups(ctx, plan, log)()
		defer in.hooks(ctx, mail.NewEvents(c.PrivateHooks), log)()
		stop := in.post(ctx, server, sender, log)
		defer stop()
		https.warm(ctx, log)
		enough()
		return serveUntil(ctx, l, server.Handler(), ending{stop: server.Stop, drain: o.ready.Drain, while: c.Operation.Drain, tls: https.config}, log)
	})
}

// networks reads the networks of proxies, or their addresses.
func networks(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range list {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if a, e := netip.ParseAddr(text); err != nil && e == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is no network; write it as 10.1.0.0/16 or fd00::/8", text)
		}
		all = append(all, p)
	}
	return all, nil
}

func (p *program) logger(format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}
