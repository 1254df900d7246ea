package web

import "tidemark/survey"

// heldWords are the message keys of each kind of what is stored: what it is, how
// many there are, and who sees it.
func heldWords(k survey.HoldingKind) heldKind {
	return map[survey.HoldingKind]heldKind{
		survey.HoldContact:        {Name: "mydata.kind_contact", Counted: "mydata.count_contact", Who: "mydata.who_contact"},
		survey.HoldParticipation:  {Name: "mydata.kind_participation", Counted: "mydata.count_participation", Who: "mydata.who_participation"},
		survey.HoldConsents:       {Name: "mydata.kind_consents", Counted: "mydata.count_consents", Who: "mydata.who_consents"},
		survey.HoldQuestionnaires: {Name: "mydata.kind_questionnaires", Counted: "mydata.count_questionnaires", Who: "mydata.who_questionnaires"},
		survey.HoldAnswers:        {Name: "mydata.kind_answers", Counted: "mydata.count_answers", Who: "mydata.who_answers"},
		survey.HoldScores:         {Name: "mydata.kind_scores", Counted: "mydata.count_scores", Who: "mydata.who_scores"},
		survey.HoldPractice:       {Name: "mydata.kind_practice", Counted: "mydata.count_practice", Who: "mydata.who_practice"},
		survey.HoldOwnWords:       {Name: "mydata.kind_own_words", Counted: "mydata.count_own_words", Who: "mydata.who_own_words"},
		survey.HoldAttendance:     {Name: "mydata.kind_attendance", Counted: "mydata.count_attendance", Who: "mydata.who_attendance"},
		survey.HoldStaffNotes:     {Name: "mydata.kind_staff_notes", Counted: "mydata.count_staff_notes", Who: "mydata.who_staff_notes"},
		survey.HoldMessages:       {Name: "mydata.kind_messages", Counted: "mydata.count_messages", Who: "mydata.who_messages"},
		survey.HoldSafety:         {Name: "mydata.kind_safety", Counted: "mydata.count_safety", Who: "mydata.who_safety"},
		survey.HoldSignIns:        {Name: "mydata.kind_sign_ins", Counted: "mydata.count_sign_ins", Who: "mydata.who_sign_ins"},
		survey.HoldTrail:          {Name: "mydata.kind_trail", Counted: "mydata.count_trail", Who: "mydata.who_trail"},
	}[k]
}
