package survey

import (
	"context"
	"slices"
	"time"

	"tidemark/survey/instrument"
)

// Given is what a page sends of one questionnaire.
type Given struct {
	Answers instrument.Answers
	How     map[string]AskedAs // by item
	// Base is what the page last knew as stored, by item, as Value.Stamp writes
	// it; "" for no answer. An item without an entry is saved whatever is stored.
	Base map[string]string
	// Waited: a browser kept the answers and sends them in the background, not
	// knowing what its own page has sent since. They may come after that was
	// answered, and Base then stands again for another reason: see conflicts.
	Waited bool
	Visit  Visit
}

// Visit says which page an answer came from and since when it was open; the zero
// Visit: nobody noted it.
type Visit struct {
	Page   int
	Opened time.Time // by the server's clock
	Left   bool      // the page was sent on or back
}

// longestVisit bounds what is believed of a page's age.
const longestVisit = 60 * 24 * time.Hour

// at is the visit as it is noted now; false when there is nothing to note, or
// nothing to believe.
func (v Visit) at(id AssessmentID, now time.Time, answered bool) (PageVisit, bool) {
	const ahead = time.Minute // clocks of two servers
	if v.Page < 1 || v.Opened.IsZero() || v.Opened.After(now.Add(ahead)) || now.Sub(v.Opened) > longestVisit {
		return PageVisit{}, false
	}
	p := PageVisit{AssessmentID: id, Page: v.Page, OpenedAt: v.Opened}
	if answered {
		p.AnsweredAt = now
	}
	if v.Left {
		p.LeftAt = now
	}
	return p, answered || v.Left
}

// conflicts are the stored answers that differ both from what the page knew and
// from what it gives; fresh are the answers to be written. Of answers that waited, so
// are those whose base had been left and is there again: the person may have given
// this very answer, and then have taken it back. Within the transaction that holds the
// assessment.
func (g Given) conflicts(ctx context.Context, tx Tx, s Sheet) (conflicts, fresh instrument.Answers, err error) {
	if len(g.Base) == 0 {
		return nil, g.Answers, nil
	}
	stored, err := tx.Responses(ctx, s.Assessment.StudyID, s.Assessment.ID)
	if err != nil {
		return nil, nil, err
	}
	there := answersOf(s.Definition, stored)
	var left map[string][]instrument.Value
	if g.Waited {
		if left, err = leftAnswers(ctx, tx, s); err != nil {
			return nil, nil, err
		}
	}
	fresh = make(instrument.Answers, len(g.Answers))
	for code, given := range g.Answers {
		base, known := g.Base[code]
		has := there[code]
		again := has.IsZero() && len(left[code]) > 0 || slices.Contains(left[code], has)
		if known && has != given && (has.Stamp() != base || again) {
			if conflicts == nil {
				conflicts = instrument.Answers{}
			}
			conflicts[code] = has
			continue
		}
		fresh[code] = given
	}
	return conflicts, fresh, nil
}

// leftAnswers are the answers to each item that were replaced or taken back.
func leftAnswers(ctx context.Context, tx Tx, s Sheet) (map[string][]instrument.Value, error) {
	replaced, err := tx.Replaced(ctx, s.Assessment.StudyID, s.Assessment.ID)
	if err != nil {
		return nil, err
	}
	left := make(map[string][]instrument.Value, len(replaced))
	for _, r := range replaced {
		if r.Missing == NotMissing {
			item, _ := s.Definition.Item(r.Item)
			left[r.Item] = append(left[r.Item], instrument.ValueOf(item.Type, r.Value, r.Text))
		}
	}
	return left, nil
}
