package web

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestThePageSaysHowItStandsWithBackups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get("/admin").want(200, "No backup has ever been made")
	run := func(b survey.Backup, end func(*survey.Backup) error) {
		t.Helper()
		_, _, err := w.cases.Backups.Run(t.Context(), survey.SystemActor("test"), b, func(_ context.Context, b *survey.Backup) error { return end(b) })
		if err != nil && !errors.Is(err, errDisk) {
			t.Fatal(err)
		}
	}
	daily := survey.Backup{Why: survey.BackupScheduled, Place: "/mnt/<backups>", Every: 24 * 60 * 60 * 1e9, KeepDays: 28}
	run(daily, func(b *survey.Backup) error {
		b.Name, b.Bytes, b.ProvedAt = "tidemark-x.tar.gz.age", 3_456_789, w.now()
		return nil
	})
	page := boss.get("/admin").want(200, "less than a minute old", "3.5 MB", "/mnt/<backups>", "tidemark-x.tar.gz.age",
		"Restored and compared row by row", "One is made every 24 hours; none becomes older than 28 days.")
	if text := page.text(); strings.Contains(text, "No backup has ever") || strings.Contains(text, "too old") {
		t.Errorf("it finds fault: %s", text)
	}
	w.clock.Add(1000)
	run(survey.Backup{Why: survey.BackupAsked, Place: "there", KeepDays: 93}, func(*survey.Backup) error { return errDisk })
	boss.get("/admin").want(200, "The last attempt to make a backup failed", "the disk is full")
	w.clock.Add(1000)
	run(survey.Backup{Why: survey.BackupAsked, Place: "there", KeepDays: 93}, func(b *survey.Backup) error {
		b.Name, b.Fault = "tidemark-y.tar.gz.age", "the role may not make a database"
		return nil
	})
	boss.get("/admin").want(200, "was not proved", "None. the role may not make a database", "longer than 35 days", "The newest that was proved is less than a minute old: tidemark-x.tar.gz.age.")
}

var errDisk = errors.New("the disk is full")
