package archtest

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testsAndFuzzers are the names of the module's tests, by folder and name.
func testsAndFuzzers(t *testing.T) (byName map[string]bool, fuzzers map[string]bool) {
	t.Helper()
	byName, fuzzers = map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		if !s.test() {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			byName[f.Name.Name] = true
			if strings.HasPrefix(f.Name.Name, "Fuzz") {
				fuzzers[filepath.ToSlash(filepath.Dir(s.path))+" "+f.Name.Name] = true
			}
		}
	}
	return byName, fuzzers
}

// TestDocumentsNameTestsThatThereAre: what the threat model says is shown by a test that
// can be run.
func TestDocumentsNameTestsThatThereAre(t *testing.T) {
	t.Parallel()
	there, _ := testsAndFuzzers(t)
	text, err := os.ReadFile(filepath.Join(root, "docs/threat-model.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 30 {
		t.Errorf("the threat model names %d tests", len(named))
	}
	for _, n := range named {
		if !there[n[1]] {
			t.Errorf("docs/threat-model.md names %s, which is no test", n[1])
		}
	}
}

// parsers are those of what comes from outside, by folder and function, with the fuzz
// target that goes through each, by folder and name. A parser without an own target is
// called by another's.
var parsers = map[string]string{
	"survey/peoplelist Read":                   "survey/peoplelist FuzzRead",
	"survey/peoplelist Decode":                 "survey/peoplelist FuzzRead",
	"survey ParsePeople":                       "survey FuzzParsePeople",
	"survey/datafile Read":                     "survey/datafile FuzzRead",
	"survey/pastwaves ParseTarget":             "survey/pastwaves FuzzCheck",
	"survey/report/sheet ReadTable":            "survey/report/sheet FuzzTableIsThatOfTheSheet",
	"survey/report/sheet ReadLong":             "survey/report/filedata FuzzAnyFileIsReadOrRefused",
	"survey/report/sheet Read":                 "survey/report/sheet FuzzReading",
	"survey/plan Parse":                        "survey/plan FuzzAPlanThatIsReadKeepsItsHash",
	"survey/export ReadHeads":                  "survey/export FuzzReadHeads",
	"survey/export ReadTrail":                  "survey/export FuzzReadTrail",
	"survey/allocation Read":                   "survey/allocation FuzzRead",
	"survey/allocation ParseSeed":              "survey/allocation FuzzRead",
	"survey/schedule ParseDate":                "survey/schedule FuzzParseDate",
	"survey/instrument Parse":                  "survey/instrument FuzzParse",
	"survey/instrument ParseYAML":              "survey/instrument FuzzParseYAML",
	"survey/instrument ParseFile":              "survey/instrument FuzzParseYAML",
	"survey/instrument/exchange ReadFHIR":      "survey/instrument/exchange FuzzReadFHIR",
	"survey/instrument/exchange ReadREDCap":    "survey/instrument/exchange FuzzReadREDCap",
	"survey/instrument/exchange Read":          "survey/instrument/exchange FuzzReadFHIR",
	"survey/instrument/exchange ReadXLSForm":   "survey/instrument/exchange FuzzReadXLSForm",
	"survey/instrument/drafting ReadCondition": "survey/instrument/drafting FuzzTypedLists",
	"survey/instrument/drafting ReadOptions":   "survey/instrument/drafting FuzzTypedLists",
	"survey/instrument/drafting ReadBands":     "survey/instrument/drafting FuzzTypedLists",
	"survey/instrument/drafting ReadLookup":    "survey/instrument/drafting FuzzTypedLists",
	"survey/shortcode Parse":                   "survey/shortcode FuzzParse",
	"survey/course Parse":                      "survey/course FuzzParse",
	"survey/course ParseYAML":                  "survey/course FuzzParseFile",
	"survey/course ParseFile":                  "survey/course FuzzParseFile",
	"survey/internal/definition FromYAML":      "survey/internal/definition FuzzFromYAML",
	"survey/internal/definition Decode":        "survey/instrument FuzzParse",
	"mail ReadReturned":                        "mail FuzzReadReturned",

	// Those that are methods, unexported, or go by another name.
	"survey/selfcode Recipe.Read":              "survey/selfcode FuzzRead",
	"survey/instrument conditions":             "survey/instrument FuzzCondition",
	"survey/instrument/catalogue pasted sheet": "survey/instrument/catalogue FuzzAnyPasteGivesAPreview",
	"survey/passkey answers of devices":        "survey/passkey FuzzAnswer",
	"analysis/design formula":                  "analysis/design FuzzNoFormulaPanics",
	"web answers as JSON":                      "web FuzzAnswersInJSON",
	"web answers as a form":                    "web FuzzAnswersInAForm",
	"web/locale Accept-Language":               "web/locale FuzzAcceptLanguage",
	"web/redcap filterLogic":                   "web/redcap FuzzFilterLogic",
	"web/rest cursors":                         "web/rest FuzzCursor",
	"cmd/tidemark flags of analyze":            "cmd/tidemark FuzzAnyFlagsAreUnderstoodOrRefused",
}

// own read what the program itself has written, or only look a word up.
var own = map[string]string{
	"survey/instrument ReadDraft": "drafts are kept by the editor; the same decoder as Parse",
	"survey/course ReadDraft":     "drafts are kept by the editor; the same decoder as Parse",
	"survey/consent Parse":        "texts are kept by the program in its canonical form",
	"survey/consent FromPlain":    "takes any text as it is",
	"survey ParseDays":            "a list of small numbers, each by strconv",
	"survey ParseScopes":          "looks words up in a list",
	"survey/backup ParsePolicy":   "a flag of the administrator's own command line",
	"mail ReadPassword":           "a file of the administrator's own",
}

// TestEveryParserOfWhatOthersSendIsFuzzed finds functions that read text or bytes by how
// they are called, and fails for one that nobody has said how it is fuzzed.
func TestEveryParserOfWhatOthersSendIsFuzzed(t *testing.T) {
	t.Parallel()
	_, fuzzers := testsAndFuzzers(t)
	for parser, target := range parsers {
		if !fuzzers[target] {
			t.Errorf("%s is said to be fuzzed by %s, which is not there", parser, target)
		}
	}
	reads := regexp.MustCompile(`^(Parse|Read|Decode|From|Unmarshal)`)
	for _, s := range sources(t) {
		folder := filepath.ToSlash(filepath.Dir(s.path))
		if s.test() || !strings.HasPrefix(folder, "survey") && !strings.HasPrefix(folder, "web") && folder != "mail" || strings.HasPrefix(folder, "survey/client") {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || !reads.MatchString(f.Name.Name) || !takesText(f) {
				continue
			}
			name := folder + " " + f.Name.Name
			if parsers[name] == "" && own[name] == "" {
				t.Errorf("%s reads text or bytes: name its fuzz target in parsers, or why it needs none in own", name)
			}
		}
	}
}

// takesText reports whether a function takes a string, bytes or a reader.
func takesText(f *ast.FuncDecl) bool {
	for _, p := range f.Type.Params.List {
		switch x := p.Type.(type) {
		case *ast.Ident:
			if x.Name == "string" {
				return true
			}
		case *ast.ArrayType:
			if of, ok := x.Elt.(*ast.Ident); ok && of.Name == "byte" {
				return true
			}
		case *ast.SelectorExpr:
			if x.Sel.Name == "Reader" {
				return true
			}
		}
	}
	return false
}
