package rest_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// description is the OpenAPI document of a running server, and its schemas.
type description struct {
	t        *testing.T
	document map[string]any
	compiler *jsonschema.Compiler
}

const documentURL = "https://example.org/openapi.json"

func (i *installation) description() *description {
	i.t.Helper()
	raw := i.get("/api/v1/openapi.json", "Authorization", "").want(200).body
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	i.Must(err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	i.Must(c.AddResource(documentURL, doc))
	return &description{i.t, doc.(map[string]any), c}
}

// at is a part of the document.
func (d *description) at(steps ...string) any {
	var v any = d.document
	for _, s := range steps {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[s]
	}
	return v
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// holds holds a body to the schema that the document has for it.
func (d *description) holds(path, method string, r reply) {
	d.t.Helper()
	status := fmt.Sprint(r.status)
	steps := []string{"paths", path, method, "responses", status}
	if d.at(steps...) == nil {
		d.t.Errorf("%s %s answers with %s, which is not described", method, path, status)
		return
	}
	media, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	content, _ := d.at(append(steps, "content")...).(map[string]any)
	if len(r.body) == 0 && content == nil {
		return
	}
	described, known := content[media].(map[string]any)
	if !known {
		d.t.Errorf("%s %s answers with %s, described are %v", method, path, media, slices.Collect(maps.Keys(content)))
		return
	}
	if described["schema"] == nil {
		return
	}
	pointer := documentURL + "#"
	for _, s := range append(steps, "content", media, "schema") {
		pointer += "/" + pointerEscapes.Replace(s)
	}
	schema, err := d.compiler.Compile(pointer)
	if err != nil {
		d.t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		d.t.Errorf("%s %s: %v", method, path, err)
	}
}

func TestEveryOperationAnswersAsItIsDescribed(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	d := i.description()
	if d.document["openapi"] != "3.1.0" {
		t.Fatalf("the document is of version %v", d.document["openapi"])
	}
	real := strings.NewReplacer("{study}", i.Study().Key, "{run}", string(i.Stage.Run.ID), "{participant}", i.Codes[0], "{table}", "wide", "{number}", "1")
	lost := strings.NewReplacer("{study}", i.Study().Key, "{run}", "nowhere", "{participant}", "P-0000", "{table}", "deep", "{number}", "99")
	body := map[string]string{"addPeople": `{"people": [{"name": "Bo", "email": "bo@example.org"}, {}]}`}
	good := map[string]int{"addPeople": 201}
	operations := 0
	for path, item := range d.at("paths").(map[string]any) {
		for method, o := range item.(map[string]any) {
			operations++
			o := o.(map[string]any)
			id := o["operationId"].(string)
			send := func(address, body string, headers ...string) reply {
				return i.ask(strings.ToUpper(method), "/api/v1"+address, body, headers...)
			}
			want := good[id]
			if want == 0 {
				want = 200
			}
			r := send(real.Replace(path), body[id])
			if r.status != want {
				t.Errorf("%s: status %d, want %d: %s", id, r.status, want, r.body)
			}
			d.holds(path, method, r)
			if tag := r.header.Get("ETag"); tag != "" {
				d.holds(path, method, send(real.Replace(path), "", "If-None-Match", tag).want(304))
			} else if method == "get" && id != "getTable" {
				t.Errorf("%s has no entity tag", id)
			}
			d.holds(path, method, send(real.Replace(path)+"?nonsense=1", body[id]).want(400))
			d.holds(path, method, send(real.Replace(path), body[id], "Accept", "image/png").want(406))
			if o["security"] == nil {
				d.holds(path, method, send(real.Replace(path), body[id], "Authorization", "Bearer tmk_none").want(401))
				d.holds(path, method, send(real.Replace(path), body[id], "Authorization", "", "Cookie", "tidemark=x").want(401))
			}
			if lost.Replace(path) != path && strings.Count(path, "{") > 1 {
				d.holds(path, method, send(lost.Replace(path), body[id]).want(404))
			}
			if strings.Contains(path, "{study}") {
				d.holds(path, method, send(strings.Replace(lost.Replace(path), i.Study().Key, "another", 1), body[id]).want(404))
			}
		}
	}
	if operations < 19 {
		t.Errorf("only %d operations were asked for", operations)
	}
	if log := i.Log.String(); strings.Contains(log, i.Token) || strings.Contains(log, i.Codes[0]) {
		t.Error("the log holds a token or a code")
	}
}

func TestTheDescriptionHasEveryParameterOfItsAddresses(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	d := i.description()
	for path, item := range d.at("paths").(map[string]any) {
		for method, o := range item.(map[string]any) {
			var named []string
			parameters, _ := o.(map[string]any)["parameters"].([]any)
			for _, p := range parameters {
				p := p.(map[string]any)
				if p["description"] == nil || p["description"] == "" {
					t.Errorf("%s %s: %v is not described", method, path, p["name"])
				}
				if p["in"] == "path" {
					named = append(named, fmt.Sprintf("{%v}", p["name"]))
				}
			}
			if strings.Count(path, "{") != len(named) {
				t.Errorf("%s has the parameters %v", path, named)
			}
		}
	}
	// Every schema can be used as one.
	for name := range d.at("components", "schemas").(map[string]any) {
		if _, err := d.compiler.Compile(documentURL + "#/components/schemas/" + name); err != nil {
			t.Error(err)
		}
	}
}
