package operate

import (
	"context"
	"net/netip"
	"net/url"
	"time"

	"tidemark/survey"
)

// Doctor looks an installation through, as far as it is told about it: what is nil or
// empty is passed over, or said not to be known.
type Doctor struct {
	Now   func() time.Time
	Cases *survey.UseCases
	Actor survey.Actor

	BaseURL string
	Proxies []netip.Prefix
	// Disk is how much is left where the database is, and of how much.
	Disk func() (free, total uint64, err error)
	// Mail asks whether letters would be taken; nil: mail is off.
	Mail func(ctx context.Context) error
	// ClockURL is a page whose Date is believed; empty: nothing outside is asked.
	ClockURL string
	// LastBackup is when the newest backup was made; nil: nobody knows of any.
	LastBackup func(ctx context.Context) (time.Time, error)
}

// check makes one of them.
func check(name string, state survey.CheckState, says, do string) survey.Check {
	return survey.Check{Name: name, State: state, Says: says, Do: do}
}

func ok(name, says string) survey.Check { return check(name, survey.CheckOK, says, "") }

func warning(name, says, do string) survey.Check { return check(name, survey.CheckWarning, says, do) }

func fault(name, says, do string) survey.Check { return check(name, survey.CheckFault, says, do) }

// Running makes the checks that a server can make of itself within seconds.
func (d Doctor) Running(ctx context.Context) []survey.Check {
	checks := []survey.Check{d.address(), d.proxies()}
	standing, err := d.Cases.Operations.Standing(ctx, d.Actor)
	if err != nil {
		return append(checks, fault("database", "The database could not be asked.", "Look at the log of the server and at the database."))
	}
	checks = append(checks, databaseChecks(standing.Database)...)
	checks = append(checks, d.clock(ctx, standing.Database), d.disk(), d.mail(ctx), d.backups(ctx))
	checks = append(checks, d.backlog(standing)...)
	return append(checks, d.servers(standing), d.changes(standing), d.responders(ctx))
}

// Deep makes the checks that read the whole database.
func (d Doctor) Deep(ctx context.Context, heads []survey.AuditHead) []survey.Check {
	return []survey.Check{d.integrity(ctx), d.trail(ctx, heads)}
}

func (d Doctor) address() survey.Check {
	const name = "address"
	u, err := url.Parse(d.BaseURL)
	switch {
	case d.BaseURL == "":
		return warning(name, "No address is set, so links lead to where the server listens.", "Give --base-url with the address that people use, as https://study.example.org.")
	case err != nil || u.Host == "":
		return fault(name, "The address that links are made from cannot be read.", "Give --base-url as https://study.example.org.")
	case u.Scheme == "https":
		return ok(name, "Links lead to an address with HTTPS.")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" || err == nil && ip.IsLoopback() {
		return warning(name, "Links lead to this machine alone and are not protected.", "That is fine to try things out. For people, give --base-url with an address that begins with https.")
	}
	return fault(name, "Links lead to an address without HTTPS: whoever is on the way reads answers and links.", "Put a proxy with HTTPS in front, or give --acme or --tls-cert and --tls-key, and an address that begins with https.")
}

func (d Doctor) proxies() survey.Check {
	const name = "trusted proxies"
	for _, p := range d.Proxies {
		if p.Bits() == 0 {
			return fault(name, "Everybody is believed to be a proxy, so that anybody can pass for somebody else when tries are limited.", "Name the networks of your proxies alone with --trusted-proxies.")
		}
		// A network of private addresses may be large; one of others should not be.
		if small := p.Addr().Is4() && p.Bits() >= 16 || p.Addr().Is6() && p.Bits() >= 32; !small && !p.Addr().IsPrivate() && !p.Addr().IsLoopback() {
			return warning(name, "A large network of the internet is believed to be proxies.", "Name the networks of your proxies alone with --trusted-proxies.")
		}
	}
	if len(d.Proxies) == 0 {
		return ok(name, "No proxy is believed: people are counted by the address that connects.")
	}
	return ok(name, "Only the networks that were named are believed to be proxies.")
}

// mailTimeout bounds a try to reach the mail server.
const mailTimeout = 8 * time.Second

func (d Doctor) mail(ctx context.Context) survey.Check {
	const name = "mail"
	if d.Mail == nil {
		return warning(name, "Mail is off: nobody is written to, also not about alerts.", "Give --mail-smtp and --mail-from, unless everybody looks at the pages anyway.")
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	if err := inTime(ctx, d.Mail); err != nil {
		return fault(name, "Letters would not be taken: "+mailReason(err)+".", "Look at the --mail settings, at the mail server and at the network between.")
	}
	return ok(name, "Letters would be taken: the line, its protection and the sign-in work.")
}

// staleBackup is how old the newest backup may be where nothing else is planned.
const staleBackup = 26 * time.Hour

func (d Doctor) backups(ctx context.Context) survey.Check {
	const name = "backups"
	const do = "Back up every day, keep the secrets apart, and try once whether it comes back: see tidemark backup --help."
	last, proved, bound, err := time.Time{}, true, staleBackup, error(nil)
	if d.LastBackup != nil {
		last, err = d.LastBackup(ctx)
	} else {
		var known survey.BackupStanding
		if known, err = d.Cases.Backups.Latest(ctx, d.Actor); err == nil && known.Newest == nil {
			return warning(name, "No backup is configured here, so nothing is known of any.", do)
		}
		if err == nil {
			last, proved = known.Newest.BegunAt, known.Proved != nil
			bound = max(bound, known.Newest.Every+2*time.Hour)
		}
	}
	switch age := d.Now().Sub(last); {
	case err != nil:
		return fault(name, "It could not be found out when the last backup was made.", do)
	case last.IsZero():
		return fault(name, "There is no backup.", do)
	case age > bound:
		return fault(name, "The last backup is "+span(age)+" old.", do)
	case !proved:
		return warning(name, "No backup was ever proved to come back.", "Run tidemark backup verify, or let the role of the database make databases.")
	default:
		return ok(name, "The last backup is "+span(age)+" old.")
	}
}
