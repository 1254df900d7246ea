package store

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"tidemark/survey"
)

// one reads a single row into targets; survey.ErrNotFound when there is none.
func (r reader) one(ctx context.Context, targets []any, statement string, args ...any) error {
	met := false
	err := r.each(ctx, targets, func() error { met = true; return nil }, statement, args...)
	if err == nil && !met {
		return survey.ErrNotFound
	}
	return err
}

// each reads a short list of rows into targets, one after the other, and calls f
// after each. The first error of f ends the reading and is returned.
func (r reader) each(ctx context.Context, targets []any, f func() error, statement string, args ...any) error {
	return r.read(ctx, query{statement: statement, args: args, targets: targets}, f)
}

// stream is each for any number of rows; it ends when its caller leaves.
func (r reader) stream(ctx context.Context, targets []any, f func() error, statement string, args ...any) error {
	return r.read(ctx, query{statement: statement, args: args, targets: targets, many: true}, f)
}

func (r reader) read(ctx context.Context, q query, f func() error) error {
	if matchesNothing(q.args) {
		return nil
	}
	ctx, err := r.begin(ctx)
	if err != nil {
		return err
	}
	if q.many && r.reading != nil {
		q.pace = r.reading.store.giveWay
	}
	r, done, err := r.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	var own error // an error of f is no failure of the statement
	err = r.run.rows(ctx, q, func() error { own = f(); return own })
	if own != nil {
		return err
	}
	return r.failed(err)
}

// matchesNothing reports whether a query compares with a text that no row can
// have. PostgreSQL would call such a text an error instead of not finding it.
func matchesNothing(args []any) bool {
	for _, arg := range args {
		if text, ok := arg.(string); ok && (!utf8.ValidString(text) || strings.ContainsRune(text, 0)) {
			return true
		}
	}
	return false
}

// rowsOf runs a query and gives its rows, matched by column name.
func rowsOf[R any](ctx context.Context, r reader, query string, args ...any) ([]R, error) {
	var rows []R
	if matchesNothing(args) {
		return nil, nil
	}
	r, done, err := r.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	err = r.q(ctx).Raw(query, args...).Scan(&rows).Error
	return rows, r.failed(err)
}

// listOf is rowsOf in the words of the domain.
func listOf[R, T any](ctx context.Context, r reader, convert func(R) T, query string, args ...any) ([]T, error) {
	rows, err := rowsOf[R](ctx, r, query, args...)
	if err != nil {
		return nil, err
	}
	list := make([]T, len(rows))
	for i, row := range rows {
		list[i] = convert(row)
	}
	return list, nil
}

// oneOf is listOf for a single thing; survey.ErrNotFound when it is not there.
func oneOf[R, T any](ctx context.Context, r reader, convert func(R) T, query string, args ...any) (T, error) {
	list, err := listOf(ctx, r, convert, query, args...)
	if err == nil && len(list) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

// create writes one row, or several.
func (t *transaction) create(ctx context.Context, table string, row any) error {
	return t.failed(t.q(ctx).Table(table).Create(row).Error)
}

// change runs a statement and returns the number of rows it met.
func (t *transaction) change(ctx context.Context, statement string, args ...any) (int64, error) {
	ctx, err := t.begin(ctx)
	if err != nil {
		return 0, err
	}
	n, err := t.run.exec(ctx, statement, args)
	return n, t.failed(err)
}

// soon runs a statement of which nobody asks how many rows it met. When it fails,
// that may be told by a later statement, or by the commit.
func (t *transaction) soon(ctx context.Context, statement string, args ...any) error {
	ctx, err := t.begin(ctx)
	if err != nil {
		return err
	}
	return t.failed(t.run.soon(ctx, statement, args))
}

// changeOne runs a statement that must meet a row; survey.ErrNotFound when it
// does not.
func (t *transaction) changeOne(ctx context.Context, statement string, args ...any) error {
	if matchesNothing(args) {
		return survey.ErrNotFound
	}
	n, err := t.change(ctx, statement, args...)
	if err == nil && n == 0 {
		return survey.ErrNotFound
	}
	return err
}

// maxParameters bounds the values in one statement. SQLite takes 32,766 and
// PostgreSQL 65,535; beyond a few thousand, fewer statements save nothing.
const maxParameters = 6000

// insertion writes many rows with few statements.
type insertion struct {
	head    string // INSERT INTO t (a, b)
	tail    string // after the values: what to do about a conflict
	columns int
	values  string // of one row, if they are more than parameters
}

// run writes n rows; row appends the values of the i-th. That it failed may be
// told later, see soon.
func (in insertion) run(ctx context.Context, t *transaction, n int, row func(args []any, i int) []any) error {
	if n == 0 {
		return nil
	}
	atOnce := min(n, maxParameters/in.columns)
	statement := ""
	for from := 0; from < n; from += atOnce {
		rows := min(atOnce, n-from)
		if from == 0 || rows < atOnce {
			statement = in.statement(rows)
		}
		args := make([]any, 0, rows*in.columns) // kept until it is sent
		for i := from; i < from+rows; i++ {
			args = row(args, i)
		}
		if err := t.soon(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

func (in insertion) statement(rows int) string {
	values := cmp.Or(in.values, "(?"+strings.Repeat(", ?", in.columns-1)+")")
	var b strings.Builder
	b.Grow(len(in.head) + len(in.tail) + rows*(len(values)+2) + 16)
	b.WriteString(in.head)
	b.WriteString(" VALUES ")
	b.WriteString(values)
	for range rows - 1 {
		b.WriteString(", ")
		b.WriteString(values)
	}
	b.WriteString(in.tail)
	return b.String()
}

// places is (?, ?, …) for a list of n.
func places(n int) string { return "(" + strings.TrimSuffix(strings.Repeat("?, ", n), ", ") + ")" }

// at is an instant as an argument of a statement.
func (r reader) at(t time.Time) any { return timeArgument(r.db.Dialector.Name(), t) }

// lastOfEach keeps the last of those with the same key, so that one statement
// meets no row twice. Nothing is copied when all keys differ.
func lastOfEach[T any, K comparable](list []T, key func(T) K) []T {
	last := make(map[K]int, len(list))
	for i, v := range list {
		last[key(v)] = i
	}
	if len(last) == len(list) {
		return list
	}
	kept := make([]T, 0, len(last))
	for i, v := range list {
		if last[key(v)] == i {
			kept = append(kept, v)
		}
	}
	return kept
}
