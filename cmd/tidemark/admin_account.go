package main

import (
	"context"
	"errors"
	"fmt"

	"tidemark/survey"
)

type adminEnableCmd struct {
	Config
	Email string `arg:"" help:"Address of the account."`
}

// Run lets a closed account work again.
func (c adminEnableCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		if err := in.cases.Users.Reopen(ctx, operator(), user.ID); errors.Is(err, survey.ErrConflict) {
			return fmt.Errorf("the account %s is not closed", user.Email)
		} else if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s works again, with the roles and the password that it had\n", user.Email)
		return err
	})
}

type adminResetFactorCmd struct {
	Config
	Email string `arg:"" help:"Address of the account."`
}

// Help is shown under the command's flags.
func (adminResetFactorCmd) Help() string {
	return `For somebody who has lost the device and the recovery codes, and for the only
administrator, whose second factor nobody else can reset. Passkeys, codes and
recovery codes end, and so do all sign-ins of the account; the password alone
opens it then, until a new second factor is set up. Make sure that it is they.`
}

// Run ends the second factor of an account.
func (c adminResetFactorCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		if err := in.cases.Factors.Reset(ctx, operator(), user.ID); errors.Is(err, survey.ErrConflict) {
			return fmt.Errorf("the account %s has no second factor", user.Email)
		} else if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "the second factor of %s is reset; its sign-ins have ended\n", user.Email)
		return err
	})
}

type adminTakeCmd struct {
	Config
	Email string `arg:"" help:"Address of the account."`
	Role  string `arg:"" enum:"administrator,lead,researcher,facilitator,data_manager,auditor" help:"administrator, lead, researcher, facilitator, data_manager or auditor."`
	roleFlags
}

// Run takes a role away.
func (c adminTakeCmd) Run(ctx context.Context, p *program) error {
	return p.on(ctx, c.Config, func(in *installation) error {
		user, err := in.account(ctx, c.Email)
		if err != nil {
			return err
		}
		g, err := c.grant(ctx, in, c.Role)
		if err != nil {
			return err
		}
		err = in.cases.Users.Take(ctx, operator(), user.ID, g)
		if errors.Is(err, survey.ErrNotFound) {
			return fmt.Errorf("%s does not have that role; tidemark admin list shows the roles", user.Email)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s is %s no more\n", user.Email, c.Role)
		return err
	})
}
