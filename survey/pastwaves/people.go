package pastwaves

import (
	"strings"
	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
)

// person is whoever has rows.
type person struct {
	Known
	code    string
	records map[Place]*Record
	order   []Place
	choices map[choicePlace]*chosen
}

// person is whose row it is; nil when that is nobody.
func (c *checker) person(r datafile.Row) *person {
	text, column := c.cell(r, string(Code))
	code := unguard(text)
	if code == "" {
		c.fault(r.Line, c.name(column), "There is no code in this row. Fill it in, or take the row out.")
		return nil
	}
	if text, i := c.cell(r, string(Simulated)); i >= 0 && text != "" && (text == "1") != c.d.Simulated {
		c.fault(r.Line, c.name(i), "The row is of %s, and this study is of %s; the two never mix.", people(text == "1"), people(c.d.Simulated))
		return nil
	}
	if p := c.people[code]; p != nil {
		return p
	}
	if c.twice[code] {
		return nil // told before
	}
	known, ok := c.known[code]
	if !ok {
		if known, ok = c.newcomer(r, code, column); !ok {
			c.twice[code] = true
			return nil
		}
	}
	if known.Declined {
		c.twice[code] = true
		c.fault(r.Line, c.name(column), "“%s” has said that they do not take part; nothing of them may be kept. Take the row out.", short(code))
		return nil
	}
	p := &person{Known: known, code: code, records: map[Place]*Record{}, choices: map[choicePlace]*chosen{}}
	c.people[code] = p
	c.People = append(c.People, code)
	return p
}

func people(simulated bool) string {
	if simulated {
		return "simulated people"
	}
	return "real people"
}

// newcomer is somebody who is not known; false when they cannot come in.
func (c *checker) newcomer(r datafile.Row, code string, column int) (Known, bool) {
	if !c.o.Create {
		hint := ""
		for other := range c.known {
			if same(other, code) {
				hint = " Is it “" + other + "”?"
			}
		}
		c.fault(r.Line, c.name(column), "There is nobody with the code “%s” in this study.%s Correct it, or say that unknown people are to be added.", short(code), hint)
		return Known{}, false
	}
	if text := codeFault(code); text != "" {
		c.fault(r.Line, c.name(column), "“%s” cannot be a code: %s.", short(code), text)
		return Known{}, false
	}
	n, faulty := Newcomer{Code: code, Arm: c.o.Arm, Run: c.o.Run, Line: r.Line}, c.Faulty
	if text, i := c.cell(r, string(Arm)); i >= 0 && text != "" {
		if n.Arm = find(c.d.Arms, unguard(text)); n.Arm == "" {
			c.fault(r.Line, c.name(i), "“%s” is no arm of this study. Its arms are %s.", short(text), list(c.d.Arms))
		}
	} else if n.Arm == "" {
		c.fault(r.Line, c.name(i), "“%s” is new, and nothing says in which arm. Choose the arm of those whose row does not say.", short(code))
	}
	if text, i := c.cell(r, string(Run)); i >= 0 && text != "" {
		if n.Run = find(c.d.Runs, unguard(text)); n.Run == "" {
			c.fault(r.Line, c.name(i), "“%s” is no course run of this study. Its runs are %s.", short(text), list(c.d.Runs))
		}
	} else if n.Run == "" {
		c.fault(r.Line, c.name(i), "“%s” is new, and nothing says in which course run. Choose the run of those whose row does not say.", short(code))
	}
	n.Enrolled = c.instant(r, string(Enrolled))
	n.Left = c.instant(r, string(Left))
	if !n.Left.IsZero() && n.Left.Before(n.Enrolled) {
		c.fault(r.Line, c.name(c.at[string(Left)]-1), "“%s” left before they were enrolled.", short(code))
	}
	if c.Faulty > faulty {
		return Known{}, false
	}
	c.Newcomers = append(c.Newcomers, n)
	k := Known{Arm: n.Arm, Left: n.Left, Forms: map[Place]*instrument.Definition{}}
	for _, s := range c.d.Sheets {
		if s.Arm == "" || s.Arm == n.Arm {
			k.Forms[Place{s.Wave, s.Def.Key}] = s.Def
		}
	}
	return k, true
}

// list names choices, the first of many.
func list(all []Choice) string {
	const most = 12
	var parts []string
	for i, c := range all {
		if i == most {
			parts = append(parts, "…")
			break
		}
		if c.Name == "" || c.Name == c.Key {
			parts = append(parts, c.Key)
		} else {
			parts = append(parts, c.Key+" ("+c.Name+")")
		}
	}
	if len(parts) == 0 {
		return "none yet"
	}
	return strings.Join(parts, ", ")
}

// short is a cell as a message can bear it.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
