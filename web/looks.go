package web

import (
	"bytes"
	"html/template"
	"maps"
	"sync"

	"tidemark/web/locale"
)

// looks is all that comes with the program and not from a site: files, words and the
// templates of pages. Compiling them takes longer than starting the rest of a server,
// and they are the same for every server of a process.
type looks struct {
	assets *assets
	texts  *locale.Catalogue
	pages  map[pageName]*template.Template
}

var (
	ordinaryLooks = sync.OnceValues(func() (*looks, error) { return loadLooks(false) })
	pseudoLooks   = sync.OnceValues(func() (*looks, error) { return loadLooks(true) })
)

func loadLooks(pseudo bool) (*looks, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	texts, err := locale.Load(pseudo)
	if err != nil {
		return nil, err
	}
	p, err := loadPages(a, texts)
	if err != nil {
		return nil, err
	}
	p.settle(a, texts)
	return &looks{a, texts, p.byName}, nil
}

// dress gives the server its looks.
func (s *Server) dress() error {
	load := ordinaryLooks
	if s.cfg.Pseudo {
		load = pseudoLooks
	}
	l, err := load()
	if err != nil {
		return err
	}
	s.assets, s.texts, s.pages = l.assets, l.texts, newPages(maps.Clone(l.pages))
	return nil
}

func newPages(byName map[pageName]*template.Template) *pages {
	return &pages{byName: byName, buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}
