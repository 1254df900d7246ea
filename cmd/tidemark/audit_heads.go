package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"slices"
	"strings"

	"tidemark/survey"
	"tidemark/survey/export"
)

// headsFile is a file beside the database, or better on another machine, with a signed
// line for each day on which a chain of the audit trail grew. Nothing in the database can
// be cut off or written anew without disagreeing with it.
type headsFile struct{ path string }

// read is every head in the file; none when there is no file.
func (f headsFile) read() ([]survey.AuditHead, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the heads of the audit trail: %w", err)
	}
	heads, err := export.ReadHeads(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return heads, nil
}

// complete adds the heads that the file lacks, and returns once they are on disk. A
// server that was stopped in between, or has a new file, makes it good so.
func (f headsFile) complete(heads []survey.AuditHead) error {
	known, err := f.read()
	if err != nil {
		return err
	}
	var lacking bytes.Buffer
	missing := slices.DeleteFunc(slices.Clone(heads), func(h survey.AuditHead) bool {
		return slices.ContainsFunc(known, func(k survey.AuditHead) bool { return k.Signature == h.Signature })
	})
	if len(missing) == 0 {
		return nil
	}
	if err := export.WriteHeads(&lacking, missing); err != nil {
		return err
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the heads of the audit trail: %w", err)
	}
	_, err = file.Write(lacking.Bytes())
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("keep the heads of the audit trail: %w", err)
	}
	return nil
}

// headsTo are the addresses that heads are sent to.
func headsTo(list []string, m mailFlags) ([]string, error) {
	var all []string
	for _, text := range list {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		a, err := mail.ParseAddress(text)
		if err != nil {
			return nil, misuse("--audit-mail: %q is no address", text)
		}
		if !slices.Contains(all, a.Address) {
			all = append(all, a.Address)
		}
	}
	if len(all) > 0 && !m.sendsLetters() {
		return nil, misuse("--audit-mail needs a mail server; name it with --mail-smtp HOST:PORT")
	}
	return all, nil
}
