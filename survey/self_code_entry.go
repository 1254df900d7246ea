package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tidemark/survey/selfcode"
)

// SelfCodeEntry is what somebody gives who comes in by a code of their own.
type SelfCodeEntry struct {
	Typed    map[string]string // by the key of the part
	Begin    bool              // they say that they come for the first time
	Language string            // chosen on the page; empty: none
}

// SelfCodeEntered is what came of it.
type SelfCodeEntered struct {
	Cookie        string // empty: nobody was let in
	Participation Participation
	// Unknown: nobody has this code, and they have not said that they come for
	// the first time.
	Unknown bool
	// NoPlace: the run is full, or more must be known of people than a code.
	NoPlace bool
}

// Tries at codes that people make themselves. Those that fit somebody do not count.
// Such codes can be guessed at by whoever knows a person, and by a program in some ten
// million tries for one of 200 people, so tries are few, and counted by run as well.
var (
	limitSelfCode    = limit{"self-made code", 90, 15 * time.Minute, nil}
	limitSelfCodeRun = limit{"self-made code in a run", 600, 24 * time.Hour, nil}
)

// Enter lets somebody in by their code, at the address on a run's poster: into the
// participation that has the same, in whichever run of the study, or into a new one if
// they say that they come for the first time. Codes that are near are told from
// unknown ones by nothing. Parts that are missing are FieldErrors; ErrNotFound for a
// run whose people make no codes, ErrNotOpen for who comes first outside of the days,
// TooManyError by network and run.
func (u *SelfCodes) Enter(ctx context.Context, from Client, key string, n SelfCodeEntry) (SelfCodeEntered, error) {
	page, err := (&Entries{u.env}).Page(ctx, key)
	if err != nil {
		return SelfCodeEntered{}, err
	}
	if len(page.Recipe) == 0 || page.Study.State == StudyDraft {
		return SelfCodeEntered{}, ErrNotFound
	}
	code, err := readSelfCode(page.Recipe, n.Typed)
	if err != nil {
		return SelfCodeEntered{}, err
	}
	// That of the network first, so that one network alone cannot use up the run's.
	counted := []tries{oneTry(limitSelfCode, from.network()), oneTry(limitSelfCodeRun, string(page.Run.ID))}
	for _, c := range counted {
		if err := u.env.take(ctx, c); err != nil {
			return SelfCodeEntered{}, fmt.Errorf("enter by a self-made code: %w", err)
		}
	}
	e, err := u.enter(ctx, page, code, counted)
	if errors.Is(err, ErrNotFound) && n.Begin {
		e, err = u.begin(ctx, page, code, n.Language)
		if errors.Is(err, ErrDuplicate) { // the button was pressed twice
			e, err = u.enter(ctx, page, code, counted)
		}
	} else if errors.Is(err, ErrNotFound) {
		return SelfCodeEntered{Unknown: true}, nil
	}
	if err != nil {
		return SelfCodeEntered{}, fmt.Errorf("enter by a self-made code: %w", err)
	}
	return e, nil
}

// readSelfCode reads every part. One that cannot be read is a fault of its field, so
// that a code that is stored is whole.
func readSelfCode(r selfcode.Recipe, typed map[string]string) (selfcode.Code, error) {
	list, faults := make([]string, len(r)), FieldErrors{}
	for i, p := range r {
		list[i] = typed[p.Key]
		if p.Normal(list[i]) != "" {
			continue
		}
		faults[SelfCodeField(p)] = "selfcode.fault_number"
		if p.Letter() {
			faults[SelfCodeField(p)] = "selfcode.fault_letter"
		}
	}
	return r.Read(list), faults.OrNil()
}

// enter signs in who has this code already; ErrNotFound when nobody has.
func (u *SelfCodes) enter(ctx context.Context, page EntryPage, code selfcode.Code, counted []tries) (SelfCodeEntered, error) {
	owner, err := u.env.Store.SelfCodeOwner(ctx, page.Study.ID, u.env.selfCodeHash(page.Study.ID, page.Recipe, code))
	if err != nil {
		return SelfCodeEntered{}, err
	}
	return u.signIn(ctx, page.Study.ID, owner, func(tx Tx) error {
		for _, c := range counted {
			if err := u.env.giveBack(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (u *SelfCodes) signIn(ctx context.Context, study StudyID, id EnrolmentID, also func(Tx) error) (SelfCodeEntered, error) {
	p, err := u.env.Store.Participation(ctx, study, id)
	if err != nil {
		return SelfCodeEntered{}, err
	}
	cookie, err := (&SignIns{u.env}).enter(ctx, p, "by a self-made code", also)
	return SelfCodeEntered{Cookie: cookie, Participation: p}, err
}

// begin enrols somebody with their code, in one transaction, in which the places are
// counted.
func (u *SelfCodes) begin(ctx context.Context, page EntryPage, code selfcode.Code, language string) (SelfCodeEntered, error) {
	if page.State != EntryOpen {
		return SelfCodeEntered{}, ErrNotOpen
	}
	if !isLanguage(language) {
		language = ""
	}
	study, now := page.Study.ID, u.env.now()
	var id EnrolmentID
	env := u.env
	env.Store = around{env.Store, func(tx Tx, add func(Tx) error) error {
		if err := tx.HoldStudy(ctx, study); err != nil { // before the run, as everybody
			return err
		}
		if err := tx.LockRun(ctx, study, page.Run.ID); err != nil {
			return err
		}
		taken, waiting, err := (&Entries{u.env}).taken(ctx, tx, page.Entry)
		if err != nil {
			return err
		}
		if page.Entry.full(taken, len(waiting)) {
			return errFull
		}
		kept := &enrolling{Tx: tx}
		if err := add(kept); err != nil {
			return err
		}
		id = kept.id
		return tx.CreateSelfCode(ctx, u.env.sealSelfCode(study, id, page.Recipe, code, now))
	}}
	_, err := (&Runs{env}).AddPeople(ctx, SystemActor("self-enrolment"), study, page.Run.ID, []Person{{Language: language}}, "")
	if _, faulty := errors.AsType[FieldErrors](err); faulty || errors.Is(err, errFull) {
		return SelfCodeEntered{NoPlace: true}, nil
	}
	if err != nil {
		return SelfCodeEntered{}, err
	}
	return u.signIn(ctx, study, id, nil)
}
