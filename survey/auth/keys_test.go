package auth

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

const testSecret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

func testKeys(t *testing.T) *Keys {
	t.Helper()
	k, err := New(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestNewRefusesAWeakSecret(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "00", "zz" + testSecret[2:], testSecret[:62]} {
		if _, err := New(s); err == nil {
			t.Errorf("New(%q) took a weak secret", s)
		}
	}
	if _, err := New(testSecret + "\n"); err != nil {
		t.Errorf("a secret read from a file with a final newline: %v", err)
	}
	s, err := NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(s); err != nil {
		t.Errorf("New(NewSecret()): %v", err)
	}
}

func TestPersonalTokensRepeatAndDiffer(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	first := k.PersonalToken("s", "e", 1)
	if again := k.PersonalToken("s", "e", 1); again != first {
		t.Errorf("the same link gave %q and %q", first, again)
	}
	if len(first) != 32 {
		t.Errorf("token %q has %d characters, want 32 (160 bits)", first, len(first))
	}
	other, err := New(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"another generation": k.PersonalToken("s", "e", 2),
		"another person":     k.PersonalToken("s", "e2", 1),
		"another study":      k.PersonalToken("s2", "e", 1),
		"shifted boundary":   k.PersonalToken("se", "", 1),
		"another secret":     other.PersonalToken("s", "e", 1),
	} {
		if token == first {
			t.Errorf("%s gave the same token", name)
		}
	}
	codes := map[uint64]bool{
		k.CodeNumber("s", "e", 1): true, k.CodeNumber("s", "e", 2): true, k.CodeNumber("s", "e2", 1): true, k.CodeNumber("s2", "e", 1): true,
		k.CodeNumber("se", "", 1): true, other.CodeNumber("s", "e", 1): true,
	}
	if len(codes) != 6 || !codes[k.CodeNumber("s", "e", 1)] {
		t.Errorf("the numbers of codes are %v", codes)
	}
	if k.HashToken(first) == other.HashToken(first) {
		t.Error("the hash of a token does not depend on the secret")
	}
}

func TestNewTokensAreDistinct(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	seen := map[string]bool{}
	for range 1000 {
		token := k.NewToken()
		if seen[token] {
			t.Fatalf("token %q came twice", token)
		}
		seen[token] = true
	}
}

func TestSeededKeysRepeat(t *testing.T) {
	t.Parallel()
	token := func() string {
		k, err := Seeded(testSecret, bytes.NewReader(make([]byte, 64)))
		if err != nil {
			t.Fatal(err)
		}
		return k.NewToken()
	}
	if a, b := token(), token(); a != b {
		t.Errorf("seeded keys gave %q and %q", a, b)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	hash, err := k.HashPassword(t.Context(), "a quiet harbour at night")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q does not name Argon2id with the agreed cost", hash)
	}
	if again, _ := k.HashPassword(t.Context(), "a quiet harbour at night"); again == hash {
		t.Error("two hashes of one password are equal: no salt")
	}
	for name, c := range map[string]struct {
		hash, password string
		want           bool
	}{
		"right":         {hash, "a quiet harbour at night", true},
		"wrong":         {hash, "a quiet harbour at nighT", false},
		"empty":         {hash, "", false},
		"no account":    {"", "a quiet harbour at night", false},
		"no account, 0": {"", "", false},
		"broken hash":   {"$argon2id$v=19$m=1,t=0,p=0$AA$AA", "x", false},
		"other scheme":  {"$2a$10$abc", "x", false},
	} {
		if got, err := k.VerifyPassword(t.Context(), c.hash, c.password); got != c.want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, c.want)
		}
	}
}

// Whoever floods the sign-in is turned away; whoever waits and gives up costs
// nothing more.
func TestTheLineForPasswordsIsBounded(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	for range cap(k.hasher.slots) { // hashes that take for ever
		k.hasher.slots <- struct{}{}
	}
	ctx, giveUp := context.WithCancel(t.Context())
	results := make(chan error, maxWaiting)
	for range maxWaiting {
		go func() {
			_, err := k.VerifyPassword(ctx, "", "x")
			results <- err
		}()
	}
	for len(k.hasher.waiting) < maxWaiting {
		time.Sleep(time.Millisecond)
	}
	if _, err := k.VerifyPassword(t.Context(), "", "x"); !errors.Is(err, survey.ErrBusy) {
		t.Errorf("one too many: got %v, want busy", err)
	}
	if _, err := k.HashPassword(t.Context(), "x"); !errors.Is(err, survey.ErrBusy) {
		t.Errorf("one too many to hash: got %v, want busy", err)
	}
	giveUp()
	for range maxWaiting {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
	}
	<-k.hasher.slots
	if _, err := k.VerifyPassword(t.Context(), "", "x"); err != nil {
		t.Errorf("with a place free: %v", err)
	}
}
