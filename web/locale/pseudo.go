package locale

import "strings"

// PseudoOpen and PseudoClose stand around every text of the pseudo-language.
const (
	PseudoOpen  = "⟦"
	PseudoClose = "⟧"
)

// pseudoLetters are accented letters that read like the plain ones. Vowels come
// twice, which makes a text about two fifths longer, as German may be.
var pseudoLetters = strings.NewReplacer(
	"a", "áå", "e", "éê", "i", "íî", "o", "óö", "u", "úü", "y", "ý", "c", "ç", "n", "ñ", "s", "š", "z", "ž", "d", "ð",
	"A", "ÁÅ", "E", "ÉÊ", "I", "ÍÎ", "O", "ÓÖ", "U", "ÚÜ", "Y", "Ý", "C", "Ç", "N", "Ñ", "S", "Š", "Z", "Ž", "D", "Ð",
)

// pseudoText makes a text of the pseudo-language from an English one. Values in
// braces and markup stay.
func pseudoText(words string) string {
	var b strings.Builder
	b.WriteString(PseudoOpen)
	for words != "" {
		i := strings.IndexAny(words, "{<")
		if i < 0 {
			b.WriteString(pseudoLetters.Replace(words))
			break
		}
		b.WriteString(pseudoLetters.Replace(words[:i]))
		end := strings.IndexAny(words[i:], "}>")
		if end < 0 {
			b.WriteString(words[i:])
			break
		}
		b.WriteString(words[i : i+end+1])
		words = words[i+end+1:]
	}
	b.WriteString(PseudoClose)
	return b.String()
}

// Beyond is what of a shown text stands outside every text of the
// pseudo-language: what nobody has translated.
func Beyond(shown string) string {
	var b strings.Builder
	depth := 0
	for _, r := range shown {
		switch {
		case string(r) == PseudoOpen:
			depth++
		case string(r) == PseudoClose:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
