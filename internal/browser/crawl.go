package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Places tells the parts of addresses that name a page from those that name a thing:
// in /studies/heron/runs, "heron" is one of many studies.
type Places struct{ words map[string]bool }

var (
	quotedPath = regexp.MustCompile(`"(/[a-z0-9:_./-]*)"`)
	thing      = ":"
)

// PlacesOf reads the addresses that the sources of the pages in a folder name.
func PlacesOf(folder string) (Places, error) {
	p := Places{map[string]bool{}}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		return p, fmt.Errorf("no sources of pages in %s (%w)", folder, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return p, err
		}
		for _, m := range quotedPath.FindAllStringSubmatch(string(text), -1) {
			for part := range strings.SplitSeq(m[1], "/") {
				p.words[part] = !strings.HasPrefix(part, thing)
			}
		}
	}
	return p, nil
}

// Of is the place of an address: /studies/:/runs.
func (p Places) Of(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !p.words[part] {
			parts[i] = thing
		}
	}
	return strings.Join(parts, "/")
}

// nameOf is that of a place's picture.
func nameOf(who, place string) string {
	parts := slices.DeleteFunc(strings.Split(strings.ReplaceAll(place, thing, "one"), "/"), func(s string) bool { return s == "" })
	return strings.Join(append([]string{who}, parts...), "-")
}

// Crawl opens one page of every place that links lead to, as each kind of person that
// a fresh demo knows, and calls look at each. Places are given as they were found:
// what the first of several people has seen is not looked at again. Files are left
// where they are.
func Crawl(b *Browser, ways Ways, places Places, width int, look func(Stop) error) ([]string, error) {
	base, err := ways.base()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var found []string
	for _, person := range []struct {
		who, link string
		from      []string
	}{
		{"staff", ways.Administrator, []string{"/admin", "/studies", "/account"}},
		{"staff", ways.Researcher, []string{"/studies", "/account"}},
		{"staff", ways.Facilitator, []string{"/studies", "/account"}},
		{"participant", ways.Participant, []string{"/me"}},
	} {
		err := walkThrough(b, ways, base, width, look, func(w *walk) error {
			if err := w.do(signIn(person.link)); err != nil {
				return err
			}
			queue := person.from
			mine := map[string]bool{} // others may be shown less of a page, and other links
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				place := places.Of(path)
				if mine[place] {
					continue
				}
				mine[place] = true
				page, err := w.isPage(path)
				if err != nil {
					return err
				}
				if !page {
					continue
				}
				if err := w.Visit(w.base + path); err != nil {
					return err
				}
				if !seen[place] {
					seen[place] = true
					found = append(found, place)
					if err := look(Stop{nameOf(person.who, place), w.Tab}); err != nil {
						return fmt.Errorf("%s: %w", place, err)
					}
				}
				links, err := Evaluate[[]string](w.Tab, `[...document.querySelectorAll("a[href]")].
					filter((a) => a.origin === location.origin && !a.download).map((a) => a.pathname)`)
				if err != nil {
					return err
				}
				queue = append(queue, links...)
			}
			return nil
		})
		if err != nil {
			return found, fmt.Errorf("as %s: %w", person.link, err)
		}
	}
	return found, nil
}

// isPage reports whether an address answers with a page, not a file.
func (w *walk) isPage(path string) (bool, error) {
	return Evaluate[bool](w.Tab, fmt.Sprintf(`fetch(%q, {method: "HEAD", headers: {Accept: "text/html"}}).then((r) =>
		r.ok && (r.headers.get("Content-Type") ?? "").startsWith("text/html") && !(r.headers.get("Content-Disposition") ?? "").startsWith("attachment"))`, path))
}
