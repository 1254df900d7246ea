package survey

import (
	"context"
	"time"

	"tidemark/survey/instrument"
)

// Given is what a page sends of one questionnaire.
type Given struct {
	Answers instrument.Answers
	How     map[string]AskedAs // by item
	// Base is what the page last knew as stored, by item, as Value.Stamp writes
	// it; "" for no answer. An item without an entry is saved whatever is stored.
	Base  map[string]string
	Visit Visit
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
// from what it gives; fresh are the answers to be written. Within the transaction
// that holds the assessment.
func (g Given) conflicts(ctx context.Context, tx Tx, s Sheet) (conflicts, fresh instrument.Answers, err error) {
	if len(g.Base) == 0 {
		return nil, g.Answers, nil
	}
	stored, err := tx.Responses(ctx, s.Assessment.StudyID, s.Assessment.ID)
	if err != nil {
		return nil, nil, err
	}
	there := answersOf(s.Definition, stored)
	fresh = make(instrument.Answers, len(g.Answers))
	for code, given := range g.Answers {
		base, known := g.Base[code]
		if has := there[code]; known && has.Stamp() != base && has != given {
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
