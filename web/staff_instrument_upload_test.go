package web

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// upload sends a file as a browser does.
func (d *device) upload(path, name string, data []byte) screen {
	d.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		d.t.Fatal(err)
	}
	part.Write(data) //nolint:errcheck // into memory
	m.Close()        //nolint:errcheck // into memory
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.base+path, &body)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", d.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return d.do(r)
}

// evening is a workbook of a form.
func evening(t *testing.T) []byte {
	t.Helper()
	file := excelize.NewFile()
	for sheet, rows := range map[string][][]any{
		"survey": {
			{"type", "name", "label", "relevant"},
			{"select_one freq", "calm", "Were you calm today?"},
			{"integer", "hours", "For how many hours?", "${calm} = 'often'"},
			{"geopoint", "place", "Where?"},
		},
		"choices":  {{"list_name", "name", "label"}, {"freq", "never", "Never"}, {"freq", "often", "Often"}},
		"settings": {{"form_title", "form_id"}, {"Evening", "evening"}},
	} {
		if _, err := file.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := file.SetSheetRow(sheet, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// resilienceAs is a questionnaire that the library does not have, in a form.
func resilienceAs(t *testing.T, write func(*instrument.Definition) ([]byte, error)) []byte {
	t.Helper()
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		t.Fatal(err)
	}
	c := *d
	c.Key, c.Title = "bending", "Bending"
	data, err := write(&c)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAFileOfEachFormIsReadShownAndAddedInTheBrowser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string // its name says nothing
		data func(t *testing.T) []byte
		says []string
		key  string
	}{
		"our own YAML": {"a", func(t *testing.T) []byte { return resilienceAs(t, exchange.WriteYAML) }, []string{"Nothing was lost", "rs_01"}, "bending"},
		"our own JSON": {"a.txt", func(t *testing.T) []byte { return resilienceAs(t, exchange.WriteOwn) }, []string{"Nothing was lost", "rs_01"}, "bending"},
		"a REDCap data dictionary": {"a.dat", func(t *testing.T) []byte {
			return resilienceAs(t, func(d *instrument.Definition) ([]byte, error) {
				var b bytes.Buffer
				_, err := exchange.WriteREDCap(&b, d)
				return b.Bytes(), err
			})
		}, []string{"What was lost or changed", "rs_01"}, "bending"},
		"a FHIR Questionnaire": {"a", func(t *testing.T) []byte {
			return resilienceAs(t, func(d *instrument.Definition) ([]byte, error) {
				data, _, err := exchange.WriteFHIR(d)
				return data, err
			})
		}, []string{"rs_01"}, "bending"},
		"an XLSForm": {"a", evening, []string{
			"What was lost or changed", "the answers have names, which became numbers", "geopoint", "Were you calm today?",
			"shown if", "The file does not say on what terms",
		}, "evening"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1)
			d := w.signedIn(t, "analyst@example.org", w.researcher())
			before := w.store.committed.Load()
			page := d.upload(uploadPath, c.file, c.data(t)).want(200, append(c.says, "Nothing is kept yet", c.file)...)
			if w.store.committed.Load() != before {
				t.Error("a look at a file wrote something")
			}
			form := page.form("Add it to the library")
			if form.fields.Get("key") != c.key {
				t.Errorf("the key is %q", form.fields.Get("key"))
			}
			form.enter("title", "  ").enter("key", "Not A Key")
			page = form.press("Add it to the library").want(422, "small letters, digits and _", "This text is missing")
			page.want(422, c.says[0]) // what was lost is still told
			form = page.form("Add it to the library").enter("key", "from_a_file").enter("title", "From a file").enter("terms", "Ours.")
			form.press("Add it to the library").want(200, "From a file", "Ours.")
			shelf, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "from_a_file")
			w.must(err)
			if shelf.Items[0].Source != c.file || shelf.Items[0].Origin != survey.OriginImport {
				t.Errorf("it came from %q, %s", shelf.Items[0].Source, shelf.Items[0].Origin)
			}
		})
	}
}

func TestAClashOfKeysIsToldBeforeAnythingIsAdded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	builtin, err := instrument.BuiltinByKey("resilience")
	w.must(err)
	data, err := exchange.WriteOwn(builtin)
	w.must(err)
	page := d.upload(uploadPath, "r.json", data).want(200, "has a questionnaire with the key resilience already", "version "+builtin.Version)
	page.form("Add it to the library").press("Add it to the library").want(422, "comes with the program. Give yours another key")
}

func TestOneOfSeveralFormsOfADictionaryIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	a, err := instrument.BuiltinByKey("resilience")
	w.must(err)
	b, err := instrument.BuiltinByKey("motivation")
	w.must(err)
	var file bytes.Buffer
	_, err = exchange.WriteREDCap(&file, a, b)
	w.must(err)
	page := d.upload(uploadPath, "both.csv", file.Bytes()).want(200, "The file has 2 questionnaires", "Resilience", "Motivation")
	page = page.form("Go on with this one – Motivation").press("Go on with this one – Motivation").want(200, "What was lost or changed", b.Items[0].Text)
	if got := page.form("Add it to the library").fields.Get("source"); got != "both.csv" {
		t.Errorf("the file is %q", got)
	}
}

func TestAHostileFileIsRefusedInClearWordsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	part, err := z.Create("xl/worksheets/sheet1.xml")
	w.must(err)
	zeros := make([]byte, 1<<20)
	for range 200 {
		part.Write(zeros) //nolint:errcheck // into memory
	}
	w.must(z.Close())
	before := w.store.committed.Load()
	for name, c := range map[string]struct {
		file string
		data []byte
		says string
	}{
		"nothing":                 {"a.csv", nil, "Choose a file first"},
		"a zip bomb":              {"a.xlsx", bomb.Bytes(), "cannot be read as a questionnaire"},
		"an old workbook":         {"a.xls", []byte("\xd0\xcf\x11\xe0xxxx"), "Save it as"},
		"a picture":               {"a.png", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "cannot be read as a questionnaire"},
		"half a JSON":             {"a.json", []byte(`{"key": "x", `), "not valid JSON"},
		"another resource":        {"a.json", []byte(`{"resourceType": "Patient"}`), "cannot be read as a questionnaire"},
		"anchors":                 {"a.yaml", []byte("a: &a [x]\nb: [*a, *a]"), "anchors"},
		"faults":                  {"a.yaml", []byte("key: x\nversion: 1\n"), "line 2"},
		"a dictionary of nothing": {"a.csv", []byte("Variable / Field Name,Form Name\n"), "cannot be read as a questionnaire"},
		"markup":                  {"<script>alert(1)</script>.json", []byte(`{"<script>alert(1)</script>": 1}`), "is not a known field"},
	} {
		page := d.upload(uploadPath, c.file, c.data).want(422, c.says)
		if strings.Contains(page.body, "<script>alert") {
			t.Errorf("%s: markup of the file is on the page", name)
		}
	}
	d.upload(uploadPath, "a.csv", bytes.Repeat([]byte("x"), maxUpload+1)).want(413)
	d.post(importPath, url.Values{"definition": {"{}"}}).want(400)
	if w.store.committed.Load() != before {
		t.Error("something was written")
	}
}

func TestEveryQuestionnaireIsDownloadedInEachForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	w.addWording("brs-6")
	d.get("/instruments/brs_6").follow("Files of version 1.0.0").want(200, "What applies to the wording", "Ana Ruiz", "needs to accept the terms", "not in this file")
	all, err := instrument.Builtin()
	w.must(err)
	shelf, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "brs_6")
	w.must(err)
	for _, want := range append(all, shelf.Items[0].Version.Definition) {
		base := "/instruments/" + want.Key + "/files/" + want.Version + "."
		for _, format := range []string{"json", "yaml", "redcap.csv", "fhir.json"} {
			file := d.get(base + format)
			if got := file.header.Get("Content-Disposition"); file.status != 200 || got != `attachment; filename="`+want.Key+"-"+want.Version+"."+format+`"` {
				t.Errorf("%s%s: %d, %q", base, format, file.status, got)
			}
			found, _, err := exchange.Read("x."+format, strings.NewReader(file.body))
			if err != nil || len(found) != 1 {
				t.Errorf("%s%s: %v", base, format, err)
				continue
			}
			if own := format == "json" || format == "yaml"; own && found[0].Hash() != want.Hash() {
				t.Errorf("%s%s is another questionnaire", base, format)
			}
			for i, item := range want.Items {
				if found[0].Items[i].Code != item.Code || found[0].Items[i].Text != item.Text {
					t.Errorf("%s%s: item %s came back as %s", base, format, item.Code, found[0].Items[i].Code)
				}
			}
		}
	}
	for _, path := range []string{"/instruments/brs_6/files/9.9.9.json", "/instruments/brs_6/files/.json", "/instruments/brs_6/files/1.0.0.exe", "/instruments/pss_10/files/1.0.0.json", "/instruments/pss_10/files"} {
		d.get(path).want(404)
	}
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	leader.get("/instruments/brs_6/files/1.0.0.json").want(403)
}
