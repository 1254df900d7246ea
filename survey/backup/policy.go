package backup

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
)

// Policy says which backups stay: the newest of each of the last so many days, weeks
// and months, by the calendar in UTC. Today, this week and this month count as one.
// The newest of all stays whatever its age.
type Policy struct {
	Daily, Weekly, Monthly int
}

// DefaultPolicy keeps nothing longer than 28 days, and so holds what people are
// promised of an erasure: see [PromisedDays].
func DefaultPolicy() Policy { return Policy{Daily: 7, Weekly: 4} }

// PromisedDays is after how many days an erased person is in no backup any more.
const PromisedDays = survey.BackupPromise

var policyForm = regexp.MustCompile(`^([0-9]{1,3})([dwm])$`)

// ParsePolicy reads a policy such as 7d,4w or 14d,4w,1m.
func ParsePolicy(text string) (Policy, error) {
	var p Policy
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		m := policyForm.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil || seen[m[2]] {
			return p, fmt.Errorf("%q is no rule of what to keep; write it as 7d,4w,1m: days, weeks, months", text)
		}
		seen[m[2]] = true
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return p, err
		}
		switch m[2] {
		case "d":
			p.Daily = n
		case "w":
			p.Weekly = n
		default:
			p.Monthly = n
		}
	}
	if p == (Policy{}) {
		return p, fmt.Errorf("%q keeps nothing", text)
	}
	return p, nil
}

// String is what ParsePolicy reads.
func (p Policy) String() string {
	var parts []string
	for _, x := range []struct {
		n    int
		unit string
	}{{p.Daily, "d"}, {p.Weekly, "w"}, {p.Monthly, "m"}} {
		if x.n > 0 {
			parts = append(parts, strconv.Itoa(x.n)+x.unit)
		}
	}
	return strings.Join(parts, ",")
}

// Days is how old a backup can become under the policy, as long as newer ones are
// made.
func (p Policy) Days() int { return max(p.Daily, 7*p.Weekly, 31*p.Monthly) }

// Keep tells those apart that stay from those that go.
func (p Policy) Keep(all []Stored, now time.Time) (stay, leave []Stored) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Stored) int { return b.TakenAt.Compare(a.TakenAt) })
	now = now.UTC()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	day := func(t time.Time) int { return -daysBetween(t, today) }
	monday := (int(today.Weekday()) + 6) % 7
	week := func(t time.Time) int { return floor(day(t)+monday, 7) }
	month := func(t time.Time) int { return (t.Year()-today.Year())*12 + int(t.Month()) - int(today.Month()) }
	taken := map[string]bool{}
	for i, s := range all {
		at := s.TakenAt.UTC()
		keep := i == 0
		for _, rule := range []struct {
			unit  string
			n     int
			place int
		}{{"d", p.Daily, day(at)}, {"w", p.Weekly, week(at)}, {"m", p.Monthly, month(at)}} {
			key := rule.unit + strconv.Itoa(rule.place)
			// What bears a time to come, by another clock, is of today.
			if -min(rule.place, 0) < rule.n && !taken[key] {
				taken[key], keep = true, true
			}
		}
		if keep {
			stay = append(stay, s)
		} else {
			leave = append(leave, s)
		}
	}
	return stay, leave
}

// Prune removes from a place what the policy does not keep, and tells what it removed.
func (p Policy) Prune(ctx context.Context, place Place, now time.Time) ([]Stored, error) {
	list, err := place.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the backups in %s: %w", place, err)
	}
	_, leave := p.Keep(list, now)
	for i, s := range leave {
		if err := place.Remove(ctx, s.Name); err != nil {
			return leave[:i], fmt.Errorf("remove %s from %s: %w", s.Name, place, err)
		}
	}
	return leave, nil
}

// daysBetween is how many days before the day of b the day of a is.
func daysBetween(a, b time.Time) int {
	a = time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
