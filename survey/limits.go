package survey

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Client is where a request comes from, as far as limits need to know it. Tries of
// all clients without an address are counted together.
type Client struct {
	Address netip.Addr // of who asks, proxies in between left out
	Device  string     // what a browser of staff keeps since they signed in there, see SignIns.NewDevice
	Browser string     // what a browser of staff says that it is, in plain words
}

// browser is bounded as it is stored.
func (c Client) browser() string {
	r := []rune(c.Browser)
	return string(r[:min(len(r), 120)])
}

// network is whose tries are counted together: an address, or what one customer of a
// network is given where addresses are plenty (IPv6: the first 56 bits, RFC 6177).
func (c Client) network() string {
	a := c.Address.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(56); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// limit is how often something may be tried within a window of time. Windows follow
// each other without a gap, so at the change of two there can be twice as many.
type limit struct {
	purpose string
	most    int
	within  time.Duration
	// pause, if not nil, is how long to wait after n tries before the next.
	pause func(n int) time.Duration
}

// The limits. They are for programs that guess: a room full of people behind one
// address, who hurry and mistype, stays below them.
var (
	// limitCode counts typed codes that fit nobody. A code has 43 bits; with 10,000
	// people a try meets one by chance in one of 1.5 billion.
	limitCode     = limit{"code", 20, 15 * time.Minute, nil}
	limitLostLink = limit{"lost link", 30, 15 * time.Minute, nil}
	limitEntry    = limit{"self-enrolment", 60, 15 * time.Minute, nil}

	// limitBadToken counts tokens of programs that fit nobody, from one network;
	// limitToken what one token asks for.
	limitBadToken = limit{"unknown token", 60, 15 * time.Minute, nil}
	limitToken    = limit{"token", 600, time.Minute, nil}

	// Wrong passwords: from one network; for one account from wherever; for one
	// account from one network; for one account on a device that signed in to it
	// before. See signInTries.
	limitSignInNetwork = limit{"sign-in from a network", 20, 15 * time.Minute, nil}
	limitSignInAccount = limit{"sign-in to an account", 50, 15 * time.Minute, nil}
	limitSignInBoth    = limit{"sign-in to an account from a network", 3, 15 * time.Minute, nil}
	limitSignInDevice  = limit{"sign-in on a known device", 10, 15 * time.Minute, nil}
	// Beside these, pauses grow between wrong passwords, for one account from one
	// network or on one device.
	limitSignInPause = limit{"pause between sign-ins", math.MaxInt32, 24 * time.Hour, growing}

	// Wrong second factors, in the same way. A code of six digits is three among a
	// million at each moment: with these limits and the password known, guessing one
	// from a single network takes years.
	limitFactorAccount = limit{"second factor of an account", 20, 15 * time.Minute, nil}
	limitFactorBoth    = limit{"second factor of an account from a network", 3, 15 * time.Minute, nil}
	limitFactorDevice  = limit{"second factor on a known device", 10, 15 * time.Minute, nil}

	// limitPasskey counts answers of devices that are no proof, from one network. Nobody
	// guesses a signature: it is for the work.
	limitPasskey = limit{"passkey", 60, 15 * time.Minute, nil}
)

// TooManyError is ErrTooMany with the time after which it can be tried again.
type TooManyError struct{ After time.Duration }

// Error says how long to wait.
func (e *TooManyError) Error() string { return fmt.Sprintf("%v: wait %v", ErrTooMany, e.After) }

// Unwrap makes it an ErrTooMany.
func (e *TooManyError) Unwrap() error { return ErrTooMany }

// try is something that is counted for somebody.
type try struct {
	limit
	who string
}

// tries are counted together: all or, when refused, none.
type tries struct {
	list    []try
	refused func(counts []int) bool // how often each was tried, this time included
}

// oneTry is limited by itself.
func oneTry(l limit, who string) tries {
	return tries{[]try{{l, who}}, func(counts []int) bool { return counts[0] > l.most }}
}

// begun is when the window began that an instant is in.
func (l limit) begun(t time.Time) time.Time { return t.Truncate(l.within) }

// counter names where a try is counted: a new one for each window, so that nothing
// tells that two windows are about the same.
func (e Env) counter(t try, now time.Time) AttemptCounter {
	begun := t.begun(now)
	return AttemptCounter{
		KeyHash: e.Keys.HashToken(strings.Join([]string{
			"attempt", t.purpose, begun.Format(time.RFC3339), t.who,
		}, "\x00")),
		ExpiresAt: begun.Add(t.within), At: now,
	}
}

// take counts tries, or refuses them with TooManyError and counts nothing: whoever
// is refused writes nothing to the database, however often they ask. The counters
// are in the database, and what counts is what a transaction finds there, so any
// number of servers together let through what the limits say.
func (e Env) take(ctx context.Context, t tries) error {
	now := e.now()
	counters, hashes, wait := make([]AttemptCounter, len(t.list)), make([]string, len(t.list)), time.Duration(0)
	for i, one := range t.list {
		counters[i] = e.counter(one, now)
		hashes[i] = counters[i].KeyHash
		if one.pause == nil {
			wait = max(wait, counters[i].ExpiresAt.Sub(now))
		}
	}
	so, err := e.Store.Attempts(ctx, hashes)
	if err != nil {
		return fmt.Errorf("count a try: %w", err)
	}
	counts := make([]int, len(counters))
	for i, h := range hashes {
		counts[i] = so[h] + 1
	}
	if t.refused(counts) {
		e.Meter.Throttled(t.list[0].purpose)
		return &TooManyError{After: wait}
	}
	before := slices.Clone(counts)
	if err := e.pausing(ctx, t, counters, before, now); err != nil {
		return err
	}
	err = e.Store.InTx(ctx, func(tx Tx) error {
		for i, c := range counters {
			n, err := tx.CountAttempt(ctx, c)
			if err != nil {
				return err
			}
			counts[i] = n
			// Of several at once, one has waited.
			if one := t.list[i]; one.pause != nil && n > before[i] && one.pause(n-1) > 0 {
				return &TooManyError{After: one.pause(n - 1)}
			}
		}
		if t.refused(counts) {
			return &TooManyError{After: wait}
		}
		return nil
	})
	if err != nil {
		if errors.Is(err, ErrTooMany) {
			e.Meter.Throttled(t.list[0].purpose)
		}
		return fmt.Errorf("count a try: %w", err)
	}
	return nil
}

// giveBack takes back tries that turned out to be right. When the window has ended
// meanwhile there is nothing left of them.
func (e Env) giveBack(ctx context.Context, tx Tx, t tries) error {
	now := e.now()
	for _, one := range t.list {
		if err := tx.UncountAttempt(ctx, e.counter(one, now).KeyHash); err != nil {
			return err
		}
	}
	return nil
}

// signInTries is how trying a password is limited. Somebody who guesses is slowed
// down, and the owner of an account is never locked out of it:
//
//   - On a device that signed in to the account before, its own wrong tries count
//     and nobody else's.
//   - Elsewhere the tries of a network count, whichever accounts they are for.
//   - After five wrong passwords for an account from one network, or on one device, each
//     further one asks for a pause twice as long, up to a quarter of an hour.
//   - When an account is tried from many networks at once, no network is shut out,
//     but each has a few tries left at this account, of which an owner needs one.
//
// An address that no account has is treated alike.
func (u *SignIns) signInTries(from Client, email string) tries {
	if u.knowsDevice(from.Device, email) {
		return tries{
			[]try{{limitSignInDevice, from.Device}, {limitSignInPause, from.Device}},
			func(n []int) bool { return n[0] > limitSignInDevice.most },
		}
	}
	network := from.network()
	both := network + " " + email
	return tries{
		[]try{{limitSignInNetwork, network}, {limitSignInAccount, email}, {limitSignInBoth, both}, {limitSignInPause, both}},
		func(n []int) bool {
			return n[0] > limitSignInNetwork.most || n[1] > limitSignInAccount.most && n[2] > limitSignInBoth.most
		},
	}
}

// factorTries is the same for second factors.
func (u *SignIns) factorTries(from Client, user User) tries {
	if u.knowsDevice(from.Device, user.Email) {
		return oneTry(limitFactorDevice, from.Device)
	}
	both := from.network() + " " + user.Email
	return tries{
		[]try{{limitFactorAccount, user.Email}, {limitFactorBoth, both}},
		func(n []int) bool { return n[0] > limitFactorAccount.most && n[1] > limitFactorBoth.most },
	}
}

// knownDevice marks the context of what is asked on a device that signed in before.
type knownDevice struct{}

// OnKnownDevice reports whether a password is checked for somebody on a device that
// signed in to the account before: they do not wait in line with everybody else.
func OnKnownDevice(ctx context.Context) bool { return ctx.Value(knownDevice{}) != nil }

// inLine puts somebody into the line for passwords that is theirs.
func (u *SignIns) inLine(ctx context.Context, from Client, email string) context.Context {
	if !u.knowsDevice(from.Device, email) {
		return ctx
	}
	return context.WithValue(ctx, knownDevice{}, true)
}

// deviceProof is what a device shows that signed in to an account.
func (u *SignIns) deviceProof(nonce, email string) string {
	return u.env.Keys.HashToken("staff device\x00" + nonce + "\x00" + email)
}

// NewDevice makes what a browser of staff keeps after they have signed in, so that
// others who guess their password do not keep them from signing in there. It signs
// nobody in, and nothing of it is stored.
func (u *SignIns) NewDevice(user User) string {
	nonce := u.env.Keys.NewToken()
	return nonce + "." + u.deviceProof(nonce, user.Email)
}

func (u *SignIns) knowsDevice(device, email string) bool {
	nonce, proof, ok := strings.Cut(device, ".")
	return ok && subtle.ConstantTimeCompare([]byte(proof), []byte(u.deviceProof(nonce, email))) == 1
}

// staffLettersKept is how long it is kept that a letter about an account was sent.
const staffLettersKept = 90 * 24 * time.Hour

// Sweep removes counters of windows that have ended, and letters about accounts that were
// sent long ago. It decides nothing: what has ended is not asked for any more.
func (u *SignIns) Sweep(ctx context.Context) error {
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.DeleteAttemptsBefore(ctx, now); err != nil {
			return err
		}
		return tx.DeleteStaffMessagesBefore(ctx, now.Add(-staffLettersKept))
	})
	if err != nil {
		return fmt.Errorf("sweep counters and letters: %w", err)
	}
	return nil
}
