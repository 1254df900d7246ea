package readability

import (
	"strings"
	"unicode"
)

// Grade is the Flesch–Kincaid grade of an English text,
//
//	0.39 · words/sentences + 11.8 · syllables/words − 15.59
//
// (Kincaid, Fishburne, Rogers & Chissom 1975, Navy Research Branch Report 8-75).
// Very short words can give grades below zero. A text without words has grade 0.
func Grade(text string) float64 {
	words, sentences, syllables := 0, 0, 0
	open := false // whether words follow the last sentence end
	for token := range strings.FieldsSeq(text) {
		word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) })
		if word != "" {
			words++
			syllables += Syllables(word)
			open = true
		}
		if open && endsSentence(token) {
			sentences++
			open = false
		}
	}
	if open {
		sentences++
	}
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

// endsSentence looks for closing punctuation, also before a closing quote.
func endsSentence(token string) bool {
	token = strings.TrimRight(token, `"'”’)`)
	return strings.HasSuffix(token, ".") || strings.HasSuffix(token, "!") ||
		strings.HasSuffix(token, "?") || strings.HasSuffix(token, ":")
}

// Syllables estimates the syllables of an English word by its groups of vowels,
// less a silent e at the end. Every word has at least one. Parts joined by a
// hyphen are counted one by one.
func Syllables(word string) int {
	total := 0
	for part := range strings.SplitSeq(strings.ToLower(word), "-") {
		if part != "" {
			total += partSyllables(part)
		}
	}
	return max(total, 1)
}

func partSyllables(part string) int {
	count, inVowels := 0, false
	for _, r := range part {
		vowel := strings.ContainsRune("aeiouy", r)
		if vowel && !inVowels {
			count++
		}
		inVowels = vowel
	}
	silent := strings.HasSuffix(part, "e") && !endsInSoundedLE(part)
	if strings.HasSuffix(part, "ed") && len(part) > 3 && !strings.ContainsRune("td", rune(part[len(part)-3])) {
		silent = true
	}
	if strings.HasSuffix(part, "es") && len(part) > 3 && !strings.ContainsRune("szxhcg", rune(part[len(part)-3])) {
		silent = true
	}
	// A silent e counts for nothing only when it stands apart from other vowels:
	// "made", but not "free".
	if silent && endsInLoneE(part) {
		count--
	}
	return max(count, 1)
}

// endsInSoundedLE reports a final -le after a consonant, as in "little".
func endsInSoundedLE(part string) bool {
	return strings.HasSuffix(part, "le") && len(part) > 2 &&
		!strings.ContainsRune("aeiouy", rune(part[len(part)-3]))
}

// endsInLoneE reports whether the last e of the word follows a consonant.
func endsInLoneE(part string) bool {
	i := strings.LastIndexByte(part, 'e')
	return i > 0 && !strings.ContainsRune("aeiouy", rune(part[i-1]))
}
