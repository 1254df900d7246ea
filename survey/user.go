package survey

import (
	"slices"
	"time"
)

// Role is what a member of staff may do; see [Actor].
type Role string

// The roles. Somebody may have several. An administrator runs the installation and
// sees no answers; a lead sets up a study, gives its roles and sees what a researcher
// sees; a researcher sees pseudonymous data of a study; a data manager sees who its
// people are and how they are reached, and neither answers nor who has answered; a
// facilitator sees the people of a course run and never their answers; an auditor
// reads the audit trail and nothing else.
const (
	RoleAdministrator Role = "administrator"
	RoleAuditor       Role = "auditor"
	RoleLead          Role = "lead"
	RoleResearcher    Role = "researcher"
	RoleDataManager   Role = "data_manager"
	RoleFacilitator   Role = "facilitator"
)

// StudyRoles are those that somebody can have in a study, the widest first.
func StudyRoles() []Role {
	return []Role{RoleLead, RoleResearcher, RoleFacilitator, RoleDataManager, RoleAuditor}
}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return r == RoleAdministrator || slices.Contains(StudyRoles(), r) }

// Grant gives a role. A lead's, a researcher's and a data manager's hold for one study,
// a facilitator's for one course run, or for all runs of a study when RunID is empty;
// an auditor's for one study, or for the installation when StudyID is empty; an
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
	HasTOTP      bool      // signs in by a code besides the password, see SecondFactors
	HasPasskey   bool      // or by a passkey in place of both, see Passkeys
	Grants       []Grant
}

// HasSecondFactor reports whether the account asks for more than one proof of who
// signs in.
func (u User) HasSecondFactor() bool { return u.HasTOTP || u.HasPasskey }

// SignInKind says whose sign-in it is.
type SignInKind string

// Participants and staff have separate sign-ins and separate cookies.
const (
	SignInParticipant SignInKind = "participant"
	SignInUser        SignInKind = "user"
)

// Valid reports whether k is one of the kinds.
func (k SignInKind) Valid() bool { return k == SignInParticipant || k == SignInUser }

// SignInWay is what a member of staff has shown.
type SignInWay string

// A password, a link that an administrator has made or that was mailed, a passkey, or
// the word of a provider.
const (
	ByWayOfPassword SignInWay = "password"
	ByWayOfLink     SignInWay = "link"
	ByWayOfPasskey  SignInWay = "passkey"
	ByWayOfProvider SignInWay = "provider"
)

// SignInID names a sign-in of staff. It opens nothing.
type SignInID string

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

	// Of staff alone.
	ID       SignInID
	Browser  string // in plain words, as the browser said
	Way      SignInWay
	SeenAt   time.Time // last use, to a few minutes
	ProvedAt time.Time // when the person last showed who they are
	// FactorDue: the second factor is still to be shown. Until then this is good
	// for showing it and for nothing else.
	FactorDue bool
	// Vouched: the provider has asked for a second factor, and its word counts here.
	Vouched bool
	// Renew: the person was given or lost a role since, and is to get another token.
	Renew bool
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
