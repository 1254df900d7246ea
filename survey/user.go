package survey

import "time"

// Role is what a member of staff may do; see [Actor].
type Role string

// The roles. An administrator runs the installation and sees no answers; a
// researcher sees pseudonymous data of a study; a facilitator sees the people
// of a course run and never their answers.
const (
	RoleAdministrator Role = "administrator"
	RoleResearcher    Role = "researcher"
	RoleFacilitator   Role = "facilitator"
)

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool {
	return r == RoleAdministrator || r == RoleResearcher || r == RoleFacilitator
}

// Grant gives a role. A researcher's holds for one study, a facilitator's for
// one course run, or for all runs of a study when RunID is empty; an
// administrator's has neither.
type Grant struct {
	Role    Role
	StudyID StudyID
	RunID   RunID
}

// User is a member of staff.
type User struct {
	ID           UserID
	Email        string // lower case
	Name         string
	PasswordHash string // argon2id in PHC form; empty: cannot sign in by password
	CreatedAt    time.Time
	DisabledAt   time.Time // zero while the account works
	Grants       []Grant
}

// SignInKind says whose sign-in it is.
type SignInKind string

// Participants and staff have separate sign-ins and separate cookies.
const (
	SignInParticipant SignInKind = "participant"
	SignInUser        SignInKind = "user"
)

// Valid reports whether k is one of the kinds.
func (k SignInKind) Valid() bool { return k == SignInParticipant || k == SignInUser }

// SignIn is one device that has shown a link or a password. The database holds
// only a hash of the cookie's value.
type SignIn struct {
	TokenHash   string
	Kind        SignInKind
	UserID      UserID      // staff
	StudyID     StudyID     // participant
	EnrolmentID EnrolmentID // participant
	CreatedAt   time.Time
	ExpiresAt   time.Time
}

// StaffLink signs a member of staff in without a password: an invitation, or
// the links a rehearsal prints. Following it changes nothing; a POST uses it.
type StaffLink struct {
	TokenHash string
	UserID    UserID
	Reusable  bool // works until it expires; otherwise once
	ExpiresAt time.Time
	UsedAt    time.Time // zero until used
}
