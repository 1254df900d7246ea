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
	if a.Kind != ActorUser || !a.User.DisabledAt.IsZero() {
		return false
	}
	return slices.ContainsFunc(a.User.Grants, match)
}

// IsAdministrator reports whether the actor may manage users and studies.
func (a Actor) IsAdministrator() bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator })
}

// MayKeepLibrary reports whether the actor may see and add questionnaires: they
// belong to the installation, and every researcher uses them.
func (a Actor) MayKeepLibrary() bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator || g.Role == RoleResearcher })
}

// MayAnalyse reports whether the actor may see the study's pseudonymous data.
func (a Actor) MayAnalyse(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.Role == RoleResearcher && g.StudyID == study })
}

// MayRun reports whether the actor may see who is in the run and manage it.
func (a Actor) MayRun(study StudyID, run RunID) bool {
	return a.has(func(g Grant) bool {
		return g.Role == RoleFacilitator && g.StudyID == study && (g.RunID == "" || g.RunID == run)
	})
}

// MayRunAny reports whether the actor may manage at least one run of the study.
func (a Actor) MayRunAny(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.Role == RoleFacilitator && g.StudyID == study })
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
		return g.Role == RoleAdministrator || g.Role == RoleResearcher && g.StudyID == study
	})
}

// MayKnowStudy reports whether the actor has any role in the study, or runs
// the installation.
func (a Actor) MayKnowStudy(study StudyID) bool {
	return a.has(func(g Grant) bool { return g.Role == RoleAdministrator || g.StudyID == study })
}
