package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// auditLines is how much of the trail one page shows.
const auditLines = 200

type auditPage struct {
	Page
	Lines   []auditLine
	Studies []survey.Study
	Study   string // key of the study shown; empty: everything
	Limit   int
}

// auditLine is one event in words.
type auditLine struct {
	At                        time.Time
	Who, What, Detail, Object string
	Study                     string
}

// showAudit is the newest part of the audit trail, of one study or of all.
func (s *Server) showAudit(c *gin.Context, a survey.Actor) error {
	ctx := c.Request.Context()
	users, err := s.use.Users.List(ctx, a)
	if err != nil {
		return err
	}
	studies, err := s.use.Studies.List(ctx, a)
	if err != nil {
		return err
	}
	p := auditPage{
		Page:    s.staffPage(c, a, survey.Study{}, sectionAdmin, "Audit trail"),
		Studies: studies, Study: c.Query("study"), Limit: auditLines,
	}
	var only survey.StudyID
	if p.Study != "" {
		st, err := s.use.Studies.ByKey(ctx, a, p.Study)
		if err != nil {
			return err
		}
		only = st.ID
	}
	events, err := s.use.Studies.AuditTrail(ctx, a, only, auditLines)
	if err != nil {
		return err
	}
	names, titles := map[string]string{}, map[survey.StudyID]string{}
	for _, u := range users {
		names[string(u.ID)] = u.Name
		if u.Name == "" {
			names[string(u.ID)] = u.Email
		}
	}
	for _, st := range studies {
		titles[st.ID] = st.Title
	}
	for _, e := range events {
		p.Lines = append(p.Lines, auditLine{
			At: e.At, Who: actorWords(e, names), What: actionWords(e.Action), Detail: detailWords(e),
			Object: objectWords(e, names), Study: titles[e.StudyID],
		})
	}
	return s.render(c, 200, "admin_audit", p)
}

// actorWords names staff. Participants stay nameless here.
func actorWords(e survey.AuditEvent, names map[string]string) string {
	switch e.ActorKind {
	case survey.ActorUser:
		if name, ok := names[e.ActorID]; ok {
			return name
		}
		return "An account"
	case survey.ActorParticipant:
		return "A participant"
	default:
		return sentenceCase(e.ActorID)
	}
}

// objectWords says whom an event is about when that is somebody else's account;
// other objects go by the end of their identifier, which is enough to find them.
func objectWords(e survey.AuditEvent, names map[string]string) string {
	switch {
	case e.ObjectKind == "user" && e.ObjectID == e.ActorID:
		return ""
	case e.ObjectKind == "user":
		return names[e.ObjectID]
	}
	id := e.ObjectID
	if len(id) > 8 {
		id = "…" + id[len(id)-8:]
	}
	return e.ObjectKind + " " + id
}

func detailWords(e survey.AuditEvent) string {
	if e.Action == survey.ActionRoleGranted {
		return roleWord(survey.Role(e.Detail))
	}
	return e.Detail
}

// actionWords says what happened. An action without words of its own is shown
// as it is stored.
func actionWords(a survey.Action) string {
	words := map[survey.Action]string{
		survey.ActionStudyCreated:      "made the study",
		survey.ActionStudyOpened:       "opened the study",
		survey.ActionFeedbackSet:       "decided when people see their own scores",
		survey.ActionRunCreated:        "started a course run",
		survey.ActionRunMoved:          "moved the start of a course run",
		survey.ActionPeopleAdded:       "added people to a course run",
		survey.ActionEnrolled:          "added a person",
		survey.ActionWithdrawn:         "left the study",
		survey.ActionConsentGiven:      "gave consent",
		survey.ActionConsentDeclined:   "declined to take part",
		survey.ActionConsentChoice:     "changed an optional consent",
		survey.ActionConsentWritten:    "wrote on a consent text",
		survey.ActionConsentDiscarded:  "discarded a draft of a consent text",
		survey.ActionConsentPublished:  "published a consent text",
		survey.ActionSubmitted:         "submitted a questionnaire",
		survey.ActionAttendanceNoted:   "noted attendance",
		survey.ActionLinksPrinted:      "printed personal links",
		survey.ActionLinkReplaced:      "replaced a personal link",
		survey.ActionExported:          "exported data",
		survey.ActionUserCreated:       "made an account",
		survey.ActionInvited:           "made a sign-in link",
		survey.ActionUserDisabled:      "closed an account",
		survey.ActionRoleGranted:       "gave a role",
		survey.ActionSignedIn:          "signed in",
		survey.ActionSignInFailed:      "failed to sign in",
		survey.ActionSignedOut:         "signed out",
		survey.ActionPasswordChanged:   "changed a password",
		survey.ActionReportViewed:      "looked at the results",
		survey.ActionInstrumentAdded:   "added a questionnaire",
		survey.ActionVersionRetired:    "retired a questionnaire, or took that back",
		survey.ActionVersionReplaced:   "replaced a questionnaire by a newer version",
		survey.ActionTermsAccepted:     "accepted the terms of a questionnaire",
		survey.ActionWaveSetsChosen:    "chose the questionnaires of the study",
		survey.ActionPersonalLinkUsed:  "opened a personal link",
		survey.ActionLinkAsked:         "was asked to send a lost link",
		survey.ActionPlanWritten:       "wrote the analysis plan",
		survey.ActionPlanDiscarded:     "discarded a draft of the analysis plan",
		survey.ActionPlanLocked:        "locked the analysis plan",
		survey.ActionSnapshotTaken:     "froze the data",
		survey.ActionSnapshotRemoved:   "removed the data of a snapshot",
		survey.ActionSafetyDeclared:    "declared how the study looks after its people",
		survey.ActionAlertOpened:       "opened an alert",
		survey.ActionAlertEscalated:    "took an alert further up",
		survey.ActionAlertAcknowledged: "took an alert on",
		survey.ActionTextsWritten:      "wrote texts of the study in a language",
		survey.ActionNoteShared:        "shared a private note",
		survey.ActionNoteUnshared:      "took back a shared note",
		survey.ActionPaused:            "paused messages",
		survey.ActionResumed:           "wants messages again",
		survey.ActionCopyTaken:         "took a copy of what is stored of them",
		survey.ActionCodeAsked:         "asked for a code to take a copy",
		survey.ActionErased:            "left and had everything erased",
		survey.ActionErasureReplayed:   "erased again after an older copy was put back",
		survey.ActionErasureCleared:    "said that handed-out copies are cleared",
		survey.ActionErasurePolicy:     "changed what may be erased",
	}
	if w, ok := words[a]; ok {
		return w
	}
	return string(a)
}
