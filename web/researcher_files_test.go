package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
)

// prepared is a file of a study with some content.
func (w *world) prepared(study survey.Study, what, content string) survey.PreparedFile {
	w.t.Helper()
	system := survey.SystemActor("test")
	f, err := w.cases.Files.Ask(w.t.Context(), system, survey.PreparedFile{
		StudyID: study.ID, What: what, Format: "csv", Profile: "internal", Name: what + ".csv", Media: "text/csv",
	}, "")
	w.must(err)
	_, err = w.cases.Files.Work(w.t.Context(), system, func(_ context.Context, _ survey.PreparedFile, out io.Writer) (int, error) {
		_, err := io.WriteString(out, content)
		return strings.Count(content, "\n") - 1, err
	})
	w.must(err)
	return f
}

// preparedIn has two files in each study, and gives the identifier of the one to be
// removed for addresses that do so, and of the other for others.
func (w *world) preparedIn(studies map[string]survey.Study) func(study, path string) string {
	ids := map[string]string{}
	for name, study := range studies {
		ids[name] = string(w.prepared(study, "long", "a\n1\n").ID)
		ids[name+"/remove"] = string(w.prepared(study, "wide", "a\n").ID)
	}
	return func(study, path string) string {
		if strings.HasSuffix(path, "/remove") {
			study += "/remove"
		}
		return cmp.Or(ids[study], "none")
	}
}

func TestAFileIsPreparedAndItsDownloadTakenUpAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	d.post(w.path("/snapshots"), url.Values{"name": {"Primary"}}).want(200)
	form := d.get(w.path("/others?snapshot=1&profile=shared&leave=run")).want(200).values(w.path("/files"))
	form.Set("file", "long.csv")
	page := d.post(w.path("/files"), form).want(200, "It will be made next", "long_snapshot_1_shared.csv", "Left out besides")
	if page.header.Get("Refresh") == "" {
		t.Error("the page does not look again")
	}
	made, err := w.cases.Files.Work(t.Context(), survey.SystemActor("test"), export.Maker(w.cases, w.store, "1.0"))
	w.must(err)
	if !made {
		t.Fatal("nothing was made")
	}
	page = d.get(page.path).want(200, "It is ready", "SHA-256", "22")
	if page.header.Get("Refresh") != "" {
		t.Error("the page of a file that is ready looks again")
	}
	whole := d.get(page.path + "/content").want(200)
	sum := sha256.Sum256([]byte(whole.body))
	hash := hex.EncodeToString(sum[:])
	if !strings.Contains(page.body, hash) || strings.Count(whole.body, "\n") != 23 || whole.header.Get("Tidemark-Rows") != "22" {
		t.Errorf("the page does not tell the hash %s, or the file has not its rows: %v", hash, whole.header)
	}
	if s := d.get(page.path + "/sha256").want(200); s.body != hash+"  "+w.study.Key+"_long_snapshot_1_shared.csv\n" {
		t.Errorf("the checksum is %q", s.body)
	}
	r := d.request(http.MethodGet, page.path+"/content", nil)
	r.Header.Set("Range", "bytes=100-")
	r.Header.Set("If-Range", whole.header.Get("ETag"))
	if rest := d.do(r).want(206); rest.body != whole.body[100:] {
		t.Error("the rest of the download is not the rest of the file")
	}
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 9)
	w.must(err)
	asked, taken := 0, 0
	for _, e := range events {
		switch {
		case e.Action == survey.ActionFileAsked && strings.Contains(e.Detail, "long_snapshot_1_shared"):
			asked++
		case e.Action == survey.ActionExported && strings.Contains(e.Detail, "long_snapshot_1_shared"):
			taken++
		}
	}
	if asked != 1 || taken < 1 {
		t.Errorf("the trail says that it was asked for %d and taken %d times", asked, taken)
	}
	d.get(w.path("/files")).want(200, "ready")
	d.post(page.path+"/remove", url.Values{}).want(200)
	d.get(page.path).want(200, "There is no file", "It was removed")
	d.get(page.path + "/content").want(410)
	for _, wrong := range []url.Values{
		{}, {"file": {"nonsense.csv"}}, {"file": {"bundle.zip"}}, {"file": {"texts.csv"}, "snapshot": {"1"}, "profile": {"public"}},
		{"file": {"long.csv"}, "profile": {"shared"}}, {"file": {"long.csv"}, "snapshot": {"x"}},
	} {
		d.post(w.path("/files"), wrong).want(400)
	}
	d.post(w.path("/files"), url.Values{"file": {"long.csv"}, "snapshot": {"9"}}).want(404)
}
