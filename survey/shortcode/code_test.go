package shortcode

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func parse(t *testing.T, typed string) string {
	t.Helper()
	code, err := Parse(typed)
	if err != nil {
		t.Errorf("%q is not read: %v", typed, err)
	}
	return code
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	for n := range uint64(5000) {
		code := Encode(n * 2901429195173)
		if got := parse(t, code); got != code {
			t.Fatalf("%q is read as %q", code, got)
		}
		looks := strings.NewReplacer("8", "b", "1", "l", "0", "o", "5", "s", "V", "u", "2", "z").Replace(code)
		for _, typed := range []string{
			strings.ToLower(code), Grouped(code), " " + Grouped(strings.ToLower(code)) + "\n", strings.Join(strings.Split(code, ""), " "),
			looks, strings.ToUpper(looks), strings.Replace(code, "1", "I", 1), code[:5] + "–" + code[5:], code[:3] + "\u00a0\u200b" + code[3:],
		} {
			if got := parse(t, typed); got != code {
				t.Fatalf("%q is read as %q, not %q", typed, got, code)
			}
		}
	}
}

func TestWhatIsNoCodeIsToldApart(t *testing.T) {
	t.Parallel()
	code := Encode(1)
	for typed, want := range map[string]error{
		"": ErrLength, "-": ErrLength, code[:9]: ErrLength, code + "0": ErrLength, strings.Repeat(code, 100000): ErrLength,
		code[:9] + "?": ErrTyping, code[:9] + "é": ErrTyping, code[:9] + "\x00": ErrTyping, "\xff" + code[1:]: ErrTyping,
	} {
		if _, err := Parse(typed); !errors.Is(err, want) {
			t.Errorf("of %.20q it is said: %v", typed, err)
		}
	}
}

// Whether a mistake is found depends on the difference of the values and the position
// alone, so that all values at all positions, in a few codes, are all there is.
func TestEverySingleMistakeIsFound(t *testing.T) {
	t.Parallel()
	tried := 0
	for n := range uint64(300) {
		code := Encode(n * 48357153252)
		for i := range Length {
			for _, wrong := range Alphabet {
				if byte(wrong) == code[i] {
					continue
				}
				tried++
				if _, err := Parse(code[:i] + string(wrong) + code[i+1:]); !errors.Is(err, ErrTyping) {
					t.Fatalf("%q with %q at %d is taken", code, wrong, i)
				}
			}
		}
	}
	if tried != 300*Length*(base-1) {
		t.Errorf("%d mistakes were tried", tried)
	}
}

// All pairs of positions with all pairs of different values, and all three ways to
// turn a group of three around.
func TestEveryTranspositionIsFound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range Length {
		for j := i + 1; j < Length; j++ {
			for a := range base {
				for b := range base {
					if a == b {
						continue
					}
					code := withAt(r, i, a, j, b)
					swapped := []byte(code)
					swapped[i], swapped[j] = swapped[j], swapped[i]
					if _, err := Parse(string(swapped)); !errors.Is(err, ErrTyping) {
						t.Fatalf("%q for %q is taken", swapped, code)
					}
				}
			}
		}
	}
}

// withAt is a code with given values at two positions: others are drawn until the sum
// is right.
func withAt(r *rand.Rand, i, a, j, b int) string {
	for {
		code := make([]byte, Length)
		for k := range code {
			code[k] = Alphabet[r.IntN(base)]
		}
		code[i], code[j] = Alphabet[a], Alphabet[b]
		if sum(code) == 0 {
			return string(code)
		}
	}
}

func TestCodesAreManyAndDiffer(t *testing.T) {
	t.Parallel()
	if Space != uint64(math.Round(math.Pow(float64(base), Length-1))) || math.Log2(float64(Space)) < 40 {
		t.Errorf("there are %d codes", Space)
	}
	if Encode(Space+7) != Encode(7) || Encode(0) != "0000000000" {
		t.Error("numbers are not taken modulo the number of codes")
	}
	seen := map[string]bool{}
	for n := range uint64(20000) {
		if code := Encode(n); seen[code] {
			t.Fatalf("%s came twice", code)
		} else {
			seen[code] = true
		}
	}
	if Grouped("0123456789") != "01234-56789" || Grouped("x") != "x" {
		t.Error("groups")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("01234-56789")
	f.Add("olizsbu")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := Parse(typed)
		if err == nil && (len(code) != Length || parse(t, code) != code) {
			t.Errorf("%q is read as %q", typed, code)
		}
	})
}
