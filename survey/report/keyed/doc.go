// Package keyed scores a researcher's own file by the key of an instrument.
//
// [Match] finds the columns of the items by code, by number, or as told; [Score]
// computes every scale with what is to be known of it; [Suspicions] holds the
// answers against the key and says what is likely wrong: answers counted from
// another number, items turned before, the key of another form. Nothing is changed
// because of a suspicion.
//
// It imports analysis, the instruments and their catalogue, and the reader of
// sheets; it knows no studies and no database.
package keyed
