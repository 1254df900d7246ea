package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// postgresConn is a connection outside of a transaction.
type postgresConn struct{ conn *pgx.Conn }

func (c postgresConn) rows(ctx context.Context, q query, f func() error) error {
	rows, err := c.conn.Query(ctx, numbered(q.statement), q.args...)
	if err != nil {
		return unusable(ctx, err)
	}
	return unusable(ctx, readRows(rows, q, f))
}

func (c postgresConn) exec(ctx context.Context, statement string, args []any) (int64, error) {
	tag, err := c.conn.Exec(ctx, numbered(statement), args...)
	return tag.RowsAffected(), unusable(ctx, err)
}

func (c postgresConn) soon(ctx context.Context, statement string, args []any) error {
	_, err := c.exec(ctx, statement, args)
	return err
}

func (postgresConn) flush(context.Context) error { return nil }

// unusable tells a connection that was found dead before anything was sent over
// it, so that another one is taken.
func unusable(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil && pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

// numbered writes a statement's placeholders as PostgreSQL wants them. There is
// no ? in the text of any statement.
func numbered(statement string) string {
	n := strings.Count(statement, "?")
	if n == 0 {
		return statement
	}
	out := make([]byte, 0, len(statement)+4*n)
	for n = 1; ; n++ {
		before, after, found := strings.Cut(statement, "?")
		out = append(out, before...)
		if !found {
			return string(out)
		}
		out = strconv.AppendInt(append(out, '$'), int64(n), 10)
		statement = after
	}
}

func readRows(rows pgx.Rows, q query, f func() error) error {
	targets := q.targets
	defer rows.Close()
	columns := rows.FieldDescriptions()
	types := rows.Conn().TypeMap()
	for n := 1; rows.Next(); n++ {
		q.paced(n)
		values := rows.RawValues()
		if len(values) != len(targets) {
			return fmt.Errorf("%d columns for %d targets", len(values), len(targets))
		}
		for i, target := range targets {
			if decode(target, columns[i].DataTypeOID, columns[i].Format, values[i]) {
				continue
			}
			if err := types.Scan(columns[i].DataTypeOID, columns[i].Format, values[i], target); err != nil {
				return fmt.Errorf("column %s: %w", columns[i].Name, err)
			}
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// postgresEpoch is 1 January 2000 in milliseconds since 1970.
const postgresEpoch = 946_684_800_000

// decode reads the few forms of which there are thousands. What it does not know
// it leaves to pgx, which asks about each value what its target might be.
func decode(target any, oid uint32, format int16, value []byte) bool {
	const binaryFormat = pgtype.BinaryFormatCode
	switch t := target.(type) {
	case *cell:
		return t.decode(oid, format, value)
	case *string:
		if value == nil || oid != pgtype.TextOID {
			return false
		}
		*t = string(value) // both formats of text are the same
	case *optional:
		if oid != pgtype.TextOID {
			return false
		}
		*t = optional(value)
	case *sealed:
		if value != nil && (oid != pgtype.ByteaOID || format != binaryFormat) {
			return false
		}
		*t = append(sealed(nil), value...)
	case *int:
		switch {
		case oid == pgtype.Int4OID && format == binaryFormat && len(value) == 4:
			*t = int(int32(binary.BigEndian.Uint32(value)))
		case oid == pgtype.Int8OID && format == binaryFormat && len(value) == 8:
			*t = int(int64(binary.BigEndian.Uint64(value)))
		default:
			return false
		}
	case *bool:
		if oid != pgtype.BoolOID || format != binaryFormat || len(value) != 1 {
			return false
		}
		*t = value[0] != 0
	case *sql.NullFloat64:
		if value == nil {
			*t = sql.NullFloat64{}
			return true
		}
		if oid != pgtype.Float8OID || format != binaryFormat || len(value) != 8 {
			return false
		}
		*t = sql.NullFloat64{Float64: math.Float64frombits(binary.BigEndian.Uint64(value)), Valid: true}
	case *instant:
		if value == nil {
			*t = instant{}
			return true
		}
		if oid != pgtype.TimestamptzOID || format != binaryFormat || len(value) != 8 {
			return false
		}
		microseconds := int64(binary.BigEndian.Uint64(value))
		if microseconds == math.MaxInt64 || microseconds == math.MinInt64 {
			return false // infinity
		}
		*t = instant(time.UnixMicro(microseconds).Add(postgresEpoch * time.Millisecond).UTC().Truncate(time.Millisecond))
	default:
		return false
	}
	return true
}

// pipeline is a connection within a transaction. Statements whose outcome nobody
// asks for yet wait for the next one whose outcome matters, and travel with it:
// the way to the server and back costs more than a row. BEGIN is the first to
// wait, COMMIT the last to be sent.
type pipeline struct {
	conn    *pgx.Conn
	waiting pgx.Batch
}

// maxWaiting bounds what waits, and with it the memory that it takes.
const maxWaiting = 16

func newPipeline(conn *pgx.Conn) *pipeline {
	p := &pipeline{conn: conn}
	p.waiting.Queue("begin isolation level read committed")
	return p
}

// send sends what waits and reads the outcomes; those of the last statement are
// left to read.
func (p *pipeline) send(ctx context.Context, read func(last pgx.BatchResults) error) (err error) {
	batch := p.waiting
	p.waiting = pgx.Batch{}
	results := p.conn.SendBatch(ctx, &batch)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing
		}
	}()
	for range batch.Len() - 1 {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	return read(results)
}

func (p *pipeline) rows(ctx context.Context, q query, f func() error) error {
	p.waiting.Queue(numbered(q.statement), q.args...)
	return p.send(ctx, func(last pgx.BatchResults) error {
		rows, err := last.Query()
		if err != nil {
			return err
		}
		return readRows(rows, q, f)
	})
}

func (p *pipeline) exec(ctx context.Context, statement string, args []any) (n int64, err error) {
	p.waiting.Queue(numbered(statement), args...)
	err = p.send(ctx, func(last pgx.BatchResults) error {
		tag, err := last.Exec()
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

func (p *pipeline) soon(ctx context.Context, statement string, args []any) error {
	p.waiting.Queue(numbered(statement), args...)
	if p.waiting.Len() < maxWaiting {
		return nil
	}
	return p.flush(ctx)
}

func (p *pipeline) flush(ctx context.Context) error {
	if p.waiting.Len() == 0 {
		return nil
	}
	return p.send(ctx, func(last pgx.BatchResults) error {
		_, err := last.Exec()
		return err
	})
}

// commit sends what waits, and COMMIT with it: the server skips that if anything
// before it fails.
func (p *pipeline) commit(ctx context.Context) error {
	p.waiting.Queue("commit")
	return p.send(ctx, func(last pgx.BatchResults) error {
		tag, err := last.Exec()
		if err == nil && tag.String() != "COMMIT" {
			err = errors.New("the server rolled the transaction back")
		}
		return err
	})
}

// rollback ends a transaction, if one has begun. A connection on which it cannot
// be ended is closed, which ends it too.
func (p *pipeline) rollback(ctx context.Context) {
	if p.conn.IsClosed() || p.conn.PgConn().TxStatus() == 'I' {
		return
	}
	if _, err := p.conn.Exec(ctx, "rollback"); err != nil {
		_ = p.conn.Close(ctx) // the error that led here matters more
	}
}
