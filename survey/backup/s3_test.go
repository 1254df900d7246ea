package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"tidemark/survey/backup"
)

// places are a folder and a bucket.
func places(t *testing.T) map[string]backup.Place {
	t.Helper()
	memory := s3mem.New()
	if err := memory.CreateBucket("bucket"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(memory).Server())
	t.Cleanup(server.Close)
	env := map[string]string{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
	all := map[string]backup.Place{}
	for name, text := range map[string]string{
		"folder": filepath.Join(t.TempDir(), "backups"), "bucket": "s3://bucket/some/where?endpoint=" + server.URL + "&region=eu",
	} {
		p, err := backup.OpenPlace(text, func(name string) string { return env[name] })
		if err != nil {
			t.Fatal(err)
		}
		all[name] = p
	}
	return all
}

func TestPlacesKeepWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			if list, err := p.List(ctx); err != nil || len(list) != 0 {
				t.Fatalf("at first there is %v (%v)", list, err)
			}
			content := bytes.Repeat([]byte("a backup "), 100_000)
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			names := make([]string, 3)
			for i := range names {
				names[i] = fmt.Sprintf("tidemark-2026113%dT020000.00%dZ-abc23%d.tar.gz.age", 0, i, i)
				if err := p.Put(ctx, names[i], file); err != nil {
					t.Fatal(err)
				}
			}
			list, err := p.List(ctx)
			if err != nil || len(list) != 3 || list[0].Name != names[2] || list[0].Bytes != int64(len(content)) {
				t.Fatalf("there is %v (%v)", list, err)
			}
			r, err := p.Get(ctx, names[1])
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes come back of %d (%v)", len(got), len(content), err)
			}
			for range 2 { // that it is gone already is no fault
				if err := p.Remove(ctx, names[1]); err != nil {
					t.Error(err)
				}
			}
			if _, err := p.Get(ctx, names[1]); !errors.Is(err, backup.ErrNoBackup) {
				t.Errorf("what was removed: %v", err)
			}
			if list, err := p.List(ctx); err != nil || len(list) != 2 {
				t.Errorf("there is %v (%v)", list, err)
			}
			for _, bad := range []string{"../secret", "tidemark.db", ""} {
				if _, err := p.Get(ctx, bad); !errors.Is(err, backup.ErrNoBackup) {
					t.Errorf("%q: %v", bad, err)
				}
			}
		})
	}
}

func TestAPlaceThatCannotBeUsedSaysWhy(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	for _, bad := range []string{"", "ftp://x/y", "s3://", "s3://bucket/x"} {
		if p, err := backup.OpenPlace(bad, none); err == nil {
			t.Errorf("%q is %s", bad, p)
		}
	}
	keys := func(name string) string { return "x" }
	if p, err := backup.OpenPlace("s3://bucket/x?endpoint=nowhere", keys); err == nil {
		t.Errorf("it is %s", p)
	}
}
