package survey

import (
	"context"
	"time"
)

// UserReader reads staff.
type UserReader interface {
	UserByEmail(ctx context.Context, email string) (User, error)
	User(ctx context.Context, id UserID) (User, error)
	// Users lists all staff with their grants, by e-mail.
	Users(ctx context.Context) ([]User, error)
	// UserBySignIn finds whom an unexpired staff cookie belongs to, also while the
	// second factor is due; ErrNotSignedIn when there is none or the account is
	// disabled.
	UserBySignIn(ctx context.Context, tokenHash string, now time.Time) (User, SignIn, error)
	// StaffSignIns lists the unexpired sign-ins of an account, those used last
	// first; those of which the second factor is due are left out.
	StaffSignIns(ctx context.Context, id UserID, now time.Time) ([]SignIn, error)
	StaffLink(ctx context.Context, tokenHash string) (StaffLink, error)
	// TOTP is the key of an account's codes; ErrNotFound when there is none.
	TOTP(ctx context.Context, id UserID) (TOTP, error)
	// RecoveryCodesLeft counts the recovery codes that were not used.
	RecoveryCodesLeft(ctx context.Context, id UserID) (int, error)
	PasskeyReader
	// Identities lists who an account is at providers.
	Identities(ctx context.Context, id UserID) ([]Identity, error)
	// IdentityBySubject finds who somebody at a provider is here; ErrNotFound.
	IdentityBySubject(ctx context.Context, issuer, subject string) (Identity, error)
}

// UserWriter writes staff and sign-ins.
type UserWriter interface {
	PasskeyWriter
	// CreateIdentity links an account; ErrDuplicate when it is linked to that provider,
	// or somebody else is who it is there.
	CreateIdentity(ctx context.Context, i Identity) error
	// DeleteIdentities unlinks an account; false when it was not linked.
	DeleteIdentities(ctx context.Context, id UserID) (bool, error)
	CreateUser(ctx context.Context, u User) error
	GrantRole(ctx context.Context, id UserID, g Grant) error
	// TakeRole takes a role away; false when the account does not have it.
	TakeRole(ctx context.Context, id UserID, g Grant) (bool, error)
	// RenewSignIns marks the sign-ins of an account, so that each gets another token.
	RenewSignIns(ctx context.Context, id UserID) error
	// RenewSignIn puts another token in place of one; false when that has ended.
	RenewSignIn(ctx context.Context, oldHash, newHash string) (bool, error)
	// SetPassword changes the hash of an account's password and ends its
	// sign-ins and the links that nobody has used.
	SetPassword(ctx context.Context, id UserID, hash string) error
	// DisableUser ends an account, its sign-ins and its links.
	DisableUser(ctx context.Context, id UserID, at time.Time) error
	// ReopenUser lets a disabled account work again; false when it was not disabled.
	ReopenUser(ctx context.Context, id UserID) (bool, error)
	CreateSignIn(ctx context.Context, s SignIn) error
	DeleteSignIn(ctx context.Context, tokenHash string) error
	// EndSignIn ends a sign-in of the account; false when there is none.
	EndSignIn(ctx context.Context, user UserID, id SignInID) (bool, error)
	// EndOtherSignIns ends all sign-ins of the account but one, and counts them.
	EndOtherSignIns(ctx context.Context, user UserID, keep SignInID) (int, error)
	// MarkSignIn notes when a sign-in was used last and when its person showed who
	// they are; false when it has ended.
	MarkSignIn(ctx context.Context, tokenHash string, seen, proved time.Time) (bool, error)
	// DeleteSignInsBefore removes expired sign-ins.
	DeleteSignInsBefore(ctx context.Context, t time.Time) error
	CreateStaffLink(ctx context.Context, l StaffLink) error
	// DropStaffLinks ends the account's links that work once and were not used.
	DropStaffLinks(ctx context.Context, id UserID) error
	// UseStaffLink marks a link used and reports whether it could be: it
	// exists, has not expired, and is reusable or unused.
	UseStaffLink(ctx context.Context, tokenHash string, at time.Time) (bool, error)
	// PutTOTP keeps a key that is yet to be confirmed, in place of another that was
	// not; false when there is one that counts.
	PutTOTP(ctx context.Context, k TOTP) (bool, error)
	// ConfirmTOTP lets the key count, and uses up the code of a step of time; false
	// when it counts already or there is none.
	ConfirmTOTP(ctx context.Context, id UserID, step int64, at time.Time) (bool, error)
	// UseTOTP uses up the code of a step of time; false when it, or a later one, was
	// used before.
	UseTOTP(ctx context.Context, id UserID, step int64) (bool, error)
	DeleteTOTP(ctx context.Context, id UserID) error
	// PutRecoveryCodes replaces the account's recovery codes, given by their hashes.
	PutRecoveryCodes(ctx context.Context, id UserID, hashes []string) error
	// UseRecoveryCode uses a code up; false when it is none, or was used before.
	UseRecoveryCode(ctx context.Context, id UserID, hash string, at time.Time) (bool, error)
}
