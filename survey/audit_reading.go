package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AuditPage is a part of the trail.
type AuditPage struct {
	Lines []ChainedEvent
	// Next is from where the next page goes on; nil: this is the last.
	Next *AuditPlace
}

// readable narrows a filter to what the actor may read. Administrators and auditors of
// the installation read everything; an auditor of studies reads theirs, one at a time:
// the first where none is named. Everything else is ErrForbidden.
func (a Actor) readable(f AuditFilter) (AuditFilter, error) {
	if a.MayAudit() {
		return f, nil
	}
	studies := a.Audited()
	switch {
	case len(studies) == 0:
		return f, ErrForbidden
	case f.Study == nil:
		f.Study = &studies[0]
	case !slices.Contains(studies, *f.Study):
		return f, ErrForbidden
	}
	return f, nil
}

// Page lists lines of the trail, the newest first, at most f.Limit. Administrators may,
// and auditors.
func (u *Audits) Page(ctx context.Context, a Actor, f AuditFilter) (AuditPage, error) {
	f, err := a.readable(f)
	if err != nil {
		return AuditPage{}, err
	}
	wanted := f.Limit
	f.Limit++ // to know whether there are more
	p := AuditPage{Lines: []ChainedEvent{}}
	err = u.env.Store.EachAuditLine(ctx, f, func(e *ChainedEvent) error {
		a.withhold(e)
		p.Lines = append(p.Lines, *e)
		return nil
	})
	if err != nil {
		return AuditPage{}, fmt.Errorf("audit trail: %w", err)
	}
	if wanted > 0 && len(p.Lines) > wanted {
		p.Lines = p.Lines[:wanted]
		last := p.Lines[wanted-1]
		p.Next = &AuditPlace{At: last.At, ID: last.ID}
	}
	return p, nil
}

// Chains lists where the chains end and what their last check found. Administrators may,
// and auditors those of their studies.
func (u *Audits) Chains(ctx context.Context, a Actor) ([]AuditChain, error) {
	if _, err := a.readable(AuditFilter{}); err != nil {
		return nil, err
	}
	chains, err := u.env.Store.AuditChains(ctx)
	if err != nil {
		return nil, fmt.Errorf("audit trail: %w", err)
	}
	if a.MayAudit() {
		return chains, nil
	}
	studies := a.Audited()
	return slices.DeleteFunc(chains, func(c AuditChain) bool { return !slices.Contains(studies, c.StudyID) }), nil
}

// AuditIndex is what the identifiers in the trail stand for.
type AuditIndex struct {
	Studies []Study // whose part of it the actor may read
	Staff   []User  // who may stand in it
	Whole   bool    // the installation's part too
}

// Index gives what lines tell of, for the list of a filter and for names in place of
// identifiers. An auditor of studies is told of the people of these. Administrators may,
// and auditors.
func (u *Audits) Index(ctx context.Context, a Actor) (AuditIndex, error) {
	if _, err := a.readable(AuditFilter{}); err != nil {
		return AuditIndex{}, err
	}
	studies, err := u.env.Store.Studies(ctx)
	if err != nil {
		return AuditIndex{}, fmt.Errorf("audit trail: %w", err)
	}
	staff, err := u.env.Store.Users(ctx)
	if err != nil {
		return AuditIndex{}, fmt.Errorf("audit trail: %w", err)
	}
	if a.MayAudit() {
		return AuditIndex{studies, staff, true}, nil
	}
	mine := a.Audited()
	studies = slices.DeleteFunc(studies, func(s Study) bool { return !slices.Contains(mine, s.ID) })
	staff = slices.DeleteFunc(staff, func(u User) bool {
		return !slices.ContainsFunc(u.Grants, func(g Grant) bool { return g.StudyID == "" || slices.Contains(mine, g.StudyID) })
	})
	return AuditIndex{studies, staff, false}, nil
}

// Check verifies everything for somebody who asks, which the trail tells. Administrators
// may, and auditors of the installation.
func (u *Audits) Check(ctx context.Context, a Actor) ([]AuditReport, error) {
	if !a.MayAudit() {
		return nil, ErrForbidden
	}
	reports, err := u.Verify(ctx, a, AuditVerification{})
	if err != nil {
		return nil, err
	}
	faults := 0
	for _, r := range reports {
		faults += r.Chain.Faults
	}
	e := u.env.event(a, "", u.env.now(), ActionAuditChecked, "audit trail", "")
	e.Detail = fmt.Sprintf("%d faults", faults)
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
		return nil, fmt.Errorf("check the audit trail: %w", err)
	}
	return reports, nil
}

// Export gives lines of the trail, the newest first, all in one state of the database.
// That it was taken is a line of the trail itself, written before anything is given.
// Administrators may, and auditors. The pointer is reused.
func (u *Audits) Export(ctx context.Context, a Actor, f AuditFilter, line func(*ChainedEvent) error) error {
	f, err := a.readable(f)
	if err != nil {
		return err
	}
	var study StudyID
	if f.Study != nil {
		study = *f.Study
	}
	e := u.env.event(a, study, u.env.now(), ActionAuditExported, "audit trail", "")
	e.Detail = f.words()
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
		return fmt.Errorf("export the audit trail: %w", err)
	}
	err = u.env.Store.InReadTx(ctx, func(r Reader) error {
		return r.EachAuditLine(ctx, f, func(e *ChainedEvent) error {
			a.withhold(e)
			return line(e)
		})
	})
	if err != nil {
		return fmt.Errorf("export the audit trail: %w", err)
	}
	return nil
}

// withhold takes the text out of a line about a person's answers for whoever may not see
// these: administrators see that an answer was corrected, and not which it was.
func (a Actor) withhold(e *ChainedEvent) {
	if e.Subject != "" && e.Text != (AuditText{}) && !a.MayAnalyse(e.StudyID) {
		e.Text, e.Withheld = AuditText{}, true
	}
}

// words say which lines a filter lets through, for the line about an export.
func (f AuditFilter) words() string {
	var parts []string
	for _, p := range []struct{ name, value string }{
		{"by a", string(f.ActorKind)}, {"actor", f.ActorID}, {"action", string(f.Action)}, {"object", f.ObjectID},
	} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	if !f.From.IsZero() {
		parts = append(parts, "from "+f.From.UTC().Format(time.DateOnly))
	}
	if !f.Until.IsZero() {
		parts = append(parts, "before "+f.Until.UTC().Format(time.DateOnly))
	}
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, ", ")
}
