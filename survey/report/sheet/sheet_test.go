package sheet_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/survey/report/sheet"
)

var nan = math.NaN()

func read(t *testing.T, text string) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encodeUTF16(text string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if bigEndian {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

func TestFilesOfEveryOriginGiveTheSamePeople(t *testing.T) {
	t.Parallel()
	want := sheet.People{Pre: []float64{2.5, 3, nan}, Post: []float64{3.25, nan, -1}, Group: []string{"Kurs", "Café", "Kurs"}}
	plain := "id,pre,post,group\na,2.5,3.25,Kurs\nb,3,,Café\nc,NA,-1,Kurs\n"
	german := "id;pre;post;group\na;2,5;3,25;Kurs\nb;3;;Café\nc;NA;-1;Kurs\n"
	for name, c := range map[string]struct {
		text  string
		notes int
	}{
		"plain":               {plain, 0},
		"no last line end":    {strings.TrimSuffix(plain, "\n"), 0},
		"Windows line ends":   {strings.ReplaceAll(plain, "\n", "\r\n"), 0},
		"Macintosh line ends": {strings.ReplaceAll(plain, "\n", "\r"), 0},
		"byte order mark":     {"\ufeff" + plain, 0},
		"semicolons, commas":  {german, 2},
		"tabs":                {strings.ReplaceAll(plain, ",", "\t"), 1},
		"told by Excel":       {"sep=;\r\n" + strings.ReplaceAll(plain, ",", ";"), 1},
		"UTF-16":              {encodeUTF16(plain, false), 1},
		"UTF-16 big-endian":   {encodeUTF16(plain, true), 1},
		"Latin-1":             {strings.ReplaceAll(plain, "é", "\xe9"), 1},
		"quoted":              {"\"id\",\"pre\",\"post\",\"group\"\n\"a\",\"2.5\",\"3.25\",\"Kurs\"\n\"b\",\"3\",\"\",\"Café\"\n\"c\",\"NA\",\"-1\",\"Kurs\"\n", 0},
		"quoted commas":       {"id,pre,post,group\na,\"2,5\",\"3,25\",Kurs\nb,3,,Café\nc,NA,-1,Kurs\n", 1},
		"spaces and blanks":   {"id, pre ,post,group\n\na, 2.5,3.25 ,Kurs\n,,,\nb,3,,Café\nc,nan,−1,Kurs\n\n", 0},
		"empty last columns":  {"id,pre,post,group\na,2.5,3.25,Kurs,,\nb,3,.,Café\nc,N/A,-1,Kurs,\n", 0},
	} {
		s := read(t, c.text)
		got, err := s.Wide(sheet.Wide{ID: "id", Pre: "pre", Post: "post", Group: "group"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(got, want, cmpopts.EquateNaNs()); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
		if len(s.Notes) != c.notes {
			t.Errorf("%s: notes %q, want %d", name, s.Notes, c.notes)
		}
	}
}

func TestBadCellsAreNamedWithLineAndColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"text", "id,pre,post\na,1,2\nb,three,4\n", []string{`line 3, column "pre": "three" is not a number`, "leave the cell empty"}},
		{"after quoted line ends", "id,pre,post,x\na,1,2,\"one\ntwo\"\nb,1,!,y\n", []string{`line 4, column "post": "!"`}},
		{"under sep=", "sep=;\nid;pre;post\na;1;b\n", []string{`line 3, column "post"`}},
		{"two decimal signs", "id;pre;post\na;1.5;2\nb;1,5;2\n", []string{`line 3, column "pre": "1,5" has a decimal comma`}},
		{"two points", "id,pre,post\na,1.5.2,2\n", []string{`"1.5.2" is not a number`}},
		{"hexadecimal", "id,pre,post\na,0x1p4,2\n", []string{"is not a number"}},
		{"infinite", "id,pre,post\na,Inf,2\n", []string{"is not a number"}},
		{"too large", "id,pre,post\na,1e999,2\n", []string{"too large"}},
		{"several", "id,pre,post\na,x,y\nb,z,1\n", []string{`line 2, column "pre"`, `line 2, column "post"`, `line 3, column "pre"`}},
		{"missing cells", "id,pre,post\na,1\n", []string{"line 2: 2 cells, but the first row names 3 columns"}},
		{"cells too many", "id,pre,post\na,1,2,3\n", []string{"line 2: 4 cells"}},
		{"open quote", "id,pre,post\na,\"1,2\nb,1,2\n", []string{"quotation mark"}},
		{"same person twice", "id,pre,post\na,1,2\nb,1,2\na,3,4\n", []string{`column "id": "a" stands in lines 2, 4`}},
		{"nobody", "id,pre,post\n,1,2\n", []string{"line 2", "no identifier"}},
	} {
		s, err := sheet.Read(strings.NewReader(c.text))
		if err == nil {
			_, err = s.Wide(sheet.Wide{ID: "id", Pre: "pre", Post: "post"})
		}
		if _, ok := errors.AsType[sheet.Faults](err); !ok {
			t.Errorf("%s: got %v, want faults", c.name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: says %q, want something with %q", c.name, err, w)
			}
		}
	}
}

func TestAHundredFaultsAreNotAHundredLines(t *testing.T) {
	t.Parallel()
	s := read(t, "id,pre,post\n"+strings.Repeat("x,y,z\n", 100))
	_, err := s.Wide(sheet.Wide{Pre: "pre", Post: "post"})
	if n := strings.Count(err.Error(), "\n"); n > 20 || !strings.Contains(err.Error(), "and 180 more") {
		t.Errorf("%d lines:\n%v", n+1, err)
	}
}

func TestFilesThatAreNoneSaySo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":           {"", sheet.ErrEmpty},
		"only names":        {"id,pre,post\n", sheet.ErrEmpty},
		"only blanks":       {"\n\n,,\n", sheet.ErrEmpty},
		"workbook":          {"PK\x03\x04\x14\x00", sheet.ErrWorkbook},
		"old workbook":      {"\xd0\xcf\x11\xe0\xa1\xb1", sheet.ErrWorkbook},
		"binary":            {"a,b\x00c\n1,2\n", sheet.ErrBinary},
		"larger than 64 MB": {strings.Repeat("x", 64<<20+1), sheet.ErrTooLarge},
	} {
		if _, err := sheet.Read(strings.NewReader(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestAnUnknownColumnListsThoseThereAre(t *testing.T) {
	t.Parallel()
	s := read(t, "id,Pre,post,x,x\n1,2,3,4,5\n")
	if i, err := s.Column("pre"); i != 1 || err != nil {
		t.Errorf("pre is column %d (%v), want 1 without regard to case", i, err)
	}
	for name, want := range map[string]string{"score": `"id", "Pre", "post"`, "x": "2 columns are called", "": "there is no column"} {
		_, err := s.Column(name)
		if _, ok := errors.AsType[sheet.UnknownColumnError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want something with %q", name, err, want)
		}
	}
}

const long = "who,time,arm,bdi\n1,1,PA,33\n1,4,PA,27\n2,01,TAU,26\n2,2,TAU,1\n3,4.0,PA,9\n4,1,TAU,\n"

func TestLongFilesBecomePeople(t *testing.T) {
	t.Parallel()
	s := read(t, long)
	got, err := s.Long(sheet.Long{ID: "who", Wave: "time", Score: "bdi", Pre: "1", Post: "4", Group: "arm"})
	if err != nil {
		t.Fatal(err)
	}
	want := sheet.People{Pre: []float64{33, 26, nan, nan}, Post: []float64{27, nan, 9, nan}, Group: []string{"PA", "TAU", "PA", "TAU"}}
	if d := cmp.Diff(got, want, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("people (-got +want):\n%s", d)
	}
	if d := cmp.Diff(s.Notes, []string{"1 rows of other waves are not used."}); d != "" {
		t.Errorf("notes (-got +want):\n%s", d)
	}
	if d := cmp.Diff(got.Levels(), []string{"PA", "TAU"}); d != "" {
		t.Errorf("groups (-got +want):\n%s", d)
	}
}

func TestLongFilesThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, pre, post, want string }{
		"two rows a wave":    {long + "1,1,PA,5\n", "1", "4", `"1" has wave "1" in lines 2, 8`},
		"two groups":         {long + "1,3,TAU,5\n", "1", "4", `"1" is in group "TAU" here and in "PA" in line 2`},
		"no such wave":       {long, "1", "9", `no row has the wave "9"; column "time" holds 01, 1, 2, 4, 4.0`},
		"the same wave":      {long, "1", "1.0", "the two waves are the same"},
		"nobody":             {long + ",1,PA,5\n", "1", "4", "no identifier"},
		"score that is none": {long + "9,1,PA,high\n", "1", "4", `line 8, column "bdi": "high"`},
	} {
		_, err := read(t, c.text).Long(sheet.Long{ID: "who", Wave: "time", Score: "bdi", Pre: c.pre, Post: c.post, Group: "arm"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something with %q", name, err, c.want)
		}
	}
}

func TestCodesForMissingValuesAreTold(t *testing.T) {
	t.Parallel()
	s := read(t, "id,pre,post\na,999,2\nb,3,-9\n")
	got, err := s.Wide(sheet.Wide{ID: "id", Pre: "pre", Post: "post", Missing: sheet.Missing{"999", "-9"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, sheet.People{Pre: []float64{nan, 3}, Post: []float64{2, nan}}, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("people (-got +want):\n%s", d)
	}
}

// Whatever the bytes: no panic, no number that is not one, as many scores before
// as after.
func FuzzReading(f *testing.F) {
	for _, seed := range []string{
		"", long, "id,pre,post\na,1,2\n", "sep=;\nid;pre;post\na;1,5;2\n", "\xff\xfei\x00d\x00", "\xef\xbb\xbfid\tpre\tpost\n1\t2\t3",
		"\"id\",\"pre\n\",post\n1,2,3", "id,pre,post\n,,\n\"", "id|pre|post\r1|NA|.\r", "pre,post\n−1,+.5e3\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sheet.Read(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for _, r := range s.Rows {
			if len(r.Cells) != len(s.Header) || r.Line < 2 {
				t.Fatalf("row %+v under %d columns", r, len(s.Header))
			}
		}
		name := func(i int) string { return s.Header[i%len(s.Header)] }
		for _, read := range []func() (sheet.People, error){
			func() (sheet.People, error) {
				return s.Wide(sheet.Wide{ID: name(0), Pre: name(1), Post: name(2), Group: name(3)})
			},
			func() (sheet.People, error) { return s.Wide(sheet.Wide{Pre: name(0), Post: name(1)}) },
			func() (sheet.People, error) {
				return s.Long(sheet.Long{ID: name(0), Wave: name(1), Score: name(2), Pre: s.Rows[0].Cells[1%len(s.Header)], Post: "2", Group: name(3)})
			},
		} {
			p, err := read()
			if err != nil {
				continue
			}
			if len(p.Pre) != len(p.Post) || p.Group != nil && len(p.Group) != len(p.Pre) {
				t.Fatalf("columns of %d, %d and %d people", len(p.Pre), len(p.Post), len(p.Group))
			}
			for _, v := range append(p.Pre, p.Post...) {
				if math.IsInf(v, 0) {
					t.Fatal("an infinite score")
				}
			}
		}
	})
}
