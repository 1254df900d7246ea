package web

import (
	"fmt"
	"time"

	"tidemark/survey"
)

// backupCard is how it stands with the backups, in words.
type backupCard struct {
	Problems []string
	Newest   *backupLine
	Proved   string // when the newest that was proved was made, if it is another
	Failed   string // why the last attempt failed
	FailedAt time.Time
	Plan     string
}

// backupLine is a backup in words.
type backupLine struct {
	At       time.Time
	Age      string
	Size     string
	Place    string
	Name     string
	ProvedAt time.Time
	Fault    string // why it was not proved
}

func newBackupCard(s survey.BackupStanding, now time.Time) backupCard {
	var c backupCard
	for _, p := range s.Problems {
		c.Problems = append(c.Problems, p.Words())
	}
	if b := s.Attempt; b != nil && !b.Made() {
		c.FailedAt, c.Failed = b.BegunAt, b.Fault
		if c.Failed == "" {
			c.Failed = "it was not carried to its end; the server was stopped"
		}
	}
	b := s.Newest
	if b == nil {
		return c
	}
	c.Newest = &backupLine{
		At: b.BegunAt, Age: ageText(now.Sub(b.BegunAt)), Size: sizeText(b.Bytes), Place: b.Place, Name: b.Name, ProvedAt: b.ProvedAt, Fault: b.Fault,
	}
	if p := s.Proved; p != nil && p.ID != b.ID {
		c.Proved = "The newest that was proved is " + ageText(now.Sub(p.BegunAt)) + " old: " + p.Name + "."
	}
	switch {
	case b.Every > 0:
		c.Plan = fmt.Sprintf("One is made every %s; none becomes older than %s.", ageText(b.Every), counted(b.KeepDays, "day"))
	case b.KeepDays > 0:
		c.Plan = fmt.Sprintf("They are made by a command from outside; none becomes older than %s.", counted(b.KeepDays, "day"))
	default:
		c.Plan = "They are made by a command from outside."
	}
	return c
}

// ageText is a time in the largest unit that fits twice.
func ageText(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return counted(int(d/(24*time.Hour)), "day")
	case d >= 2*time.Hour:
		return counted(int(d/time.Hour), "hour")
	case d >= time.Minute:
		return counted(int(d/time.Minute), "minute")
	}
	return "less than a minute"
}
