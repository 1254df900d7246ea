package export_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
)

// FuzzReadTrail: any file is read or refused, and the lines of one that is read can be
// checked.
func FuzzReadTrail(f *testing.F) {
	header := "study,line,at,sealed_at,id,actor_kind,actor,action,object_kind,object,detail,old,new,reason,subject,salt,text_hash,previous_hash,hash\n"
	f.Add(header + `s,1,2026-03-01T09:00:00.000Z,2026-03-01T09:00:01.000Z,e,user,"'=u",a,study,s,"'-d","'@o","'+n","'=r",p,0f,ab,,cd` + "\n")
	f.Add(header + `s,0,2026-03-01T09:00:00.000Z,,e,user,u,a,study,s,d,,,,,,,,` + "\n")
	f.Add(`{"study":"s","line":1,"at":"2026-03-01T09:00:00.000Z","sealed_at":"2026-03-01T09:00:00.000Z"}` + "\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := export.ReadTrail(strings.NewReader(text))
		if err != nil {
			return
		}
		read := int64(0)
		for _, r := range survey.VerifyAuditFile(lines, nil, nil) {
			read += r.Lines + int64(r.Waiting)
		}
		if read != int64(len(lines)) {
			t.Errorf("%d lines were checked of %d", read, len(lines))
		}
	})
}

// FuzzReadHeads: any letter is read or refused, and what is read is written as it was.
func FuzzReadHeads(f *testing.F) {
	line := `{"study":"","day":"2026-03-01","lines":3,"hash":"ab","at":"2026-03-02T00:00:00Z","key":"cd","signature":"ef"}`
	f.Add(line + "\n")
	f.Add("Subject: heads\nContent-Transfer-Encoding: quoted-printable\n\n" + strings.ReplaceAll(line, "=", "=3D")[:40] + "=\n" + line[40:] + "\n")
	f.Add("Subject: x\nContent-Transfer-Encoding: base64\n\neyJ9\n")
	f.Fuzz(func(t *testing.T, text string) {
		heads, err := export.ReadHeads(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range heads { // JSON has no years beyond 9999
			if _, err := json.Marshal(heads[i].At); err != nil {
				heads[i].At = time.Time{}
			}
		}
		var b bytes.Buffer
		if err := export.WriteHeads(&b, heads); err != nil {
			t.Fatal(err)
		}
		again, err := export.ReadHeads(&b)
		if err != nil || len(again) != len(heads) {
			t.Errorf("%d heads became %d: %v", len(heads), len(again), err)
		}
	})
}
