package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

//go:embed templates
var templateFiles embed.FS

// Page is what every page has.
type Page struct {
	Title string
	Lang  string // of the page itself; what a study says may be in another
	// ReadOnly says on the page that nothing can be changed now.
	ReadOnly bool
	// Simulated puts the rehearsal banner on the page.
	Simulated bool
	Version   string
	// Nav is the staff navigation; nil on a participant's pages. A page
	// without it says at its foot where to find someone to talk to.
	Nav *Nav
	// Study is what the study says, on a participant's pages.
	Study studyWords
	// Languages can be chosen from, and Here is where one is then; none on
	// pages of staff.
	Languages []tongue
	Here      string
	// Typing is the form on the page that somebody may have typed into: who chooses
	// a language sends it along, so that nothing is lost; empty: there is none.
	Typing string
	// Me puts the ways around a participant's own pages at the foot.
	Me bool
}

// Nav is the head of a staff page.
type Nav struct {
	Items []NavItem
	Who   string // "Researcher · Learning from setbacks"
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Label, Path string
	On          bool
}

// page begins a page of somebody not known yet.
func (s *Server) page(c *gin.Context, title string) Page {
	p := Page{Title: title, Lang: s.language(c).Tag, Simulated: s.cfg.Demo, Version: s.cfg.Version, ReadOnly: s.use.Mode.ReadOnly()}
	if isRead(c) {
		s.offerLanguages(c, &p, c.Request.URL.RequestURI())
	}
	return p
}

func (p Page) language() string { return p.Lang }

// Frame is the page itself, for templates: what is embedded in a page is slow to
// find by reflection, field by field.
func (p Page) Frame() Page { return p }

// participantPage begins a page of a participant. Whoever has not agreed to take
// part yet has nowhere else to go.
func (s *Server) participantPage(c *gin.Context, a survey.Actor, title string) Page {
	p := s.page(c, title)
	p.Study = s.studyWords(c, a.Participation.Study)
	p.Simulated = p.Simulated || a.Participation.Study.Simulated
	p.Me = a.Participation.Consented() || a.Participation.Enrolment.Withdrawn()
	return p
}

// pages are the compiled templates by language and name; each is its file within
// layout.html, with what templates/parts has for several pages.
type pages struct {
	byName  map[pageName]*template.Template
	buffers sync.Pool
}

type pageName struct{ language, name string }

// staffTemplates begin the names of the pages that are in English alone.
var staffTemplates = []string{"admin", "facilitator_", "researcher_", "staff_", "report", "results", "power"}

// pieces are the parts that a page shows only when its code asks for them by name.
var pieces = map[string][]string{
	"questions":         {"question"},
	"consent":           {"consent-copy"},
	"helpnow":           {"help-now"},
	"facilitator_board": {"board-live"},
}

func loadPages(a *assets, texts *locale.Catalogue) (*pages, error) {
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	p := newPages(map[pageName]*template.Template{})
	for _, l := range texts.Languages() {
		funcs := templateFuncs(a, l)
		frame, err := template.New("layout.html").Funcs(funcs).
			ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("template of every page: %w", err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(path.Base(file), ".html")
			isStaffs := slices.ContainsFunc(staffTemplates, func(begin string) bool { return strings.HasPrefix(name, begin) })
			if name == "layout" || isStaffs && l.Tag != locale.Fallback {
				continue
			}
			t, err := framed(frame, funcs, name, file)
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", name, err)
			}
			p.byName[pageName{l.Tag, name}] = t
		}
		if err := p.loadFiles(a, l); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// framed is the page of a file within the frame, with the parts that it shows and no
// others: all of them, once for each page and language, would hold 80 MB for good.
func framed(frame *template.Template, funcs template.FuncMap, name, file string) (*template.Template, error) {
	own, err := template.New(path.Base(file)).Funcs(funcs).ParseFS(templateFiles, file)
	if err != nil {
		return nil, err
	}
	wanted := append([]string{frame.Name()}, pieces[name]...)
	for _, t := range own.Templates() {
		if t.Name() != own.Name() {
			wanted = append(wanted, t.Name())
		}
	}
	page, taken := template.New(frame.Name()).Funcs(funcs), map[string]bool{}
	for ; len(wanted) > 0; wanted = wanted[1:] {
		part := wanted[0]
		if taken[part] {
			continue
		}
		taken[part] = true
		t := frame.Lookup(part)
		// As ever with templates, one that is empty takes the place of none.
		if o := own.Lookup(part); o != nil && (t == nil || !parse.IsEmptyTree(o.Tree.Root)) {
			t = o
		}
		if t == nil {
			return nil, fmt.Errorf("nobody defines %q", part)
		}
		tree := t.Tree.Copy() // it is written in when it is settled and escaped
		if _, err := page.AddParseTree(part, tree); err != nil {
			return nil, err
		}
		wanted = append(wanted, shownIn(tree.Root)...)
	}
	return page, nil
}

// shownIn are the templates that a list of nodes shows.
func shownIn(list *parse.ListNode) []string {
	if list == nil {
		return nil
	}
	var names []string
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.IfNode:
			names = append(names, slices.Concat(shownIn(n.List), shownIn(n.ElseList))...)
		case *parse.WithNode:
			names = append(names, slices.Concat(shownIn(n.List), shownIn(n.ElseList))...)
		case *parse.RangeNode:
			names = append(names, slices.Concat(shownIn(n.List), shownIn(n.ElseList))...)
		}
	}
	return names
}

// settle works out ahead what is the same on every page.
func (p *pages) settle(a *assets, texts *locale.Catalogue) {
	for name, t := range p.byName {
		settledIn(a, texts.In(name.language)).settle(t)
	}
}

// loadFiles compiles what is handed out as a file of its own, without the frame of a
// page.
func (p *pages) loadFiles(a *assets, l *locale.Language) error {
	files, err := fs.Glob(templateFiles, "templates/files/*.html")
	if err != nil {
		return fmt.Errorf("list file templates: %w", err)
	}
	for _, file := range files {
		t, err := template.New(path.Base(file)).Funcs(templateFuncs(a, l)).ParseFS(templateFiles, file)
		if err != nil {
			return fmt.Errorf("template of the file %s: %w", file, err)
		}
		p.byName[pageName{l.Tag, "files/" + strings.TrimSuffix(path.Base(file), ".html")}] = t
	}
	return nil
}

// maxKeptBuffer keeps one page of thousands of people from holding its memory
// for good.
const maxKeptBuffer = 1 << 20

// render writes a page to a buffer first, so that a fault in a template never
// sends half a page.
func (s *Server) render(c *gin.Context, status int, name string, data interface{ language() string }) error {
	return s.renderPiece(c, status, name, "layout.html", data)
}

// renderPiece writes one of the templates that a page is made of, for a script that
// puts it in the place of what the page shows.
func (s *Server) renderPiece(c *gin.Context, status int, name, part string, data interface{ language() string }) error {
	t, ok := s.pages.byName[pageName{data.language(), name}]
	if !ok {
		return fmt.Errorf("no template %q in %s", name, data.language())
	}
	buf := s.pages.buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= maxKeptBuffer {
			s.pages.buffers.Put(buf)
		}
	}()
	buf.Reset()
	if err := t.ExecuteTemplate(buf, part, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	c.Writer.WriteHeader(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	if _, err := c.Writer.Write(buf.Bytes()); err != nil {
		s.cfg.Logger.DebugContext(c.Request.Context(), "client gone", "route", c.FullPath())
	}
	return nil
}
