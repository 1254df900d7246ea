// Package served runs an installation for tests of what programs ask over the network:
// the real server on an address of its own, over a study with people who have answered.
// Begin with [New].
package served
