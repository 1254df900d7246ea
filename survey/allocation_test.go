package survey

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the ratio, the sizes of the groups that come and the order in which
// they are read again, every complete block holds the arms in the ratio.
func TestBlocksHoldAnyRatioInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var arms []Arm
		size := 0
		for i, share := range rapid.SliceOfN(rapid.IntRange(1, 4), 2, 4).Draw(r, "shares") {
			arms = append(arms, Arm{ID: ArmID(rune('a' + i)), Share: share})
			size += 2 * share
		}
		random := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(r, "seed")))
		var people []Enrolment
		byLot := 0
		for range rapid.IntRange(1, 40).Draw(r, "people") {
			e := Enrolment{ArmID: arms[0].ID, Assigned: rapid.IntRange(0, 4).Draw(r, "by hand") == 0}
			if !e.Assigned {
				rest := restOfBlock(arms, people)
				e.ArmID = rest[random.IntN(len(rest))]
				byLot++
			}
			people = append(people, e)
			random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
			if byLot%size != 0 {
				continue
			}
			for _, a := range arms {
				n := 0
				for _, e := range people {
					if e.ArmID == a.ID && !e.Assigned {
						n++
					}
				}
				if want := byLot / size * 2 * a.Share; n != want {
					r.Fatalf("after %d people by lot %d are in arm %s, want %d", byLot, n, a.ID, want)
				}
			}
		}
		rest := restOfBlock(arms, people)
		if len(rest) == 0 || len(rest) > size || (byLot+len(rest))%size != 0 || !slices.IsSorted(rest) {
			r.Fatalf("after %d people by lot the block of %d still holds %v", byLot, size, rest)
		}
	})
}
