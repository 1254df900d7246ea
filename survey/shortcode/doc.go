// Package shortcode writes and reads codes that people type from paper: ten
// characters in two groups, "7KMQX-4TNRW", nine of which are chosen by lot and one of
// which checks the others.
//
// The alphabet has the digits and the 19 letters that nobody takes for one of them or
// for each other: what is left out (B I L O S U Z) is read as what it looks like (8 1
// 1 0 5 V 2), so that it does not matter which of the two somebody sees. 29 is a prime
// number. That makes the check simple and strong: the sum of the characters' values,
// each times its position from 1 to 10, is a multiple of 29, as the sum of an ISBN of
// ten digits is one of 11. One wrong character changes the sum by a product of two
// numbers below 29, which is no multiple of it; two that changed places, next to each
// other or not, change it by the product of the differences of their values and their
// positions, which is none either. So every single mistake and every transposition is
// found. ISO 7064 MOD 37,36 with letters and digits would have needed look-alikes in
// its alphabet, and does not find every transposition.
//
// Nine free characters are 29⁹ ≈ 1.45·10¹³ codes, 43.7 bits.
package shortcode
