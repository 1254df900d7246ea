package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// slowly reads a table by way of a sheet.
func slowly(text []byte, separator rune, w Want) (*Table, error) {
	s := &Sheet{}
	if err := s.parse(text, separator, 0); err != nil {
		return nil, err
	}
	return s.table(w)
}

// firstColumns asks for the first three columns by the names they have.
func firstColumns(text []byte, separator rune) (Want, bool) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator
	header, err := r.Read()
	if err != nil || len(header) < 3 {
		return Want{}, false
	}
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
	}
	return Want{Labels: header[:1], Numbers: header[1:3], Missing: Missing{"99", "-9.5"}}, true
}

// sameTable compares what is read quickly with what is read slowly.
func sameTable(t *testing.T, data []byte) (quick bool) {
	t.Helper()
	text, _, err := decode(data)
	if err != nil {
		return false
	}
	separator, text, _ := separatorOf(text)
	w, ok := firstColumns(text, separator)
	if !ok {
		return false
	}
	got, ok := quickTable(text, byte(separator), w)
	if !ok {
		return false
	}
	want, err := slowly(text, separator, w)
	if err != nil {
		t.Fatalf("%q was read, but %v", data, err)
	}
	if d := cmp.Diff(got, want, cmpopts.EquateNaNs()); d != "" {
		t.Fatalf("%q (-quick +slow):\n%s", data, d)
	}
	return true
}

func TestFilesInOrderAreReadQuickly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a,b,c\nx,1,2\n", "a,b,c\nx,1,2", "a,b,c\r\nx,1,2\r\n\r\ny,-1.5,+.25\r\n", "\ufeffa,b,c\nx,1,2\n",
		"a;b;c\nx;1,5;2\ny;;NA\n", "a\tb\tc\nx\t1\t2\n", "a,b,c,d\n\"x, \"\"y\"\"\",1,2,\"two\nlines\"\nz,1,2,3\n",
		"\"a\",\"b\",\"c\"\n\"x\",\"1.5\",\"2\"\n\"y\",\"\",\"1e3\"\n", "a,b,c\nx, 1 ,2\ny,99,-9.5\nz,−4,5.\n",
		"a,b,c\nx,1,2,,\ny,0.1234567890123456789,123456789012345678901234567890\n", "a,b,c\né,1,2\n ö ,1,2\n", "a,b,c\n,,2\n",
		"a,b,c\nx,\"1,5\",2\n", "a,b,c\nx,1,2\n\n\ny,1,2\n",
	} {
		if !sameTable(t, []byte(text)) {
			t.Errorf("%q is left to the slow way", text)
		}
	}
}

func TestWhatMustBeSaidIsLeftToTheSlowWay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a,b,c\n", "a,b,c\nx,1\n", "a,b,c\nx,1,2,3\n", "a,b,c\nx,one,2\n", "a,b,c\nx,\"1,2\n", "a,b,c\nx\"y,1,2\n",
		"a,b,c\n\"x\"y,1,2\n", "a;b;c\nx;1,5;2.5\n", "a,b,c\nx,1e999,2\n", "a,a,c\nx,1,2\n", "a,b,c\nx,0x10,2\n", "a,b,c\n,,\n",
	} {
		if sameTable(t, []byte(text)) {
			t.Errorf("%q is read quickly", text)
		}
	}
}

// longText is a file of several pieces, some of its cells quoted and some of its
// lines within a cell.
func longText(rows int, quoted bool) []byte {
	random := rand.New(rand.NewPCG(11, 12))
	var b bytes.Buffer
	b.WriteString("id,wave,score,note\n")
	for i := range rows {
		note := strings.Repeat("x", random.IntN(90))
		if quoted && i%5 == 0 {
			note = "\"" + strings.Repeat("one,\n\"\"two\"\"", random.IntN(9)) + "\""
		}
		fmt.Fprintf(&b, "p%d,%d,%.*f,%s\n", i/7, i%7, random.IntN(6), 40*random.NormFloat64(), note)
	}
	return b.Bytes()
}

func TestPiecesOfAFileMakeTheWhole(t *testing.T) {
	t.Parallel()
	for _, quoted := range []bool{false, true} {
		text := longText(60_000, quoted)
		if len(text) < 3*pieceBytes {
			t.Fatalf("%d bytes are no three pieces", len(text))
		}
		if !sameTable(t, text) {
			t.Errorf("quoted %v: left to the slow way", quoted)
		}
	}
}

func TestGroupsAreDescribedAsByHand(t *testing.T) {
	t.Parallel()
	table, err := ReadTable(strings.NewReader("arm,wave,y\na,1,2\nb,1,4\na,1,4\na,2,1000000000.1\nb,1,\na,2,1000000000.3\nb,2,\n"),
		Want{Labels: []string{"arm", "wave"}, Numbers: []string{"y"}})
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	want := []Group{
		{[]string{"a", "1"}, 2, 3, math.Sqrt2},
		{[]string{"b", "1"}, 1, 4, nan},
		{[]string{"a", "2"}, 2, 1000000000.2, 0.1414213562},
		{[]string{"b", "2"}, 0, nan, nan},
	}
	if d := cmp.Diff(table.Groups(0, 0, 1), want, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-6, 0)); d != "" {
		t.Errorf("groups (-got +want):\n%s", d)
	}
	all := table.Groups(0)
	if len(all) != 1 || all[0].N != 5 {
		t.Errorf("without labels: %+v", all)
	}
}

func TestManyCellsAreFoundAsFewAre(t *testing.T) {
	t.Parallel()
	const n = 3000
	a, b := make([]uint32, n), make([]uint32, n)
	for i := range n {
		a[i], b[i] = uint32(i%50), uint32(i%70)
	}
	few, firstFew := combine(a, 50, b, 70)
	many, firstMany := combine(a, 1<<20, b, 1<<10)
	if d := cmp.Diff(few, many) + cmp.Diff(firstFew, firstMany); d != "" {
		t.Errorf("cells (-few +many):\n%s", d)
	}
}

// sameLong compares people who are read quickly with those of the sheet.
func sameLong(t *testing.T, data []byte) (quick bool) {
	t.Helper()
	text, _, err := decode(data)
	if err != nil {
		return false
	}
	separator, text, _ := separatorOf(text)
	w, ok := firstColumns(text, separator)
	if !ok {
		return false
	}
	for _, group := range []string{"", "arm"} {
		l := Long{ID: w.Labels[0], Wave: w.Numbers[0], Score: w.Numbers[1], Pre: "1", Post: "2", Group: group, Missing: w.Missing}
		got, notes, ok := quickLong(data, l)
		if !ok {
			continue
		}
		quick = true
		s, err := Read(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%q was read, but %v", data, err)
		}
		want, err := s.Long(l)
		if err != nil {
			t.Fatalf("%q was read, but %v", data, err)
		}
		if d := cmp.Diff(got, want, cmpopts.EquateNaNs()) + cmp.Diff(notes, s.Notes); d != "" {
			t.Fatalf("%q (-quick +slow):\n%s", data, d)
		}
	}
	return quick
}

func TestLongFilesInOrderAreReadQuickly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"id,wave,y,arm\na,1,2,x\nb,2,3,\na,2.0,4,x\na,3,5,x\n": true,
		"id;wave;y;arm\na;01;2,5;x\na;2;99;NA\n":               true,
		"id,wave,y,arm\na,1,2,x\na,1.0,3,x\na,2,3,x\n":         false, // twice
		"id,wave,y,arm\na,1,2,x\n":                             false, // nobody after
		"id,wave,y,arm\na,1,2,x\n,2,2,x\n":                     false, // nobody's
		"id,wave,y\na,1,2\na,2,two\n":                          false,
	} {
		if got := sameLong(t, []byte(text)); got != want {
			t.Errorf("%q: read quickly %v, want %v", text, got, want)
		}
	}
	two := []byte("id,wave,y,arm\na,1,2,x\na,2,3,y\n")
	if _, _, ok := quickLong(two, Long{ID: "id", Wave: "wave", Score: "y", Pre: "1", Post: "2", Group: "arm"}); ok {
		t.Error("somebody in two groups was read quickly")
	}
	if _, _, err := ReadLong(bytes.NewReader(two), Long{ID: "id", Wave: "wave", Score: "y", Pre: "1", Post: "2", Group: "arm"}); err == nil || !strings.Contains(err.Error(), "a person has one group") {
		t.Errorf("two groups: %v", err)
	}
}

func FuzzTableIsThatOfTheSheet(f *testing.F) {
	for _, seed := range []string{
		"a,b,c\nx,1,2\n", "a;b;c\r\nx;1,5;\r\n", "a,b,c\n\"x \"\"\n\",1.5e3,99\n\n,,1\n", "a|b|c\ny| 1|2||\n", "a,b,c\nx,−1,.5\ny,5.,-0", "a,b,c\nx,1\r,\"2\"\r\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("id,wave,y,arm\na,1,2,x\nb,2,3,\na,2.0,4,x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sameTable(t, data)
		sameLong(t, data)
	})
}

func FuzzNumbersAreTheNearestDoubles(f *testing.F) {
	for _, seed := range []string{"1", "-0.1", "9007199254740993", "0.000000000000000001", "123456789.123456789", "+5.", "1,5", "00000000000000001.5"} {
		f.Add(seed)
	}
	decimals := newDecimals()
	f.Fuzz(func(t *testing.T, text string) {
		got, end, sign, ok := decimals.read([]byte(text+"\n"), 0, ';')
		if !ok {
			return
		}
		want, err := strconv.ParseFloat(strings.Replace(text[:end], ",", ".", 1), 64)
		if err != nil || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%q is %v, want %v (%v)", text[:end], got, want, err)
		}
		if sign == commaMark != strings.Contains(text[:end], ",") {
			t.Errorf("%q: decimal sign %q", text[:end], sign)
		}
	})
}

func TestNumbersOfAllLengthsAreTheNearestDoubles(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2, 3))
	decimals := newDecimals()
	read := 0
	for range 200_000 {
		text := strconv.FormatFloat((random.Float64()-0.5)*math.Pow10(random.IntN(18)), 'f', random.IntN(18), 64)
		got, _, _, ok := decimals.read([]byte(text+"\n"), 0, ',')
		if !ok {
			continue
		}
		read++
		if want, err := strconv.ParseFloat(text, 64); err != nil || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q is %v, want %v (%v)", text, got, want, err)
		}
	}
	if read < 50_000 {
		t.Errorf("only %d numbers were read", read)
	}
}
