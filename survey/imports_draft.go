package survey

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"tidemark/survey/datafile"
	"tidemark/survey/pastwaves"
	"time"
)

// begin is a batch of a file, which is taken apart.
func (u *Imports) begin(a Actor, study StudyID, n NewImport) (ImportBatch, *datafile.Table, error) {
	table, err := datafile.Read(n.Data, datafile.Usual())
	if err != nil {
		return ImportBatch{}, nil, err
	}
	sum := sha256.Sum256(n.Data)
	source := SourceImport
	if n.Paper {
		source = SourcePaper
	}
	return ImportBatch{
		StudyID: study, ID: ImportID(u.env.NewID()), Source: source, State: ImportDraft, FileName: n.FileName,
		FileHash: hex.EncodeToString(sum[:]), MadeAt: u.env.now(), MadeBy: a.author(), Settings: ImportSettings{Existing: ExistingKeep},
	}, table, nil
}

func columnsOf(m pastwaves.Mapping) []string {
	all := make([]string, len(m))
	for i, t := range m {
		all[i] = t.String()
	}
	return all
}

// forgetDrafts removes files that nobody has applied for long.
func forgetDrafts(ctx context.Context, tx Tx, study StudyID, before time.Time) error {
	batches, err := tx.Imports(ctx, study)
	if err != nil {
		return err
	}
	for _, b := range batches {
		if b.State == ImportDraft && b.MadeAt.Before(before) {
			if _, err := tx.DeleteImport(ctx, study, b.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b ImportBatch) place() NotePlace {
	return NotePlace{StudyID: b.StudyID, ID: NoteID(b.ID), Kind: noteImport}
}

// seal packs and encrypts a file.
func (u *Imports) seal(b *ImportBatch, data []byte) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(data); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	var sealed []byte
	b.KeyID, sealed = u.env.Keys.SealNote(b.place(), packed.Bytes())
	return sealed, nil
}

// open reads the file of a draft. ErrNotFound when its content is gone.
func (u *Imports) open(ctx context.Context, r Reader, b ImportBatch) (*datafile.Table, error) {
	var sealed []byte
	err := r.EachImportPiece(ctx, b.StudyID, b.ID, func(piece []byte) error {
		sealed = append(sealed, piece...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if b.State != ImportDraft || len(sealed) == 0 {
		return nil, ErrNotFound
	}
	packed, err := u.env.Keys.OpenNote(b.place(), b.KeyID, sealed)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	limits := datafile.Usual()
	data, err := io.ReadAll(io.LimitReader(zip, int64(limits.Bytes)+1))
	if err != nil {
		return nil, err
	}
	return datafile.Read(data, limits)
}

// Set says what the columns of a draft are, and what else is to be known. Faults are
// FieldErrors.
func (u *Imports) Set(ctx context.Context, a Actor, study StudyID, id ImportID, s ImportSettings) error {
	if !a.MayBring(study) {
		return ErrForbidden
	}
	if err := s.check().OrNil(); err != nil {
		return err
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		b, err := tx.Import(ctx, study, id)
		if err != nil {
			return err
		}
		b.Settings = s
		ok, err := tx.ChangeImport(ctx, b, ImportDraft)
		if err == nil && !ok {
			err = ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set import %s: %w", id, err)
	}
	return nil
}

func (s ImportSettings) check() FieldErrors {
	faults := FieldErrors{}
	for i, c := range s.Columns {
		if _, err := pastwaves.ParseTarget(c); err != nil {
			faults[fmt.Sprintf("column_%d", i+1)] = "import.unknown_target"
		}
	}
	if !s.Existing.Valid() {
		faults["existing"] = "import.unknown_existing"
	}
	if !pastwaves.DayOrder(s.Days).Valid() {
		faults["days"] = "import.unknown_days"
	}
	if s.Date != "" {
		if _, err := time.Parse(time.DateOnly, s.Date); err != nil {
			faults["date"] = "import.bad_date"
		}
	}
	return faults
}

// Discard removes a draft.
func (u *Imports) Discard(ctx context.Context, a Actor, study StudyID, id ImportID) error {
	if !a.MayBring(study) {
		return ErrForbidden
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.DeleteImport(ctx, study, id)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotFound
		}
		return tx.AppendAudit(ctx, u.env.event(a, study, u.env.now(), ActionImportDiscarded, "import", string(id)))
	})
	if err != nil {
		return fmt.Errorf("discard import %s: %w", id, err)
	}
	return nil
}
