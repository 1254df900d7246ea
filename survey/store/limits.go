package store

import (
	"context"
	"strings"
	"time"

	"tidemark/survey"
)

// Attempts are the counts of counters.
func (r reader) Attempts(ctx context.Context, keyHashes []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(keyHashes) == 0 {
		return counts, nil
	}
	args := make([]any, len(keyHashes))
	for i, h := range keyHashes {
		args[i] = h
	}
	var hash string
	var n int
	err := r.each(ctx, []any{&hash, &n}, func() error {
		counts[hash] = n
		return nil
	}, `SELECT key_hash, n FROM attempt_count WHERE key_hash IN (?`+strings.Repeat(`, ?`, len(args)-1)+`)`, args...)
	return counts, wrap(err, "read counts")
}

// LastAttempt is when a counter was used last.
func (r reader) LastAttempt(ctx context.Context, keyHash string) (time.Time, error) {
	var at instant
	err := r.each(ctx, []any{&at}, func() error { return nil }, `SELECT tried_at FROM attempt_count WHERE key_hash = ?`, keyHash)
	return at.time(), wrap(err, "read when it was tried")
}

// CountAttempt adds one. The row stays locked until the transaction ends.
func (t *transaction) CountAttempt(ctx context.Context, c survey.AttemptCounter) (int, error) {
	var n int
	err := t.one(ctx, []any{&n}, `INSERT INTO attempt_count (key_hash, n, expires_at, tried_at) VALUES (?, 1, ?, ?)
		ON CONFLICT (key_hash) DO UPDATE SET n = attempt_count.n + 1, tried_at = excluded.tried_at RETURNING n`,
		c.KeyHash, t.at(c.ExpiresAt), t.at(c.At))
	return n, wrap(err, "count")
}

// UncountAttempt takes one back.
func (t *transaction) UncountAttempt(ctx context.Context, keyHash string) error {
	_, err := t.change(ctx, `UPDATE attempt_count SET n = n - 1 WHERE key_hash = ? AND n > 0`, keyHash)
	return wrap(err, "take a count back")
}

// DeleteAttemptsBefore removes old counters.
func (t *transaction) DeleteAttemptsBefore(ctx context.Context, at time.Time) error {
	_, err := t.change(ctx, `DELETE FROM attempt_count WHERE expires_at <= ?`, t.at(at))
	return wrap(err, "remove old counts")
}
