package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
)

// ErrNoTrail: what was read is no file of the audit trail.
var ErrNoTrail = errors.New("this is no file of the audit trail, as CSV or JSON Lines")

// ReadTrail reads a file that [Trail] or [Chains] wrote.
func ReadTrail(r io.Reader) ([]survey.ChainedEvent, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	first, err := in.Peek(1)
	switch {
	case errors.Is(err, io.EOF):
		return nil, ErrNoTrail
	case err != nil:
		return nil, err
	case first[0] == '{':
		return readTrailJSON(in)
	}
	return readTrailCSV(in)
}

func readTrailJSON(r io.Reader) ([]survey.ChainedEvent, error) {
	d := json.NewDecoder(r)
	var all []survey.ChainedEvent
	for {
		var l trailLine
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrNoTrail, len(all)+1, err)
		}
		e, err := l.event()
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(all)+1, err)
		}
		all = append(all, e)
	}
}

func readTrailCSV(r io.Reader) ([]survey.ChainedEvent, error) {
	c := csv.NewReader(r)
	header, err := c.Read()
	if err != nil || strings.Join(header, ",")+"\n" != trailHeader {
		return nil, ErrNoTrail
	}
	c.ReuseRecord = true
	var all []survey.ChainedEvent
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoTrail, err)
		}
		n, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("entry %d: the number of the line is %q", len(all)+1, row[1])
		}
		l := trailLine{
			Study: survey.StudyID(row[0]), Line: n, At: row[2], SealedAt: row[3], ID: survey.AuditID(row[4]),
			ActorKind: survey.ActorKind(row[5]), Actor: row[6], Action: survey.Action(row[7]), ObjectKind: row[8], Object: row[9],
			Detail: row[10], Old: row[11], New: row[12], Reason: row[13], Subject: survey.EnrolmentID(row[14]), Salt: row[15],
			TextHash: row[16], Previous: row[17], Hash: row[18],
		}
		e, err := l.event()
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(all)+1, err)
		}
		asHashed(&e)
		all = append(all, e)
	}
}

// event is the line as the program has it.
func (l *trailLine) event() (survey.ChainedEvent, error) {
	e := survey.ChainedEvent{Seq: l.Line, Prev: l.Previous, Hash: l.Hash}
	e.AuditEvent = survey.AuditEvent{
		ID: l.ID, StudyID: l.Study, ActorKind: l.ActorKind, ActorID: l.Actor, Action: l.Action, ObjectKind: l.ObjectKind,
		ObjectID: l.Object, Detail: l.Detail, Subject: l.Subject, TextHash: l.TextHash,
		Text: survey.AuditText{Salt: l.Salt, Old: l.Old, New: l.New, Reason: l.Reason},
	}
	var err error
	if e.At, err = time.Parse(survey.AuditTime, l.At); err != nil {
		return e, fmt.Errorf("%w: %q is no instant", ErrNoTrail, l.At)
	}
	if l.Line == 0 {
		return e, nil
	}
	if e.SealedAt, err = time.Parse(survey.AuditTime, l.SealedAt); err != nil {
		return e, fmt.Errorf("%w: %q is no instant", ErrNoTrail, l.SealedAt)
	}
	return e, nil
}

// asHashed takes off the apostrophes that writing as CSV put before what looks like a
// formula. Whether one belongs to the text, the hash tells.
func asHashed(e *survey.ChainedEvent) {
	plain(func() bool { return e.TextHash == e.Text.Hash() }, &e.Text.Old, &e.Text.New, &e.Text.Reason)
	plain(func() bool { return e.Waiting() || e.Hash == e.Sum() }, &e.Detail, &e.ActorID, &e.ObjectID)
}

// plain tries each way to take apostrophes off some texts until one fits; if none does,
// all stay as they are.
func plain(fits func() bool, texts ...*string) {
	guarded := texts[:0:0]
	for _, t := range texts {
		if strings.HasPrefix(*t, "'") && startsFormula((*t)[1:]) {
			guarded = append(guarded, t)
		}
	}
	was := make([]string, len(guarded))
	for i, t := range guarded {
		was[i] = *t
	}
	for way := range 1 << len(guarded) {
		for i, t := range guarded {
			*t = was[i]
			if way>>i&1 == 1 {
				*t = was[i][1:]
			}
		}
		if fits() {
			return
		}
	}
	for i, t := range guarded {
		*t = was[i]
	}
}
