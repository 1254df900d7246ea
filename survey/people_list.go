package survey

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"tidemark/survey/allocation"
)

// MaxListRows bounds a list of people that is looked through before they are added.
const MaxListRows = 1000

// ListRow is a row of a list of people, with what is wrong with it.
type ListRow struct {
	Line   int // in the list
	Person Person
	// Faults are those of the fields "name", "email", "language", "phone" and
	// "stratum"; a row with
	// none can be added.
	Faults FieldErrors
	// Elsewhere is the run of this study that has the address already.
	Elsewhere string
}

// CheckList says what is wrong with the rows of a list, and writes nothing: addresses
// that are none, that stand in the list twice, that the run has, or another run of the
// study. Addresses and languages come back as they would be stored. Facilitators of
// the run may; that an address is in another run is what they learn of that.
func (u *Runs) CheckList(ctx context.Context, a Actor, id StudyID, run RunID, people []ListRow) ([]ListRow, error) {
	if !a.MayRun(id, run) {
		return nil, ErrNotFound
	}
	if len(people) > MaxListRows {
		return nil, FieldErrors{"list": "list.too_many"}
	}
	known, err := u.env.Store.Addresses(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("check a list: %w", err)
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("check a list: %w", err)
	}
	scheme, err := (&Allocations{u.env}).Scheme(ctx, a, id)
	if err != nil {
		return nil, err
	}
	names := map[RunID]string{}
	for _, r := range runs {
		names[r.Run.ID] = r.Run.Name
	}
	checked, seen := make([]ListRow, len(people)), map[string]bool{}
	for i, row := range people {
		row.Faults, row.Elsewhere = FieldErrors{}, ""
		p := &row.Person
		p.Name, p.Email, p.Language = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email), strings.TrimSpace(p.Language)
		checkText(row.Faults, "name", p.Name, 200)
		row.checkMore(scheme)
		if p.Language != "" && !lineLanguage.MatchString(p.Language) {
			row.Faults["language"] = "list.bad_language"
		}
		switch {
		case p.Email == "" && p.Name == "" && p.Phone == "":
			row.Faults["name"] = "list.nobody"
		case p.Email == "" && p.Language != "":
			row.Faults["language"] = "list.language_alone"
		case p.Email != "":
			row.checkEmail(known, names, seen, run)
		}
		checked[i] = row
	}
	return checked, nil
}

// checkMore looks at the telephone number, and at what a study asks before it allocates
// people; a level in other letters is taken for it.
func (r *ListRow) checkMore(scheme allocation.Scheme) {
	p := &r.Person
	if p.Phone = strings.TrimSpace(p.Phone); p.Phone != "" {
		if phone, is := PhoneOf(p.Phone); is {
			p.Phone = phone
		} else {
			r.Faults["phone"] = "people.bad_phone"
		}
	}
	if p.Stratum = strings.TrimSpace(p.Stratum); p.Stratum == "" {
		return
	}
	asked := scheme.AskedOf()
	if len(asked) == 0 {
		r.Faults["stratum"] = "list.no_stratum"
		return
	}
	facts, ok := factsOf(asked, p.Stratum)
	if !ok {
		r.Faults["stratum"] = "list.bad_stratum"
		return
	}
	levels := make([]string, len(asked))
	for i, f := range asked {
		levels[i] = facts[f.Name]
	}
	p.Stratum = strings.Join(levels, levelSeparator)
}

// levelSeparator stands between the levels of one person, where a study asks more than
// one thing; no level has it in it.
const levelSeparator = " | "

// factsOf reads the levels of a person, one for each thing that a study asks, in any
// order and in any letters; false when one is missing or is none.
func factsOf(asked []allocation.Factor, stratum string) (map[string]string, bool) {
	given := strings.Split(stratum, strings.TrimSpace(levelSeparator))
	if len(given) != len(asked) {
		return nil, false
	}
	facts := make(map[string]string, len(asked))
	for i, f := range asked {
		// Its own place first: two things may have levels of the same name.
		for _, at := range append([]int{i}, others(len(given), i)...) {
			if level, is := levelOf(f, given[at]); is {
				facts[f.Name] = level
				given[at] = ""
				break
			}
		}
	}
	return facts, len(facts) == len(asked)
}

func others(n, but int) []int {
	var all []int
	for i := range n {
		if i != but {
			all = append(all, i)
		}
	}
	return all
}

func levelOf(f allocation.Factor, given string) (string, bool) {
	given = strings.TrimSpace(given)
	for _, level := range f.Levels {
		if given != "" && strings.EqualFold(level, given) {
			return level, true
		}
	}
	return "", false
}

func (r *ListRow) checkEmail(known map[string]RunID, names map[RunID]string, seen map[string]bool, run RunID) {
	parsed, err := mail.ParseAddress(r.Person.Email)
	if err != nil || len(parsed.Address) > longestEmail {
		r.Faults["email"] = "people.bad_email"
		return
	}
	if r.Person.Name == "" {
		r.Person.Name = parsed.Name // "Ana Ruiz <ana@example.org>"
	}
	email := strings.ToLower(parsed.Address)
	r.Person.Email = email
	switch at, ok := known[email]; {
	case ok && at == run:
		r.Faults["email"] = "people.already"
	case ok:
		r.Faults["email"], r.Elsewhere = "list.elsewhere", names[at]
	case seen[email]:
		r.Faults["email"] = "people.twice"
	}
	seen[email] = true
}
