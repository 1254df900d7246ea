package survey

import (
	"strings"
	"time"

	"tidemark/survey/selfcode"
)

// SelfCodeSetting is what the codes are made of by which the people of a study are
// known, instead of links.
type SelfCodeSetting struct {
	StudyID StudyID
	Recipe  selfcode.Recipe
	SavedAt time.Time
	SavedBy string
}

// SelfCode is the code that one person made. Its parts are sealed as notes are; by
// the hash the same code is found again without opening any.
type SelfCode struct {
	StudyID     StudyID
	EnrolmentID EnrolmentID
	Hash        string
	KeyID       string
	Sealed      []byte
	MadeAt      time.Time
}

// SelfCodeField is the field of a form that a part of a code is typed into.
func SelfCodeField(p selfcode.Part) string { return "part_" + p.Key }

// noteSelfCode is how what is sealed tells a code from a note.
const noteSelfCode NoteKind = "self_code"

func selfCodePlace(study StudyID, id EnrolmentID) NotePlace {
	return NotePlace{StudyID: study, EnrolmentID: id, ID: "self_code", Kind: noteSelfCode}
}

// selfCodeHash is the hash under which a code is stored. It is one of this study and
// these parts, so codes of two studies cannot be compared.
func (e Env) selfCodeHash(study StudyID, r selfcode.Recipe, c selfcode.Code) string {
	parts := []string{"self-made code", string(study)}
	for i, p := range r {
		parts = append(parts, p.Key, c[i])
	}
	return e.Keys.HashToken(strings.Join(parts, "\x00"))
}

// sealSelfCode is what is stored of a code.
func (e Env) sealSelfCode(study StudyID, id EnrolmentID, r selfcode.Recipe, c selfcode.Code, at time.Time) SelfCode {
	s := SelfCode{StudyID: study, EnrolmentID: id, Hash: e.selfCodeHash(study, r, c), MadeAt: at}
	s.KeyID, s.Sealed = e.Keys.SealNote(selfCodePlace(study, id), []byte(strings.Join(c, "\x00")))
	return s
}

// openSelfCode gives the parts of a code; ErrSealed when this installation cannot.
func (e Env) openSelfCode(s SelfCode, r selfcode.Recipe) (selfcode.Code, error) {
	plain, err := e.Keys.OpenNote(selfCodePlace(s.StudyID, s.EnrolmentID), s.KeyID, s.Sealed)
	if err != nil {
		return nil, err
	}
	c := selfcode.Code(strings.Split(string(plain), "\x00"))
	if len(c) != len(r) {
		return nil, ErrSealed
	}
	return c, nil
}
