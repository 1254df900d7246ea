package survey

import (
	"context"
	"fmt"
	"slices"
)

// AuditVerification says what to check.
type AuditVerification struct {
	Only *StudyID // one chain; nil: all of them
	// Heads were kept outside of the database. Those that the database has are
	// checked too.
	Heads []AuditHead
	// Keys are those that heads may be signed with besides the installation's own: of
	// the secrets it had before.
	Keys []string
}

// Verify checks that the audit trail is as it was written: no line edited, removed, put
// in or moved, and, as far as heads are known, none cut off at the end and nothing
// written anew. Administrators may, and auditors of the installation. What it finds of each chain is kept, for the
// page to tell.
func (u *Audits) Verify(ctx context.Context, a Actor, v AuditVerification) ([]AuditReport, error) {
	if !a.MayAudit() {
		return nil, ErrForbidden
	}
	now := u.env.now()
	var reports []AuditReport
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		reports, err = u.verify(ctx, r, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("verify the audit trail: %w", err)
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		for _, r := range reports {
			r.Chain.CheckedAt = now
			if err := tx.NoteAuditCheck(ctx, r.Chain); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify the audit trail: %w", err)
	}
	return reports, nil
}

func (u *Audits) verify(ctx context.Context, r Reader, v AuditVerification) ([]AuditReport, error) {
	chains, err := r.AuditChains(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := r.AuditHeads(ctx)
	if err != nil {
		return nil, err
	}
	heads := slices.Concat(kept, v.Heads)
	waiting, err := r.WaitingChains(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range heads { // of a study that is gone, or never was there
		waiting = append(waiting, h.StudyID)
	}
	for _, id := range waiting {
		if !slices.ContainsFunc(chains, func(c AuditChain) bool { return c.StudyID == id }) {
			chains = append(chains, AuditChain{StudyID: id})
		}
	}
	keys := append([]string{u.env.Keys.AuditKey()}, v.Keys...)
	reports := []AuditReport{}
	for _, c := range chains {
		if v.Only != nil && *v.Only != c.StudyID {
			continue
		}
		report, err := u.verifyChain(ctx, r, c, heads, keys)
		if err != nil {
			return nil, err
		}
		reports = append(reports, *report)
	}
	return reports, nil
}

func (u *Audits) verifyChain(ctx context.Context, r Reader, chain AuditChain, heads []AuditHead, keys []string) (*AuditReport, error) {
	own, forged := headsOf(chain.StudyID, heads, keys)
	check := newAuditCheck(chain, own)
	err := r.EachChained(ctx, chain.StudyID, func(e *ChainedEvent) error {
		check.line(e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	check.forged(forged)
	n, since, err := r.CountWaitingAudit(ctx, chain.StudyID)
	if err != nil {
		return nil, err
	}
	check.wait(n, since, u.env.now())
	return check.end(), nil
}
