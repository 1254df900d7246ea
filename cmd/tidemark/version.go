package main

import (
	"fmt"
	"runtime/debug"

	sqlite "modernc.org/sqlite/lib"
)

type versionCmd struct{}

// Run prints versions, one a line.
func (versionCmd) Run(p *program) error {
	b := readBuild()
	_, err := fmt.Fprintf(p.stdout, "tidemark %s\ncommit   %s\ngo       %s\nsqlite   %s (modernc.org/sqlite %s)\npgx      %s\n",
		b.version, b.commit, b.goVersion, sqlite.SQLITE_VERSION, b.module("modernc.org/sqlite"), b.module("github.com/jackc/pgx/v5"))
	return err
}

// build is what the compiler noted about this program.
type build struct {
	version, commit, goVersion string
	modules                    map[string]string
}

func (b build) module(path string) string {
	if v, ok := b.modules[path]; ok {
		return v
	}
	return "unknown"
}

// short is the version for pages and reports.
func (b build) short() string {
	if b.version != "development" || b.commit == "unknown" {
		return b.version
	}
	return b.version + " " + b.commit[:min(len(b.commit), 12)]
}

func readBuild() build {
	b := build{version: "development", commit: "unknown", goVersion: "unknown", modules: map[string]string{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.goVersion = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.version = v
	}
	changed := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				changed = " (with changes)"
			}
		}
	}
	b.commit += changed
	for _, m := range info.Deps {
		b.modules[m.Path] = m.Version
	}
	return b
}
