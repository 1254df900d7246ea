package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"tidemark/survey"
)

// byPlainSQL writes the rows that a submission leaves, as directly as the
// database can be told: prepared statements, one transaction for each
// questionnaire, an insert for each table.
func (b *bench) byPlainSQL(ctx context.Context, e engine, c *crowd) ([]cell, error) {
	var cells []cell
	for _, at := range b.at {
		one, err := b.plainSQL(ctx, e, c, at)
		if err != nil {
			return nil, err
		}
		cells = append(cells, one)
	}
	return cells, nil
}

func (b *bench) plainSQL(ctx context.Context, e engine, c *crowd, at int) (one cell, err error) {
	all, err := c.questionnaires(ctx, b.each)
	if err != nil {
		return cell{}, err
	}
	db, err := openPlain(e, at)
	if err != nil {
		return cell{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	f, err := prepareFloor(ctx, db, e, all[0])
	if err != nil {
		return cell{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	rows := make([]floorRows, len(all))
	for i, q := range all {
		rows[i] = f.rows(q)
	}
	return together(ctx, "plain SQL", at, b.each, func(ctx context.Context, i int, waited func(time.Duration)) error {
		began := time.Now()
		err := f.write(ctx, rows[i])
		waited(time.Since(began))
		return err
	})
}

// openPlain opens the database with the best that is known for plain SQL: on
// SQLite one connection that writers share, with the pragmas of the program; on
// PostgreSQL a connection for each.
func openPlain(e engine, at int) (*sql.DB, error) {
	if e.postgres {
		db, err := sql.Open("pgx", e.database)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(at)
		db.SetMaxIdleConns(at)
		return db, nil
	}
	options := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)",
	}}
	db, err := sql.Open("sqlite", "file:"+e.database+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// floor is the statements by which a questionnaire is written.
type floor struct {
	db                                 *sql.DB
	instants                           func(time.Time) any
	assessment, response, score, trail *sql.Stmt
}

// floorRows are the values of one questionnaire, ready to be written.
type floorRows struct{ assessment, responses, scores, trail []any }

func prepareFloor(ctx context.Context, db *sql.DB, e engine, like questionnaire) (*floor, error) {
	f := &floor{db: db, instants: func(t time.Time) any { return t.UnixMilli() }}
	if e.postgres {
		f.instants = func(t time.Time) any { return t }
	}
	for statement, text := range map[**sql.Stmt]string{
		&f.assessment: "UPDATE assessment SET started_at = coalesce(started_at, ?), saved_at = ?, submitted_at = ?" +
			" WHERE study_id = ? AND id = ? AND enrolment_id = ? AND submitted_at IS NULL",
		&f.response: "INSERT INTO response (study_id, assessment_id, item, value, answered_at) VALUES " +
			tuples(5, len(like.answers)),
		&f.score: "INSERT INTO score (study_id, assessment_id, scale, value, reason, answered, items, rule, scored_at) VALUES " +
			tuples(9, len(like.due.Definition.Score(like.answers))),
		&f.trail: "INSERT INTO audit_event (study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail) VALUES " +
			tuples(9, 1),
	} {
		if e.postgres {
			text = numbered(text)
		}
		var err error
		if *statement, err = db.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // closed with the floor
			return nil, fmt.Errorf("%s: %w", text, err)
		}
	}
	return f, nil
}

// tuples is n tuples of placeholders.
func tuples(width, n int) string {
	tuple := "(" + strings.TrimSuffix(strings.Repeat("?, ", width), ", ") + ")"
	return strings.TrimSuffix(strings.Repeat(tuple+", ", n), ", ")
}

// numbered writes placeholders as PostgreSQL wants them.
func numbered(text string) string {
	var out strings.Builder
	n := 0
	for _, r := range text {
		if r != '?' {
			out.WriteRune(r)
			continue
		}
		n++
		out.WriteString("$" + strconv.Itoa(n))
	}
	return out.String()
}

func (f *floor) close() error {
	return errors.Join(f.assessment.Close(), f.response.Close(), f.score.Close(), f.trail.Close())
}

func (f *floor) rows(q questionnaire) floorRows {
	as, now := q.due.Assessment, f.instants(time.Now().UTC())
	study, id := string(as.StudyID), string(as.ID)
	r := floorRows{assessment: []any{now, now, now, study, id, string(as.EnrolmentID)}}
	for _, item := range q.due.Definition.Items {
		r.responses = append(r.responses, study, id, item.Code, q.answers[item.Code], now)
	}
	for _, s := range q.due.Definition.Score(q.answers) {
		r.scores = append(r.scores, study, id, s.Scale, s.Value, s.Reason, s.Answered, s.Items, s.Rule, now)
	}
	r.trail = []any{
		study, uuid.Must(uuid.NewV7()).String(), now, string(survey.ActorParticipant), string(as.EnrolmentID),
		string(survey.ActionSubmitted), "assessment", id, "",
	}
	return r
}

func (f *floor) write(ctx context.Context, r floorRows) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()                                                                //nolint:errcheck // does nothing after the commit
	result, err := tx.StmtContext(ctx, f.assessment).ExecContext(ctx, r.assessment...) //nolint:sqlclosecheck // closed with its transaction
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("%d assessments were marked as submitted", n))
	}
	for _, part := range []struct {
		statement *sql.Stmt
		values    []any
	}{{f.response, r.responses}, {f.score, r.scores}, {f.trail, r.trail}} {
		if _, err := tx.StmtContext(ctx, part.statement).ExecContext(ctx, part.values...); err != nil { //nolint:sqlclosecheck // closed with its transaction
			return err
		}
	}
	return tx.Commit()
}
