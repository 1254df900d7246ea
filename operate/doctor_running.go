package operate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tidemark/survey"
)

// Bounds on what is left of a disk.
const (
	diskLow  = 1 << 30
	diskFull = 64 << 20
)

func (d Doctor) disk() survey.Check {
	const name = "disk"
	if d.Disk == nil {
		return ok(name, "The disk of the database is on another machine; look there.")
	}
	free, total, err := d.Disk()
	switch {
	case err != nil:
		return ok(name, "The disk of the database is on another machine, or cannot be asked here; look there.")
	case free < diskFull:
		return fault(name, fmt.Sprintf("%d MB are left on the disk of the database: answers will soon be refused.", free>>20), "Make room, or move the database to a larger disk.")
	case free < diskLow || total > 0 && free < total/20:
		return warning(name, fmt.Sprintf("%d MB are left on the disk of the database, %d %% of it.", free>>20, free*100/max(total, 1)), "Make room before it is full.")
	}
	return ok(name, fmt.Sprintf("%d MB are left on the disk of the database.", free>>20))
}

// After how long what waits is odd, or wrong.
const (
	messagesOdd   = 5 * time.Minute
	messagesWrong = time.Hour
	sealingOdd    = time.Minute
	filesOdd      = time.Hour
)

func (d Doctor) backlog(s survey.Standing) []survey.Check {
	waits := func(since time.Time) time.Duration {
		if since.IsZero() {
			return 0
		}
		return s.At.Sub(since)
	}
	b := s.Backlog
	messages := ok("messages", "No message is late.")
	switch late := waits(b.Messages.Oldest); {
	case late > messagesWrong:
		messages = fault("messages", fmt.Sprintf("%d messages wait, the first since %s.", b.Messages.Waiting, span(late)), "Look at the check of mail, and whether a server runs. Alerts go this way: tell the people whom studies name.")
	case late > messagesOdd:
		messages = warning("messages", fmt.Sprintf("%d messages wait, the first since %s.", b.Messages.Waiting, span(late)), "Look at the check of mail, and whether a server runs.")
	case b.Messages.Failed > 0:
		messages = ok("messages", fmt.Sprintf("No message is late; %d were given up in all.", b.Messages.Failed))
	}
	work := ok("background work", "Files are prepared and the audit trail is sealed.")
	switch {
	case waits(b.AuditFrom) > sealingOdd:
		work = warning("background work", fmt.Sprintf("%d lines of the audit trail wait for their place, the first since %s.", b.Audit, span(waits(b.AuditFrom))), "Look whether a server runs, and at its log.")
	case waits(b.FileFrom) > filesOdd:
		work = warning("background work", fmt.Sprintf("%d files wait to be prepared, the first since %s.", b.Files, span(waits(b.FileFrom))), "Look at the log of the servers.")
	}
	alerts := ok("alerts", "Every alert was taken on.")
	if b.Alerts > 0 {
		alerts = warning("alerts", fmt.Sprintf("%d alerts wait for somebody to take them on.", b.Alerts), "Tell the people whom studies name.")
	}
	return []survey.Check{messages, work, alerts}
}

func (d Doctor) servers(s survey.Standing) survey.Check {
	const name = "servers"
	var missed, versions []string
	for _, r := range s.Replicas {
		switch {
		case s.Missed(r):
			missed = append(missed, r.Host)
		case !slices.Contains(versions, r.Version):
			versions = append(versions, r.Version)
		}
	}
	running := len(s.Replicas) - len(missed)
	switch {
	case len(versions) > 1:
		return warning(name, fmt.Sprintf("%d servers run %d versions of the program.", running, len(versions)), "Bring all of them to the newest.")
	case len(missed) > 0:
		return warning(name, fmt.Sprintf("%d servers run; %d ended without saying so within a day: %s.", running, len(missed), strings.Join(missed, ", ")), "Look why, unless you ended them yourself.")
	case running == 0:
		return warning(name, "No server runs.", "Start one with tidemark serve, unless that is meant.")
	}
	return ok(name, fmt.Sprintf("%d running.", running))
}

func (d Doctor) changes(s survey.Standing) survey.Check {
	const name = survey.CheckOfChanges
	if s.ReadOnly() {
		return warning(name, "The installation is read-only: nothing is saved, sent or passed on.", "Switch it back under Administration, Status, or start the server without --read-only.")
	}
	return ok(name, "Answers and changes are taken.")
}

func (d Doctor) responders(ctx context.Context) survey.Check {
	const name = "responders"
	studies, err := d.Cases.Operations.Unanswered(ctx, d.Actor)
	switch {
	case err != nil:
		return fault(name, "It could not be found out whether studies name somebody who looks at alerts.", "Look at the database.")
	case len(studies) > 0:
		return fault(name, "Open studies name nobody who looks at alerts: "+strings.Join(studies, ", ")+".", "Declare it on the page Safety of each study.")
	}
	return ok(name, "Every open study says who looks at alerts, or that nobody can.")
}

// clockTimeout bounds the question for the time.
const clockTimeout = 5 * time.Second

// askClock reads the time from the head of a page.
func askClock(ctx context.Context, address string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return time.Time{}, err
	}
	_ = response.Body.Close() // a head has none
	return http.ParseTime(response.Header.Get("Date"))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the clock that was named"
	}
	return u.Host
}

// mailReason is why letters are not taken, without what a server said.
func mailReason(err error) string {
	if why, ok := errors.AsType[*survey.SendError](err); ok {
		return why.Reason
	}
	return "there was no answer in time"
}

// span is a time as people say it.
func span(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
