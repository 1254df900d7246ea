package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tidemark/survey/selfcode"
)

// SelfCodes are the use cases of codes that people make themselves: choosing what
// they are made of, coming in by one, and looking at those that are near.
type SelfCodes struct{ env Env }

// SelfCodeBook is what there is to know of the codes of a study.
type SelfCodeBook struct {
	Study  Study
	Recipe selfcode.Recipe // empty: its people make none
	Codes  int             // that were made
	// TooMany: there are more codes than are compared.
	TooMany bool
	// Open are pairs of codes that are near, the most probable first. Decided are
	// those about which somebody has decided.
	Open, Decided []SelfCodePair
}

// Book is what the codes of a study are made of, and which of them are near. Its
// researchers may see it.
func (u *SelfCodes) Book(ctx context.Context, a Actor, id StudyID) (SelfCodeBook, error) {
	if !a.MayAnalyse(id) {
		return SelfCodeBook{}, ErrForbidden
	}
	var b SelfCodeBook
	var err error
	if b.Study, err = u.env.Store.Study(ctx, id); err == nil {
		b.Recipe, err = selfCodeRecipe(ctx, u.env.Store, id)
	}
	if err != nil {
		return b, fmt.Errorf("self-made codes of study %s: %w", id, err)
	}
	people, err := u.env.Store.SelfCodePeople(ctx, id)
	if err != nil {
		return b, fmt.Errorf("self-made codes of study %s: %w", id, err)
	}
	decisions, err := u.env.Store.SelfCodeDecisions(ctx, id)
	if err != nil {
		return b, fmt.Errorf("self-made codes of study %s: %w", id, err)
	}
	b.Codes, b.TooMany = len(people), len(people) > selfcode.MaxCodes
	if !b.TooMany {
		b.Open, b.Decided = u.env.selfCodePairs(b.Recipe, people, decisions)
	}
	return b, nil
}

// selfCodeRecipe is what the codes of a study are made of; empty: there are none.
func selfCodeRecipe(ctx context.Context, r Reader, id StudyID) (selfcode.Recipe, error) {
	s, err := r.SelfCodeSetting(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return s.Recipe, err
}

// A code has to tell people apart: who types the code of somebody else is taken for
// them. Among selfCodePeople people at most so many pairs may be expected that have
// the same.
const (
	selfCodePeople  = 200
	selfCodeDoubles = 0.05
)

// Set says what people make their codes of, by keys of parts, in their order on the
// page; none: they make none. Researchers may, while the study is a draft; later it is
// ErrConflict. Faults are FieldErrors of "parts".
func (u *SelfCodes) Set(ctx context.Context, a Actor, id StudyID, parts []string) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	now := u.env.now()
	event := u.env.event(a, id, now, ActionSelfCodesSet, "study", string(id))
	event.Detail = strings.Join(parts, ", ")
	setting := SelfCodeSetting{StudyID: id, SavedAt: now, SavedBy: a.author().Name}
	for _, p := range selfcode.Parts {
		for _, key := range parts {
			if p.Key == key {
				setting.Recipe = append(setting.Recipe, p)
			}
		}
	}
	switch {
	case len(setting.Recipe) != len(parts):
		return FieldErrors{"parts": "selfcode.unknown_part"}
	case len(parts) > 0 && setting.Recipe.Doubles(selfCodePeople) > selfCodeDoubles:
		return FieldErrors{"parts": "selfcode.few_parts"}
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil {
			return err
		}
		study, err := tx.Study(ctx, id)
		if err != nil {
			return err
		}
		if study.State != StudyDraft {
			return ErrConflict
		}
		if len(parts) == 0 {
			err = tx.DropSelfCodeSetting(ctx, id)
		} else {
			err = tx.PutSelfCodeSetting(ctx, setting)
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("self-made codes of study %s: %w", id, err)
	}
	return nil
}
