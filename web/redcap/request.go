package redcap

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// request is what a client asks for.
type request struct {
	values url.Values
	format string // of the answer: csv, json, xml
	errors string // of an error
}

// readRequest reads a request as the clients send it: form-encoded or multipart, arrays
// as fields[0]=a (PyCap), fields[1]=a (redcapAPI) or fields=a,b (REDCapR), truth in any
// case, what is empty as absent.
func readRequest(c *gin.Context) (request, error) {
	r := request{values: url.Values{}, format: "xml"}
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	switch {
	case err == nil && kind == "multipart/form-data":
		err = c.Request.ParseMultipartForm(maxBody)
	case err == nil && kind == "application/x-www-form-urlencoded":
		err = c.Request.ParseForm()
	default:
		return r, &fault{http.StatusUnsupportedMediaType, "Send a form: application/x-www-form-urlencoded or multipart/form-data."}
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return r, &fault{http.StatusRequestEntityTooLarge, "At most 1 MB can be sent."}
	}
	if err != nil {
		return r, bad("The form cannot be read.")
	}
	for name, values := range c.Request.PostForm {
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return r, bad("The form is not UTF-8.")
			}
		}
		if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) > 0 {
			r.values[name] = values
		}
	}
	format, ok := formatOf(r.value("format"))
	if !ok {
		return r, bad("The format is csv, json or xml.")
	}
	r.format, r.errors = format, format
	if asked := r.value("returnFormat"); asked != "" {
		if r.errors, ok = formatOf(asked); !ok {
			r.errors = format
			return r, bad("The returnFormat is csv, json or xml.")
		}
	}
	return r, nil
}

// formatOf is xml where nothing is said, as in REDCap.
func formatOf(asked string) (string, bool) {
	switch asked = strings.ToLower(asked); asked {
	case "":
		return "xml", true
	case "csv", "json", "xml":
		return asked, true
	case "odm":
	}
	return "", false
}

// value is a parameter that is given once; empty when it is not.
func (r request) value(name string) string { return strings.TrimSpace(r.values.Get(name)) }

// truth reads a parameter that is true or false.
func (r request) truth(name string) (bool, error) {
	switch strings.ToLower(r.value(name)) {
	case "", "false", "0", "f", "no":
		return false, nil
	case "true", "1", "t", "yes":
		return true, nil
	}
	return false, bad("The parameter “" + name + "” is true or false.")
}

// choice reads a parameter that is one of a few; the first is what it is if not given.
func (r request) choice(name string, values ...string) (string, error) {
	v := r.value(name)
	switch {
	case v == "":
		return values[0], nil
	case slices.Contains(values, v):
		return v, nil
	}
	return "", bad("The parameter “" + name + "” is one of " + strings.Join(values, ", ") + ".")
}

// list reads an array in any of its spellings.
func (r request) list(name string) []string {
	var all []string
	for _, v := range r.values[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	type numbered struct {
		n     int
		value string
	}
	var parts []numbered
	for key, values := range r.values {
		inner, is := strings.CutPrefix(key, name+"[")
		if !is {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(inner, "]"))
		if err != nil {
			n = 0 // name[]
		}
		for _, v := range values {
			parts = append(parts, numbered{n, strings.TrimSpace(v)})
		}
	}
	slices.SortStableFunc(parts, func(a, b numbered) int { return a.n - b.n })
	for _, p := range parts {
		all = append(all, p.value)
	}
	return all
}
