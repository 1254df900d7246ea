package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"tidemark/survey"
	"tidemark/survey/vault"
)

// What staff note of an alert is sealed within the column that held it in the open, as
// text that begins with sealedMark.
const (
	sealedMark = "vault1:"
	// stillOpen is the condition that a note is none of these.
	stillOpen = `note <> '' AND note NOT LIKE 'vault1:%'`
)

// The labels that notes of alerts are sealed for, before the row's id.
const (
	alertLabel = "risk_alert "
	stepLabel  = "alert_step "
)

func sealText(p *vault.Person, label, text string) string {
	if text == "" {
		return ""
	}
	return sealedMark + base64.RawStdEncoding.EncodeToString(p.Seal(label, text))
}

func openText(p *vault.Person, label, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	bytes, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(text, sealedMark))
	if err != nil || !strings.HasPrefix(text, sealedMark) {
		return "", survey.ErrSealed
	}
	plain, err := p.Open(label, bytes)
	return plain, closedOr(err)
}

// openRecords opens a column of a person's rows.
func (r reader) openRecords(ctx context.Context, column sealedColumn, study survey.StudyID, id survey.EnrolmentID, rows []map[string]any) error {
	if column.name == "" || len(rows) == 0 {
		return nil
	}
	var participant string
	var key sealedKey
	err := r.one(ctx, append([]any{&participant}, key.targets()...), `SELECT e.participant_id, k.key_id, k.wrapped FROM enrolment e
		LEFT JOIN person_key k ON k.study_id = e.study_id AND k.participant_id = e.participant_id
		WHERE e.study_id = ? AND e.id = ?`, string(study), string(id))
	if err != nil {
		return err
	}
	var p *vault.Person
	for _, row := range rows {
		value := row[column.name]
		if value == "" {
			continue
		}
		if p == nil {
			if p, err = r.person(ctx, key, study, participantOwner(survey.ParticipantID(participant))); err != nil {
				return err
			}
		}
		label, text := column.label+fmt.Sprint(row["id"]), ""
		if inBytes, ok := value.([]byte); ok {
			text, err = p.Open(label, inBytes)
		} else {
			text, err = openText(p, label, fmt.Sprint(value))
		}
		if err != nil {
			return closedOr(err)
		}
		delete(row, column.name)
		row[column.as] = text
	}
	return nil
}

// alertKey opens the key of whoever an alert is about, and makes one where there is
// none.
func (t *transaction) alertKey(ctx context.Context, study survey.StudyID, id survey.AlertID) (*vault.Person, error) {
	var enrolment string
	err := t.one(ctx, []any{&enrolment}, `SELECT x.enrolment_id FROM risk_alert a JOIN assessment x ON x.study_id = a.study_id AND x.id = a.assessment_id
		WHERE a.study_id = ? AND a.id = ?`, string(study), string(id))
	if err != nil {
		return nil, err
	}
	return t.keyOfEnrolment(ctx, study, survey.EnrolmentID(enrolment))
}

// alertNote is a note as it is stored of an alert, and what it opens with.
type alertNote struct {
	text, participant string
	key               sealedKey
}

// alertPerson joins alerts a with the key k of whoever they are about.
const alertPerson = ` JOIN assessment x ON x.study_id = a.study_id AND x.id = a.assessment_id
	JOIN enrolment e ON e.study_id = x.study_id AND e.id = x.enrolment_id
	LEFT JOIN person_key k ON k.study_id = e.study_id AND k.participant_id = e.participant_id `

// targets are where e.participant_id and the key go.
func (n *alertNote) targets() []any { return append([]any{&n.participant}, n.key.targets()...) }

func (r reader) openAlertNote(ctx context.Context, study survey.StudyID, n *alertNote, label string) (string, error) {
	if n.text == "" {
		return "", nil
	}
	p, err := r.person(ctx, n.key, study, participantOwner(survey.ParticipantID(n.participant)))
	if err != nil {
		return "", err
	}
	return openText(p, label, n.text)
}
