package rehearsal

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tidemark/survey"
)

// Invented names. Any likeness to a living person is chance; all addresses are
// at example.org, which nobody can have.
const (
	givenNames = `
		Amara Ansel Beatriz Bram Chidi Clara Dagny Devi Eamon Edda Farah Fenna
		Gael Greta Hana Hector Ines Ivo Jamal Jun Kaya Kofi Leila Linus Maren
		Mateo Nadia Nils Olu Ottilie Paola Pavel Quinn Rania Ravi Rosa Sami Signe
		Tamsin Tomas Uma Viggo Wanda Wren Xenia Yara Yusuf Zeno`
	familyNames = `
		Abara Alder Bergqvist Birch Castell Cho Dalgaard Dias Ekholm Elmi Farrow
		Fontane Greer Grimaldi Haddad Harrow Ibsen Iqbal Jansma Juarez Kato
		Kestrel Lindqvist Lowe Marchetti Mbeki Nakata Norwood Okafor Orme Pappas
		Pell Quist Rahman Reyes Sandoval Sorel Tanaka Thorne Ueda Vance Voss
		Wieland Winter Xavier Yilmaz Zamora`
)

// DemoName is the person whose link a rehearsal gives away: enrolled in the run
// that is about to begin, and yet to consent.
const DemoName = "Demo Person"

// names gives n people a name and an address each, no two alike.
func names(rng *rand.Rand, n int) []survey.Person {
	given, family := strings.Fields(givenNames), strings.Fields(familyNames)
	rng.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	rng.Shuffle(len(family), func(i, j int) { family[i], family[j] = family[j], family[i] })
	people := make([]survey.Person, n)
	for i := range people {
		// The two lists have lengths without a common factor, so walking
		// both at once meets every pair once before any repeats.
		g, f := given[i%len(given)], family[i%len(family)]
		people[i].Name = g + " " + f
		people[i].Email = strings.ToLower(g + "." + f)
		if lap := i / (len(given) * len(family)); lap > 0 {
			people[i].Name += fmt.Sprintf(" %d", lap+1)
			people[i].Email += fmt.Sprint(lap + 1)
		}
		people[i].Email += "@example.org"
	}
	return people
}
