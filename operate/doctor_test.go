package operate

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"tidemark/survey"
)

func TestChecksTellWhatIsWellFromWhatIsNot(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	d := func(change func(*Doctor)) Doctor {
		doctor := Doctor{Now: func() time.Time { return now }}
		change(&doctor)
		return doctor
	}
	free := func(n uint64) Doctor {
		return d(func(d *Doctor) { d.Disk = func() (uint64, uint64, error) { return n, 100 << 30, nil } })
	}
	backup := func(age time.Duration) survey.Check {
		return d(func(d *Doctor) {
			d.LastBackup = func(context.Context) (time.Time, error) { return now.Add(-age), nil }
		}).backups(t.Context())
	}
	clockOf := func(at time.Time) survey.Check {
		return d(func(*Doctor) {}).clock(t.Context(), survey.Database{Clock: at})
	}
	settings := func(engine, name, value string) survey.Check {
		return settingsCheck(survey.Database{Engine: engine, Settings: []survey.Setting{{Name: name, Value: value}}})
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", now.Add(3*time.Minute).Format(http.TimeFormat))
	}))
	t.Cleanup(page.Close)
	backlog := func(b survey.Backlog) []survey.Check { return Doctor{}.backlog(survey.Standing{At: now, Backlog: b}) }
	replica := func(version string, ago time.Duration) survey.Replica {
		return survey.Replica{Host: "h", Version: version, SeenAt: now.Add(-ago)}
	}
	servers := func(list ...survey.Replica) survey.Check {
		return Doctor{}.servers(survey.Standing{At: now, Replicas: list})
	}
	mailed := func(err error) survey.Check {
		return d(func(d *Doctor) { d.Mail = func(context.Context) error { return err } }).mail(t.Context())
	}
	proxied := func(networks ...string) survey.Check {
		return d(func(d *Doctor) {
			for _, n := range networks {
				d.Proxies = append(d.Proxies, netip.MustParsePrefix(n))
			}
		}).proxies()
	}
	for name, c := range map[string]struct {
		got  survey.Check
		want survey.CheckState
	}{
		"room":                   {free(50 << 30).disk(), survey.CheckOK},
		"little room":            {free(900 << 20).disk(), survey.CheckWarning},
		"no room":                {free(10 << 20).disk(), survey.CheckFault},
		"a fresh backup":         {backup(3 * time.Hour), survey.CheckOK},
		"an old backup":          {backup(72 * time.Hour), survey.CheckFault},
		"clocks agree":           {clockOf(now.Add(time.Second)), survey.CheckOK},
		"clocks differ":          {clockOf(now.Add(-20 * time.Second)), survey.CheckWarning},
		"clocks are wrong":       {clockOf(now.Add(5 * time.Minute)), survey.CheckFault},
		"a page's clock":         {d(func(d *Doctor) { d.ClockURL = page.URL }).clock(t.Context(), survey.Database{}), survey.CheckFault},
		"a page that is away":    {d(func(d *Doctor) { d.ClockURL = "http://127.0.0.1:1" }).clock(t.Context(), survey.Database{}), survey.CheckWarning},
		"commits on disk":        {settings("PostgreSQL", "synchronous_commit", "on"), survey.CheckOK},
		"commits not on disk":    {settings("PostgreSQL", "synchronous_commit", "off"), survey.CheckFault},
		"no fsync":               {settings("PostgreSQL", "fsync", "off"), survey.CheckFault},
		"another encoding":       {settings("PostgreSQL", "server_encoding", "SQL_ASCII"), survey.CheckFault},
		"no checksums":           {settings("PostgreSQL", "data_checksums", "off"), survey.CheckWarning},
		"SQLite is not synced":   {settings("SQLite", "synchronous", "1"), survey.CheckFault},
		"a standby":              {databaseChecks(survey.Database{ReadOnly: true})[0], survey.CheckFault},
		"an older schema":        {databaseChecks(survey.Database{Schema: 3, Wanted: 4})[1], survey.CheckFault},
		"a newer schema":         {databaseChecks(survey.Database{Schema: 5, Wanted: 4})[1], survey.CheckFault},
		"nothing waits":          {backlog(survey.Backlog{})[0], survey.CheckOK},
		"a message is late":      {backlog(survey.Backlog{Messages: survey.Outgoing{Waiting: 1, Oldest: now.Add(-10 * time.Minute)}})[0], survey.CheckWarning},
		"a message is very late": {backlog(survey.Backlog{Messages: survey.Outgoing{Waiting: 1, Oldest: now.Add(-2 * time.Hour)}})[0], survey.CheckFault},
		"a message is to come":   {backlog(survey.Backlog{Messages: survey.Outgoing{Waiting: 1, Oldest: now.Add(time.Hour)}})[0], survey.CheckOK},
		"the trail waits":        {backlog(survey.Backlog{Audit: 9, AuditFrom: now.Add(-5 * time.Minute)})[1], survey.CheckWarning},
		"a file waits":           {backlog(survey.Backlog{Files: 1, FileFrom: now.Add(-2 * time.Hour)})[1], survey.CheckWarning},
		"an alert waits":         {backlog(survey.Backlog{Alerts: 1})[2], survey.CheckWarning},
		"two servers":            {servers(replica("1", 0), replica("1", time.Second)), survey.CheckOK},
		"two versions":           {servers(replica("1", 0), replica("2", 0)), survey.CheckWarning},
		"one is missed":          {servers(replica("1", 0), replica("1", time.Hour)), survey.CheckWarning},
		"mail works":             {mailed(nil), survey.CheckOK},
		"mail does not":          {mailed(&survey.SendError{Reason: "it cannot be reached", Err: errors.New("canary@example.org")}), survey.CheckFault},
		"proxies of ours":        {proxied("10.0.0.0/8", "127.0.0.0/8", "fd00::/8"), survey.CheckOK},
		"many proxies":           {proxied("203.0.0.0/8"), survey.CheckWarning},
		"everybody":              {proxied("::/0"), survey.CheckFault},
		"HTTPS":                  {Doctor{BaseURL: "https://study.example.org"}.address(), survey.CheckOK},
		"this machine":           {Doctor{BaseURL: "http://127.0.0.1:8080"}.address(), survey.CheckWarning},
		"no HTTPS":               {Doctor{BaseURL: "http://study.example.org"}.address(), survey.CheckFault},
		"read-only":              {Doctor{}.changes(survey.Standing{Started: true}), survey.CheckWarning},
	} {
		if c.got.State != c.want || c.got.Says == "" || c.want != survey.CheckOK && c.got.Do == "" {
			t.Errorf("%s: %+v, want %s", name, c.got, c.want)
		}
	}
}
