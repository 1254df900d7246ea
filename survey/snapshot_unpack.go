package survey

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"tidemark/survey/instrument"
)

// unpackSnapshot reads a packed document, and refuses one that does not have the
// hash in s, since nothing could be said of numbers made from it.
func unpackSnapshot(ctx context.Context, s Snapshot, packed io.Reader) (*Frozen, error) {
	zip, err := gzip.NewReader(packed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	sum := sha256.New()
	f := &Frozen{snapshot: s, store: newSheetStore()}
	// As many as were counted when it was frozen, so that nothing is copied while it
	// grows; of a document that was tampered with, no more than its length allows.
	f.sheets = make([]sheetAt, 0, max(0, min(s.Counts.Assessments, int(s.Bytes/32))))
	counts, err := (&unpacker{Frozen: f, items: map[string]int{}}).read(ctx, bufio.NewReaderSize(io.TeeReader(zip, sum), 64<<10))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if hash := hex.EncodeToString(sum.Sum(nil)); hash != s.Hash {
		return nil, fmt.Errorf("%w: it has the hash %s", ErrBroken, hash)
	}
	if counts != s.Counts {
		return nil, fmt.Errorf("%w: it has other rows than were counted", ErrBroken)
	}
	return f, nil
}

// unpacker reads a document into an opened snapshot.
type unpacker struct {
	*Frozen
	items map[string]int // places of lists of item codes by their JSON: few, and many times
	line  []byte
}

// read reads all lines and returns what the last one counts.
func (f *unpacker) read(ctx context.Context, r *bufio.Reader) (counts SnapshotCounts, err error) {
	ended := false
	for n := 1; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return counts, ctx.Err()
		}
		text, err := f.next(r)
		if errors.Is(err, io.EOF) && len(text) == 0 {
			break
		}
		if err != nil {
			return counts, err
		}
		var line frozenLine
		if err := json.Unmarshal(text, &line); err != nil {
			return counts, fmt.Errorf("line %d: %w", n, err)
		}
		if ended {
			return counts, fmt.Errorf("line %d: something after the end", n)
		}
		if line.End != nil {
			counts, ended = *line.End, true
			continue
		}
		if err := f.add(line); err != nil {
			return counts, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if !ended {
		return counts, errors.New("the end is missing")
	}
	return counts, nil
}

// next is the next line; good until the one after.
func (f *unpacker) next(r *bufio.Reader) ([]byte, error) {
	f.line = f.line[:0]
	for {
		part, err := r.ReadSlice('\n')
		f.line = append(f.line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return f.line, err
		}
	}
}

func (f *unpacker) add(l frozenLine) error {
	study := f.design.Study.ID
	switch {
	case l.Head != nil:
		if l.Head.Schema != SnapshotSchema {
			return fmt.Errorf("the form is %q; this program reads %q", l.Head.Schema, SnapshotSchema)
		}
		f.design = StudyDesign{Study: l.Head.Study.study(), Instruments: map[InstrumentID]InstrumentVersion{}}
	case l.Arm != nil:
		a := l.Arm
		f.design.Arms = append(f.design.Arms, Arm{a.ID, study, a.Key, a.Name, a.Position, a.Control, a.Share})
	case l.Instrument != nil:
		return f.addInstrument(l.Instrument)
	case l.Wave != nil:
		f.design.Waves = append(f.design.Waves, l.Wave.wave(study))
	case l.Former != nil:
		f.design.Former = append(f.design.Former, FormerSet{
			WaveID: l.Former.Wave, InstrumentID: l.Former.Instrument, ReplacedBy: l.Former.ReplacedBy, ReplacedAt: l.Former.ReplacedAt.time(),
		})
	case l.Run != nil:
		run, err := l.Run.run(study)
		f.runs = append(f.runs, run)
		return err
	case l.Person != nil:
		f.people = append(f.people, l.Person.enrolment(study))
		if len(l.Person.Choices) > 0 {
			if f.choices == nil {
				f.choices = map[EnrolmentID]ConsentChoices{}
			}
			f.choices[l.Person.ID] = l.Person.Choices
		}
	case l.Attendance != nil:
		return f.addAttendance(l.Attendance)
	case l.Assessment != nil:
		return f.addAssessment(l.Assessment)
	default:
		return errors.New("a line of an unknown kind")
	}
	return nil
}

func (f *unpacker) addInstrument(v *frozenInstrument) error {
	if f.design.Instruments == nil {
		return errors.New("an instrument before the study")
	}
	definition, err := instrument.Parse(v.Definition)
	if err != nil {
		return err
	}
	if definition.Hash() != v.Hash {
		return ErrInstrumentChanged
	}
	f.design.Instruments[v.ID] = InstrumentVersion{v.ID, v.Hash, definition, v.CreatedAt.time()}
	return nil
}

// enrolment is the person at a position.
func (f *unpacker) enrolment(person int) (EnrolmentID, error) {
	if person < 0 || person >= len(f.people) {
		return "", fmt.Errorf("there is no person %d", person)
	}
	return f.people[person].ID, nil
}

func (f *unpacker) addAttendance(a *frozenAttendance) error {
	id, err := f.enrolment(a.Person)
	if err == nil && len(a.Meetings) != len(a.Present) {
		err = errFrozenItems
	}
	if err != nil {
		return err
	}
	for i, meeting := range a.Meetings {
		f.attendance = append(f.attendance, Attendance{EnrolmentID: id, Meeting: meeting, Present: a.Present[i]})
	}
	return nil
}

func (f *unpacker) addAssessment(a *frozenAssessment) error {
	id, err := f.enrolment(a.Person)
	if err != nil {
		return err
	}
	list, items := 0, []string(nil)
	if len(a.Items) > 0 {
		var known bool
		if list, known = f.items[string(a.Items)]; known {
			items = f.store.lists[list]
		} else {
			if err := json.Unmarshal(a.Items, &items); err != nil {
				return err
			}
			list = len(f.store.lists)
			f.items[string(a.Items)] = list
			f.store.lists = append(f.store.lists, items)
		}
	}
	if len(items) != len(a.Values) || len(items) != len(a.AnsweredAt) {
		return errFrozenItems
	}
	for i, v := range a.Values { // missing is never 0, and never without a reason
		if math.IsNaN(v) && a.Texts[items[i]] == "" && (!a.Missing[items[i]].Valid() || a.Missing[items[i]] == NotMissing) {
			return fmt.Errorf("%s has neither a value nor a reason", items[i])
		}
	}
	f.store.study = f.design.Study.ID
	at := sheetAt{enrolment: id}
	at.block, at.from = f.store.put(a, list, items)
	f.sheets = append(f.sheets, at)
	return nil
}
