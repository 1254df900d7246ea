package survey

import "slices"

// ActorKind says who acts.
type ActorKind string

// A participant by personal link, a member of staff, or the program itself
// (command line, rehearsal).
const (
	ActorParticipant ActorKind = "participant"
	ActorUser        ActorKind = "user"
	ActorSystem      ActorKind = "system"
)

// Valid reports whether k is one of the kinds.
func (k ActorKind) Valid() bool {
	return k == ActorParticipant || k == ActorUser || k == ActorSystem
}

// Actor is who asks for a use case. Use cases check it; nothing else does.
type Actor struct {
	Kind          ActorKind
	User          User          // when Kind is ActorUser
	Participation Participation // when Kind is ActorParticipant
	System        string        // when Kind is ActorSystem: "command line", "rehearsal"
	// Open is the participant's own assessment that the request is about,
	// if it was read along with who asks; nil: it was not.
	Open *OpenAssessment
	// Token, if not nil, is how a program acts for the user: it narrows what they may.
	Token *APIToken
	// SignIn is how a member of staff is signed in; the zero one when they are not by
	// a browser.
	SignIn SignIn
	// Held: the member of staff is to set up a second factor first, and may look after
	// their own account and nothing else.
	Held bool
}

// ParticipantActor is the actor behind a personal link.
func ParticipantActor(p Participation) Actor {
	return Actor{Kind: ActorParticipant, Participation: p}
}

// UserActor is a signed-in member of staff.
func UserActor(u User) Actor { return Actor{Kind: ActorUser, User: u} }

// SystemActor is the program itself, named for the audit trail.
func SystemActor(name string) Actor { return Actor{Kind: ActorSystem, System: name} }

// ID is the actor's identifier for the audit trail.
func (a Actor) ID() string {
	switch a.Kind {
	case ActorParticipant:
		return string(a.Participation.Enrolment.ID)
	case ActorUser:
		return string(a.User.ID)
	default:
		return a.System
	}
}

// author is the actor by name, for what stays signed.
func (a Actor) author() Author {
	by := Author{Kind: a.Kind, ID: a.ID(), Name: a.System}
	if a.Kind == ActorUser {
		by.Name = a.User.Name
		if by.Name == "" {
			by.Name = a.User.Email
		}
	}
	return by
}

func (a Actor) has(match func(Grant) bool) bool {
	if a.Kind == ActorSystem {
		return true
	}
	return a.inPerson() && slices.ContainsFunc(a.User.Grants, match)
}

// inPerson reports whether a member of staff is there themselves, with an account that
// works, and not a program with a token of theirs.
func (a Actor) inPerson() bool { return a.isThemselves() && !a.Held }

// through is as has, but also true for a program whose token is for the study and the
// scope, as far as its person may the same. What does not ask this way is closed to
// programs.
func (a Actor) through(scope Scope, study StudyID, match func(Grant) bool) bool {
	if a.Token == nil {
		return a.has(match)
	}
	t := *a.Token
	a.Token = nil
	return t.StudyID == study && t.Has(scope) && a.has(match)
}

// May reports whether the actor may do in the study what a scope is for: in person by
// their roles, a program also by its token.
func (a Actor) May(s Scope, study StudyID) bool {
	switch s {
	case ScopeMetadata:
		return a.MayKnowStudy(study)
	case ScopePeople:
		return a.MayKnowPeople(study)
	case ScopeAnswers:
		return a.MayAnalyse(study)
	case ScopeWritePeople:
		return a.MayRunAny(study)
	case ScopeWriteAnswers:
		return a.MayBring(study)
	}
	return false
}

// in reports whether a grant is one of the roles, in a study.
func (g Grant) in(study StudyID, roles ...Role) bool {
	return g.StudyID == study && slices.Contains(roles, g.Role)
}

// IsAdministrator reports whether the actor may manage users and studies.
func (a Actor) IsAdministrator() bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator })
}

// MayKeepLibrary reports whether the actor may see and add questionnaires: they
// belong to the installation, and every researcher uses them.
func (a Actor) MayKeepLibrary() bool {
	return a.has(func(g Grant) bool {
		return g.Role == RoleAdministrator || g.Role == RoleResearcher || g.Role == RoleLead
	})
}

// MayKeepCourses reports whether the actor may see, copy and write course templates:
// they belong to the installation, and whoever starts course runs works with them.
func (a Actor) MayKeepCourses() bool {
	return a.has(func(g Grant) bool {
		return g.Role == RoleAdministrator || g.Role == RoleResearcher || g.Role == RoleLead || g.Role == RoleFacilitator && g.RunID == ""
	})
}

// MayAnalyse reports whether the actor may see the study's pseudonymous data.
func (a Actor) MayAnalyse(study StudyID) bool {
	return a.through(ScopeAnswers, study, func(g Grant) bool { return g.in(study, RoleResearcher, RoleLead) })
}

// MayBring reports whether the actor may bring answers into the study, from files and
// from paper.
func (a Actor) MayBring(study StudyID) bool {
	return a.through(ScopeWriteAnswers, study, func(g Grant) bool { return g.in(study, RoleResearcher, RoleLead) })
}

// MayCorrect reports whether the actor may put submitted answers of a study right, in
// person.
func (a Actor) MayCorrect(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.in(study, RoleResearcher, RoleLead) })
}

// MayRun reports whether the actor may see who is in the run and manage it.
func (a Actor) MayRun(study StudyID, run RunID) bool {
	return a.through(ScopeWritePeople, study, func(g Grant) bool {
		return g.Role == RoleFacilitator && g.StudyID == study && (g.RunID == "" || g.RunID == run)
	})
}

// MayKnowPeople reports whether the actor may see the study's people by their
// pseudonyms.
func (a Actor) MayKnowPeople(study StudyID) bool {
	return a.through(ScopePeople, study, func(g Grant) bool { return g.in(study, RoleResearcher, RoleLead) })
}

// MayRunAny reports whether the actor may manage at least one run of the study.
func (a Actor) MayRunAny(study StudyID) bool {
	return a.through(ScopeWritePeople, study, func(g Grant) bool { return g.Role == RoleFacilitator && g.StudyID == study })
}

// MayStartRuns reports whether the actor may open new course runs of a study.
func (a Actor) MayStartRuns(study StudyID) bool {
	return a.has(func(g Grant) bool {
		return g.StudyID == study && g.RunID == "" && g.Role == RoleFacilitator
	})
}

// MayWriteConsent reports whether the actor may write what people agree to.
func (a Actor) MayWriteConsent(study StudyID) bool {
	return a.has(func(g Grant) bool {
		return g.Role == RoleAdministrator || g.in(study, RoleResearcher, RoleLead)
	})
}

// MayKnowStudy reports whether the actor has any role in the study but an auditor's, or
// runs the installation.
func (a Actor) MayKnowStudy(study StudyID) bool {
	return a.through(ScopeMetadata, study, func(g Grant) bool {
		return g.Role == RoleAdministrator || g.StudyID == study && g.Role != RoleAuditor
	})
}

// MayReach reports whether the actor may see who is in the run and how they are
// reached, and correct it.
func (a Actor) MayReach(study StudyID, run RunID) bool {
	return a.MayRun(study, run) || a.MayReachAll(study)
}

// MayReachAll reports whether the actor looks after the contact data of a whole study.
func (a Actor) MayReachAll(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.in(study, RoleDataManager) })
}

// MayOpen reports whether the actor may open a study that is set up.
func (a Actor) MayOpen(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator || g.in(study, RoleLead) })
}

// MayGiveRoles reports whether the actor may say who has which role in a study.
func (a Actor) MayGiveRoles(study StudyID) bool { return a.MayOpen(study) }

// MayAudit reports whether the actor may read the whole audit trail.
func (a Actor) MayAudit() bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator || g.in("", RoleAuditor) })
}

// Audited are the studies whose part of the audit trail the actor may read, when it is
// not the whole.
func (a Actor) Audited() []StudyID {
	var all []StudyID
	if a.Kind != ActorUser || !a.inPerson() {
		return nil
	}
	for _, g := range a.User.Grants {
		if g.Role == RoleAuditor && g.StudyID != "" {
			all = append(all, g.StudyID)
		}
	}
	return all
}
