package sheet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/report/sheet"
)

func TestTheNearestNamesAreFound(t *testing.T) {
	t.Parallel()
	have := []string{"id", "BDI_T1", "BDI_T2", "who5_pre", "who5_post", "arm", "Größe"}
	for name, want := range map[string][]string{
		"bdi_t1":     {"BDI_T1", "BDI_T2"},
		"BDI.T2":     {"BDI_T2", "BDI_T1"},
		"wh05_pre":   {"who5_pre"},
		"who5_psot":  {"who5_post"},
		"who5":       {"who5_pre", "who5_post"},
		"Grösse":     {"Größe"},
		"ram":        {"arm"},
		"depression": nil,
	} {
		if d := cmp.Diff(sheet.Nearest(name, have), want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

func TestAWrongColumnIsToldWithTheNearest(t *testing.T) {
	t.Parallel()
	s, err := sheet.Read(strings.NewReader("code,bdi_1,bdi_2\nA,1,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Column("bdi2")
	if err == nil || !strings.Contains(err.Error(), `did you mean "bdi_2"`) {
		t.Errorf("got %v", err)
	}
}

func FuzzNearestIsOneOfTheNames(f *testing.F) {
	f.Add("bdi_1", "bdi_2")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, name, other string) {
		for _, n := range sheet.Nearest(name, []string{other, name}) {
			if n != name && n != other {
				t.Errorf("%q is none of the names", n)
			}
		}
		if near := sheet.Nearest(name, []string{other, name}); name != "" && len(near) == 0 {
			t.Errorf("%q is not near itself", name)
		}
	})
}
