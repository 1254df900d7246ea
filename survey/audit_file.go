package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// ExportChains gives the lines of one chain, or of all, in their places, all in one state
// of the database, so that whoever has them can check them by themselves: see
// [VerifyAuditFile]. That they were taken is a line of the trail itself, written before
// anything is given. Only administrators may. The pointer is reused.
func (u *Audits) ExportChains(ctx context.Context, a Actor, only *StudyID, line func(*ChainedEvent) error) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	var study StudyID
	if only != nil {
		study = *only
	}
	e := u.env.event(a, study, u.env.now(), ActionAuditExported, "audit trail", "")
	e.Detail = AuditFilter{}.words()
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
		return fmt.Errorf("export the audit trail: %w", err)
	}
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		chains, err := r.AuditChains(ctx)
		if err != nil {
			return err
		}
		for _, c := range chains {
			if only != nil && *only != c.StudyID {
				continue
			}
			err := r.EachChained(ctx, c.StudyID, func(e *ChainedEvent) error {
				a.withhold(e)
				return line(e)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export the audit trail: %w", err)
	}
	return nil
}

// VerifyAuditFile checks lines that were taken out of the trail, without the database they
// are from: that none was edited, removed or put in. heads are those that were kept; they
// must be signed with one of the keys. Texts that are not there are counted and are no
// fault: they were erased, or whoever took the lines may not see them.
func VerifyAuditFile(lines []ChainedEvent, heads []AuditHead, keys []string) []AuditReport {
	chains := map[StudyID][]ChainedEvent{}
	for _, l := range lines {
		chains[l.StudyID] = append(chains[l.StudyID], l)
	}
	reports := make([]AuditReport, 0, len(chains))
	for id, chain := range chains {
		// A file may have the newest first. What a line's place is, its hash says.
		slices.SortStableFunc(chain, func(a, b ChainedEvent) int { return cmp.Compare(a.Seq, b.Seq) })
		reports = append(reports, *verifyLines(id, chain, heads, keys))
	}
	slices.SortFunc(reports, func(a, b AuditReport) int { return cmp.Compare(a.Chain.StudyID, b.Chain.StudyID) })
	return reports
}

func verifyLines(id StudyID, chain []ChainedEvent, heads []AuditHead, keys []string) *AuditReport {
	end := AuditChain{StudyID: id}
	own, forged := headsOf(id, heads, keys)
	check := newAuditCheck(end, own)
	check.file = true
	for i := range chain {
		if chain[i].Waiting() {
			check.report.Waiting++
			continue
		}
		check.line(&chain[i])
	}
	check.report.Chain.Seq, check.report.Chain.Hash = check.next-1, check.prev
	check.forged(forged)
	return check.end()
}

// headsOf are the heads of a chain: those signed with one of the keys, and the others.
func headsOf(id StudyID, heads []AuditHead, keys []string) (own, forged []AuditHead) {
	for _, h := range heads {
		switch {
		case h.StudyID != id:
		case slices.ContainsFunc(keys, h.SignedBy):
			own = append(own, h)
		default:
			forged = append(forged, h)
		}
	}
	return own, forged
}
