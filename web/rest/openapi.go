package rest

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// describeAll is the API as an OpenAPI 3.1 document.
func describeAll(base, version string) map[string]any {
	s := &schemas{named: map[string]any{}}
	problem := map[string]any{"application/problem+json": map[string]any{"schema": s.of(reflect.TypeFor[Problem]())}}
	paths := map[string]any{}
	for _, o := range operations() {
		item, known := paths[o.path].(map[string]any)
		if !known {
			item = map[string]any{}
			paths[o.path] = item
		}
		item[strings.ToLower(o.verb())] = o.describe(s, problem)
	}
	return map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Tidemark", "version": "1",
			"description": "A study's protocol, people by pseudonym, answers, scores and snapshots, for programs. Served by Tidemark " + version +
				". Show a token made on the study's page “Access for programs”: Authorization: Bearer tmk_… Lists have pages: ask again with the cursor in next until it is null. Answers have an ETag; If-None-Match spares what has not changed.",
		},
		"servers":    []any{map[string]any{"url": base + Prefix}},
		"security":   []any{map[string]any{"token": []any{}}},
		"paths":      paths,
		"webhooks":   describeEvents(s),
		"components": map[string]any{"schemas": s.named, "securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}}},
	}
}

func (o operation) verb() string {
	if o.method == "" {
		return http.MethodGet
	}
	return o.method
}

func (o operation) success() int {
	if o.status == 0 {
		return http.StatusOK
	}
	return o.status
}

// problems are the statuses of errors that an operation may answer with.
func (o operation) problems() []int {
	all := []int{http.StatusBadRequest, http.StatusNotAcceptable, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	if !o.open {
		all = append(all, http.StatusUnauthorized)
	}
	if o.scope != "" {
		all = append(all, http.StatusForbidden)
	}
	if strings.Contains(o.path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if o.takes != nil {
		all = append(all, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	if strings.HasSuffix(o.path, "/bundle") {
		all = append(all, http.StatusGone)
	}
	return all
}

func (o operation) describe(s *schemas, problem map[string]any) map[string]any {
	responses := map[string]any{}
	for _, status := range o.problems() {
		responses[strconv.Itoa(status)] = map[string]any{"description": http.StatusText(status), "content": problem}
	}
	good := map[string]any{"description": o.summary}
	content := map[string]any{}
	for _, media := range o.media {
		content[media] = map[string]any{}
	}
	if o.gives != nil {
		content["application/json"] = map[string]any{"schema": s.of(reflect.TypeOf(o.gives))}
	}
	good["content"] = content
	if o.verb() == http.MethodGet {
		good["headers"] = map[string]any{"ETag": map[string]any{"schema": map[string]any{"type": "string"}}}
		if len(o.media) > 1 { // a table of the data as they are now
			delete(good, "headers")
		} else {
			responses["304"] = map[string]any{"description": "Nothing has changed."}
		}
	}
	responses[strconv.Itoa(o.success())] = good
	d := map[string]any{"operationId": o.id, "summary": o.summary, "responses": responses, "parameters": o.parameters()}
	about := o.about
	if o.scope != "" {
		about = strings.TrimSpace(about + " The token must be for " + string(o.scope) + ".")
	}
	if about != "" {
		d["description"] = about
	}
	if o.open {
		d["security"] = []any{}
	}
	if o.takes != nil {
		d["requestBody"] = map[string]any{"required": true, "content": map[string]any{"application/json": map[string]any{"schema": s.of(reflect.TypeOf(o.takes))}}}
	}
	return d
}

func (o operation) parameters() []any {
	all := []any{}
	for part := range strings.SplitSeq(o.path, "/") {
		if name, named := strings.CutPrefix(part, "{"); named {
			name = strings.TrimSuffix(name, "}")
			all = append(all, map[string]any{
				"name": name, "in": "path", "required": true, "description": pathParameters()[name], "schema": map[string]any{"type": "string"},
			})
		}
	}
	for _, p := range o.params {
		schema := map[string]any{"type": p.kind}
		if p.kind == "integer" {
			schema["minimum"], schema["maximum"] = p.min, p.max
		}
		if len(p.values) > 0 {
			schema["enum"] = p.values
		}
		if p.otherwise != "" {
			schema["default"] = p.otherwise
			if n, err := strconv.Atoi(p.otherwise); err == nil && p.kind == "integer" {
				schema["default"] = n
			}
		}
		all = append(all, map[string]any{"name": p.name, "in": "query", "description": p.about, "schema": schema})
	}
	if o.takes != nil {
		all = append(all, map[string]any{
			"name": "Idempotency-Key", "in": "header", "description": "Names the request, so that repeating it does nothing twice.",
			"schema": map[string]any{"type": "string", "maxLength": 64},
		})
	}
	return all
}
