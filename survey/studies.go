package survey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"tidemark/survey/instrument"
)

// Studies are the use cases of setting up and looking after protocols.
type Studies struct{ env Env }

// NewStudy is what is needed to make a study from a template.
type NewStudy struct {
	Protocol     string   // key of a built-in template
	Title        string   // empty: the template's
	Key          string   // empty: made from the title
	TimeZone     string   // IANA name; empty: UTC
	TrendMinimum int      // 0: DefaultTrendMinimum
	Feedback     Feedback // empty: FeedbackAtEnd
	Simulated    bool
	// Leads: whoever makes the study leads its course runs too, and is given the role
	// of a facilitator for them.
	Leads bool
	// Team, Contact and Ethics fill the blanks of the consent text: who runs
	// the study, how to reach them, and which board approved it. While one is
	// missing the study cannot be opened.
	Team, Contact, Ethics string
}

var studyKey = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)

// Create makes a study from a template: arms, waves, consent texts, and the
// instruments its waves use, which are registered if they are new. Administrators
// may. Faults are FieldErrors; a taken key is ErrDuplicate.
func (u *Studies) Create(ctx context.Context, a Actor, n NewStudy) (Study, error) {
	if !a.IsAdministrator() {
		return Study{}, ErrForbidden
	}
	now := u.env.now()
	p, known := ProtocolByKey(n.Protocol)
	study, faults := n.study(p, now)
	if !known {
		faults["protocol"] = "study.unknown_template"
	}
	if err := faults.OrNil(); err != nil {
		return Study{}, err
	}
	study.ID = StudyID(u.env.NewID())
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateStudy(ctx, study); err != nil {
			return err
		}
		if err := u.consents().begin(ctx, tx, a, study, n, now); err != nil {
			return err
		}
		if err := u.createDesign(ctx, tx, a, study, p, now); err != nil {
			return err
		}
		if err := tx.PutStudyTexts(ctx, p.textsOf(study)); err != nil {
			return err
		}
		if _, err := tx.SetRetention(ctx, study.ID, DefaultRetention(), 0); err != nil {
			return err
		}
		err := tx.AppendAudit(ctx, u.env.event(a, study.ID, now, ActionStudyCreated, "study", string(study.ID)))
		if err != nil || !n.Leads || a.Kind != ActorUser {
			return err
		}
		return u.env.grant(ctx, tx, a, a.User.ID, Grant{Role: RoleFacilitator, StudyID: study.ID}, now)
	})
	if err != nil {
		return Study{}, fmt.Errorf("create study %s: %w", study.Key, err)
	}
	return study, nil
}

func (n NewStudy) study(p Protocol, now time.Time) (Study, FieldErrors) {
	s := Study{
		Key: strings.TrimSpace(n.Key), Title: strings.TrimSpace(n.Title), State: StudyDraft,
		Simulated: n.Simulated, Language: p.Language, TimeZone: n.TimeZone,
		TrendMinimum: n.TrendMinimum,
		PrimaryScale: p.PrimaryScale, Feedback: n.Feedback, CreatedAt: now,
	}
	faults := FieldErrors{}
	if s.Title == "" {
		s.Title = p.Title
	}
	if s.Key == "" {
		s.Key = keyFrom(s.Title)
	}
	if s.TimeZone == "" {
		s.TimeZone = "UTC"
	}
	if s.Feedback == "" {
		s.Feedback = FeedbackAtEnd
	}
	if s.TrendMinimum == 0 {
		s.TrendMinimum = DefaultTrendMinimum
	}
	checkText(faults, "title", s.Title, 200)
	checkText(faults, "team", n.Team, 1000)
	checkText(faults, "contact", n.Contact, 1000)
	checkText(faults, "ethics", n.Ethics, 1000)
	if !studyKey.MatchString(s.Key) {
		faults["key"] = "study.bad_key"
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		faults["time_zone"] = "time_zone.unknown"
	}
	if !s.Feedback.Valid() {
		faults["feedback"] = "study.bad_feedback"
	}
	if s.TrendMinimum < TrendFloor {
		faults["trend_minimum"] = "study.trend_too_small"
	}
	return s, faults
}

// keyFrom makes an address-safe key of a title.
func keyFrom(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 60 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// textsOf are the template's texts for a study made of it. A title of its own is
// not the template's, in no language.
func (p Protocol) textsOf(s Study) []StudyText {
	var texts []StudyText
	for _, t := range p.Texts {
		if t.Key != TextTitle || s.Title == p.Title {
			t.StudyID = s.ID
			texts = append(texts, t)
		}
	}
	return texts
}

func (u *Studies) createDesign(ctx context.Context, tx Tx, a Actor, s Study, p Protocol, now time.Time) error {
	arms := map[string]ArmID{}
	for i, pa := range p.Arms {
		arm := Arm{
			ID: ArmID(u.env.NewID()), StudyID: s.ID, Key: pa.Key, Name: pa.Name,
			Position: i + 1, Control: pa.Control, Share: pa.Share,
		}
		arms[pa.Key] = arm.ID
		if err := tx.CreateArm(ctx, arm); err != nil {
			return err
		}
	}
	sets := map[string]InstrumentID{}
	for i, pw := range p.Waves {
		w := Wave{
			ID: WaveID(u.env.NewID()), StudyID: s.ID, Key: pw.Key, Name: pw.Name, ShortName: pw.ShortName,
			Kind: pw.Kind, Position: i + 1, Rule: pw.Rule, ArmID: arms[pw.ArmKey],
		}
		for _, key := range pw.Sets {
			if _, ok := sets[key]; !ok {
				id, err := u.ensureInstrument(ctx, tx, a, key, now)
				if err != nil {
					return fmt.Errorf("instrument %s: %w", key, err)
				}
				sets[key] = id
			}
			w.Sets = append(w.Sets, sets[key])
		}
		if err := tx.CreateWave(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// ensureInstrument registers a built-in instrument, or finds the registered
// version. The same version with other content is ErrInstrumentChanged.
func (u *Studies) ensureInstrument(ctx context.Context, tx Tx, a Actor, key string, now time.Time) (InstrumentID, error) {
	def, err := instrument.BuiltinByKey(key)
	if err != nil {
		return "", err
	}
	have, err := tx.InstrumentVersionByKey(ctx, def.Key, def.Version)
	switch {
	case err == nil && have.Hash != def.Hash():
		return "", ErrInstrumentChanged
	case err == nil:
		return have.ID, nil
	case !errors.Is(err, ErrNotFound):
		return "", err
	}
	v := InstrumentVersion{ID: InstrumentID(u.env.NewID()), Hash: def.Hash(), Definition: def, CreatedAt: now}
	if err := tx.CreateInstrumentVersion(ctx, v); err != nil {
		return "", err
	}
	return v.ID, tx.AppendAudit(ctx, u.env.event(a, "", now, ActionInstrumentAdded, "instrument", string(v.ID)))
}

// consents are the use cases of the texts, which a study begins with.
func (u *Studies) consents() *Consents { return &Consents{u.env} }

// ready makes sure that a study has all it needs to be opened.
func (u *Studies) ready(ctx context.Context, tx Tx, a Actor, id StudyID, now time.Time) error {
	lacks := FieldErrors{}
	for _, check := range []func() error{
		func() error { return requireSafety(ctx, tx, id) },
		func() error { return u.consents().ready(ctx, tx, a, id, now) },
	} {
		err := check()
		faults, ok := errors.AsType[FieldErrors](err)
		if err != nil && !ok {
			return err
		}
		maps.Copy(lacks, faults)
	}
	return lacks.OrNil()
}

// Open lets a draft study take answers. Administrators and the study's leads may; a
// study that is not a draft is ErrConflict. What it has not declared about the safety of its people,
// and what its consent text does not tell, is FieldErrors. A consent text that is
// still a draft is published. The seed of its allocation is made and sealed, and then
// whoever was added to its runs before is enrolled.
func (u *Studies) Open(ctx context.Context, a Actor, id StudyID) error {
	if !a.MayOpen(id) {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.SetStudyState(ctx, id, StudyDraft, StudyOpen)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		if err := u.ready(ctx, tx, a, id, now); err != nil {
			return err
		}
		design, err := tx.Design(ctx, id)
		if err != nil {
			return err
		}
		if _, err := u.env.sealSeed(ctx, tx, a, design, now); err != nil {
			return err
		}
		if err := (&Runs{u.env}).enrolPlanned(ctx, tx, a, id, now); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, id, now, ActionStudyOpened, "study", string(id)))
	})
	if _, missing := errors.AsType[FieldErrors](err); missing {
		return err
	}
	if err != nil {
		return fmt.Errorf("open study %s: %w", id, err)
	}
	return nil
}

// List gives the studies the actor has to do with, newest first.
func (u *Studies) List(ctx context.Context, a Actor) ([]Study, error) {
	all, err := u.env.Store.Studies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list studies: %w", err)
	}
	var mine []Study
	for _, s := range all {
		if a.MayKnowStudy(s.ID) {
			mine = append(mine, s)
		}
	}
	return mine, nil
}

// ByKey finds a study the actor has to do with; any other is ErrNotFound.
func (u *Studies) ByKey(ctx context.Context, a Actor, key string) (Study, error) {
	s, err := u.env.Store.StudyByKey(ctx, key)
	if err != nil {
		return Study{}, fmt.Errorf("study %s: %w", key, err)
	}
	if !a.MayKnowStudy(s.ID) {
		return Study{}, fmt.Errorf("study %s: %w", key, ErrNotFound)
	}
	return s, nil
}

// Design is the protocol of a study the actor has to do with.
func (u *Studies) Design(ctx context.Context, a Actor, id StudyID) (StudyDesign, error) {
	if !a.MayKnowStudy(id) {
		return StudyDesign{}, ErrNotFound
	}
	d, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return StudyDesign{}, fmt.Errorf("design of study %s: %w", id, err)
	}
	return d, nil
}

// ConsentText is the text now in force of a study the actor has to do with;
// ErrNotFound when none has been published yet.
func (u *Studies) ConsentText(ctx context.Context, a Actor, study Study) (ConsentText, error) {
	if !a.MayKnowStudy(study.ID) {
		return ConsentText{}, ErrNotFound
	}
	t, err := u.env.Store.ConsentText(ctx, study.ID, study.ConsentVersion)
	if err != nil {
		return ConsentText{}, fmt.Errorf("consent text of study %s: %w", study.ID, err)
	}
	return t, nil
}

// NoteUse writes a line of the audit trail for something that reads but should
// be seen, as an export or a report. Whoever may analyse the study may; for an export
// ErrProveAgain when it is too long ago that they showed who they are.
func (u *Studies) NoteUse(ctx context.Context, a Actor, id StudyID, action Action, detail string) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	if action == ActionExported {
		if err := u.env.proven(a); err != nil {
			return err
		}
	}
	e := u.env.event(a, id, u.env.now(), action, "study", string(id))
	e.Detail = detail
	if err := u.env.noting().InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
		return fmt.Errorf("note %s: %w", action, err)
	}
	return nil
}
