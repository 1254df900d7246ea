package survey

import (
	"fmt"
	"slices"
	"time"
)

// AuditFault is something found in the audit trail that cannot have come about by the
// program.
type AuditFault struct {
	StudyID StudyID
	Seq     int64 // of the line where it shows; 0: of no line
	Words   string
}

// AuditReport is what a check of one chain found.
type AuditReport struct {
	Chain AuditChain // with how far it was checked and how many faults there are
	// Faults are the first of them.
	Faults []AuditFault
	// Lines were read; Waiting have no place yet, the earliest since WaitingSince.
	Lines        int64
	Waiting      int
	WaitingSince time.Time
	Erased       int // texts erased along with their people
	Untold       int // texts that are not in a file, see [VerifyAuditFile]
	Late         int // lines that say that they happened an hour or more before they were sealed
	Heads        int // signed heads that fit
}

// Whole reports whether nothing was found.
func (r *AuditReport) Whole() bool { return r.Chain.Faults == 0 }

const (
	// keptFaults bounds how many faults are told of a chain.
	keptFaults = 50
	// sealedWithin is how soon a line gets its place while a server runs, amply.
	sealedWithin = time.Hour
)

// auditCheck goes along a chain, line by line, and remembers what it needs: nothing
// that grows but with the texts that are missing.
type auditCheck struct {
	report AuditReport
	next   int64 // number the next line must have
	prev   string
	begun  time.Time               // when its first line was sealed
	gone   map[EnrolmentID][]int64 // lines whose text is missing
	erased map[EnrolmentID]bool
	heads  map[int64][]AuditHead // yet to be met
	file   bool                  // the lines are from a file, which need not have the texts
}

func newAuditCheck(chain AuditChain, heads []AuditHead) *auditCheck {
	c := &auditCheck{
		report: AuditReport{Chain: chain}, next: 1,
		gone: map[EnrolmentID][]int64{}, erased: map[EnrolmentID]bool{}, heads: map[int64][]AuditHead{},
	}
	c.report.Chain.Faults, c.report.Chain.CheckedSeq = 0, 0
	for _, h := range heads {
		if !slices.ContainsFunc(c.heads[h.Seq], func(x AuditHead) bool { return x.Signature == h.Signature }) {
			c.heads[h.Seq] = append(c.heads[h.Seq], h)
		}
	}
	return c
}

func (c *auditCheck) fault(seq int64, format string, args ...any) {
	c.report.Chain.Faults++
	if len(c.report.Faults) < keptFaults {
		c.report.Faults = append(c.report.Faults, AuditFault{c.report.Chain.StudyID, seq, fmt.Sprintf(format, args...)})
	}
}

// forged notes heads that are not the installation's.
func (c *auditCheck) forged(heads []AuditHead) {
	for _, h := range heads {
		c.fault(h.Seq, "the head of %s is not signed by this installation, or was altered", h.Day)
	}
}

// line checks the next line.
func (c *auditCheck) line(e *ChainedEvent) {
	switch {
	case e.Seq == c.next:
	case e.Seq == c.next+1:
		c.fault(c.next, "line %d is missing", c.next)
	case e.Seq > c.next:
		c.fault(c.next, "lines %d to %d are missing", c.next, e.Seq-1)
	default:
		c.fault(e.Seq, "line %d is there more than once", e.Seq)
	}
	if e.Prev != c.prev {
		c.fault(e.Seq, "line %d does not follow the line before it", e.Seq)
	}
	if e.Hash != e.Sum() {
		c.fault(e.Seq, "line %d (%s) is not as it was written", e.Seq, e.At.UTC().Format(AuditTime))
	}
	c.text(e)
	if e.Action == ActionErased || e.Action == ActionErasureReplayed || e.Action == ActionRetentionRemoved && e.Detail == string(RetainAnswers) {
		c.erased[EnrolmentID(e.ObjectID)] = true
	}
	c.late(e)
	for _, h := range c.heads[e.Seq] {
		if h.Hash == e.Hash {
			c.report.Heads++
		} else {
			c.fault(e.Seq, "line %d is another than on %s, when it was signed: the trail was written anew", e.Seq, h.Day)
		}
	}
	delete(c.heads, e.Seq)
	c.report.Lines++
	c.next, c.prev = e.Seq+1, e.Hash
}

func (c *auditCheck) text(e *ChainedEvent) {
	switch {
	case e.Text == AuditText{} && e.TextHash == "":
	case e.Text == AuditText{} && e.Subject == "" && c.file:
		c.report.Untold++
	case e.Text == AuditText{} && e.Subject == "":
		c.fault(e.Seq, "the text of line %d (%s) was removed", e.Seq, e.At.UTC().Format(AuditTime))
	case e.Text == AuditText{}:
		c.gone[e.Subject] = append(c.gone[e.Subject], e.Seq)
	case e.TextHash != e.Text.Hash():
		c.fault(e.Seq, "the text of line %d (%s) is not as it was written", e.Seq, e.At.UTC().Format(AuditTime))
	}
}

// late counts lines that were sealed long after they say that they happened: no server
// ran, or they were put in by hand. Those from before there was a chain are sealed when
// it begins.
func (c *auditCheck) late(e *ChainedEvent) {
	if c.begun.IsZero() {
		c.begun = e.SealedAt
	}
	old := e.At.Before(c.begun) && e.SealedAt.Sub(c.begun) < sealedWithin
	if e.SealedAt.Sub(e.At) >= sealedWithin && !old {
		c.report.Late++
	}
}

// wait notes lines without a place.
func (c *auditCheck) wait(n int, since, now time.Time) {
	c.report.Waiting, c.report.WaitingSince = n, since
	if n > 0 && now.Sub(since) >= sealedWithin {
		c.fault(c.next, "%d lines wait for their place, the first since %s: either no server runs, or they were put in by hand",
			n, since.UTC().Format(AuditTime))
	}
}

// end checks what remains when the last line was read.
func (c *auditCheck) end() *AuditReport {
	for who, lines := range c.gone {
		if c.erased[who] {
			c.report.Erased += len(lines)
			continue
		}
		if c.file {
			c.report.Untold += len(lines)
			continue
		}
		for _, seq := range lines {
			c.fault(seq, "the text of line %d was removed, and nobody was erased", seq)
		}
	}
	last, chain := c.next-1, &c.report.Chain
	switch {
	case last < chain.Seq:
		c.fault(last, "the end is missing: the last line is %d and was %d", last, chain.Seq)
	case last > chain.Seq || c.prev != chain.Hash:
		c.fault(last, "line %d at the end was not put there by the program", last)
	}
	for _, heads := range c.heads {
		for _, h := range heads {
			c.fault(h.Seq, "the end is missing: on %s there were %d lines, and now there are %d", h.Day, h.Seq, last)
		}
	}
	slices.SortStableFunc(c.report.Faults, func(a, b AuditFault) int { return int(a.Seq - b.Seq) })
	chain.CheckedSeq = last
	return &c.report
}
