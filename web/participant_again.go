package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// sendAgain is a posted form on its way to a second try. It lives in the page
// that says what went wrong, and nowhere else.
type sendAgain struct {
	Action    string
	Values    []fieldValue
	NeedsLink bool // the personal link has to be opened first
}

type fieldValue struct{ Name, Value string }

// hold keeps what a participant has posted; nil when that is nothing, or cannot
// be read. Forms of staff are not held: there are passwords among them.
func hold(c *gin.Context) *sendAgain {
	path := c.Request.URL.Path
	if c.Request.Method != http.MethodPost || !strings.HasPrefix(path, "/me/") {
		return nil
	}
	form, err := readForm(c)
	if err != nil {
		return nil
	}
	again := &sendAgain{Action: path}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[name] {
			again.Values = append(again.Values, fieldValue{name, v})
		}
	}
	return again
}
