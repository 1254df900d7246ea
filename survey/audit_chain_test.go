package survey_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// TestTheHashOfALineIsWhatTheDocumentationSays works out the example of docs/audit.md
// as somebody else would, and holds the program to it.
func TestTheHashOfALineIsWhatTheDocumentationSays(t *testing.T) {
	t.Parallel()
	netstrings := func(fields ...string) string {
		var b strings.Builder
		for _, f := range fields {
			fmt.Fprintf(&b, "%d:%s,", len(f), f)
		}
		return b.String()
	}
	text := survey.AuditText{Salt: strings.Repeat("0f", 32), Old: "2", New: "3", Reason: "Misread on paper: größer"}
	line := survey.ChainedEvent{Seq: 2, Prev: strings.Repeat("ab", 32), SealedAt: time.Date(2026, 3, 1, 9, 0, 1, 5e6, time.UTC)}
	line.AuditEvent = survey.AuditEvent{
		StudyID: "s1", ID: "e2", At: time.Date(2026, 3, 1, 10, 0, 0, 0, time.FixedZone("", 3600)), ActorKind: survey.ActorUser,
		ActorID: "u1", Action: "assessment.corrected", ObjectKind: "assessment", ObjectID: "a1", Detail: "item q1", Subject: "p1",
	}
	line.Tell(text)
	const wantText = "a689c013ad1f5aa061406dbbcb736846b38a29969ec4c6f255f1c3353b699a70"
	const wantLine = "a46abb2c1fc387f8ac5d3ed94535c9e97f328b48e28e2f3fe1e3cf795aaf3d2b"
	sum := sha256.Sum256([]byte(netstrings("tidemark audit text 1", text.Salt, "2", "3", "Misread on paper: größer")))
	if got := hex.EncodeToString(sum[:]); got != line.TextHash || got != wantText {
		t.Errorf("the text's hash is %s, worked out %s, documented %s", line.TextHash, got, wantText)
	}
	sum = sha256.Sum256([]byte(netstrings("tidemark audit line 1", "s1", "2", line.Prev, "2026-03-01T09:00:01.005Z", "e2",
		"2026-03-01T09:00:00.000Z", "user", "u1", "assessment.corrected", "assessment", "a1", "item q1", "p1", line.TextHash)))
	if got := hex.EncodeToString(sum[:]); got != line.Sum() || got != wantLine {
		t.Errorf("the line's hash is %s, worked out %s, documented %s", line.Sum(), got, wantLine)
	}
}

func TestAHeadIsOnlyWhatWasSigned(t *testing.T) {
	t.Parallel()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	public := hex.EncodeToString(key[32:])
	head := survey.AuditHead{StudyID: "s", Day: "2026-03-01", Seq: 7, Hash: "ab", At: time.Unix(1, 0), Key: public}
	head.Signature = hex.EncodeToString(ed25519.Sign(key, head.Message()))
	if !head.SignedBy(public) {
		t.Fatal("a signed head is refused")
	}
	for name, change := range map[string]func(*survey.AuditHead){
		"study": func(h *survey.AuditHead) { h.StudyID = "t" }, "day": func(h *survey.AuditHead) { h.Day = "2026-03-02" },
		"lines": func(h *survey.AuditHead) { h.Seq = 6 }, "hash": func(h *survey.AuditHead) { h.Hash = "ac" },
		"instant":   func(h *survey.AuditHead) { h.At = time.Unix(2, 0) },
		"signature": func(h *survey.AuditHead) { h.Signature = strings.Repeat("00", 64) },
		"nothing":   func(h *survey.AuditHead) { h.Signature = "" },
	} {
		forged := head
		change(&forged)
		if forged.SignedBy(public) {
			t.Errorf("a head with another %s counts as signed", name)
		}
	}
	for _, other := range []string{"", "zz", public[2:], strings.Repeat("00", 32)} {
		if head.SignedBy(other) {
			t.Errorf("a head counts as signed with %q", other)
		}
	}
}
