package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tidemark/survey/schedule"
)

// instant is a time in a column: UTC, in milliseconds on both engines, so that
// what is read equals what was written. The zero time is NULL.
type instant time.Time

// GormValue writes the instant in the engine's form.
func (i instant) GormValue(_ context.Context, db *gorm.DB) clause.Expr {
	return clause.Expr{SQL: "?", Vars: []any{timeArgument(db.Dialector.Name(), time.Time(i))}}
}

// Scan reads the form of either engine.
func (i *instant) Scan(source any) error {
	switch v := source.(type) {
	case nil:
		*i = instant{}
	case int64:
		*i = instant(time.UnixMilli(v).UTC())
	case time.Time:
		*i = instant(v.UTC().Truncate(time.Millisecond))
	default:
		return fmt.Errorf("a time cannot be read from %T", source)
	}
	return nil
}

func (i instant) time() time.Time { return time.Time(i) }

// optional is text of which the empty one is NULL.
type optional string

// Value writes NULL for empty text.
func (o optional) Value() (driver.Value, error) {
	if o == "" {
		return nil, nil
	}
	return string(o), nil
}

// Scan reads NULL as empty text.
func (o *optional) Scan(source any) error {
	switch v := source.(type) {
	case nil:
		*o = ""
	case string:
		*o = optional(v)
	case []byte:
		*o = optional(v)
	default:
		return fmt.Errorf("text cannot be read from %T", source)
	}
	return nil
}

// day is a civil date in a column, as text that sorts by date.
type day schedule.Date

// Value writes 2026-03-02.
func (d day) Value() (driver.Value, error) { return schedule.Date(d).String(), nil }

// Scan reads 2026-03-02.
func (d *day) Scan(source any) error {
	text, ok := source.(string)
	if !ok {
		return fmt.Errorf("a date cannot be read from %T", source)
	}
	parsed, err := schedule.ParseDate(text)
	if err != nil {
		return err
	}
	*d = day(parsed)
	return nil
}
