package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// readForm reads a posted form: URL-encoded, within bounds, valid UTF-8.
func readForm(c *gin.Context) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errContentType
	}
	if err := c.Request.ParseForm(); err != nil {
		return nil, formError(err)
	}
	for name, values := range c.Request.PostForm {
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, errBadForm
			}
		}
	}
	return c.Request.PostForm, nil
}

func formError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	return errBadForm
}

// redirect answers a POST (or a page that has moved on) with 303 See Other.
func redirect(c *gin.Context, to string) error {
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// localPath keeps a "next" address on this site: a path, never another host.
func localPath(s, otherwise string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return otherwise
	}
	return u.RequestURI()
}
