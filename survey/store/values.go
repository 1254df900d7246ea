package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
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

// sealed is what was sealed, of which nothing is NULL.
type sealed []byte

// Value writes NULL for nothing.
func (s sealed) Value() (driver.Value, error) {
	if len(s) == 0 {
		return nil, nil
	}
	return []byte(s), nil
}

// Scan reads NULL as nothing.
func (s *sealed) Scan(source any) error {
	switch v := source.(type) {
	case nil:
		*s = nil
	case []byte:
		*s = append([]byte(nil), v...) // the driver may use its own again
	default:
		return fmt.Errorf("what is sealed cannot be read from %T", source)
	}
	return nil
}

// calendar is what a run's dates depend on besides its start, as JSON in a column;
// the empty text is a run without breaks that meets on its regular days.
type calendar struct {
	Breaks []schedule.Break `json:"breaks,omitempty"`
	Moved  map[int]int      `json:"moved,omitempty"`
}

func (c calendar) text() (string, error) {
	if len(c.Breaks) == 0 && len(c.Moved) == 0 {
		return "", nil
	}
	b, err := json.Marshal(c)
	return string(b), err
}

// Value writes the JSON.
func (c calendar) Value() (driver.Value, error) { return c.text() }

// Scan reads the JSON.
func (c *calendar) Scan(source any) error {
	*c = calendar{} // what was read into it before may still be in use
	var text []byte
	switch v := source.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("a calendar cannot be read from %T", source)
	}
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, c)
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
