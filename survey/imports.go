package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey/datafile"
	"tidemark/survey/pastwaves"
)

// Imports are the use cases of bringing answers in: past waves from a file, and
// questionnaires on paper. Researchers of the study may. A file is looked through
// before anything of it is written; then all of it is written, or nothing; and it can
// be taken back as a whole.
type Imports struct{ env Env }

// NewImport is a file that somebody brings.
type NewImport struct {
	FileName string
	Data     []byte
	Once     Once // the form it comes from; may be empty
	// Paper: the answers were given on paper and typed in elsewhere. They are told and
	// flagged as if they were typed in here.
	Paper bool
}

const (
	// draftsKept is how long a file waits to be applied.
	draftsKept = 7 * 24 * time.Hour
	// importPiece is how much of a sealed file stands in a row.
	importPiece = 1 << 20
	noteImport  = NoteKind("import_file") // of the place that a file is sealed for
)

// ImportPreview is a file with all that it would do.
type ImportPreview struct {
	Batch  ImportBatch
	Table  *datafile.Table
	Design pastwaves.Design
	// Mapping is what the columns are.
	Mapping pastwaves.Mapping
	Result  pastwaves.Result
	Counts  ImportCounts
	// Earlier is the batch that brought the same file; 0: none did.
	Earlier int
}

// Ready reports whether the file can be applied.
func (p ImportPreview) Ready() bool {
	return p.Result.Faulty == 0 && p.Counts.Questionnaires+p.Counts.People > 0
}

// List gives the batches of a study, the newest first.
func (u *Imports) List(ctx context.Context, a Actor, study StudyID) ([]ImportBatch, error) {
	if !a.MayAnalyse(study) {
		return nil, ErrForbidden
	}
	batches, err := u.env.Store.Imports(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return batches, nil
}

// Sources counts the questionnaires with answers that were brought in, by wave.
func (u *Imports) Sources(ctx context.Context, a Actor, study StudyID) (map[WaveID]map[Source]int, error) {
	if !a.MayAnalyse(study) {
		return nil, ErrForbidden
	}
	counts, err := u.env.Store.CountSources(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("count sources: %w", err)
	}
	return counts, nil
}

// Upload keeps a file as a draft, sealed, with what its columns probably are. One that
// cannot be read is a *datafile.Error. A form sent a second time is ErrRepeated.
func (u *Imports) Upload(ctx context.Context, a Actor, study StudyID, n NewImport) (ImportBatch, error) {
	if !a.MayBring(study) {
		return ImportBatch{}, ErrForbidden
	}
	b, table, err := u.begin(a, study, n)
	if err != nil {
		return ImportBatch{}, err
	}
	sealed, err := u.seal(&b, n.Data)
	if err != nil {
		return ImportBatch{}, fmt.Errorf("upload a file: %w", err)
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		design, err := importDesign(ctx, tx, study)
		if err != nil {
			return err
		}
		b.Settings.Columns = columnsOf(pastwaves.Propose(table, design))
		event := u.env.event(a, study, b.MadeAt, ActionImportUploaded, "import", string(b.ID))
		event.Detail = fmt.Sprintf("%d rows", len(table.Rows))
		if err := noteOnce(ctx, tx, n.Once, event); err != nil {
			return err
		}
		if err := forgetDrafts(ctx, tx, study, b.MadeAt.Add(-draftsKept)); err != nil {
			return err
		}
		if b.Number, err = tx.CreateImport(ctx, b); err != nil {
			return err
		}
		for i, piece := range slices.Collect(slices.Chunk(sealed, importPiece)) {
			if err := tx.AddImportPiece(ctx, study, b.ID, i, piece); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return ImportBatch{}, fmt.Errorf("upload a file: %w", err)
	}
	return b, nil
}

// Preview looks a draft through as it is set. Nothing is written.
func (u *Imports) Preview(ctx context.Context, a Actor, study StudyID, id ImportID) (ImportPreview, error) {
	if !a.MayAnalyse(study) {
		return ImportPreview{}, ErrForbidden
	}
	var p ImportPreview
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		b, err := r.Import(ctx, study, id)
		if err != nil {
			return err
		}
		table, err := u.open(ctx, r, b)
		if err != nil {
			return err
		}
		plan, err := u.plan(ctx, r, b, table)
		if err != nil {
			return err
		}
		p = plan.preview
		p.Earlier, err = broughtBefore(ctx, r, b)
		return err
	})
	if err != nil {
		return ImportPreview{}, fmt.Errorf("preview import %s: %w", id, err)
	}
	return p, nil
}

// broughtBefore is the number of a batch that brought the same file and stands.
func broughtBefore(ctx context.Context, r Reader, b ImportBatch) (int, error) {
	batches, err := r.Imports(ctx, b.StudyID)
	if err != nil {
		return 0, err
	}
	for _, other := range batches {
		if other.ID != b.ID && other.FileHash == b.FileHash && other.State == ImportApplied {
			return other.Number, nil
		}
	}
	return 0, nil
}

// Look looks a file through without keeping it, as it is set; without columns, they
// are found out.
func (u *Imports) Look(ctx context.Context, a Actor, study StudyID, n NewImport, s ImportSettings) (ImportPreview, error) {
	if !a.MayAnalyse(study) && !a.MayBring(study) {
		return ImportPreview{}, ErrForbidden
	}
	b, table, err := u.begin(a, study, n)
	if err != nil {
		return ImportPreview{}, err
	}
	b.Settings = s
	var p ImportPreview
	err = u.env.Store.InReadTx(ctx, func(r Reader) error {
		plan, err := u.plan(ctx, r, b, table)
		if err != nil {
			return err
		}
		p = plan.preview
		p.Earlier, err = broughtBefore(ctx, r, b)
		return err
	})
	if err != nil {
		return ImportPreview{}, fmt.Errorf("look through a file: %w", err)
	}
	return p, nil
}

// ApplyImport is what somebody says when a file is applied.
type ApplyImport struct {
	// Reason is why answers are replaced; it must be given if any are.
	Reason string
	// Agreed: the people have agreed to take part, on paper or elsewhere.
	Agreed bool
	Once   Once
	// Progress, if not nil, is told how many questionnaires of all are written.
	Progress func(done, all int)
}

// Apply writes all of a draft, or nothing. Faults are FieldErrors; a file that has
// faults by now, or changes nothing, is ErrConflict. A form sent a second time is
// ErrRepeated.
func (u *Imports) Apply(ctx context.Context, a Actor, study StudyID, id ImportID, n ApplyImport) (ImportBatch, error) {
	if !a.MayBring(study) {
		return ImportBatch{}, ErrForbidden
	}
	b, err := u.env.Store.Import(ctx, study, id)
	if err != nil {
		return ImportBatch{}, fmt.Errorf("apply import %s: %w", id, err)
	}
	table, err := u.open(ctx, u.env.Store, b)
	if errors.Is(err, ErrNotFound) && b.State != ImportDraft {
		err = ErrConflict
	}
	if err != nil {
		return ImportBatch{}, fmt.Errorf("apply import %s: %w", id, err)
	}
	return u.apply(ctx, a, b, table, n, true)
}

// Bring is Upload, Set and Apply in one.
func (u *Imports) Bring(ctx context.Context, a Actor, study StudyID, f NewImport, s ImportSettings, n ApplyImport) (ImportBatch, error) {
	if !a.MayBring(study) {
		return ImportBatch{}, ErrForbidden
	}
	if err := s.check().OrNil(); err != nil {
		return ImportBatch{}, err
	}
	b, table, err := u.begin(a, study, f)
	if err != nil {
		return ImportBatch{}, err
	}
	b.Settings = s
	return u.apply(ctx, a, b, table, n, false)
}

// faults are those of what is said when a file is applied.
func (n ApplyImport) faults(c ImportCounts) FieldErrors {
	faults := FieldErrors{}
	if !n.Agreed {
		faults["agreed"] = "import.not_agreed"
	}
	n.Reason = strings.TrimSpace(n.Reason)
	if c.Replaced > 0 && n.Reason == "" {
		faults["reason"] = "import.reason_missing"
	}
	checkText(faults, "reason", n.Reason, 300)
	return faults
}
