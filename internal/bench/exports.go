package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tidemark/internal/stage"
	"tidemark/survey"
	"tidemark/survey/export"
)

// exported is a file of a study that the program writes.
type exported struct {
	name string
	args []string
}

// exportsOf are the files to measure: of the data as they are, and of a snapshot.
func exportsOf() []exported {
	return []exported{
		{"long", []string{"--what", "long"}},
		{"wide", []string{"--what", "wide"}},
		{"long as Parquet", []string{"--what", "long", "--format", "parquet"}},
		{"wide as Parquet", []string{"--what", "wide", "--format", "parquet"}},
		{"long, of a snapshot", []string{"--what", "long", "--snapshot", "1"}},
		{"long, for everybody", []string{"--what", "long", "--snapshot", "1", "--profile", "public"}},
	}
}

// exports makes a study with so many answers and exports it, beside what the database
// needs to hand the same rows out by itself.
func (b *bench) exports(ctx context.Context, e engine, answers int, w table) (err error) {
	database, dir, err := b.fresh(ctx, e, fmt.Sprintf("export_%d", answers))
	if err != nil {
		return err
	}
	s, err := stage.Set(ctx, database, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Store.Close()) }()
	if err := b.fill(ctx, s, answers); err != nil {
		return err
	}
	if _, err := s.Cases.Snapshots.Freeze(ctx, stage.Actor(), s.Design.Study.ID, survey.NewSnapshot{Name: "bench"}); err != nil {
		return err
	}
	of := fmt.Sprintf("%d answers", answers)
	floor, size, err := copyOut(ctx, e, database, filepath.Join(dir, "copy.csv"), rowsOut)
	if err != nil {
		return err
	}
	ordered, _, err := copyOut(ctx, e, database, filepath.Join(dir, "copy.csv"), rowsOut+inOrder)
	if err != nil {
		return err
	}
	w.row("the database’s own copy-out", of, fmt.Sprintf("%.3f s", floor.Seconds()), "1.0", "–", "–", megabytes(size))
	w.row("the same in the order of the file", of, fmt.Sprintf("%.3f s", ordered.Seconds()), fmt.Sprintf("%.1f", ordered.Seconds()/floor.Seconds()), "–", "–", "–")
	out := filepath.Join(dir, "exported")
	command := []string{"export", "--database", database, "--secret-file", s.SecretFile, "--study", s.Design.Study.Key, "--out", out}
	for _, x := range exportsOf() {
		p, err := b.process(ctx, out, append(command, x.args...)...)
		if err != nil {
			return err
		}
		p.beside(w, "export, "+x.name, of, floor)
	}
	return b.besideExports(ctx, s, of, append(command, "--what", "long"), out)
}

// beside is print with the ratio to a floor.
func (p process) beside(w table, what, of string, floor time.Duration) {
	w.row(what, of, fmt.Sprintf("%.3f s", p.took.Seconds()), fmt.Sprintf("%.1f", p.took.Seconds()/floor.Seconds()),
		megabytes(p.peak), megabytes(p.own), megabytes(p.size))
}

// rowsOut are the rows of the long table, as the database can give them.
const rowsOut = `SELECT e.id, a.wave_id, a.instrument_id, r.item, r.value, r.text, r.missing, r.answered_at, a.submitted_at
	FROM response r JOIN assessment a ON a.study_id = r.study_id AND a.id = r.assessment_id
	JOIN enrolment e ON e.study_id = a.study_id AND e.id = a.enrolment_id`

// inOrder is the order of the long table: sorting is most of what it costs PostgreSQL.
const inOrder = ` JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
	JOIN wave w ON w.study_id = a.study_id AND w.id = a.wave_id ORDER BY p.code, w.position, w.id, a.position, a.id, r.item`

// copyOut lets the database write the rows of the long table to a file: by COPY, and
// on SQLite by reading them one after the other.
func copyOut(ctx context.Context, e engine, database, path, rows string) (took time.Duration, size int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	began := time.Now()
	if e.postgres {
		err = copyPostgres(ctx, database, f, rows)
	} else {
		err = copySQLite(ctx, database, f, rows)
	}
	took = time.Since(began)
	if info, e := f.Stat(); e == nil {
		size = info.Size()
	}
	return took, size, err
}

func copyPostgres(ctx context.Context, database string, f *os.File, statement string) (err error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.PgConn().CopyTo(ctx, f, "COPY ("+statement+") TO STDOUT WITH (FORMAT csv)")
	return err
}

func copySQLite(ctx context.Context, database string, f *os.File, statement string) (err error) {
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := bufio.NewWriterSize(f, 64<<10)
	cells := make([]sql.RawBytes, 9)
	targets := make([]any, len(cells))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, c := range cells {
			end := byte(',')
			if i == len(cells)-1 {
				end = '\n'
			}
			if _, err := out.Write(append(c, end)); err != nil {
				return err
			}
		}
	}
	return errors.Join(rows.Err(), out.Flush())
}

const (
	// atOnce people submit while an export runs, each with a pause after it.
	atOnce = 4
	pause  = 50 * time.Millisecond
)

// pairs is how often submissions are measured alone and beside exports, by turns, so
// that what the machine does besides meets both.
const pairs = 3

// besideExports measures how long submissions take when nothing else happens, and
// while exports run one after the other: by the program in a process of its own, and by
// the process that takes the submissions, as a download is.
func (b *bench) besideExports(ctx context.Context, s *stage.Stage, of string, args []string, out string) error {
	c := &crowd{Stage: s, random: rand.New(rand.NewPCG(b.seed, 12))}
	submit := func(name string) (time.Duration, error) {
		n := max(b.each/pairs, 4*atOnce)
		all, err := c.questionnaires(ctx, n)
		if err != nil {
			return 0, err
		}
		done, err := together(ctx, name, atOnce, n, func(ctx context.Context, i int, waited func(time.Duration)) error {
			began := time.Now()
			err := s.Cases.Assessments.Submit(ctx, all[i].actor, all[i].due.Assessment.ID, all[i].answers.Answers())
			waited(time.Since(began))
			time.Sleep(pause)
			return err
		})
		return done.wait(.95), err
	}
	ways := []struct {
		name string
		do   func(context.Context) error
	}{
		{"an export", func(ctx context.Context) error { _, err := b.process(ctx, out, args...); return err }},
		{"a download", func(ctx context.Context) error {
			return export.Long(ctx, s.Store, stage.Actor(), s.Design.Study.ID, io.Discard)
		}},
	}
	for _, way := range ways {
		var ratios []float64
		for range pairs {
			idle, err := submit("idle")
			if err != nil {
				return err
			}
			stop := repeatedly(ctx, way.do)
			busy, err := submit("beside " + way.name)
			n := stop()
			if err != nil {
				return err
			}
			ratios = append(ratios, busy.Seconds()/idle.Seconds())
			b.say("Submissions, %d at once, %s: p95 %s idle, %s beside %s (%d whole ones meanwhile): %.2f ×\n",
				atOnce, of, ms(idle), ms(busy), way.name, n, ratios[len(ratios)-1])
		}
		slices.Sort(ratios)
		b.say("Beside %s, median of %d: %.2f ×\n", way.name, pairs, ratios[pairs/2])
	}
	return nil
}

// repeatedly does something over and over; stop ends it and says how often it was done
// to its end.
func repeatedly(ctx context.Context, do func(context.Context) error) (stop func() int) {
	running, cancel := context.WithCancel(ctx)
	ended := make(chan int, 1)
	go func() {
		n := 0
		for running.Err() == nil {
			if err := do(running); err != nil {
				break // stopped, or told by the measurement before
			}
			n++
		}
		ended <- n
	}()
	return func() int { cancel(); return <-ended }
}
