package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"tidemark/survey"
)

// adminCmd holds what is done at the command line because nobody may have an
// account yet, or because whoever has a shell may do it anyway.
type adminCmd struct {
	Create   adminCreateCmd   `cmd:"" help:"Make an account."`
	Password adminPasswordCmd `cmd:"" help:"Set an account's password."`
	Invite   adminInviteCmd   `cmd:"" help:"Print a link by which someone signs in once, without a password."`
	List     adminListCmd     `cmd:"" help:"List the accounts."`
	Disable  adminDisableCmd  `cmd:"" help:"End an account and its sign-ins."`
	Enable   adminEnableCmd   `cmd:"" help:"Let an ended account work again."`
	Grant    adminGrantCmd    `cmd:"" help:"Give an account a role."`
	Take     adminTakeCmd     `cmd:"" help:"Take a role from an account."`

	ResetFactor adminResetFactorCmd `cmd:"" name:"reset-factor" help:"End the second factor of somebody who has lost it."`

	Study   adminStudyCmd   `cmd:"" help:"Make, open and list studies."`
	OwnData adminOwnDataCmd `cmd:"" help:"Write a copy of what is stored of one person, for that person."`
	Replay  adminReplayCmd  `cmd:"" name:"replay-erasures" help:"Erase people again after an older copy of the database was put back."`
}

// Help is shown under the command's flags.
func (adminCmd) Help() string {
	return `Setting up, in order:
  tidemark admin create you@example.org
  tidemark admin study create --title "Learning from setbacks" --time-zone Europe/London
  tidemark admin study safety learning-from-setbacks --anonymous
  tidemark admin study open learning-from-setbacks
  tidemark admin create ada@example.org --role facilitator --study learning-from-setbacks --invite`
}

// on opens the installation, does something with it, and closes it.
func (p *program) on(ctx context.Context, c Config, do func(*installation) error) error {
	in, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	err = do(in)
	// What this command wrote into the audit trail gets its place now, as no server may
	// be running; one that is does it otherwise.
	_, _ = in.cases.Audits.Seal(context.WithoutCancel(ctx), trailKeeper())
	return in.close(err)
}

// roleFlags say what an account may do. An administrator's role has no study.
type roleFlags struct {
	Study string `placeholder:"KEY" help:"The study the role is for; all but administrators and auditors of the installation need one."`
	Run   string `placeholder:"NAME" help:"The one course run a facilitator leads (default: all of the study)."`
}

func (r roleFlags) grant(ctx context.Context, in *installation, role string) (survey.Grant, error) {
	g := survey.Grant{Role: survey.Role(role)}
	switch {
	case g.Role == survey.RoleAdministrator && (r.Study != "" || r.Run != ""):
		return g, misuse("an administrator's role is for the whole installation: leave --study and --run out")
	case g.Role == survey.RoleAdministrator, g.Role == survey.RoleAuditor && r.Study == "":
		return g, nil
	case r.Study == "":
		return g, misuse("a %s needs --study; tidemark admin study list shows the keys", role)
	case g.Role != survey.RoleFacilitator && r.Run != "":
		return g, misuse("a %s's role is for a whole study: leave --run out", strings.ReplaceAll(role, "_", " "))
	}
	study, err := in.study(ctx, r.Study)
	if err != nil {
		return g, err
	}
	g.StudyID = study.ID
	if r.Run == "" {
		return g, nil
	}
	runs, err := in.cases.Runs.List(ctx, operator(), study.ID)
	if err != nil {
		return g, err
	}
	for _, s := range runs {
		if s.Run.Name == r.Run {
			g.RunID = s.Run.ID
			return g, nil
		}
	}
	return g, fmt.Errorf("study %s has no course run called %q", study.Key, r.Run)
}

// study finds a study by its key.
func (in *installation) study(ctx context.Context, key string) (survey.Study, error) {
	s, err := in.cases.Studies.ByKey(ctx, operator(), key)
	if errors.Is(err, survey.ErrNotFound) {
		return s, fmt.Errorf("there is no study %q; tidemark admin study list shows the keys", key)
	}
	return s, err
}

// account finds an account by its address.
func (in *installation) account(ctx context.Context, email string) (survey.User, error) {
	u, err := in.cases.Users.ByEmail(ctx, operator(), email)
	if errors.Is(err, survey.ErrNotFound) {
		return u, fmt.Errorf("there is no account %q; tidemark admin list shows them", email)
	}
	return u, err
}

type adminCreateCmd struct {
	Config
	Email         string `arg:"" help:"Address the person signs in with."`
	Name          string `help:"Name shown to other staff."`
	Role          string `enum:"administrator,lead,researcher,facilitator,data_manager,auditor" default:"administrator" help:"administrator, lead, researcher, facilitator, data_manager or auditor (default: ${default})."`
	PasswordStdin bool   `xor:"way" help:"Read the password from standard input, for scripts."`
	Invite        bool   `xor:"way" help:"Set no password; print a link by which the person signs in once."`
	BaseURL       string `env:"TIDEMARK_BASE_URL" default:"http://localhost:8080" placeholder:"URL" help:"Address of the installation, for the link (default: ${default})."`
	roleFlags
}

// Help is shown under the command's flags.
func (adminCreateCmd) Help() string {
	return `Asks for a password at the terminal unless told otherwise. A password is never a
flag, because other users of the machine can read command lines.

Examples:
  tidemark admin create you@example.org
  tidemark admin create noor@example.org --role researcher --study learning-from-setbacks --invite
  printf '%s\n' "$PASSWORD" | tidemark admin create you@example.org --password-stdin`
}

// Run makes the account.
func (c adminCreateCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		g, err := c.grant(ctx, in, c.Role)
		if err != nil {
			return err
		}
		n := survey.NewUser{Email: c.Email, Name: c.Name, Grants: []survey.Grant{g}}
		if !c.Invite {
			if n.Password, err = p.password(c.PasswordStdin); err != nil {
				return err
			}
		}
		user, err := in.cases.Users.Create(ctx, operator(), n)
		if errors.Is(err, survey.ErrDuplicate) {
			return fmt.Errorf("there is an account %s already; tidemark admin grant gives it a further role", n.Email)
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(p.stdout, "made account %s (%s)\n", user.Email, c.Role); err != nil || !c.Invite {
			return err
		}
		return p.invite(ctx, in, user, c.BaseURL)
	})
}

// invite prints a link by which somebody signs in once.
func (p *program) invite(ctx context.Context, in *installation, user survey.User, base string) error {
	token, err := in.cases.Users.Invite(ctx, operator(), user.ID, false)
	if err != nil {
		return err
	}
	days := int(survey.InvitationLifetime.Hours() / 24)
	_, err = fmt.Fprintf(p.stdout, "sign-in link for %s (works once, for %d days):\n%s\n", user.Email, days, staffLink(base, token))
	return err
}

// personalLink and staffLink are the addresses that package web serves.
func personalLink(base, token string) string { return strings.TrimSuffix(base, "/") + "/p/" + token }

func staffLink(base, token string) string {
	return strings.TrimSuffix(base, "/") + "/sign-in/link/" + token
}

type adminPasswordCmd struct {
	Config
	Email         string `arg:"" help:"Address of the account."`
	PasswordStdin bool   `help:"Read the password from standard input, for scripts."`
}

// Run sets a password.
func (c adminPasswordCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		password, err := p.password(c.PasswordStdin)
		if err != nil {
			return err
		}
		if err := in.cases.Users.SetPassword(ctx, operator(), user.ID, password); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "set the password of %s\n", user.Email)
		return err
	})
}

type adminInviteCmd struct {
	Config
	Email   string `arg:"" help:"Address of the account."`
	BaseURL string `env:"TIDEMARK_BASE_URL" default:"http://localhost:8080" placeholder:"URL" help:"Address of the installation (default: ${default})."`
}

// Run prints a sign-in link.
func (c adminInviteCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		return p.invite(ctx, in, user, c.BaseURL)
	})
}

type adminListCmd struct{ Config }

// Run lists the accounts, one a line.
func (c adminListCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		users, err := in.cases.Users.List(ctx, operator())
		if err != nil {
			return err
		}
		studies, err := in.cases.Studies.List(ctx, operator())
		if err != nil {
			return err
		}
		keys := make(map[survey.StudyID]string, len(studies))
		for _, s := range studies {
			keys[s.ID] = s.Key
		}
		w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
		for _, u := range users {
			state := "active"
			if !u.DisabledAt.IsZero() {
				state = "disabled"
			}
			if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Email, u.Name, state, roles(u.Grants, keys)); err != nil {
				return err
			}
		}
		return w.Flush()
	})
}

func roles(grants []survey.Grant, keys map[survey.StudyID]string) string {
	words := make([]string, 0, len(grants))
	for _, g := range grants {
		word := string(g.Role)
		if g.StudyID != "" {
			word += " of " + keys[g.StudyID]
		}
		if g.RunID != "" {
			word += " (one run)"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

type adminDisableCmd struct {
	Config
	Email string `arg:"" help:"Address of the account."`
}

// Run ends an account.
func (c adminDisableCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		if err := in.cases.Users.Disable(ctx, operator(), user.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "disabled %s; its sign-ins have ended\n", user.Email)
		return err
	})
}

type adminGrantCmd struct {
	Config
	Email string `arg:"" help:"Address of the account."`
	Role  string `arg:"" enum:"administrator,lead,researcher,facilitator,data_manager,auditor" help:"administrator, lead, researcher, facilitator, data_manager or auditor."`
	roleFlags
}

// Run gives a role.
func (c adminGrantCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		g, err := c.grant(ctx, in, c.Role)
		if err != nil {
			return err
		}
		err = in.cases.Users.Grant(ctx, operator(), user.ID, g)
		if errors.Is(err, survey.ErrDuplicate) {
			return fmt.Errorf("%s has that role already", user.Email)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s is now %s\n", user.Email, c.Role)
		return err
	})
}
