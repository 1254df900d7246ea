package backup

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
)

// Keys are by what backups are sealed and opened.
type Keys struct {
	Recipients []age.Recipient // those who can open what is made
	Identities []age.Identity  // by which what is there is opened; may be none
	// passphrase: the recipient is one, and no other can be added.
	passphrase bool
}

// KeyFiles say where keys are. Recipients are public: who makes backups need not be
// able to read them.
type KeyFiles struct {
	Recipients     []string // age1…
	RecipientsFile string   // with one on each line
	IdentityFile   string   // AGE-SECRET-KEY-…
	PassphraseFile string   // the first line, for both
}

// Read reads them. That there are none is no error.
func (f KeyFiles) Read() (Keys, error) {
	var k Keys
	if f.PassphraseFile != "" {
		if len(f.Recipients) > 0 || f.RecipientsFile != "" || f.IdentityFile != "" {
			return k, errors.New("a backup is sealed by a passphrase or to recipients; give one of both")
		}
		return readPassphrase(f.PassphraseFile)
	}
	for _, text := range f.Recipients {
		if err := k.add(text); err != nil {
			return k, fmt.Errorf("recipient %q: %w", text, err)
		}
	}
	if f.RecipientsFile != "" {
		text, err := os.ReadFile(f.RecipientsFile)
		if err != nil {
			return k, fmt.Errorf("recipients: %w", err)
		}
		if err := k.add(string(text)); err != nil {
			return k, fmt.Errorf("%s: %w", f.RecipientsFile, err)
		}
	}
	if f.IdentityFile != "" {
		text, err := os.ReadFile(f.IdentityFile)
		if err != nil {
			return k, fmt.Errorf("identity: %w", err)
		}
		if k.Identities, err = age.ParseIdentities(strings.NewReader(string(text))); err != nil {
			// What the library says may quote the line, which is the key.
			return k, fmt.Errorf("%s holds no identity of age, as tidemark backup key makes one", f.IdentityFile)
		}
	}
	return k, nil
}

func (k *Keys) add(text string) error {
	list, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return errors.New("this is no public key of age, as age1…")
	}
	k.Recipients = append(k.Recipients, list...)
	return nil
}

// minPassphrase is how many characters a passphrase has at least.
const minPassphrase = 20

func readPassphrase(path string) (Keys, error) {
	var k Keys
	content, err := os.ReadFile(path) //nolint:gosec // the administrator's own path
	if err != nil {
		return k, fmt.Errorf("passphrase: %w", err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	line = strings.TrimRight(line, "\r")
	if len([]rune(line)) < minPassphrase {
		return k, fmt.Errorf("the passphrase in %s is too short; make it %d characters or more", path, minPassphrase)
	}
	to, err := age.NewScryptRecipient(line)
	if err != nil {
		return k, fmt.Errorf("passphrase: %w", err)
	}
	by, err := age.NewScryptIdentity(line)
	if err != nil {
		return k, fmt.Errorf("passphrase: %w", err)
	}
	return Keys{Recipients: []age.Recipient{to}, Identities: []age.Identity{by}, passphrase: true}, nil
}

// proving adds a recipient whose key lives as long as the backup is made. By it the
// program opens what it wrote and proves it, where the keys of the others are not at
// hand, as they should not be.
func (k Keys) proving() (to []age.Recipient, by []age.Identity, err error) {
	if k.passphrase {
		return k.Recipients, k.Identities, nil
	}
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, nil, err
	}
	return append(slices.Clip(k.Recipients), once.Recipient()), []age.Identity{once}, nil
}

// NewIdentity makes a key: the secret text for a file, and the public one.
func NewIdentity() (secret, public string, err error) {
	i, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return i.String(), i.Recipient().String(), nil
}
