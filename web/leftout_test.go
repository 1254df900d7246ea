package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin/binding"
	"github.com/gin-gonic/gin/render"
)

// What was left out of Gin says so: nothing is read as if it had been empty, and
// nothing passes for checked.
func TestFormatsLeftOutAreRefusedAndNeverReadAsEmpty(t *testing.T) {
	var into struct{ A string }
	tried := map[string]error{
		"BSON read":        binding.BSON.BindBody([]byte("\x05\x00\x00\x00\x00"), &into),
		"TOML read":        binding.TOML.BindBody([]byte(`A = "a"`), &into),
		"MessagePack read": binding.MsgPack.BindBody([]byte("\x80"), &into),
		"BSON written":     render.BSON{Data: into}.Render(httptest.NewRecorder()),
		"TOML written":     render.TOML{Data: into}.Render(httptest.NewRecorder()),
		"a struct checked": binding.JSON.BindBody([]byte(`{"A":"a"}`), &into),
	}
	for what, err := range tried {
		if err == nil || !strings.Contains(err.Error(), "built without") {
			t.Errorf("%s: %v, want that the program is built without it", what, err)
		}
	}
}
