package locale_test

import (
	"testing"

	"tidemark/web/locale"
)

// FuzzAcceptLanguage: whatever a browser says it reads, one of our languages is found, or none.
func FuzzAcceptLanguage(f *testing.F) {
	texts, err := locale.Load(false)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "de", "de-AT;q=0.8, en;q=0.5", "*", "zh-Hant-TW,x;q=9", "en;q=0", "\xff,,;q="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		l, ok := texts.Match(header)
		if !ok {
			return
		}
		if _, known := texts.Find(l.Tag); !known {
			t.Errorf("%q gives %q, which is none of ours", header, l.Tag)
		}
	})
}
