package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tidemark/survey"
)

// readQuery reads the parameters that the operation has, and refuses others: a
// parameter that is misspelt would go unnoticed.
func (k *call) readQuery() error {
	given, err := url.ParseQuery(k.c.Request.URL.RawQuery)
	if err != nil {
		return refuse(http.StatusBadRequest, "The query cannot be read.")
	}
	k.query = map[string]string{}
	for _, p := range k.op.params {
		k.query[p.name] = p.otherwise
	}
	faults := map[string]string{}
	for name, values := range given {
		i := slices.IndexFunc(k.op.params, func(p parameter) bool { return p.name == name })
		switch {
		case i < 0:
			faults[name] = "There is no such parameter."
		case len(values) != 1 || !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0):
			faults[name] = "Give it once."
		default:
			if fault := k.op.params[i].fault(values[0]); fault != "" {
				faults[name] = fault
			}
			k.query[name] = values[0]
		}
	}
	if len(faults) > 0 {
		return &refusal{http.StatusBadRequest, "The query cannot be taken.", faults}
	}
	return nil
}

func (p parameter) fault(value string) string {
	if p.kind == "integer" {
		if n, err := strconv.Atoi(value); err != nil || n < p.min || n > p.max {
			return fmt.Sprintf("A whole number from %d to %d.", p.min, p.max)
		}
	}
	if len(p.values) > 0 && !slices.Contains(p.values, value) {
		return "One of " + strings.Join(p.values, ", ") + "."
	}
	return ""
}

// limit is how many rows a page has.
func (k *call) limit() int {
	n, err := strconv.Atoi(k.query["limit"])
	if err != nil {
		return 1 // readQuery lets numbers through alone
	}
	return n
}

const unitSeparator = "\x1f" // stands in no key

// cursor is the key after which the page begins, as it was put together.
func (k *call) cursor(parts int) ([]string, error) {
	text := k.query["cursor"]
	if text == "" {
		return make([]string, parts), nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	key := strings.Split(string(b), unitSeparator)
	if err != nil || len(key) != parts || !utf8.Valid(b) || bytes.ContainsRune(b, 0) {
		return nil, &refusal{http.StatusBadRequest, "The query cannot be taken.", map[string]string{"cursor": "It is none that a page of this list gave."}}
	}
	return key, nil
}

// page makes a page of at most limit rows, of which one more than that were asked for.
func page[R, T any](rows []R, limit int, key func(R) []string, item func(R) T) Page[T] {
	p := Page[T]{Items: []T{}}
	if len(rows) > limit {
		rows = rows[:limit]
		next := base64.RawURLEncoding.EncodeToString([]byte(strings.Join(key(rows[limit-1]), unitSeparator)))
		p.Next = &next
	}
	for _, r := range rows {
		p.Items = append(p.Items, item(r))
	}
	return p
}

// whole is a list that has one page.
func whole[R, T any](rows []R, item func(R) T) Page[T] {
	return page(rows, len(rows), nil, item)
}

// answer sends a value as JSON, unless the asker has it already.
func (k *call) answer(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write %s: %w", k.op.id, err)
	}
	h := k.c.Writer.Header()
	if k.op.verb() == http.MethodGet {
		sum := sha256.Sum256(b.Bytes())
		if k.unchanged(hex.EncodeToString(sum[:16])) {
			return nil
		}
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	k.c.Status(k.op.success())
	if k.c.Request.Method == http.MethodHead {
		k.c.Writer.WriteHeaderNow()
		return nil
	}
	_, _ = k.c.Writer.Write(b.Bytes()) // whoever does not wait for it needs nothing
	return nil
}

// unchanged sets the entity tag and, if the asker has what it stands for, answers so.
func (k *call) unchanged(tag string) bool {
	tag = `"` + tag + `"`
	k.c.Header("ETag", tag)
	for known := range strings.SplitSeq(k.c.GetHeader("If-None-Match"), ",") {
		known = strings.TrimPrefix(strings.TrimSpace(known), "W/")
		if known == tag || known == "*" {
			k.c.Status(http.StatusNotModified)
			k.c.Writer.WriteHeaderNow()
			return true
		}
	}
	return false
}

// body reads what was sent.
func (k *call) body(into any) error {
	kind, _, err := mime.ParseMediaType(k.c.GetHeader("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "Send application/json.")
	}
	d := json.NewDecoder(http.MaxBytesReader(k.c.Writer, k.c.Request.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return bodyFault(err)
	}
	if d.More() {
		return refuse(http.StatusBadRequest, "Send one JSON object.")
	}
	return nil
}

// filter is what narrows rows of people; a wave that the study does not have is a fault.
func (k *call) filter(d survey.StudyDesign) (survey.PageFilter, error) {
	f := survey.PageFilter{Code: k.query["participant"]}
	key := k.query["wave"]
	if key == "" {
		return f, nil
	}
	for _, w := range d.Waves {
		if w.Key == key {
			f.Wave = w.ID
			return f, nil
		}
	}
	return f, &refusal{http.StatusBadRequest, "The query cannot be taken.", map[string]string{"wave": "The study has no such occasion."}}
}
