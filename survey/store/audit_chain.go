package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// WaitingChains lists the chains of which lines wait for their place.
func (r reader) WaitingChains(ctx context.Context) ([]survey.StudyID, error) {
	var chains []survey.StudyID
	var study string
	err := r.each(ctx, []any{&study}, func() error {
		chains = append(chains, survey.StudyID(study))
		return nil
	}, `SELECT DISTINCT study_id FROM audit_event WHERE seq IS NULL`)
	return chains, wrap(err, "chains of the audit trail")
}

// WaitingAudit lists lines of a chain that wait.
func (r reader) WaitingAudit(ctx context.Context, chain survey.StudyID, limit int) ([]survey.AuditEvent, error) {
	events, err := r.auditEvents(ctx, ` WHERE e.study_id = ? AND e.seq IS NULL ORDER BY e.at, e.id LIMIT ?`, string(chain), limit)
	return events, wrap(err, "lines of the audit trail that wait")
}

// CountWaitingAudit counts the lines of a chain that wait.
func (r reader) CountWaitingAudit(ctx context.Context, chain survey.StudyID) (int, time.Time, error) {
	n, first := 0, instant{}
	err := r.one(ctx, []any{&n, &first}, `SELECT count(*), min(at) FROM audit_event WHERE study_id = ? AND seq IS NULL`, string(chain))
	return n, first.time(), wrap(err, "lines of the audit trail that wait")
}

// EachChained gives the lines of a chain in their places.
func (r reader) EachChained(ctx context.Context, chain survey.StudyID, f func(*survey.ChainedEvent) error) error {
	var l auditLine
	err := r.stream(ctx, l.targets(), func() error {
		e := l.chained()
		return f(&e)
	}, `SELECT `+auditColumns+auditTables+` WHERE e.study_id = ? AND e.seq IS NOT NULL ORDER BY e.seq`, string(chain))
	return wrap(err, "chain of the audit trail")
}

// chainColumns are where a chain ends, in the order of chainTargets.
const chainColumns = `study_id, seq, hash, checked_at, checked_seq, faults`

type chainRow struct {
	study, hash     string
	seq, checkedSeq int64
	checked         instant
	faults          int
}

func (c *chainRow) targets() []any {
	return []any{&c.study, &c.seq, &c.hash, &c.checked, &c.checkedSeq, &c.faults}
}

func (c *chainRow) chain() survey.AuditChain {
	return survey.AuditChain{
		StudyID: survey.StudyID(c.study), Seq: c.seq, Hash: c.hash,
		CheckedAt: c.checked.time(), CheckedSeq: c.checkedSeq, Faults: c.faults,
	}
}

// AuditChains lists where the chains end.
func (r reader) AuditChains(ctx context.Context) ([]survey.AuditChain, error) {
	chains := []survey.AuditChain{}
	var c chainRow
	err := r.each(ctx, c.targets(), func() error {
		chains = append(chains, c.chain())
		return nil
	}, `SELECT `+chainColumns+` FROM audit_chain ORDER BY study_id`)
	return chains, wrap(err, "chains of the audit trail")
}

// HoldChain gives the end of a chain to the only one who adds to it.
func (t *transaction) HoldChain(ctx context.Context, chain survey.StudyID) (survey.AuditChain, error) {
	_, err := t.change(ctx, `INSERT INTO audit_chain (study_id, seq, hash) VALUES (?, 0, '') ON CONFLICT (study_id) DO NOTHING`, string(chain))
	if err != nil {
		return survey.AuditChain{}, wrap(err, "hold a chain of the audit trail")
	}
	var c chainRow
	err = t.one(ctx, c.targets(), `SELECT `+chainColumns+` FROM audit_chain WHERE study_id = ?`+lockClause(t.db.Dialector.Name()), string(chain))
	return c.chain(), wrap(err, "hold a chain of the audit trail")
}

// sealedAtOnce bounds the lines of one statement.
const sealedAtOnce = 250

// SealAudit puts lines in their places.
func (t *transaction) SealAudit(ctx context.Context, chain survey.AuditChain, lines []survey.ChainedEvent) error {
	for len(lines) > 0 {
		n := min(len(lines), sealedAtOnce)
		if err := t.seal(ctx, lines[:n]); err != nil {
			return wrap(err, "seal the audit trail")
		}
		lines = lines[n:]
	}
	err := t.changeOne(ctx, `UPDATE audit_chain SET seq = ?, hash = ? WHERE study_id = ?`, chain.Seq, chain.Hash, string(chain.StudyID))
	return wrap(err, "seal the audit trail")
}

func (t *transaction) seal(ctx context.Context, lines []survey.ChainedEvent) error {
	statement := insertion{
		head:    `UPDATE audit_event SET seq = v.column2, prev_hash = v.column3, hash = v.column4, sealed_at = ? FROM (`,
		columns: 4, values: "(?, CAST(? AS BIGINT), ?, ?)",
		tail: `) AS v WHERE audit_event.study_id = ? AND audit_event.id = v.column1 AND audit_event.seq IS NULL`,
	}.statement(len(lines))
	args := []any{t.at(lines[0].SealedAt)}
	for _, l := range lines {
		args = append(args, string(l.ID), l.Seq, l.Prev, l.Hash)
	}
	n, err := t.change(ctx, statement, append(args, string(lines[0].StudyID))...)
	if err == nil && n != int64(len(lines)) {
		err = t.failed(survey.ErrConflict)
	}
	return err
}

// NoteAuditCheck keeps what a check found.
func (t *transaction) NoteAuditCheck(ctx context.Context, c survey.AuditChain) error {
	_, err := t.change(ctx, `UPDATE audit_chain SET checked_at = ?, checked_seq = ?, faults = ? WHERE study_id = ?`,
		t.at(c.CheckedAt), c.CheckedSeq, c.Faults, string(c.StudyID))
	return wrap(err, "note a check of the audit trail")
}

// AuditHeads lists the signed heads.
func (r reader) AuditHeads(ctx context.Context) ([]survey.AuditHead, error) {
	heads := []survey.AuditHead{}
	var h survey.AuditHead
	var study string
	var at, mailed instant
	err := r.each(ctx, []any{&study, &h.Day, &h.Seq, &h.Hash, &at, &h.Key, &h.Signature, &mailed}, func() error {
		h.StudyID, h.At, h.MailedAt = survey.StudyID(study), at.time(), mailed.time()
		heads = append(heads, h)
		return nil
	}, `SELECT study_id, day, seq, hash, made_at, key, signature, mailed_at FROM audit_head ORDER BY day, study_id`)
	return heads, wrap(err, "heads of the audit trail")
}

// PutAuditHead keeps a signed head.
func (t *transaction) PutAuditHead(ctx context.Context, h survey.AuditHead) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO audit_head (study_id, day, seq, hash, made_at, key, signature) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, day) DO NOTHING`,
		string(h.StudyID), h.Day, h.Seq, h.Hash, t.at(h.At), h.Key, h.Signature)
	return n > 0, wrap(err, "keep a head of the audit trail")
}

// MarkHeadMailed notes that a head was sent, or was not.
func (t *transaction) MarkHeadMailed(ctx context.Context, chain survey.StudyID, day string, at time.Time) (bool, error) {
	was := "IS NULL"
	if at.IsZero() {
		was = "IS NOT NULL"
	}
	n, err := t.change(ctx, `UPDATE audit_head SET mailed_at = ? WHERE study_id = ? AND day = ? AND mailed_at `+was,
		t.at(at), string(chain), day)
	return n > 0, wrap(err, "note that a head was sent")
}
