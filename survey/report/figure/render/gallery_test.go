package render_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/figuretest"
	"tidemark/survey/report/figure/render"
)

// gallery names a folder to write all figures to, to be looked at:
//
//	go test ./survey/report/figure/render -run Gallery -gallery /tmp/figures
var gallery = flag.String("gallery", "", "folder to write every figure to as SVG, PNG and PDF")

func TestEveryFigureOfTheGalleryRenders(t *testing.T) {
	t.Parallel()
	for _, s := range figuretest.Samples() {
		sizes := []figure.Size{figure.SizeCompact}
		if *gallery != "" {
			sizes = append(sizes, figure.SizeStandard, figure.SizeWide)
		}
		for _, size := range sizes {
			d := s.Figure.Draw(size)
			png, err := render.PNG(d)
			if err != nil {
				t.Errorf("%s %s: %v", s.Name, size, err)
			}
			pdf, err := render.PDF(d)
			if err != nil {
				t.Errorf("%s %s: %v", s.Name, size, err)
			}
			if *gallery == "" {
				continue
			}
			for ext, data := range map[string][]byte{".png": png, ".pdf": pdf, ".svg": []byte(figure.SVG(d))} {
				if err := os.WriteFile(filepath.Join(*gallery, s.Name+"-"+string(size)+ext), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
