package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tidemark/survey"
)

const importColumns = `study_id, id, number, source, state, file_name, file_hash, settings, counts, reason,
	made_at, made_kind, made_id, made_name, applied_at, undone_at, key_id`

type importRow struct {
	study, id, source, state, name, hash, settings, counts, reason string
	number                                                         int
	made, applied, undone                                          instant
	kind, by, byName, key                                          string
}

func (r *importRow) targets() []any {
	return []any{
		&r.study, &r.id, &r.number, &r.source, &r.state, &r.name, &r.hash, &r.settings, &r.counts, &r.reason,
		&r.made, &r.kind, &r.by, &r.byName, &r.applied, &r.undone, &r.key,
	}
}

func (r *importRow) batch() (survey.ImportBatch, error) {
	b := survey.ImportBatch{
		StudyID: survey.StudyID(r.study), ID: survey.ImportID(r.id), Number: r.number, Source: survey.Source(r.source),
		State: survey.ImportState(r.state), FileName: r.name, FileHash: r.hash, Reason: r.reason,
		MadeAt: r.made.time(), MadeBy: author(r.kind, r.by, r.byName), AppliedAt: r.applied.time(), UndoneAt: r.undone.time(), KeyID: r.key,
	}
	if err := json.Unmarshal([]byte(r.settings), &b.Settings); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(r.counts), &b.Counts)
}

// Imports lists the batches of a study.
func (r reader) Imports(ctx context.Context, study survey.StudyID) ([]survey.ImportBatch, error) {
	batches := []survey.ImportBatch{}
	var row importRow
	err := r.each(ctx, row.targets(), func() error {
		b, err := row.batch()
		batches = append(batches, b)
		return err
	}, `SELECT `+importColumns+` FROM import_batch WHERE study_id = ? ORDER BY number DESC`, string(study))
	return batches, wrap(err, "imports of study %s", study)
}

// Import reads one batch.
func (r reader) Import(ctx context.Context, study survey.StudyID, id survey.ImportID) (survey.ImportBatch, error) {
	var row importRow
	err := r.one(ctx, row.targets(), `SELECT `+importColumns+` FROM import_batch WHERE study_id = ? AND id = ?`, string(study), string(id))
	if err != nil {
		return survey.ImportBatch{}, wrap(err, "import %s", id)
	}
	b, err := row.batch()
	return b, wrap(err, "import %s", id)
}

// EachImportPiece gives the sealed content of a draft.
func (r reader) EachImportPiece(ctx context.Context, study survey.StudyID, id survey.ImportID, f func([]byte) error) error {
	var content []byte
	err := r.stream(ctx, []any{&content}, func() error { return f(content) },
		`SELECT content FROM import_piece WHERE study_id = ? AND batch_id = ? ORDER BY position`, string(study), string(id))
	return wrap(err, "content of import %s", id)
}

// ImportChanges are what a batch has changed.
func (r reader) ImportChanges(ctx context.Context, study survey.StudyID, id survey.ImportID) ([]survey.ImportChange, error) {
	changes := []survey.ImportChange{}
	var assessment, before, after string
	var line int
	err := r.stream(ctx, []any{&assessment, &line, &before, &after}, func() error {
		c := survey.ImportChange{AssessmentID: survey.AssessmentID(assessment), Line: line}
		var err error
		if c.Before, err = readSheet(before); err != nil {
			return err
		}
		c.After, err = readSheet(after)
		changes = append(changes, c)
		return err
	}, `SELECT assessment_id, line, before, after FROM import_change WHERE study_id = ? AND batch_id = ? ORDER BY assessment_id`,
		string(study), string(id))
	return changes, wrap(err, "changes of import %s", id)
}

// ImportPeople are who came in with a batch.
func (r reader) ImportPeople(ctx context.Context, study survey.StudyID, id survey.ImportID) ([]survey.EnrolmentID, error) {
	people, err := r.importPeople(ctx, ``, study, id)
	return people, wrap(err, "people of import %s", id)
}

func (r reader) importPeople(ctx context.Context, rest string, study survey.StudyID, id survey.ImportID) ([]survey.EnrolmentID, error) {
	people := []survey.EnrolmentID{}
	var enrolment string
	err := r.stream(ctx, []any{&enrolment}, func() error {
		people = append(people, survey.EnrolmentID(enrolment))
		return nil
	}, `SELECT p.enrolment_id FROM import_person p WHERE p.study_id = ? AND p.batch_id = ?`+rest+` ORDER BY p.enrolment_id`,
		string(study), string(id))
	return people, err
}

// Settled are those of whom something is stored that the batch did not bring.
func (r reader) Settled(ctx context.Context, study survey.StudyID, id survey.ImportID) ([]survey.EnrolmentID, error) {
	rest, or := ` AND (`, ``
	for _, table := range []string{
		"consent", "consent_choice", "participant_device", "sign_in", "attendance", "practice_log", "private_note", "person_note",
		"crossover", "risk_flag", "entry_ticket", "group_release_member",
	} {
		rest += or + `EXISTS (SELECT 1 FROM ` + table + ` x WHERE x.study_id = p.study_id AND x.enrolment_id = p.enrolment_id)`
		or = ` OR `
	}
	rest += ` OR EXISTS (SELECT 1 FROM contact c JOIN enrolment e ON e.study_id = c.study_id AND e.participant_id = c.participant_id
		WHERE e.study_id = p.study_id AND e.id = p.enrolment_id)
		OR EXISTS (SELECT 1 FROM import_change x JOIN assessment a ON a.study_id = x.study_id AND a.id = x.assessment_id
			WHERE a.study_id = p.study_id AND a.enrolment_id = p.enrolment_id AND x.batch_id <> p.batch_id))`
	people, err := r.importPeople(ctx, rest, study, id)
	return people, wrap(err, "settled people of import %s", id)
}

// EachStored gives all stored answers of a study.
func (r reader) EachStored(ctx context.Context, study survey.StudyID, f func(survey.AssessmentID, *survey.Response) error) error {
	var row survey.Response
	var assessment string
	var value sql.NullFloat64
	var text, missing, language, layout, source optional
	var answered instant
	err := r.stream(ctx, []any{&assessment, &row.Item, &value, &text, &missing, &answered, &language, &layout, &source}, func() error {
		row.Value, row.Text, row.Missing = value.Float64, string(text), survey.MissingCode(missing)
		row.AnsweredAt, row.Language, row.Layout, row.Source = answered.time(), string(language), string(layout), survey.Source(source)
		return f(survey.AssessmentID(assessment), &row)
	}, `SELECT assessment_id, item, value, text, missing, answered_at, language, layout, source FROM response
		WHERE study_id = ? ORDER BY assessment_id, item`, string(study))
	return wrap(err, "stored responses of study %s", study)
}

// CountSources counts questionnaires by wave and source.
func (r reader) CountSources(ctx context.Context, study survey.StudyID) (map[survey.WaveID]map[survey.Source]int, error) {
	counts := map[survey.WaveID]map[survey.Source]int{}
	var wave string
	var source optional
	n := 0
	err := r.each(ctx, []any{&wave, &source, &n}, func() error {
		w := survey.WaveID(wave)
		if counts[w] == nil {
			counts[w] = map[survey.Source]int{}
		}
		counts[w][survey.Source(source)] = n
		return nil
	}, `SELECT a.wave_id, r.source, count(DISTINCT a.id) FROM response r JOIN assessment a ON a.study_id = r.study_id AND a.id = r.assessment_id
		WHERE r.study_id = ? AND r.missing IS NULL AND r.source IS NOT NULL GROUP BY a.wave_id, r.source`, string(study))
	return counts, wrap(err, "sources of study %s", study)
}

// storedSheet is an answer sheet as it stands in a change; times are in milliseconds.
type storedSheet struct {
	Started   int64          `json:"started,omitempty"`
	Saved     int64          `json:"saved,omitempty"`
	Submitted int64          `json:"submitted,omitempty"`
	Responses []storedAnswer `json:"answers,omitempty"`
}

type storedAnswer struct {
	Item     string             `json:"item"`
	Value    float64            `json:"value,omitempty"`
	Text     string             `json:"text,omitempty"`
	Missing  survey.MissingCode `json:"missing,omitempty"`
	At       int64              `json:"at"`
	Language string             `json:"language,omitempty"`
	Layout   string             `json:"layout,omitempty"`
	Source   survey.Source      `json:"source,omitempty"`
}

// millis is a time in milliseconds, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli() + 1 // so that the beginning of 1970 is not none
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms - 1).UTC()
}

func writeSheet(s survey.AnswerSheet) (string, error) {
	row := storedSheet{millis(s.StartedAt), millis(s.SavedAt), millis(s.SubmittedAt), make([]storedAnswer, len(s.Responses))}
	for i, r := range s.Responses {
		row.Responses[i] = storedAnswer{r.Item, r.Value, r.Text, r.Missing, millis(r.AnsweredAt), r.Language, r.Layout, r.Source}
	}
	data, err := json.Marshal(row)
	return string(data), err
}

func readSheet(text string) (survey.AnswerSheet, error) {
	var row storedSheet
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return survey.AnswerSheet{}, err
	}
	s := survey.AnswerSheet{StartedAt: moment(row.Started), SavedAt: moment(row.Saved), SubmittedAt: moment(row.Submitted)}
	for _, r := range row.Responses {
		s.Responses = append(s.Responses, survey.Response{
			Item: r.Item, Value: r.Value, Text: r.Text, Missing: r.Missing, AnsweredAt: moment(r.At),
			Language: r.Language, Layout: r.Layout, Source: r.Source,
		})
	}
	return s, nil
}
