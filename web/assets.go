package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

//go:embed static
var staticFiles embed.FS

// assets are the style sheet and scripts. Their address holds a digest of their
// content, so that browsers may keep them for ever and never use an old one.
type assets struct {
	version string
	files   map[string][]byte
}

func loadAssets() (*assets, error) {
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	a := &assets{files: map[string][]byte{}}
	sum := sha256.New()
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read asset: %w", err)
		}
		a.files[e.Name()] = body
		sum.Write([]byte(e.Name()))
		sum.Write(body)
	}
	a.version = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

func (a *assets) path(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return "/static/" + a.version + "/" + name, nil
}

func (s *Server) serveAsset(c *gin.Context) {
	body, ok := s.assets.files[c.Param("file")]
	if !ok {
		s.showError(c, survey.ErrNotFound)
		return
	}
	h := c.Writer.Header()
	if c.Param("version") == s.assets.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Data(http.StatusOK, mime.TypeByExtension(path.Ext(c.Param("file"))), body)
}

// serveHealth says that the process answers and can reach its database.
func (s *Server) serveHealth(c *gin.Context) {
	if _, err := s.store.Studies(c.Request.Context()); err != nil {
		s.cfg.Logger.Error("health check", "error", err)
		c.String(http.StatusServiceUnavailable, "database unreachable\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}
