package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// headsInALetter bounds the lines of a letter. An installation that begins to send them
// after years has many.
const headsInALetter = 500

// MailHeads puts signed heads that nobody was sent into the outbox, once each, a letter
// for every address in Env.HeadsTo, and returns how many heads it were. Only the program
// may. A message belongs to a study, so nothing is sent before there is one; it does not
// matter which. A letter that is given up is no reason to send its heads again: those of
// later days vouch for all lines before them.
func (u *Audits) MailHeads(ctx context.Context, a Actor) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	if len(u.env.HeadsTo) == 0 {
		return 0, nil
	}
	heads, err := u.env.Store.AuditHeads(ctx)
	if err != nil {
		return 0, fmt.Errorf("mail the audit trail's heads: %w", err)
	}
	heads = slices.DeleteFunc(heads, func(h AuditHead) bool { return !h.MailedAt.IsZero() })
	heads = heads[:min(len(heads), headsInALetter)]
	if len(heads) == 0 {
		return 0, nil
	}
	studies, err := u.env.Store.Studies(ctx)
	if err != nil {
		return 0, fmt.Errorf("mail the audit trail's heads: %w", err)
	}
	if len(studies) == 0 {
		return 0, nil
	}
	oldest, now, mailed := studies[len(studies)-1].ID, u.env.now(), 0
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		mailed = 0
		for _, h := range heads {
			fresh, err := tx.MarkHeadMailed(ctx, h.StudyID, h.Day, now)
			if err != nil {
				return err
			}
			if fresh {
				mailed++
			}
		}
		if mailed == 0 { // another server has
			return nil
		}
		for _, address := range u.env.HeadsTo {
			name := addressName(address)
			m := Message{StudyID: oldest, Key: fmt.Sprintf("audit heads %d %s", now.UnixMilli(), name), Kind: MessageHeads, ToKind: ActorUser, About: name}
			if err := u.env.post(ctx, tx, m, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("mail the audit trail's heads: %w", err)
	}
	return mailed, nil
}

// addressName stands for an address in the outbox, which holds none.
func addressName(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:8])
}

// dispatchHeads finds the heads that a message is about, by when it was written, and the
// address, unless that is no longer to have them.
func (u *Outbox) dispatchHeads(ctx context.Context, d *Dispatch) error {
	for _, address := range u.env.HeadsTo {
		if addressName(address) == d.Message.About {
			d.Email = address
		}
	}
	if d.Email == "" {
		return errNeedless
	}
	heads, err := u.env.Store.AuditHeads(ctx)
	if err != nil {
		return err
	}
	d.Language = "en"
	d.Heads = slices.DeleteFunc(heads, func(h AuditHead) bool { return !h.MailedAt.Equal(d.Message.CreatedAt) })
	if len(d.Heads) == 0 {
		return errNeedless
	}
	return nil
}
