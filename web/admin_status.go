package web

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// The addresses of the page on which administrators see how the installation does.
const (
	statusPath   = "/admin/status"
	readOnlyPath = "/admin/status/read-only"
)

type statusPage struct {
	Page
	survey.Standing
	Program string // its version
	Size    string // of the database
	Disk    string // what is left; empty: not known here
	Mail    bool
	Servers []serverLine
	Faults  []faultKind
	Checked bool
	Found   []survey.Check // something, faults first
	Fine    []survey.Check // nothing
	Wrong   int            // how many of those found are faults
}

// serverLine is a server in words.
type serverLine struct {
	survey.Replica
	Here   bool // it made this page
	Missed bool
	Up     string
}

// faultKind is how often something went wrong on all servers.
type faultKind struct {
	Kind  string
	Count int
	Last  time.Time
}

// showStatus shows how the installation does.
func (s *Server) showStatus(c *gin.Context, a survey.Actor) error {
	ctx := c.Request.Context()
	standing, err := s.use.Operations.Standing(ctx, a)
	if err != nil {
		return err
	}
	p := statusPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionAdmin, "Status"), Standing: standing,
		Program: s.cfg.Version, Size: bytesText(standing.Database.Size), Mail: s.cfg.Mail, Faults: faultCounts(standing.Replicas),
	}
	for _, r := range standing.Replicas {
		p.Servers = append(p.Servers, serverLine{
			Replica: r, Here: r.ID == s.cfg.Self, Missed: standing.Missed(r), Up: upText(standing.At.Sub(r.StartedAt)),
		})
	}
	if s.cfg.Disk != nil {
		if free, total, err := s.cfg.Disk(); err == nil {
			p.Disk = fmt.Sprintf("%s free of %s", bytesText(int64(min(free, 1<<62))), bytesText(int64(min(total, 1<<62))))
		}
	}
	if s.cfg.Examine != nil {
		p.Checked = true
		for _, check := range s.cfg.Examine(ctx) {
			switch {
			case check.Name == survey.CheckOfChanges: // told above, and fresh
			case check.State == survey.CheckFault:
				p.Found = slices.Insert(p.Found, p.Wrong, check)
				p.Wrong++
			case check.State == survey.CheckWarning:
				p.Found = append(p.Found, check)
			default:
				p.Fine = append(p.Fine, check)
			}
		}
	}
	return s.render(c, 200, "admin_status", p)
}

// switchReadOnly says for all servers whether changes are taken.
func (s *Server) switchReadOnly(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	on := values.Get("read_only")
	if on != "on" && on != "off" {
		return errBadForm
	}
	if err := s.use.Operations.SetReadOnly(c.Request.Context(), a, on == "on"); err != nil {
		return err
	}
	return redirect(c, statusPath)
}

// faultCounts adds up what went wrong on all servers, the latest first.
func faultCounts(replicas []survey.Replica) []faultKind {
	byKind := map[string]faultKind{}
	for _, r := range replicas {
		for kind, n := range r.Faults {
			l := byKind[kind]
			l.Kind, l.Count = kind, l.Count+int(n.Count)
			if n.LastAt.After(l.Last) {
				l.Last = n.LastAt
			}
			byKind[kind] = l
		}
	}
	return slices.SortedFunc(maps.Values(byKind), func(a, b faultKind) int {
		return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Kind, b.Kind))
	})
}

// bytesText is a size as people say it.
func bytesText(n int64) string {
	const unit = 1000
	value, names := float64(n), []string{"kB", "MB", "GB", "TB"}
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	i := -1
	for value >= unit && i < len(names)-1 {
		value /= unit
		i++
	}
	return fmt.Sprintf("%.3g %s", value, names[i])
}

// upText is how long something has lasted.
func upText(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}
