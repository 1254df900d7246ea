package store

import "tidemark/survey"

type userAccountRow struct {
	ID           string
	Email        string
	Name         string
	PasswordHash string
	Created      instant `gorm:"column:created_at"`
	DisabledAt   instant
}

func userToRow(u survey.User) *userAccountRow {
	return &userAccountRow{
		ID: string(u.ID), Email: u.Email, Name: u.Name, PasswordHash: u.PasswordHash,
		Created: instant(u.CreatedAt), DisabledAt: instant(u.DisabledAt),
	}
}

func (r userAccountRow) user() survey.User {
	return survey.User{
		ID: survey.UserID(r.ID), Email: r.Email, Name: r.Name, PasswordHash: r.PasswordHash,
		CreatedAt: r.Created.time(), DisabledAt: r.DisabledAt.time(),
	}
}

type roleGrantRow struct {
	UserID  string
	Role    string
	StudyID optional
	RunID   optional
}

type signInRow struct {
	TokenHash   string
	Kind        string
	UserID      optional
	StudyID     optional
	EnrolmentID optional
	Created     instant `gorm:"column:created_at"`
	ExpiresAt   instant
	ID          optional
	Browser     optional
	Way         optional
	SeenAt      instant
	ProvedAt    instant
	FactorDue   bool
	Vouched     bool
	Renew       bool
}

func signInToRow(s survey.SignIn) *signInRow {
	return &signInRow{
		TokenHash: s.TokenHash, Kind: string(s.Kind), UserID: optional(s.UserID),
		StudyID: optional(s.StudyID), EnrolmentID: optional(s.EnrolmentID),
		Created: instant(s.CreatedAt), ExpiresAt: instant(s.ExpiresAt),
		ID: optional(s.ID), Browser: optional(s.Browser), Way: optional(s.Way),
		SeenAt: instant(s.SeenAt), ProvedAt: instant(s.ProvedAt), FactorDue: s.FactorDue, Vouched: s.Vouched, Renew: s.Renew,
	}
}

func (r signInRow) signIn() survey.SignIn {
	return survey.SignIn{
		TokenHash: r.TokenHash, Kind: survey.SignInKind(r.Kind), UserID: survey.UserID(r.UserID),
		StudyID: survey.StudyID(r.StudyID), EnrolmentID: survey.EnrolmentID(r.EnrolmentID),
		CreatedAt: r.Created.time(), ExpiresAt: r.ExpiresAt.time(),
		ID: survey.SignInID(r.ID), Browser: string(r.Browser), Way: survey.SignInWay(r.Way),
		SeenAt: r.SeenAt.time(), ProvedAt: r.ProvedAt.time(), FactorDue: r.FactorDue, Vouched: r.Vouched, Renew: r.Renew,
	}
}

type staffLinkRow struct {
	TokenHash string
	UserID    string
	Reusable  bool
	ExpiresAt instant
	UsedAt    instant
}

func staffLinkToRow(l survey.StaffLink) *staffLinkRow {
	return &staffLinkRow{
		TokenHash: l.TokenHash, UserID: string(l.UserID), Reusable: l.Reusable,
		ExpiresAt: instant(l.ExpiresAt), UsedAt: instant(l.UsedAt),
	}
}

func (r staffLinkRow) link() survey.StaffLink {
	return survey.StaffLink{
		TokenHash: r.TokenHash, UserID: survey.UserID(r.UserID), Reusable: r.Reusable,
		ExpiresAt: r.ExpiresAt.time(), UsedAt: r.UsedAt.time(),
	}
}
