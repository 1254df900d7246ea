package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// unit is deploy/tidemark.service without its comments, by key.
func unit(t *testing.T) map[string][]string {
	t.Helper()
	settings := map[string][]string{}
	for line := range strings.Lines(readText(t, "../../deploy/tidemark.service")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Fatalf("%q is no setting", line)
		}
		settings[key] = append(settings[key], value)
	}
	return settings
}

func TestTheUnitRunsTheProgramAndLittleElse(t *testing.T) {
	t.Parallel()
	u, known := unit(t), settings(t)
	for _, key := range []string{"ExecStartPre", "ExecStart"} {
		args := strings.Fields(u[key][0])
		if _, err := model(t).Parse(args[1:]); err != nil || args[0] != "/usr/local/bin/tidemark" {
			t.Errorf("%s runs %v: %v", key, args, err)
		}
	}
	for _, m := range regexp.MustCompile(`TIDEMARK_[A-Z_]+`).FindAllString(readText(t, "../../deploy/tidemark.service"), -1) {
		if !slices.Contains(known, m) {
			t.Errorf("sets %s, which the program does not read", m)
		}
	}
	for key, want := range map[string]string{
		"DynamicUser": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict", "ProtectHome": "yes",
		"PrivateTmp": "yes", "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native", "UMask": "0077",
		"StateDirectoryMode": "0700", "LimitCORE": "0", "Restart": "always",
	} {
		if got := u[key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v, want %s", key, got, want)
		}
	}
	stop, err := time.ParseDuration(u["TimeoutStopSec"][0] + "s")
	if err != nil || stop < shutdownGrace+5*time.Second {
		t.Errorf("is killed after %v (%v), and requests have %v", stop, err, shutdownGrace)
	}
	// Where systemd is installed it says itself what it makes of it.
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here: the unit was checked as text alone")
		return
	}
	text := strings.ReplaceAll(readText(t, "../../deploy/tidemark.service"), "/usr/local/bin/tidemark", "/bin/true")
	copied := write(t, filepath.Join(t.TempDir(), "tidemark.service"), text)
	if out, err := exec.CommandContext(t.Context(), analyze, "verify", copied).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
