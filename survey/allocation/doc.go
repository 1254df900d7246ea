// Package allocation says which arm comes next, from a secret seed and from what
// was allocated before. It knows nothing of a database: the same seed, scheme and
// earlier draws give the same arm, here and in a few lines of R or Python, so that
// a sequence can be recomputed by anybody once its seed is revealed.
//
// # Numbers
//
// All chance comes from HMAC-SHA-256 (RFC 2104, FIPS 198-1) under the seed, 32
// bytes. Value i (from 0) of the stream for a purpose ("draw" or "block"), a stratum
// and a number (from 1) is the first six bytes, the highest first, of
//
//	HMAC(seed, "tidemark-allocation-1\n" purpose "\n" stratum "\n" number "\n" i)
//
// with numbers in decimal: a whole number below 2⁴⁸, which R and JavaScript hold
// exactly. A number below n is that value modulo n, of the first value that is below
// the largest multiple of n up to 2⁴⁸. A draw by lot in a ratio is a number below the sum of
// the shares, counted off along the arms in their order.
//
// # Methods
//
// Simple: draw k of the study is by lot in the ratio, from the stream draw k.
//
// Permuted blocks, in each stratum by itself: block b takes its stream from
// block b. Its first number chooses the size among the sizes in their order; then
// the arms, each as often as the ratio asks, arm after arm, are permuted by Fisher
// and Yates from the back: for i from size−1 down to 1 position i is exchanged with
// position j, a number below i+1. Sizes that nobody knows keep the end of a block
// from being foreseen (Matts & Lachin 1988, Control Clin Trials 9:327–344).
//
// Minimisation (Taves 1974, Clin Pharmacol Ther 15:443–453; Pocock & Simon 1975,
// Biometrics 31:103–115): an arm of a share of n is n parts, one after the other in
// the order of the arms, and the parts are balanced. For each part, suppose that the
// next one went there, and sum over the factors the weight times the range over the
// parts of the counts at the level of the next one. The parts with the smallest sum
// are best. Draw k takes two numbers of the stream draw k: the first is below
// 100·(n−1), with n the number of parts; if it is below (100−p)·n, the second is
// below n and is the part, else it is below the number of the best and chooses
// among them in their order. A single best part is so taken with p per cent. All
// parts being alike, the ratio holds at every draw (Kuznetsova & Tymofyeyev 2012,
// Stat Med 31:1357–1377; balancing counts divided by the shares does not do that:
// Han, Enas & McEntegart 2009, Stat Med 28:3329–3346). A p of 100 would leave
// nothing to chance but ties; ICH E9 (1998, 2.3.2) advises against it. Who was put
// into an arm by hand counts in the first of its parts that have the fewest over all
// levels.
//
// # Concealment and seal
//
// Nobody should know the next arm before it is given (Schulz, Chalmers, Hayes &
// Altman 1995, JAMA 273:408–412; CONSORT 2010, items 8–10). The seed is committed to before the
// first draw by its SHA-256 and revealed after the last. Every record carries a
// SHA-256 that covers the one before it, so that a file that was changed anywhere,
// also in what no seed determines, is found out by [File.Verify].
package allocation
