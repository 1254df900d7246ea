package survey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tidemark/survey/allocation"
)

// AllocationSetting is what a study chose while it was a draft. The arms and their
// ratio stand with the study.
type AllocationSetting struct {
	StudyID StudyID
	Scheme  allocation.Scheme // without arms
	SavedAt time.Time
	SavedBy string
}

// AllocationSeal is a study's seed, which nobody sees before the study is closed,
// and what is published of it.
type AllocationSeal struct {
	StudyID    StudyID
	Scheme     allocation.Scheme
	Commitment string // SHA-256 of the seed
	KeyID      string
	Sealed     []byte
	At         time.Time
}

// Opening is what the chain of the draws begins with.
func (s AllocationSeal) Opening(study Study) allocation.Opening {
	return allocation.Opening{Study: study.Key, SealedAt: allocation.Instant(s.At), Commitment: s.Commitment, Scheme: s.Scheme}
}

// Draw is one arm given to a person, or to a whole course run. It outlives its
// person: then EnrolmentID is empty.
type Draw struct {
	StudyID     StudyID
	Seq         int // among all of the study, from 1
	Unit        allocation.Unit
	Kind        allocation.Kind
	Stratum     string   // of a draw by lot
	Number      int      // of a draw by lot in its stratum, from 1
	Levels      []string // one for each factor of the scheme
	ArmID       ArmID
	RunID       RunID
	EnrolmentID EnrolmentID
	Reason      string // of an arm given by hand
	At          time.Time
	Chain       string
}

// record is the draw as it stands in a verification file.
func (d Draw) record(arms map[ArmID]string) allocation.Record {
	return allocation.Record{
		Seq: d.Seq, At: allocation.Instant(d.At), Kind: d.Kind, Stratum: d.Stratum, Number: d.Number,
		Levels: d.Levels, Arm: arms[d.ArmID], Chain: d.Chain,
	}
}

// usualScheme is how a study allocates that chose nothing: in blocks of two sizes
// by chance, within each course run.
func usualScheme() allocation.Scheme {
	return allocation.Scheme{
		Method: allocation.Blocks, Unit: allocation.ByPerson,
		Factors: []allocation.Factor{{Name: allocation.FactorRun}},
	}
}

// schemeOf is how a study allocates as things stand.
func schemeOf(ctx context.Context, r Reader, d StudyDesign) (allocation.Scheme, error) {
	setting, err := r.AllocationSetting(ctx, d.Study.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		setting.Scheme = usualScheme()
	case err != nil:
		return allocation.Scheme{}, err
	}
	s := setting.Scheme
	for _, a := range d.Arms {
		s.Arms = append(s.Arms, allocation.Arm{Key: a.Key, Share: a.Share})
	}
	if s.Method == allocation.Blocks && len(s.Sizes) == 0 {
		s.Sizes = []int{2 * s.Parts(), 3 * s.Parts()}
	}
	return s, nil
}

func armKeys(d StudyDesign) map[ArmID]string {
	keys := make(map[ArmID]string, len(d.Arms))
	for _, a := range d.Arms {
		keys[a.ID] = a.Key
	}
	return keys
}

// sealSeed makes the seed of a study, seals it, and publishes its commitment. Who
// was enrolled before is recorded as allocated before. The study is held.
func (e Env) sealSeed(ctx context.Context, tx Tx, a Actor, d StudyDesign, now time.Time) (AllocationSeal, error) {
	s := AllocationSeal{StudyID: d.Study.ID, At: now}
	var err error
	if s.Scheme, err = schemeOf(ctx, tx, d); err != nil {
		return s, err
	}
	if err := s.Scheme.Check(); err != nil {
		return s, fmt.Errorf("%w: %w", FieldErrors{"allocation": "allocation.bad_scheme"}, err)
	}
	var seed allocation.Seed
	if _, err := io.ReadFull(e.Random, seed[:]); err != nil {
		return s, fmt.Errorf("read randomness: %w", err)
	}
	s.Commitment = seed.Commitment()
	s.KeyID, s.Sealed = e.Keys.SealSeed(d.Study.ID, seed[:])
	if err := tx.CreateAllocationSeal(ctx, s); err != nil {
		return s, err
	}
	event := e.event(a, d.Study.ID, now, ActionSeedSealed, "study", string(d.Study.ID))
	event.Detail = "SHA-256 " + s.Commitment
	if err := tx.AppendAudit(ctx, event); err != nil {
		return s, err
	}
	return s, e.drawnBefore(ctx, tx, d, s)
}

// drawnBefore records everybody who was allocated before the study had a seed, so
// that the draws hold all of them.
func (e Env) drawnBefore(ctx context.Context, tx Tx, d StudyDesign, s AllocationSeal) error {
	people, err := tx.Enrolments(ctx, d.Study.ID)
	if err != nil {
		return err
	}
	erased, err := tx.Erasures(ctx, d.Study.ID)
	if err != nil || len(people)+len(erased) == 0 {
		return err
	}
	var draws []Draw
	for _, p := range people {
		draws = append(draws, Draw{ArmID: p.ArmID, RunID: p.RunID, EnrolmentID: p.ID, At: p.EnrolledAt})
	}
	for _, p := range erased {
		draws = append(draws, Draw{ArmID: p.ArmID, RunID: p.RunID, At: p.At})
	}
	for i := range draws {
		draws[i].Unit, draws[i].Kind = allocation.ByPerson, allocation.Before
	}
	slices.SortStableFunc(draws, func(a, b Draw) int { return a.At.Compare(b.At) })
	return tx.CreateDraws(ctx, chained(draws, d, s.Opening(d.Study).Chain(), 0))
}

// chained numbers draws and hashes each with the one before.
func chained(draws []Draw, d StudyDesign, chain string, seq int) []Draw {
	keys := armKeys(d)
	for i := range draws {
		seq++
		draws[i].StudyID, draws[i].Seq = d.Study.ID, seq
		draws[i].Chain = draws[i].record(keys).Link(chain)
		chain = draws[i].Chain
	}
	return draws
}

// urn is what the next draws of a study come from.
type urn struct {
	design StudyDesign
	seal   AllocationSeal
	past   []Draw
	next   *allocation.Sequence
}

// urn opens the seed for draws to come, and makes one for a study that was opened
// before there were sealed seeds. The study is held, so that nobody else draws.
func (e Env) urn(ctx context.Context, tx Tx, a Actor, d StudyDesign, now time.Time) (urn, error) {
	u := urn{design: d}
	var err error
	u.seal, err = tx.AllocationSeal(ctx, d.Study.ID)
	if errors.Is(err, ErrNotFound) {
		u.seal, err = e.sealSeed(ctx, tx, a, d, now)
	}
	if err != nil {
		return u, err
	}
	if u.past, err = tx.Draws(ctx, d.Study.ID); err != nil {
		return u, err
	}
	seed, err := e.openSeed(u.seal)
	if err != nil {
		return u, err
	}
	if u.next, err = allocation.NewSequence(u.seal.Scheme, seed); err != nil {
		return u, err
	}
	keys := armKeys(d)
	for _, draw := range u.past {
		if draw.Unit != u.seal.Scheme.Unit && draw.Kind == allocation.ByLot {
			return u, fmt.Errorf("draw %d is of another unit", draw.Seq)
		}
		if err := u.next.Note(draw.record(keys).Assignment()); err != nil {
			return u, fmt.Errorf("draw %d: %w", draw.Seq, err)
		}
	}
	return u, nil
}

// openSeed opens what was sealed, and makes sure that it is what was committed to.
func (e Env) openSeed(s AllocationSeal) (allocation.Seed, error) {
	plain, err := e.Keys.OpenSeed(s.StudyID, s.KeyID, s.Sealed)
	if err != nil {
		return allocation.Seed{}, fmt.Errorf("open the seed: %w", err)
	}
	seed, err := allocation.SeedOf(plain)
	if err == nil && !seed.Fits(s.Commitment) {
		err = ErrSealed
	}
	return seed, err
}

// runArm is the arm that was drawn for a whole run.
func (u urn) runArm(run RunID) (ArmID, bool) {
	for _, d := range u.past {
		if d.Unit == allocation.ByRun && d.RunID == run {
			return d.ArmID, true
		}
	}
	return "", false
}

// draw gives arms to people, by lot or by hand. It returns the arm of each and the
// draws to record: of each person, or of the run.
func (u urn) draw(run CourseRun, e Enrolling, now time.Time) (arms []ArmID, draws []Draw, err error) {
	levels, _ := u.levelsOfAll(run, e)
	if err := e.faults(u.design, u, run).OrNil(); err != nil {
		return nil, nil, err
	}
	one := Draw{Unit: allocation.ByPerson, Kind: allocation.ByHand, Levels: levels[0], RunID: run.ID, At: now}
	arm := e.Arm
	if arm == "" && u.seal.Scheme.Unit == allocation.ByRun {
		given, drawn := u.runArm(run.ID)
		if !drawn {
			if given, one, err = u.byLot(one); err != nil {
				return nil, nil, err
			}
			one.Unit = allocation.ByRun
			draws = append(draws, one)
		}
		for range e.People {
			arms = append(arms, given)
		}
		return arms, u.chain(draws), nil
	}
	for i := range e.People {
		one.Levels = levels[i]
		next := one
		if arm != "" {
			next.ArmID, next.Reason = arm, strings.TrimSpace(e.Reason)
		} else if _, next, err = u.byLot(one); err != nil {
			return nil, nil, err
		}
		arms, draws = append(arms, next.ArmID), append(draws, next)
	}
	return arms, u.chain(draws), nil
}

// byLot is the next arm of the sequence.
func (u urn) byLot(d Draw) (ArmID, Draw, error) {
	a, err := u.next.Next(d.Levels)
	if err != nil {
		return "", d, err
	}
	d.Kind, d.Stratum, d.Number = a.Kind, a.Stratum, a.Number
	for _, arm := range u.design.Arms {
		if arm.Key == a.Arm {
			d.ArmID = arm.ID
			return arm.ID, d, nil
		}
	}
	return "", d, fmt.Errorf("the study has no arm %q any more", a.Arm)
}

// chain goes on from the draws that were made.
func (u urn) chain(draws []Draw) []Draw {
	chain, seq := u.seal.Opening(u.design.Study).Chain(), 0
	if n := len(u.past); n > 0 {
		chain, seq = u.past[n-1].Chain, u.past[n-1].Seq
	}
	return chained(draws, u.design, chain, seq)
}

// levelsOfAll are the levels of each person: what is asked of all of them, or what
// stands with the person.
func (u urn) levelsOfAll(run CourseRun, e Enrolling) ([][]string, FieldErrors) {
	all, faults := make([][]string, len(e.People)), FieldErrors{}
	asked := u.seal.Scheme.AskedOf()
	for i, p := range e.People {
		of := e
		if p.Stratum != "" {
			facts, ok := factsOf(asked, p.Stratum)
			if !ok || len(asked) == 0 {
				faults["people"] = "people.bad_stratum"
				continue
			}
			of.Facts = facts
		}
		levels, wrong := u.levels(run, of)
		all[i] = levels
		maps.Copy(faults, wrong)
	}
	return all, faults
}

// levels are those of the scheme's factors. What was not told is a fault of its
// field; see FactField.
func (u urn) levels(run CourseRun, e Enrolling) ([]string, FieldErrors) {
	faults := FieldErrors{}
	levels := make([]string, len(u.seal.Scheme.Factors))
	for i, f := range u.seal.Scheme.Factors {
		switch f.Name {
		case allocation.FactorRun:
			levels[i] = string(run.ID)
		case allocation.FactorCourse:
			levels[i] = run.CourseKey
		default:
			levels[i] = e.Facts[f.Name]
			if !f.Takes(levels[i]) {
				faults[FactField(i)] = "allocation.fact_missing"
			}
		}
	}
	return levels, faults
}

// FactField is the name of the field for what is asked of a factor, by its place in
// the scheme.
func FactField(i int) string { return fmt.Sprintf("fact_%d", i+1) }

func reasonFault(reason string) string {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return "allocation.reason_missing"
	}
	return textFault(reason, 300)
}

// drawn is the line of the audit trail about an arm given. It does not tell the arm.
func (e Env) drawn(a Actor, d Draw) AuditEvent {
	event := e.event(a, d.StudyID, d.At, ActionDrawn, "enrolment", string(d.EnrolmentID))
	if d.Unit == allocation.ByRun {
		event.ObjectKind, event.ObjectID = "run", string(d.RunID)
	}
	event.Detail = fmt.Sprintf("allocation %d, by lot", d.Seq)
	if d.Kind == allocation.ByHand {
		event.Action, event.Detail = ActionAssigned, fmt.Sprintf("allocation %d, by hand", d.Seq)
	}
	return event
}
