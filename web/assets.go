package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

//go:embed static
var staticFiles embed.FS

// assets are the style sheet and scripts. Their address holds a digest of their
// content, so that browsers may keep them for ever and never use an old one.
type assets struct {
	version string
	files   map[string]asset
}

// asset is one file, plain and compressed once for all requests.
type asset struct{ plain, gzip []byte }

func loadAssets() (*assets, error) {
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	for _, e := range entries {
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read asset: %w", err)
		}
		packed, err := compress(body)
		if err != nil {
			return nil, fmt.Errorf("compress asset %s: %w", e.Name(), err)
		}
		a.files[e.Name()] = asset{body, packed}
		sum.Write([]byte(e.Name()))
		sum.Write(body)
	}
	a.version = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

func compress(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// takesGzip reports whether a browser says that it unpacks gzip.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if name == "gzip" && !strings.HasPrefix(quality, "q=0") {
			return true
		}
	}
	return false
}

func (a *assets) path(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return "/static/" + a.version + "/" + name, nil
}

func (s *Server) serveAsset(c *gin.Context) {
	file, ok := s.assets.files[c.Param("file")]
	if !ok {
		s.showError(c, survey.ErrNotFound)
		return
	}
	h := c.Writer.Header()
	if c.Param("version") == s.assets.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	body := file.plain
	if takesGzip(c.Request) {
		body = file.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Data(http.StatusOK, mime.TypeByExtension(path.Ext(c.Param("file"))), body)
}
