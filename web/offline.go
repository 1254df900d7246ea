package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
)

// offlinePath is the page that browsers keep for when there is no line.
const offlinePath = "/offline"

// showOffline says that there is no line, and that answers are kept. It is the same
// for everybody, because it stays on the device.
func (s *Server) showOffline(c *gin.Context) error {
	p := s.page(c, s.say(c, "offline.title"))
	p.Simulated = false
	return s.render(c, http.StatusOK, "offline", p)
}

// serveWorker serves the service worker. It stands outside the folder of the assets,
// because a worker reaches no further than its own address, and it names what it
// keeps, so that a new version of a file makes a new worker.
func (s *Server) serveWorker(c *gin.Context) {
	files := []string{offlinePath}
	for _, name := range []string{"tidemark.css", "icon.svg"} {
		path, err := s.assets.path(name)
		if err != nil {
			s.showError(c, err)
			return
		}
		files = append(files, path)
	}
	list, err := json.Marshal(files)
	if err != nil {
		s.showError(c, err)
		return
	}
	body := []byte("const version = " + strconv.Quote(s.assets.version) + ";\nconst files = " + string(list) + ";\n")
	body = append(body, s.assets.files["service-worker.js"].plain...)
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/javascript; charset=utf-8", body)
}
