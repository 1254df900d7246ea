package export

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strconv"

	"tidemark/survey"
)

// trailLine is a line of the audit trail as others read it: all that its hash is made
// of, so that anybody can work it out.
type trailLine struct {
	Study      survey.StudyID     `json:"study"`
	Line       int64              `json:"line"` // 0: it has no place yet
	At         string             `json:"at"`
	SealedAt   string             `json:"sealed_at"`
	ID         survey.AuditID     `json:"id"`
	ActorKind  survey.ActorKind   `json:"actor_kind"`
	Actor      string             `json:"actor"`
	Action     survey.Action      `json:"action"`
	ObjectKind string             `json:"object_kind"`
	Object     string             `json:"object"`
	Detail     string             `json:"detail"`
	Old        string             `json:"old"`
	New        string             `json:"new"`
	Reason     string             `json:"reason"`
	Subject    survey.EnrolmentID `json:"subject"`
	Salt       string             `json:"salt"`
	TextHash   string             `json:"text_hash"`
	Previous   string             `json:"previous_hash"`
	Hash       string             `json:"hash"`
}

const trailHeader = "study,line,at,sealed_at,id,actor_kind,actor,action,object_kind,object,detail,old,new,reason,subject,salt,text_hash,previous_hash,hash\n"

func trailLineOf(e *survey.ChainedEvent) trailLine {
	l := trailLine{
		Study: e.StudyID, Line: e.Seq, At: e.At.UTC().Format(survey.AuditTime), ID: e.ID, ActorKind: e.ActorKind, Actor: e.ActorID,
		Action: e.Action, ObjectKind: e.ObjectKind, Object: e.ObjectID, Detail: e.Detail,
		Old: e.Text.Old, New: e.Text.New, Reason: e.Text.Reason, Subject: e.Subject, Salt: e.Text.Salt, TextHash: e.TextHash,
		Previous: e.Prev, Hash: e.Hash,
	}
	if !e.Waiting() {
		l.SealedAt = e.SealedAt.UTC().Format(survey.AuditTime)
	}
	return l
}

func (l *trailLine) csv(b []byte) []byte {
	for i, text := range []string{
		string(l.Study), strconv.FormatInt(l.Line, 10), l.At, l.SealedAt, string(l.ID), string(l.ActorKind), l.Actor, string(l.Action),
		l.ObjectKind, l.Object, l.Detail, l.Old, l.New, l.Reason, string(l.Subject), l.Salt, l.TextHash, l.Previous, l.Hash,
	} {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, '\n')
}

// Trail writes lines of the audit trail, the newest first, as CSV or as JSON Lines. In
// CSV a text that a spreadsheet would take for a formula begins with an apostrophe, which
// does not belong to what was hashed.
func Trail(ctx context.Context, audits *survey.Audits, a survey.Actor, f survey.AuditFilter, asJSON bool, to io.Writer) error {
	return writeTrail(asJSON, to, func(line func(*survey.ChainedEvent) error) error { return audits.Export(ctx, a, f, line) })
}

// Chains writes one chain of the audit trail, or all, from its first line to its last, as
// CSV or as JSON Lines; [ReadTrail] reads both.
func Chains(ctx context.Context, audits *survey.Audits, a survey.Actor, only *survey.StudyID, asJSON bool, to io.Writer) error {
	return writeTrail(asJSON, to, func(line func(*survey.ChainedEvent) error) error { return audits.ExportChains(ctx, a, only, line) })
}

// writeTrail writes the lines that each gives. Nothing is written before each has agreed.
func writeTrail(asJSON bool, to io.Writer, each func(line func(*survey.ChainedEvent) error) error) error {
	w := bufio.NewWriterSize(to, 1<<16)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	var row []byte
	begun := false
	begin := func() error {
		if begun || asJSON {
			return nil
		}
		begun = true
		_, err := w.WriteString(trailHeader)
		return err
	}
	err := each(func(event *survey.ChainedEvent) error {
		l := trailLineOf(event)
		if asJSON {
			return e.Encode(l)
		}
		if err := begin(); err != nil {
			return err
		}
		row = l.csv(row[:0])
		_, err := w.Write(row)
		return err
	})
	if err != nil {
		return err
	}
	if err := begin(); err != nil {
		return err
	}
	return w.Flush()
}
