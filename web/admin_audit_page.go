package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// auditLines is how much of the trail one page shows.
const auditLines = 50

const auditPath = "/admin/audit"

// onInstallation is the choice of lines that concern no study.
const onInstallation = "-"

type auditPage struct {
	Page
	Form    staffForm // the filter as it was typed
	Studies []choice
	Who     []choice
	What    []choice
	Lines   []auditLine
	First   string // address of the first page
	Next    string // address of the next page; empty: there is none
	Later   bool   // this is not the first
	Chains  []auditState
	Broken  int // of them
	Checked []auditFinding
	Fresh   bool // it was just checked
	Whole   bool // not some studies alone
	Fields  []auditField
}

// choice is one of a list.
type choice struct{ Value, Label string }

// auditField is what the filter holds, for the form that exports.
type auditField struct{ Name, Value string }

// auditLine is one event in words.
type auditLine struct {
	At                    time.Time
	Who, What, Detail     string
	Old, New, Reason      string
	Erased                bool // its text went with its person
	Withheld              bool // it is not for administrators
	Object, ObjectAddress string
	Study                 string
	Seq                   int64
}

// auditState is a chain in words.
type auditState struct {
	Name   string
	Lines  int
	At     time.Time // of the last check; the zero time: none yet
	UpTo   int
	Faults int
}

// auditFinding is what a check that was just made found of a chain.
type auditFinding struct {
	Name  string
	Words []string
	More  int
}

// auditNames are what identifiers stand for.
type auditNames struct {
	people  map[string]string
	studies map[survey.StudyID]string
}

func (n auditNames) chain(id survey.StudyID) string {
	if id == "" {
		return "The installation"
	}
	return cmp.Or(n.studies[id], "A study that is not here")
}

func (s *Server) showAudit(c *gin.Context, a survey.Actor) error {
	return s.auditTrail(c, a, c.Request.URL.Query(), nil)
}

// auditTrail shows the part of the trail that a filter lets through.
func (s *Server) auditTrail(c *gin.Context, a survey.Actor, typed url.Values, checked []survey.AuditReport) error {
	ctx := c.Request.Context()
	p := auditPage{Page: s.staffPage(c, a, survey.Study{}, auditSection(a), "Audit trail"), Form: staffForm{Values: typed}, Fresh: checked != nil}
	index, err := s.use.Audits.Index(ctx, a)
	if err != nil {
		return err
	}
	p.Whole = index.Whole
	names := auditChoices(index, &p)
	f, faults, err := auditFilter(index, typed)
	if err != nil {
		return err
	}
	chains, err := s.use.Audits.Chains(ctx, a)
	if err != nil {
		return err
	}
	p.states(chains, names, f.Study)
	p.found(checked, names)
	for _, name := range []string{"study", "who", "what", "from", "to", "object"} {
		if v := typed.Get(name); v != "" {
			p.Fields = append(p.Fields, auditField{name, v})
		}
	}
	if len(faults) > 0 {
		p.Form.Faults = faults
		erring(&p.Page)
		return s.render(c, http.StatusUnprocessableEntity, "admin_audit", p)
	}
	f.Limit = auditLines
	part, err := s.use.Audits.Page(ctx, a, f)
	if err != nil {
		return err
	}
	p.Later, p.First = f.Before != nil, p.address("", "")
	for i := range part.Lines {
		p.Lines = append(p.Lines, auditLineOf(&part.Lines[i], names))
	}
	if part.Next != nil {
		p.Next = p.address("before", strconv.FormatInt(part.Next.At.UnixMilli(), 10)+"."+string(part.Next.ID))
	}
	return s.render(c, http.StatusOK, "admin_audit", p)
}

// address is the page with the same filter and one thing more, or nothing.
func (p *auditPage) address(name, value string) string {
	v := url.Values{}
	for _, f := range p.Fields {
		v.Set(f.Name, f.Value)
	}
	if name != "" {
		v.Set(name, value)
	}
	return "/admin/audit?" + v.Encode()
}

// auditSection is where the trail stands in the navigation.
func auditSection(a survey.Actor) section {
	if a.IsAdministrator() {
		return sectionAdmin
	}
	return sectionAudit
}

func auditLineOf(e *survey.ChainedEvent, names auditNames) auditLine {
	l := auditLine{
		At: e.At, Who: actorWords(e.AuditEvent, names.people), What: actionWords(e.Action), Detail: detailWords(e.AuditEvent),
		Old: e.Text.Old, New: e.Text.New, Reason: e.Text.Reason, Erased: e.TextHash != "" && !e.Withheld && e.Text == survey.AuditText{}, Withheld: e.Withheld,
		Object: objectWords(e.AuditEvent, names.people), Study: names.studies[e.StudyID], Seq: e.Seq,
	}
	if l.Object != "" {
		l.ObjectAddress = "/admin/audit?" + url.Values{"object": {e.ObjectID}}.Encode()
	}
	return l
}

// states tell of the chains that are shown what is known of them.
func (p *auditPage) states(chains []survey.AuditChain, names auditNames, only *survey.StudyID) {
	for _, c := range chains {
		if only != nil && *only != c.StudyID {
			continue
		}
		p.Chains = append(p.Chains, auditState{names.chain(c.StudyID), int(c.Seq), c.CheckedAt, int(c.CheckedSeq), c.Faults})
		if c.Faults > 0 {
			p.Broken++
		}
	}
}

func (p *auditPage) found(reports []survey.AuditReport, names auditNames) {
	for _, r := range reports {
		if r.Whole() {
			continue
		}
		found := auditFinding{Name: names.chain(r.Chain.StudyID), More: r.Chain.Faults - len(r.Faults)}
		for _, f := range r.Faults {
			found.Words = append(found.Words, sentenceCase(f.Words))
		}
		p.Checked = append(p.Checked, found)
	}
}
