package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/selfcode"
)

// SelfCodePerson is somebody who made a code, as far as it is looked at to tell whether
// two are one: never a name, and of the code itself only what agrees.
type SelfCodePerson struct {
	SelfCode
	Code                       string // the participant's
	RunID                      RunID
	RunName, ArmName           string
	ArmID                      ArmID
	LinkedTo                   EnrolmentID
	WithdrawnAt                time.Time
	Questionnaires             int // that were asked
	Begun, Submitted           int // of these
	FirstSubmitted, LastSubmit time.Time
}

// SelfCodeVerdict is what was decided about a pair.
type SelfCodeVerdict string

// The verdicts.
const (
	SelfCodesLinked SelfCodeVerdict = "linked"
	SelfCodesApart  SelfCodeVerdict = "apart"
)

// SelfCodeDecision is what somebody decided about two participations, and whether it
// was undone.
type SelfCodeDecision struct {
	StudyID       StudyID
	ID            string
	First, Second EnrolmentID // the earlier one first
	Verdict       SelfCodeVerdict
	Reason        string
	At            time.Time
	By            string
	UndoneAt      time.Time // zero: it stands
	UndoneBy      string
	UndoneReason  string
}

// SelfCodeSwap are two questionnaires that were exchanged: First was that of the
// earlier participation before.
type SelfCodeSwap struct{ First, Second AssessmentID }

// SelfCodePair are two people whose codes are near, or about whom was decided.
type SelfCodePair struct {
	First, Second SelfCodePerson
	Verdicts      []selfcode.Verdict // by the parts of the recipe; none: a code cannot be opened
	Probability   float64
	Decision      SelfCodeDecision // its ID is empty before there is one
}

// selfCodeLeast is from which probability on a pair is shown. See docs/researcher.md
// for what that finds.
const selfCodeLeast = 0.5

// selfCodePairs compares all codes of a study. A code that was linked speaks for the
// participation that it leads to, so that a third one of the same person is found by
// either. Pairs about which was decided are given apart.
func (e Env) selfCodePairs(recipe selfcode.Recipe, people []SelfCodePerson, decisions []SelfCodeDecision) (open, decided []SelfCodePair) {
	place := map[EnrolmentID]int{}
	codes, whose := []selfcode.Code{}, []int{}
	for i, p := range people {
		place[p.EnrolmentID] = i
		if c, err := e.openSelfCode(p.SelfCode, recipe); err == nil {
			codes, whose = append(codes, c), append(whose, i)
		}
	}
	type pair struct{ first, second EnrolmentID }
	found := map[pair]SelfCodePair{}
	for _, d := range decisions {
		i, ok := place[d.First]
		j, there := place[d.Second]
		if !d.UndoneAt.IsZero() || !ok || !there {
			continue
		}
		p := SelfCodePair{First: people[i], Second: people[j], Decision: d}
		p.compare(recipe, codes, whose, i, j)
		decided = append(decided, p)
		found[pair{d.First, d.Second}] = p
	}
	root := func(i int) int {
		if j, ok := place[people[i].LinkedTo]; ok {
			return j
		}
		return i
	}
	for _, m := range recipe.Within(codes, selfCodeLeast) {
		i, j := root(whose[m.First]), root(whose[m.Second])
		if i == j {
			continue
		}
		if i > j { // the earlier one first
			i, j = j, i
		}
		key := pair{people[i].EnrolmentID, people[j].EnrolmentID}
		if _, known := found[key]; known {
			continue
		}
		p := SelfCodePair{First: people[i], Second: people[j], Verdicts: m.Verdicts, Probability: m.Probability}
		found[key] = p
		open = append(open, p)
	}
	slices.SortStableFunc(open, func(a, b SelfCodePair) int { return cmp.Compare(b.Probability, a.Probability) })
	return open, decided
}

func (p *SelfCodePair) compare(recipe selfcode.Recipe, codes []selfcode.Code, whose []int, i, j int) {
	a, b := slices.Index(whose, i), slices.Index(whose, j)
	if a < 0 || b < 0 {
		return
	}
	m := recipe.Compare(codes[a], codes[b], len(codes))
	p.Verdicts, p.Probability = m.Verdicts, m.Probability
}

// SelfCodeComparison is a pair with what would become of its answers.
type SelfCodeComparison struct {
	Study  Study
	Recipe selfcode.Recipe
	SelfCodePair
	Rows []SelfCodeRow
}

// SelfCodeRow is one questionnaire of one occasion in both participations. What was
// answered is not told, so that nobody can choose by it.
type SelfCodeRow struct {
	Wave          Wave
	Instrument    string
	First, Second SelfCodeSide
}

// SelfCodeSide is a questionnaire in one of two participations.
type SelfCodeSide struct {
	ID          AssessmentID // empty: it is not asked there
	Answered    int          // items
	StartedAt   time.Time
	SubmittedAt time.Time
}

// Given reports whether anything was answered.
func (s SelfCodeSide) Given() bool { return !s.StartedAt.IsZero() || !s.SubmittedAt.IsZero() }

// Both reports whether a questionnaire was answered twice, so that somebody has to
// choose.
func (r SelfCodeRow) Both() bool { return r.First.Given() && r.Second.Given() }

// Compare sets two participations of a study beside each other, the earlier first.
// Researchers may.
func (u *SelfCodes) Compare(ctx context.Context, a Actor, id StudyID, first, second EnrolmentID) (SelfCodeComparison, error) {
	if !a.MayAnalyse(id) {
		return SelfCodeComparison{}, ErrForbidden
	}
	c, err := u.compare(ctx, u.env.Store, id, first, second)
	if err != nil {
		return c, fmt.Errorf("compare two codes: %w", err)
	}
	return c, nil
}

func (u *SelfCodes) compare(ctx context.Context, r Reader, id StudyID, first, second EnrolmentID) (SelfCodeComparison, error) {
	var c SelfCodeComparison
	d, err := r.Design(ctx, id)
	if err != nil {
		return c, err
	}
	c.Study = d.Study
	if c.Recipe, err = selfCodeRecipe(ctx, r, id); err != nil {
		return c, err
	}
	people, err := r.SelfCodePeople(ctx, id)
	if err != nil {
		return c, err
	}
	decisions, err := r.SelfCodeDecisions(ctx, id)
	if err != nil {
		return c, err
	}
	open, decided := u.env.selfCodePairs(c.Recipe, people, decisions)
	all := slices.Concat(open, decided)
	i := slices.IndexFunc(all, func(p SelfCodePair) bool {
		return p.First.EnrolmentID == first && p.Second.EnrolmentID == second
	})
	if i < 0 {
		return c, ErrNotFound
	}
	c.SelfCodePair = all[i]
	mine, err := r.Due(ctx, id, first)
	if err != nil {
		return c, err
	}
	theirs, err := r.Due(ctx, id, second)
	c.Rows = selfCodeRows(d, mine, theirs)
	return c, err
}

// selfCodeRows are the questionnaires of which anything was answered in either.
func selfCodeRows(d StudyDesign, mine, theirs []DueItem) []SelfCodeRow {
	type place struct {
		wave       WaveID
		instrument InstrumentID
	}
	rows, at := []SelfCodeRow{}, map[place]int{}
	add := func(items []DueItem, side func(*SelfCodeRow) *SelfCodeSide) {
		for _, it := range items {
			key := place{it.Wave.ID, it.Instrument}
			if _, ok := at[key]; !ok {
				at[key] = len(rows)
				rows = append(rows, SelfCodeRow{Wave: it.Wave, Instrument: d.Instruments[it.Instrument].Definition.Title})
			}
			*side(&rows[at[key]]) = SelfCodeSide{it.Assessment.ID, it.Answered, it.Assessment.StartedAt, it.Assessment.SubmittedAt}
		}
	}
	add(mine, func(r *SelfCodeRow) *SelfCodeSide { return &r.First })
	add(theirs, func(r *SelfCodeRow) *SelfCodeSide { return &r.Second })
	rows = slices.DeleteFunc(rows, func(r SelfCodeRow) bool { return !r.First.Given() && !r.Second.Given() })
	slices.SortStableFunc(rows, func(a, b SelfCodeRow) int { return cmp.Compare(a.Wave.Position, b.Wave.Position) })
	return rows
}
