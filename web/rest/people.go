package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/mail"
	"strconv"
	"strings"

	"tidemark/survey"
)

func bodyFault(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return refuse(http.StatusBadRequest, "The body does not fit at "+kind.Field+".")
	}
	if errors.Is(err, io.EOF) {
		return refuse(http.StatusBadRequest, "There is no body.")
	}
	if text := err.Error(); strings.HasPrefix(text, "json: unknown field") {
		return refuse(http.StatusBadRequest, "The body has a field that is not known: "+strings.TrimPrefix(text, "json: unknown field "))
	}
	return refuse(http.StatusBadRequest, "The body is no JSON.")
}

func enrolmentOf(d survey.StudyDesign) func(survey.Enrolment) Enrolment {
	return func(e survey.Enrolment) Enrolment {
		arm, _ := d.Arm(e.ArmID)
		return Enrolment{
			Participant: e.Code,
			Run:         string(e.RunID),
			Arm:         arm.Key,
			EnrolledAt:  e.EnrolledAt,
			WithdrawnAt: when(e.WithdrawnAt),
			DeclinedAt:  when(e.DeclinedAt),
			CrossedTo:   or(string(e.CrossedTo)),
			CrossedAt:   when(e.CrossedAt),
		}
	}
}

func (k *call) enrolments() error {
	after, err := k.cursor(1)
	if err != nil {
		return err
	}
	d, err := k.design()
	if err != nil {
		return err
	}
	limit := k.limit()
	rows, err := k.use.Programs.Enrolments(k.ctx, k.actor, k.study.ID, after[0], limit+1)
	if err != nil {
		return err
	}
	return k.answer(page(rows, limit, func(e survey.Enrolment) []string { return []string{e.Code} }, enrolmentOf(d)))
}

func (k *call) enrolment() error {
	d, err := k.design()
	if err != nil {
		return err
	}
	e, err := k.use.Programs.Enrolment(k.ctx, k.actor, k.study.ID, k.c.Param("participant"))
	if err != nil {
		return err
	}
	return k.answer(enrolmentOf(d)(e))
}

func (k *call) assessments() error {
	after, err := k.cursor(1)
	if err != nil {
		return err
	}
	d, err := k.design()
	if err != nil {
		return err
	}
	f, err := k.filter(d)
	if err != nil {
		return err
	}
	waves, limit := waveKeys(d), k.limit()
	key := func(a survey.AssessmentEntry) []string { return []string{string(a.ID)} }
	rows, err := k.use.Programs.Assessments(k.ctx, k.actor, k.study.ID, f, survey.AssessmentID(after[0]), limit+1)
	if err != nil {
		return err
	}
	return k.answer(page(rows, limit, key, func(a survey.AssessmentEntry) Assessment {
		def := d.Instruments[a.InstrumentID].Definition
		return Assessment{
			ID:                string(a.ID),
			Participant:       a.Code,
			Wave:              waves[a.WaveID],
			Instrument:        def.Key,
			InstrumentVersion: def.Version,
			StartedAt:         when(a.StartedAt),
			SavedAt:           when(a.SavedAt),
			SubmittedAt:       when(a.SubmittedAt),
		}
	}))
}

func waveKeys(d survey.StudyDesign) map[survey.WaveID]string {
	keys := map[survey.WaveID]string{}
	for _, w := range d.Waves {
		keys[w.ID] = w.Key
	}
	return keys
}

func (k *call) addPeople() error {
	var given NewPeople
	if err := k.body(&given); err != nil {
		return err
	}
	n := survey.Enrolling{}
	faults := survey.FieldErrors{}
	for i, p := range given.People {
		person := survey.Person{Name: strings.Join(strings.Fields(p.Name), " "), Email: strings.ToLower(strings.TrimSpace(p.Email)), Language: p.Language}
		place := "people/" + strconv.Itoa(i)
		if a, err := mail.ParseAddress(person.Email); person.Email != "" && (err != nil || a.Address != person.Email) {
			faults[place+"/email"] = "no e-mail address"
		}
		if read, err := survey.ParsePeople(person.Line()); err != nil || len(read) > 1 {
			faults[place] = "cannot be read as a person"
		}
		n.People = append(n.People, person)
	}
	if len(faults) > 0 {
		return faults
	}
	if key := k.c.GetHeader("Idempotency-Key"); key != "" {
		sum := sha256.Sum256([]byte(string(k.actor.Token.ID) + "\x00" + key))
		n.Once = survey.Once(hex.EncodeToString(sum[:16]))
	}
	added, err := k.use.Runs.Enrol(k.ctx, k.actor, k.study.ID, survey.RunID(k.c.Param("run")), n)
	if err != nil {
		return err
	}
	out := Added{Participants: []string{}}
	for _, e := range added {
		out.Participants = append(out.Participants, e.Code)
	}
	return k.answer(out)
}
