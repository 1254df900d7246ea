package survey

import (
	"context"
	"time"
)

// PasskeyReader reads passkeys.
type PasskeyReader interface {
	// Passkeys lists those of an account, the oldest first.
	Passkeys(ctx context.Context, id UserID) ([]Passkey, error)
}

// PasskeyWriter writes passkeys.
type PasskeyWriter interface {
	CreatePasskey(ctx context.Context, k Passkey) error
	// MarkPasskeyUsed keeps what the device has shown of it; false when it is gone.
	MarkPasskeyUsed(ctx context.Context, k Passkey, at time.Time) (bool, error)
	// DeletePasskey removes one; false when there is none.
	DeletePasskey(ctx context.Context, user UserID, id PasskeyID) (bool, error)
	DeletePasskeys(ctx context.Context, user UserID) error
	// AnswerChallenge notes that a question to a device was answered; false when it was
	// before. Those that had expired by now are forgotten.
	AnswerChallenge(ctx context.Context, hash string, expires, now time.Time) (bool, error)
}
