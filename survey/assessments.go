package survey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Assessments are the use cases of answering.
type Assessments struct {
	env Env
	// definitions keeps questionnaires by version. A version never changes,
	// so an entry cannot be stale, in this process or in another.
	definitions sync.Map // InstrumentID → *instrument.Definition
}

func (u *Assessments) definition(ctx context.Context, r Reader, id InstrumentID) (*instrument.Definition, error) {
	if d, ok := u.definitions.Load(id); ok {
		return d.(*instrument.Definition), nil
	}
	v, err := r.InstrumentVersion(ctx, id)
	if err != nil {
		return nil, err
	}
	u.definitions.Store(id, v.Definition)
	return v.Definition, nil
}

// takesPart is the participation of an actor who may answer now.
func takesPart(a Actor) (Participation, error) {
	switch p := a.Participation; {
	case a.Kind != ActorParticipant:
		return p, ErrForbidden
	case p.Enrolment.Withdrawn():
		return p, ErrWithdrawn
	case !p.Consented():
		return p, ErrConsentRequired
	default:
		return p, nil
	}
}

// Due lists everything the person is asked in the study, in order, with its
// state now. What closed before they joined is not among it, and what follows
// something else is from when that is done.
func (u *Assessments) Due(ctx context.Context, a Actor) ([]DueItem, error) {
	if a.Kind != ActorParticipant {
		return nil, ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	items, err := u.env.Store.Due(ctx, p.Study.ID, p.Enrolment.ID)
	if err != nil {
		return nil, fmt.Errorf("list what is due: %w", err)
	}
	p.ownWindows(items)
	for i := range items {
		it := &items[i]
		if it.Definition, err = u.definition(ctx, u.env.Store, it.Instrument); err != nil {
			return nil, fmt.Errorf("list what is due: %w", err)
		}
		it.State = p.Study.stateOf(it.Assessment.StateAt(it.Window, p.Enrolment.WithdrawnAt, now))
	}
	return slices.DeleteFunc(items, func(it DueItem) bool { return it.State == AssessmentNotAsked }), nil
}

// Sheet opens one assessment of the person: the questionnaire and, until it is
// submitted, the answers so far. Somebody else's assessment is ErrNotFound; one
// that cannot be answered now is returned with its state.
func (u *Assessments) Sheet(ctx context.Context, a Actor, id AssessmentID) (Sheet, error) {
	p, err := takesPart(a)
	if err != nil {
		return Sheet{}, err
	}
	s, err := u.sheet(ctx, a, id, u.env.now())
	if err != nil {
		return Sheet{}, fmt.Errorf("open assessment %s: %w", id, err)
	}
	if s.State == AssessmentSubmitted {
		return s, nil
	}
	responses, err := u.env.Store.Responses(ctx, p.Study.ID, id)
	if err != nil {
		return Sheet{}, fmt.Errorf("open assessment %s: %w", id, err)
	}
	s.Answers = answersOf(s.Definition, responses)
	return s, nil
}

func (u *Assessments) sheet(ctx context.Context, a Actor, id AssessmentID, now time.Time) (Sheet, error) {
	p := a.Participation
	var open OpenAssessment
	var err error
	if a.Open != nil && a.Open.Assessment.ID == id {
		open = *a.Open
	} else if open, err = openAssessment(ctx, u.env.Store, p, id); err != nil {
		return Sheet{}, err
	}
	as := open.Assessment
	if as.EnrolmentID != p.Enrolment.ID {
		return Sheet{}, ErrNotFound
	}
	s := Sheet{Assessment: as, Wave: open.Wave, Window: open.window(p)}
	s.State = p.Study.stateOf(as.StateAt(s.Window, p.Enrolment.WithdrawnAt, now))
	s.Definition, err = u.definition(ctx, u.env.Store, as.InstrumentID)
	return s, err
}

// openAssessment reads an assessment as ParticipationAtAssessment does.
func openAssessment(ctx context.Context, r Reader, p Participation, id AssessmentID) (OpenAssessment, error) {
	var open OpenAssessment
	var err error
	if open.Assessment, open.Wave, err = r.Assessment(ctx, p.Study.ID, id); err != nil {
		return open, err
	}
	if open.Wave.Rule.Anchor != schedule.AnchorWave || open.Assessment.EnrolmentID != p.Enrolment.ID {
		return open, nil
	}
	items, err := r.Due(ctx, p.Study.ID, p.Enrolment.ID)
	open.FollowedAt = completedAt(items)[open.Wave.Rule.Wave]
	return open, err
}

// window is when the assessment can be answered by its person.
func (o OpenAssessment) window(p Participation) schedule.Window {
	who := schedule.Person{EnrolledAt: p.Enrolment.EnrolledAt, JoinedAt: p.Enrolment.RunSince}
	if o.Wave.Rule.Anchor == schedule.AnchorWave {
		who.Submitted = map[string]time.Time{o.Wave.Rule.Wave: o.FollowedAt}
	}
	w, _ := p.Run.Calendar().Window(o.Wave.Rule, who)
	return w
}

// writable opens an assessment whose answers may still change.
func (u *Assessments) writable(ctx context.Context, a Actor, id AssessmentID, now time.Time) (Sheet, error) {
	if _, err := takesPart(a); err != nil {
		return Sheet{}, err
	}
	s, err := u.sheet(ctx, a, id, now)
	if err != nil {
		return Sheet{}, err
	}
	switch s.State {
	case AssessmentOpen, AssessmentPartly:
		return s, nil
	case AssessmentSubmitted:
		return s, ErrSubmitted
	case AssessmentExpired:
		if a.Participation.Study.State == StudyClosed {
			return s, ErrStudyClosed
		}
		return s, ErrExpired
	case AssessmentScheduled, AssessmentNotAsked:
		return s, ErrNotOpen
	case AssessmentWithdrawn:
		return s, ErrWithdrawn
	default:
		return s, ErrExpired
	}
}

// Save keeps answers as they are given. It returns once they are on stable
// storage. Values out of range are FieldErrors and nothing is written; so is
// nothing after submission (ErrSubmitted) or outside the window (ErrNotOpen,
// ErrExpired). Saving the same answers again changes nothing but the time; an
// answer without a value takes the stored one back.
// Answers that meet a rule about risk are flagged in the same transaction.
// The sheet it returns is the one answered, without the answers.
func (u *Assessments) Save(ctx context.Context, a Actor, id AssessmentID, answers instrument.Answers) (Sheet, error) {
	return u.SaveAsked(ctx, a, id, answers, nil)
}

// SaveAsked is Save with how the questions were asked, by item, which is kept with
// the answers.
func (u *Assessments) SaveAsked(ctx context.Context, a Actor, id AssessmentID, answers instrument.Answers, how map[string]AskedAs) (Sheet, error) {
	return u.SaveGiven(ctx, a, id, Given{Answers: answers, How: how})
}

// SaveGiven is Save with all that a page knows. An answer that another device has
// changed meanwhile is not overwritten: it is among the sheet's Conflicts with what
// is stored, while the other answers are saved.
func (u *Assessments) SaveGiven(ctx context.Context, a Actor, id AssessmentID, g Given) (Sheet, error) {
	answers, now := g.Answers, u.env.now()
	visit, visited := g.Visit.at(id, now, len(answers) > 0)
	s, err := u.writable(ctx, a, id, now)
	if err != nil {
		return Sheet{}, fmt.Errorf("save answers to %s: %w", id, err)
	}
	if err := checkAnswers(s.Definition, answers); err != nil {
		return Sheet{}, err
	}
	as := s.Assessment
	if len(answers) == 0 {
		if visited {
			err = u.env.Store.InTx(ctx, func(tx Tx) error { return tx.NotePageVisit(ctx, as.StudyID, visit) })
		}
		return s, err
	}
	risky := flaggedItems(s.Definition, answers)
	s.Flagged = len(risky) > 0
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.MarkSaved(ctx, as.StudyID, as.EnrolmentID, as.ID, now)
		if err != nil {
			return err
		}
		if !ok {
			return refusal(ctx, tx, as)
		}
		if err := keepOrder(ctx, tx, s); err != nil {
			return err
		}
		var fresh instrument.Answers
		if s.Conflicts, fresh, err = g.conflicts(ctx, tx, s); err != nil {
			return err
		}
		if err := tx.DeleteResponses(ctx, as.StudyID, as.ID, takenBack(fresh)); err != nil {
			return err
		}
		given := responsesOf(s.Definition, fresh, now)
		for i := range given {
			given[i].Language, given[i].Layout = g.How[given[i].Item].Language, g.How[given[i].Item].Layout
		}
		if visited {
			if err := tx.NotePageVisit(ctx, as.StudyID, visit); err != nil {
				return err
			}
		}
		if err := tx.PutResponses(ctx, as.StudyID, as.ID, given); err != nil {
			return err
		}
		s.HelpDue, err = u.env.flag(ctx, tx, as, risky, now)
		return err
	})
	if err != nil {
		return Sheet{}, fmt.Errorf("save answers to %s: %w", id, err)
	}
	u.env.Meter.Saved()
	return s, nil
}

// keepOrder notes the order in which the person is asked, with their first answer.
func keepOrder(ctx context.Context, tx Tx, s Sheet) error {
	order := s.Order()
	if len(order) == 0 || s.Assessment.ItemOrder != "" {
		return nil
	}
	return tx.KeepItemOrder(ctx, s.Assessment.StudyID, s.Assessment.ID, strings.Join(order, ","))
}

// Submit closes the assessment, with any answers that come along, and scores it,
// all in one transaction: it happens once or not at all. A second submission is
// ErrSubmitted and changes nothing. Items without an answer are written as
// skipped; items that the answers keep from being asked as not shown, and what was
// answered to them before does not count. A question that must be answered and is not
// is a FieldError of instrument.MessageRequired, and nothing is submitted.
func (u *Assessments) Submit(ctx context.Context, a Actor, id AssessmentID, answers instrument.Answers) error {
	now := u.env.now()
	s, err := u.writable(ctx, a, id, now)
	if err != nil {
		return fmt.Errorf("submit assessment %s: %w", id, err)
	}
	if err := checkAnswers(s.Definition, answers); err != nil {
		return err
	}
	as, def := s.Assessment, s.Definition
	event := u.env.event(a, as.StudyID, now, ActionSubmitted, "assessment", string(as.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.MarkSubmitted(ctx, as.StudyID, as.EnrolmentID, as.ID, now)
		if err != nil {
			return err
		}
		if !ok {
			return refusal(ctx, tx, as)
		}
		if err := keepOrder(ctx, tx, s); err != nil {
			return err
		}
		stored, err := tx.Responses(ctx, as.StudyID, as.ID)
		if err != nil {
			return err
		}
		all := answersOf(def, stored)
		maps.Copy(all, answers)
		if err := complete(s, all); err != nil {
			return err
		}
		missing := missingOf(def, all, now)
		final := append(responsesOf(def, answers, now), missing...)
		if err := tx.PutResponses(ctx, as.StudyID, as.ID, final); err != nil {
			return err
		}
		if _, err := u.env.flag(ctx, tx, as, flaggedItems(def, all), now); err != nil {
			return err
		}
		for _, r := range missing {
			delete(all, r.Item)
		}
		if err := tx.CreateScores(ctx, as.StudyID, as.ID, def.Score(all.Numbers()), now); err != nil {
			return err
		}
		if err := tx.Announce(ctx, submittedNotice(as, s.Wave, now)); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("submit assessment %s: %w", id, err)
	}
	u.env.Meter.Submitted()
	return nil
}

// complete reports the questions that must be answered and are not.
func complete(s Sheet, answers instrument.Answers) error {
	s.Answers = answers
	lacking := s.Walk().Lacking(0)
	if len(lacking) == 0 {
		return nil
	}
	faults := FieldErrors{}
	for _, code := range lacking {
		faults[code] = instrument.MessageRequired
	}
	return faults
}

// refusal is why an assessment that could be written a moment ago, when the
// request was read, takes nothing any more: on another device, or on another
// server, it was submitted or its person left.
func refusal(ctx context.Context, tx Tx, as Assessment) error {
	p, err := tx.Participation(ctx, as.StudyID, as.EnrolmentID)
	switch {
	case errors.Is(err, ErrNotFound): // erased
		return ErrWithdrawn
	case err != nil:
		return err
	case p.Enrolment.Withdrawn():
		return ErrWithdrawn
	default:
		return ErrSubmitted
	}
}

func checkAnswers(d *instrument.Definition, answers instrument.Answers) error {
	err := d.Check(answers)
	if faults, ok := errors.AsType[instrument.FieldErrors](err); ok {
		return FieldErrors(faults)
	}
	return err
}

// answersOf keeps the values and leaves out what is missing.
func answersOf(d *instrument.Definition, responses []Response) instrument.Answers {
	answers := make(instrument.Answers, len(responses))
	for _, r := range responses {
		if r.Missing == NotMissing {
			item, _ := d.Item(r.Item)
			answers[r.Item] = instrument.ValueOf(item.Type, r.Value, r.Text)
		}
	}
	return answers
}

// responsesOf puts answers in the questionnaire's order, which makes concurrent
// writers lock rows in one order.
func responsesOf(d *instrument.Definition, answers instrument.Answers, at time.Time) []Response {
	rs := make([]Response, 0, len(answers))
	for _, it := range d.Items {
		if v := answers[it.Code]; !v.IsZero() {
			number, text := v.Stored()
			rs = append(rs, Response{Item: it.Code, Value: number, Text: text, AnsweredAt: at})
		}
	}
	return rs
}

// takenBack are the items whose answer is given without a value.
func takenBack(answers instrument.Answers) []string {
	var items []string
	for code, v := range answers {
		if v.IsZero() {
			items = append(items, code)
		}
	}
	slices.Sort(items)
	return items
}

// missingOf are the items without an answer at submission, each with its reason.
func missingOf(d *instrument.Definition, answers instrument.Answers, at time.Time) []Response {
	var rs []Response
	shown := d.Shown(answers)
	for _, it := range d.Items {
		switch {
		case !it.Type.Asked():
		case !shown[it.Code]:
			rs = append(rs, Response{Item: it.Code, Missing: MissingNotShown, AnsweredAt: at})
		case answers[it.Code].IsZero():
			rs = append(rs, Response{Item: it.Code, Missing: MissingSkipped, AnsweredAt: at})
		}
	}
	return rs
}

// NextDue is the assessment to do next: the first that is open, or, when
// nothing is, the first still to come. False when there is neither.
func NextDue(items []DueItem) (DueItem, bool) {
	open := func(it DueItem) bool { return it.State == AssessmentOpen || it.State == AssessmentPartly }
	if i := slices.IndexFunc(items, open); i >= 0 {
		return items[i], true
	}
	var next DueItem
	found := false
	for _, it := range items {
		if it.State == AssessmentScheduled && (!found || it.Window.Opens.Before(next.Window.Opens)) {
			next, found = it, true
		}
	}
	return next, found
}
