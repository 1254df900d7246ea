package parallel

import "math/rand/v2"

// Stream starts the random numbers of one replicate. Every replicate has its own
// stream, so that results do not depend on which core computes it. The seed and
// the number are spread over the state by the finaliser of SplitMix64 (Steele,
// Lea & Flood 2014): neighbouring numbers start far from each other.
func Stream(p *rand.PCG, seed uint64, replicate int) {
	state := seed + uint64(replicate)*0x9e3779b97f4a7c15
	p.Seed(spread(state), spread(state^0xd1b54a32d192ed03))
}

// spread is a bijection of 64 bits that flips about half of them whenever one
// changes.
func spread(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
