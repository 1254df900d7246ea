package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/survey/vault"
)

func ring(t *testing.T, master vault.Master) (*vault.Ring, vault.Key) {
	t.Helper()
	k, err := vault.New(t.Context(), master)
	if err != nil {
		t.Fatal(err)
	}
	r, err := vault.Open(t.Context(), []vault.Key{k}, []vault.Master{master})
	if err != nil {
		t.Fatal(err)
	}
	return r, k
}

func person(t *testing.T, r *vault.Ring, k vault.Key, study, owner string) (vault.Wrapped, *vault.Person) {
	t.Helper()
	w, p, err := r.NewPerson(k.ID, study, owner)
	if err != nil {
		t.Fatal(err)
	}
	return w, p
}

// TestWhatIsSealedOpensWhereItBelongsAndNowhereElse swaps each part of a place, and
// alters a bit.
func TestWhatIsSealedOpensWhereItBelongsAndNowhereElse(t *testing.T) {
	t.Parallel()
	master := vault.Secret(bytes.Repeat([]byte{7}, 32))
	r, k := ring(t, master)
	w, p := person(t, r, k, "s1", "ana")
	_, other := person(t, r, k, "s1", "ben")
	const secret = "Ana Canary"
	sealed := p.Seal("contact.name", secret)
	again, err := r.Person(w, "s1", "ana")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open("contact.name", sealed); got != secret || err != nil {
		t.Errorf("opened %q, %v", got, err)
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)/2] ^= 1
	for name, c := range map[string]struct {
		by     *vault.Person
		column string
		bytes  []byte
	}{
		"another column": {p, "contact.email", sealed},
		"another person": {other, "contact.name", sealed},
		"altered":        {p, "contact.name", altered},
		"cut short":      {p, "contact.name", sealed[:20]},
	} {
		if got, err := c.by.Open(c.column, c.bytes); !errors.Is(err, vault.ErrSealed) || got != "" || strings.Contains(err.Error(), "Canary") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, place := range map[string][2]string{"another study": {"s2", "ana"}, "another owner": {"s1", "ben"}, "shifted": {"s1a", "na"}} {
		if _, err := r.Person(w, place[0], place[1]); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("the key opened for %s: %v", name, err)
		}
	}
	if p.Seal("contact.name", "") != nil {
		t.Error("nothing was sealed into something")
	}
	// Names of different lengths look alike, and equal ones do not.
	if a, b := p.Seal("contact.name", "Al"), p.Seal("contact.name", "Alexandrina"); len(a) != len(b) || bytes.Equal(a, p.Seal("contact.name", "Al")) {
		t.Error("what is sealed tells its length, or that two are the same")
	}
}

func TestTheIndexFindsTheSameInOneStudyOnly(t *testing.T) {
	t.Parallel()
	master := vault.Secret(bytes.Repeat([]byte{7}, 32))
	r, k := ring(t, master)
	at := r.Index("s1", "contact.email", "ana@example.org")
	for name, other := range map[string][]byte{
		"study":  r.Index("s2", "contact.email", "ana@example.org"),
		"column": r.Index("s1", "entry_ticket.email", "ana@example.org"),
		"value":  r.Index("s1", "contact.email", "ana@example.com"),
	} {
		if bytes.Equal(at, other) {
			t.Errorf("another %s has the same index", name)
		}
	}
	stranger, _ := ring(t, master)
	if bytes.Equal(at, stranger.Index("s1", "contact.email", "ana@example.org")) {
		t.Error("another installation has the same index")
	}
	next, err := r.Next(t.Context(), vault.Secret(bytes.Repeat([]byte{8}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	both, err := vault.Open(t.Context(), []vault.Key{k, next}, []vault.Master{master, vault.Secret(bytes.Repeat([]byte{8}, 32))})
	if err != nil || !bytes.Equal(at, both.Index("s1", "contact.email", "ana@example.org")) {
		t.Errorf("under the next key the index is another (%v)", err)
	}
}

func TestAKeyIsWrappedAnewWithoutTouchingWhatItSealed(t *testing.T) {
	t.Parallel()
	old, fresh := vault.Secret(bytes.Repeat([]byte{1}, 32)), vault.Secret(bytes.Repeat([]byte{2}, 32))
	r, k := ring(t, old)
	w, p := person(t, r, k, "s", "ana")
	sealed := p.Seal("contact.name", "Ana")
	next, err := r.Next(t.Context(), fresh)
	if err != nil {
		t.Fatal(err)
	}
	both, err := vault.Open(t.Context(), []vault.Key{k, next}, []vault.Master{fresh, old})
	if err != nil {
		t.Fatal(err)
	}
	moved, err := both.Rewrap(w, next.ID, "s", "ana")
	if err != nil {
		t.Fatal(err)
	}
	after, err := vault.Open(t.Context(), []vault.Key{next}, []vault.Master{fresh})
	if err != nil {
		t.Fatal(err)
	}
	q, err := after.Person(moved, "s", "ana")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := q.Open("contact.name", sealed); got != "Ana" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := after.Person(w, "s", "ana"); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("the former wrapping opened: %v", err)
	}
}

func TestAnotherMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	right, wrong := vault.Secret(bytes.Repeat([]byte{1}, 32)), vault.Secret(bytes.Repeat([]byte{2}, 32))
	_, k := ring(t, right)
	_, err := vault.Open(t.Context(), []vault.Key{k}, []vault.Master{wrong})
	if fault, ok := errors.AsType[*vault.WrongMasterError](err); !ok || fault.Want != right.ID() {
		t.Errorf("another key: %v", err)
	}
	// One that says it is the right one does not open either.
	if _, err := vault.Open(t.Context(), []vault.Key{k}, []vault.Master{impostor{wrong, right.ID()}}); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("an impostor: %v", err)
	}
	for _, text := range []string{"", "abc", strings.Repeat("0", 62), strings.Repeat("g", 64)} {
		if _, err := vault.Local(text); !errors.Is(err, vault.ErrKey) {
			t.Errorf("%q is a key: %v", text, err)
		}
	}
	if m, err := vault.Local(vault.NewKey() + "\n"); err != nil || m.ID() == right.ID() {
		t.Errorf("a new key: %v", err)
	}
}

type impostor struct {
	vault.Master

	id string
}

func (i impostor) ID() string { return i.id }

// TestAProgramMayHoldTheMasterKey uses one that turns base64 around, which is no seal.
func TestAProgramMayHoldTheMasterKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kms")
	const program = `#!/bin/sh
case "$1" in
id) echo kms-7 ;;
wrap|unwrap) [ -n "$TIDEMARK_VAULT_LABEL" ] && rev ;;
*) exit 2 ;;
esac
`
	if err := os.WriteFile(path, []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	m, err := vault.Command(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	r, k := ring(t, m)
	if m.ID() != "kms-7" || k.MasterID != "kms-7" || r.Index("s", "c", "v") == nil {
		t.Errorf("the key is %q", m.ID())
	}
	failing := filepath.Join(t.TempDir(), "fails")
	if err := os.WriteFile(failing, []byte("#!/bin/sh\necho no access to the key >&2; exit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Command(context.WithoutCancel(t.Context()), failing); err == nil || !strings.Contains(err.Error(), "no access to the key") {
		t.Errorf("a program that fails: %v", err)
	}
}
