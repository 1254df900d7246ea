package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// steepness is how people follow a reminder: most at first, a seventh as many at the
// end of the time as at its beginning.
const steepness = 2

// arrivals are when n people come, from the reminder on, in order.
func arrivals(random *rand.Rand, n int, in time.Duration) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		// The inverse of the distribution with density ∝ exp(−steepness·t) on 0…1.
		u := random.Float64()
		t := -math.Log(1-u*(1-math.Exp(-steepness))) / steepness
		all[i] = time.Duration(t * float64(in))
	}
	slices.Sort(all)
	return all
}

// thought is how long somebody thinks: half of the average to half as much again.
func thought(random *rand.Rand, average time.Duration) time.Duration {
	return time.Duration((0.5 + random.Float64()) * float64(average))
}
