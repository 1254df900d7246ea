package rest_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"tidemark/internal/readers"
	"tidemark/survey"
)

// Every example of the documentation that is for a shell is run, in order and in one
// folder, against a running server.
func TestTheExamplesInTheDocumentationWork(t *testing.T) {
	t.Parallel()
	readers.NeedCurl(t)
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 10 {
		t.Fatalf("only %d examples were found", len(examples))
	}
	i := newInstallation(t)
	folder := t.TempDir()
	redcap := i.TokenOf(i.User, survey.TokenREDCap, survey.ScopeAnswers)
	outputs := ""
	for _, e := range examples {
		c := exec.CommandContext(t.Context(), "sh", "-eu", "-c", e[1])
		c.Dir = folder
		c.Env = append(os.Environ(), "TIDEMARK="+i.Base, "TIDEMARK_TOKEN="+i.Token, "STUDY="+i.Study().Key, "RUN="+string(i.Stage.Run.ID),
			"REDCAP_TOKEN="+redcap, "no_proxy=127.0.0.1")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s\n%s", err, e[1], out)
		}
		outputs += string(out)
	}
	for _, want := range []string{`"scopes":["read:metadata"`, `"meetings":[{`, `"next":null`, `"participants":["P-`, "record_id,redcap_event_name\n", "the event is from the study", `"field_name":`} {
		if !strings.Contains(outputs, want) {
			t.Errorf("no example printed %s", want)
		}
	}
	for _, code := range i.Codes {
		if !strings.Contains(outputs, code) {
			t.Errorf("the pages do not hold %s", code)
		}
	}
	for _, file := range []string{"wide.csv", "scores.sav", "first.zip"} {
		if info, err := os.Stat(folder + "/" + file); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written: %v", file, err)
		}
	}
}
