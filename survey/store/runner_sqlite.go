package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

func (c *keepingConn) rows(ctx context.Context, q query, f func() error) (err error) {
	args, err := namedValues(q.args)
	if err != nil {
		return err
	}
	running := ctx
	if !q.many {
		running = context.WithoutCancel(ctx)
	}
	rows, err := c.QueryContext(running, q.statement, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values := make([]driver.Value, len(q.targets))
	for n := 1; ; n++ {
		q.paced(n)
		if err := rows.Next(values); err != nil {
			if errors.Is(err, io.EOF) {
				return ctx.Err()
			}
			return err
		}
		for i, target := range q.targets {
			if err := assign(target, values[i]); err != nil {
				return fmt.Errorf("column %d: %w", i, err)
			}
		}
		if err := errors.Join(f(), ctx.Err()); err != nil {
			return err
		}
	}
}

func (c *keepingConn) exec(ctx context.Context, statement string, args []any) (int64, error) {
	values, err := namedValues(args)
	if err != nil {
		return 0, err
	}
	result, err := c.ExecContext(ctx, statement, values)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// soon is now: nothing is saved by waiting for a database in the same process.
func (c *keepingConn) soon(ctx context.Context, statement string, args []any) error {
	_, err := c.exec(ctx, statement, args)
	return err
}

func (*keepingConn) flush(context.Context) error { return nil }

// namedValues are arguments as the driver takes them.
func namedValues(args []any) ([]driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return values, nil
}

// assign puts a value of the driver where it belongs.
func assign(target, value any) error {
	switch t := target.(type) {
	case *string:
		if v, ok := value.(string); ok {
			*t = v
			return nil
		}
	case *[]byte:
		if v, ok := value.([]byte); ok {
			*t = v
			return nil
		}
	case *sealed:
		switch v := value.(type) {
		case nil:
			*t = nil
			return nil
		case []byte:
			*t = v // the driver's own, made for this row
			return nil
		}
	case *int:
		if v, ok := value.(int64); ok {
			*t = int(v)
			return nil
		}
	case *int64:
		if v, ok := value.(int64); ok {
			*t = v
			return nil
		}
	case *bool:
		if v, ok := value.(int64); ok {
			*t = v != 0
			return nil
		}
	case *float64:
		switch v := value.(type) {
		case float64:
			*t = v
			return nil
		case int64:
			*t = float64(v)
			return nil
		}
	case sql.Scanner:
		return t.Scan(value)
	}
	return fmt.Errorf("a %T cannot be read from %T", target, value)
}
