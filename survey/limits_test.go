package survey_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

func from(address string) survey.Client { return survey.Client{Address: netip.MustParseAddr(address)} }

// withPassword is an account that signs in.
func (s *stage) withPassword(t *testing.T, email string) survey.User {
	t.Helper()
	u, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: email, Password: password})
	noError(t, err)
	return u
}

// quickKeys compare passwords without the work that makes guessing slow.
type quickKeys struct{ *auth.Keys }

func (quickKeys) VerifyPassword(_ context.Context, hash, given string) (bool, error) {
	return hash != "" && given == password, nil
}

// hasten is the stage's use cases with quick passwords.
func (s *stage) hasten() *survey.UseCases {
	return survey.NewUseCases(survey.Env{
		Store: s.store, Now: s.clock, Keys: quickKeys{s.keys}, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
}

// guess tries wrong passwords and gives how many were looked at.
func guess(t *testing.T, quick *survey.UseCases, client survey.Client, email string, n int) (looked int) {
	t.Helper()
	for range n {
		_, _, err := quick.SignIns.ByPassword(t.Context(), client, email, "a wrong password")
		switch {
		case errors.Is(err, survey.ErrNotSignedIn):
			looked++
		case !errors.Is(err, survey.ErrTooMany):
			t.Fatal(err)
		}
	}
	return looked
}

func TestWrongPasswordsSlowDownWhoGuessesAndLockNobodyOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		signIn := func(c survey.Client) error {
			_, _, err := quick.SignIns.ByPassword(t.Context(), c, "owner@example.org", password)
			return err
		}
		// The owner has signed in on a browser in the office.
		noError(t, signIn(from("192.0.2.1")))
		mine := from("192.0.2.1")
		mine.Device = s.cases.SignIns.NewDevice(survey.User{Email: "owner@example.org"})

		// Somebody in the same office guesses a hundred times.
		same(t, guess(t, quick, from("192.0.2.1"), "owner@example.org", 100), 5)
		wantError(t, signIn(from("192.0.2.1")), survey.ErrTooMany)
		noError(t, signIn(mine))
		noError(t, signIn(from("198.51.100.7"))) // from another network
		// One device's proof is no other account's.
		other := mine
		other.Device = s.cases.SignIns.NewDevice(survey.User{Email: "other@example.org"})
		wantError(t, signIn(other), survey.ErrTooMany)

		// Hundreds of networks guess at once: each has three tries once the
		// account's fifty are used up, and so has the owner in a new place.
		looked := 0
		for i := range 100 {
			looked += guess(t, quick, from(fmt.Sprintf("203.0.113.%d", i)), "owner@example.org", 25)
		}
		if looked > 50+20+100*3 {
			t.Errorf("%d of 2,500 guesses were looked at", looked)
		}
		noError(t, signIn(from("198.51.100.99")))
		noError(t, signIn(mine))
		// Other accounts are none of that.
		s.withPassword(t, "else@example.org")
		_, _, err := quick.SignIns.ByPassword(t.Context(), from("203.0.113.1"), "else@example.org", password)
		noError(t, err)
	})
}

func TestOnesOwnWrongPasswordsCountOnAKnownDeviceToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		mine := from("192.0.2.1")
		mine.Device = s.cases.SignIns.NewDevice(survey.User{Email: "owner@example.org"})
		same(t, guess(t, quick, mine, "owner@example.org", 30), 5)
		_, _, err := quick.SignIns.ByPassword(t.Context(), mine, "OWNER@example.org ", password)
		fault, ok := errors.AsType[*survey.TooManyError](err)
		if !ok || fault.After <= 0 || fault.After > 15*time.Minute {
			t.Fatalf("got %v", err)
		}
		s.at(s.clock().Add(fault.After))
		_, _, err = quick.SignIns.ByPassword(t.Context(), mine, "owner@example.org", password)
		noError(t, err)
	})
}

func TestTheRightPasswordCountsForNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		for range 40 {
			_, _, err := quick.SignIns.ByPassword(t.Context(), from("192.0.2.1"), "owner@example.org", password)
			noError(t, err)
		}
		same(t, guess(t, quick, from("192.0.2.1"), "owner@example.org", 30), 5)
	})
}

func TestAnUnknownAccountIsLimitedLikeAKnownOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		for i, email := range []string{"owner@example.org", "nobody@example.org"} {
			same(t, guess(t, quick, from(fmt.Sprintf("192.0.2.%d", i+1)), email, 30), 5)
		}
	})
}

func TestOneCustomerOfANetworkIsOneClient(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		n := 0
		for i := range 60 { // one household has all of these
			n += guess(t, quick, from(fmt.Sprintf("2001:db8:1:%x::%x", i, i+1)), "nobody@example.org", 1)
		}
		same(t, n, 5)
		same(t, guess(t, quick, from("2001:db8:2::1"), "nobody@example.org", 1), 1)
		same(t, guess(t, quick, from("192.0.2.9"), "else@example.org", 25), 5)
		same(t, guess(t, quick, from("::ffff:192.0.2.9"), "else@example.org", 1), 0) // the same address
	})
}

func TestLostLinksAreLimitedByNetwork(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for i := range 30 {
			noError(t, s.cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), fmt.Sprintf("nobody%d@example.org", i)))
		}
		before := s.dump(t)
		wantError(t, s.cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), "nobody@example.org"), survey.ErrTooMany)
		same(t, s.dump(t), before)
		// What is no address is told without counting.
		wantFaults(t, s.cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), "nobody"), survey.FieldErrors{"email": "lost.fault_email"})
		noError(t, s.cases.SignIns.SendLostLink(t.Context(), from("192.0.2.2"), "nobody@example.org"))
		s.at(s.clock().Add(15 * time.Minute))
		noError(t, s.cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), "nobody@example.org"))
	})
}

// Two replicas over one database let through no more than one would.
func TestTwoReplicasCountTogether(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			address := dsn(t)
			first := newStage(t, func(t testing.TB, options ...store.Option) *store.Store {
				return storetest.Open(t, address, options...)
			})
			second := survey.NewUseCases(survey.Env{
				Store: storetest.Open(t, address), Now: first.clock, Keys: first.keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
			})
			var through, refused atomic.Int64
			var all sync.WaitGroup
			for i := range 16 {
				cases := []*survey.UseCases{first.cases, second}[i%2]
				all.Go(func() {
					for k := range 5 {
						switch err := cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), fmt.Sprintf("n%d.%d@example.org", i, k)); {
						case err == nil:
							through.Add(1)
						case errors.Is(err, survey.ErrTooMany):
							refused.Add(1)
						default:
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			same(t, []int64{through.Load(), refused.Load()}, []int64{30, 50})
		})
	}
}

// remembering notes by which keys counters were asked for.
type remembering struct {
	*store.Store
	asked []string
}

func (r *remembering) Attempts(ctx context.Context, keyHashes []string) (map[string]int, error) {
	r.asked = append(r.asked, keyHashes...)
	return r.Store.Attempts(ctx, keyHashes)
}

func TestCountersAreSweptAwayAndBearNoAddress(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		db := &remembering{Store: s.store}
		cases := survey.NewUseCases(survey.Env{
			Store: db, Now: s.clock, Keys: s.keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		})
		ask := func() {
			t.Helper()
			noError(t, cases.SignIns.SendLostLink(t.Context(), from("192.0.2.1"), "nobody@example.org"))
		}
		left := func() int {
			t.Helper()
			noError(t, cases.SignIns.Sweep(t.Context()))
			counts, err := s.store.Attempts(t.Context(), db.asked)
			noError(t, err)
			return len(counts)
		}
		ask()
		same(t, left(), 1)
		s.at(s.clock().Add(15 * time.Minute))
		same(t, left(), 0)
		ask()
		if len(db.asked) != 2 || db.asked[0] == db.asked[1] || len(db.asked[0]) != 64 {
			t.Errorf("two windows of one client are counted as %q", db.asked)
		}
	})
}

// A flood from everywhere fills the line for passwords: whoever stands behind it is told
// to come back. The owner, on a browser that they know, signs in all the same.
func TestAFloodKeepsNobodyOutOfABrowserThatTheyKnow(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite)
	s.withPassword(t, "owner@example.org")
	mine := from("192.0.2.1")
	mine.Device = s.cases.SignIns.NewDevice(survey.User{Email: "owner@example.org"})
	ctx, dry := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	var busy, let atomic.Int64
	for i := range 200 {
		flood.Go(func() {
			for ctx.Err() == nil {
				client := from(fmt.Sprintf("203.0.%d.%d", i/200, i%200))
				_, _, err := s.cases.SignIns.ByPassword(ctx, client, fmt.Sprintf("nobody-%d@example.org", i), "a wrong password")
				if errors.Is(err, survey.ErrBusy) {
					busy.Add(1)
				}
				let.Add(1)
			}
		})
	}
	for busy.Load() < 50 && t.Context().Err() == nil { // the line is full
		time.Sleep(time.Millisecond)
	}
	for range 3 {
		_, _, err := s.cases.SignIns.ByPassword(t.Context(), mine, "owner@example.org", password)
		noError(t, err)
	}
	dry()
	flood.Wait()
	t.Logf("%d tries, %d of them turned away as too many at once", let.Load(), busy.Load())
}
