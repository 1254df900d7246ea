package survey

import (
	"context"
	"maps"
	"reflect"
	"slices"
)

// stands reports whether everything that a batch was worked out on is still so. It costs
// the reading of it, and neither the checking of the file nor the working out.
func (u *Imports) stands(ctx context.Context, r Reader, p *importPlan) (bool, error) {
	fresh, err := u.stateOf(ctx, r, p.preview.Batch.StudyID)
	if err != nil || !p.state.as(fresh, len(p.people)) {
		return false, err
	}
	if err := fresh.readAnswers(ctx, r, p.preview.Batch.StudyID, p.state.wanted); err != nil {
		return false, err
	}
	return maps.EqualFunc(p.state.answers, fresh.answers, slices.Equal[[]Response]), nil
}

// as reports whether a state read again is the one read before, to which newcomers were
// added.
func (s *importState) as(fresh *importState, newcomers int) bool {
	if len(fresh.byCode)+newcomers != len(s.byCode) || !reflect.DeepEqual(fresh.design, s.design) || !reflect.DeepEqual(fresh.runs, s.runs) {
		return false
	}
	sheets := 0
	for code, e := range fresh.byCode {
		if before, known := s.byCode[code]; !known || before != e {
			return false
		}
		mine, before := fresh.sheets[e.ID], s.sheets[e.ID]
		if len(mine) != len(before) {
			return false
		}
		sheets += len(mine)
		for at, a := range mine {
			if was := before[at]; was == nil || *was != *a {
				return false
			}
		}
	}
	all := 0
	for _, mine := range fresh.sheets {
		all += len(mine)
	}
	return all == sheets
}
