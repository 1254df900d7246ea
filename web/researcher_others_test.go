package web

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
)

// bundled is the manifest of a bundle.
func bundled(t *testing.T, body string) export.Manifest {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var m export.Manifest
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/manifest.json") {
			continue
		}
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestAFileForOthersIsLookedAtAndThenDownloaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	d.get(w.path("/data")).want(200, "Make a file for others")
	d.post(w.path("/snapshots"), url.Values{"name": {"Primary"}}).want(200)
	d.get(w.path("/others")).want(200, "Whom is it for?", "1 · Primary")
	page := d.get(w.path("/others?snapshot=1&profile=public")).want(200,
		"3 people of 3 are in a group of fewer than 5", "Nobody was asked whether their answers may go to others", "whole weeks", "contact_consent")
	path := w.path("/snapshots/1/bundle")
	s := d.post(path, page.values(path)).want(200)
	if name := s.header.Get("Content-Disposition"); !strings.Contains(name, "_snapshot_1_2026-11-24.public.zip") {
		t.Errorf("the file is saved as %s", name)
	}
	if m := bundled(t, s.body); m.Profile.Name != "public" || m.Profile.Alike.People != 3 || m.Snapshot.Number != 1 {
		t.Errorf("the manifest says %+v", m.Profile)
	}
	out := d.get(w.path("/others?snapshot=1&profile=shared&leave=run")).want(200)
	s = d.post(path, out.values(path)).want(200)
	if m := bundled(t, s.body); m.Profile.Name != "shared" || len(m.Profile.Alike.Columns) != 0 {
		t.Errorf("the manifest says %+v", m.Profile)
	}
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 2)
	w.must(err)
	if events[0].Action != survey.ActionExported || events[0].Detail != "bundle, snapshot 1, shared without run" || events[1].Detail != "bundle, snapshot 1, public" {
		t.Errorf("the audit trail says %q and %q", events[0].Detail, events[1].Detail)
	}
	if m := bundled(t, d.post(path, url.Values{}).want(200).body); m.Profile.Name != "internal" {
		t.Errorf("without a choice it is %q", m.Profile.Name)
	}
	d.post(path, url.Values{"profile": {"public"}, "leave": {"nonsense"}}).want(400)
	d.get(w.path("/others?snapshot=9&profile=public")).want(404)
}
