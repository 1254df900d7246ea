package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tidemark/mail"
	"tidemark/survey"
)

// mailFlags say how letters leave the installation. Without any, none do: what
// waits for somebody is on the staff pages alone.
type mailFlags struct {
	Server       string   `name:"smtp" env:"TIDEMARK_MAIL_SMTP" placeholder:"HOST:PORT" help:"Mail server that takes letters. Without one no mail is sent."`
	From         string   `env:"TIDEMARK_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of letters, as \"Study <study@example.org>\"."`
	TLS          string   `name:"tls" env:"TIDEMARK_MAIL_TLS" enum:"starttls,tls,none" default:"starttls" help:"How the line to the mail server is protected: starttls, tls or none (default: ${default})."`
	User         string   `env:"TIDEMARK_MAIL_USER" placeholder:"NAME" help:"Name to sign in to the mail server with."`
	PasswordFile string   `env:"TIDEMARK_MAIL_PASSWORD_FILE" placeholder:"FILE" help:"File with the password for the mail server."`
	Return       string   `env:"TIDEMARK_MAIL_RETURN" placeholder:"ADDRESS" help:"Where reports go about letters that could not be delivered, as bounces@example.org; bounces+NAME@example.org must arrive there too. See: tidemark bounces --help"`
	HookURL      string   `name:"hook-url" env:"TIDEMARK_MAIL_HOOK_URL" placeholder:"URL" help:"Service that takes short messages, for people who want them or whom no letter reaches: a signed POST of JSON."`
	HookTakes    []string `name:"hook-takes" env:"TIDEMARK_MAIL_HOOK_TAKES" placeholder:"sms,push" enum:"sms,push" default:"sms" help:"What that service takes, of which people can choose: sms, push or both (default: sms)."`
	HookSecret   string   `name:"hook-secret-file" env:"TIDEMARK_MAIL_HOOK_SECRET_FILE" placeholder:"FILE" help:"File with the secret that signs these, known to both sides."`
	Dir          string   `env:"TIDEMARK_MAIL_DIR" placeholder:"FOLDER" help:"Put letters in a folder instead of sending them, to try things out."`
}

// sender is what takes the letters; nil: mail is off. The second is what to call
// it.
func (f mailFlags) sender() (survey.Sender, string, error) {
	letters, office, err := f.letters()
	if err != nil || f.HookURL == "" {
		if f.HookSecret != "" && err == nil {
			return nil, "", misuse("a secret for short messages is given but no service; name it with --mail-hook-url URL")
		}
		return letters, office, err
	}
	if f.HookSecret == "" {
		return nil, "", misuse("short messages are signed; give the secret with --mail-hook-secret-file FILE")
	}
	secret, err := mail.ReadPassword(f.HookSecret)
	if err != nil {
		return nil, "", err
	}
	hook, err := mail.NewWebhook(f.HookURL, secret)
	if err != nil {
		return nil, "", asMisuse(err)
	}
	return mail.Ways{Letters: letters, Short: hook}, strings.TrimPrefix(office+", short messages", ", "), nil
}

// sendsLetters reports whether letters leave the installation.
func (f mailFlags) sendsLetters() bool { return f.Server != "" || f.Dir != "" }

// shortMessages are the channels, besides letters, that people can choose.
func (f mailFlags) shortMessages() []survey.Channel {
	var all []survey.Channel
	for _, c := range []survey.Channel{survey.ChannelSMS, survey.ChannelPush} {
		if f.HookURL != "" && slices.Contains(f.HookTakes, string(c)) {
			all = append(all, c)
		}
	}
	return all
}

// letters is what takes letters; nil: mail is off.
func (f mailFlags) letters() (survey.Sender, string, error) {
	switch {
	case f.Server != "" && f.Dir != "":
		return nil, "", misuse("both --mail-smtp and --mail-dir are given; give one")
	case f.Server == "" && f.Dir == "":
		if f.From != "" || f.Return != "" || f.User != "" || f.PasswordFile != "" {
			return nil, "", misuse("mail settings are given but no mail server; name it with --mail-smtp HOST:PORT")
		}
		return nil, "", nil
	case f.From == "":
		return nil, "", misuse("letters need a sender; give --mail-from \"Study <study@example.org>\"")
	case f.Dir != "":
		folder, err := mail.NewFolder(f.Dir, f.From, f.Return)
		if err != nil {
			return nil, "", asMisuse(err)
		}
		return folder, "folder " + f.Dir, nil
	}
	settings := mail.Settings{Address: f.Server, From: f.From, Return: f.Return, TLS: mail.TLS(f.TLS), User: f.User}
	if f.PasswordFile != "" {
		var err error
		if settings.Password, err = mail.ReadPassword(f.PasswordFile); err != nil {
			return nil, "", err
		}
	}
	server, err := mail.NewSMTP(settings)
	if err != nil {
		return nil, "", asMisuse(err)
	}
	return server, f.Server, nil
}

func asMisuse(err error) error {
	if errors.Is(err, mail.ErrSettings) {
		return usageError{err}
	}
	return err
}

// postEvery is how often a server looks for what has come due. Several replicas
// share the work.
const postEvery = 3 * time.Second

// planEvery is how often a server works out which messages about waves are due. They
// are due by the hour: nobody waits for one.
const planEvery = 20 * time.Second

// post is what a server does by itself, besides answering: alerts that nobody has
// taken on go up, and messages are sent.
type post struct {
	cases   *survey.UseCases
	letters survey.Letters
	sender  survey.Sender // nil: mail is off
	log     *slog.Logger
	every   time.Duration
	plan    time.Duration
	planned time.Time // the last time, by the clock of the machine
}

// run works until ctx ends. A database that is away now is no reason to stop.
func (p *post) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := p.round(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("messages", "error", err)
		}
		// A little at random, so that replicas do not all come at once.
		wait := p.every + time.Duration(rand.Int64N(int64(p.every/4)+1)) //nolint:gosec // no secret
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (p *post) round(ctx context.Context) error {
	if p.cases.Mode.ReadOnly() {
		return nil
	}
	actor := survey.SystemActor("server")
	raised, err := p.cases.Alerts.Escalate(ctx, actor)
	if raised > 0 {
		p.log.Warn("alerts that nobody has taken on went up", "steps", raised)
	}
	if err != nil || p.sender == nil {
		return err
	}
	if time.Since(p.planned) >= p.plan {
		n, err := p.cases.Outbox.Plan(ctx, actor, p.sender)
		if n > 0 {
			p.log.Info("letters that have come due", "letters", n)
		}
		if err != nil {
			return err
		}
		p.planned = time.Now()
	}
	for {
		done, err := p.cases.Outbox.Deliver(ctx, actor, p.letters, p.sender)
		if done.Postponed+done.Failed > 0 {
			p.log.Warn("letters could not be sent", "postponed", done.Postponed, "given_up", done.Failed)
		}
		if done.Sent+done.Dropped+done.Held > 0 {
			p.log.Info("letters", "sent", done.Sent, "needless", done.Dropped, "held", done.Held, "bounced", done.Bounced)
		}
		if err != nil || done.Sent+done.Dropped+done.Held == 0 || ctx.Err() != nil {
			return err
		}
	}
}

// post begins what a server does by itself; stop waits until it has ended.
func (in *installation) post(ctx context.Context, letters survey.Letters, sender survey.Sender, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		(&post{cases: in.cases, letters: letters, sender: sender, log: log, every: postEvery, plan: planEvery}).run(ctx)
	}()
	return func() { cancel(); <-ended }
}
