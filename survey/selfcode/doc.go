// Package selfcode reads and compares codes that people make themselves out of things
// that only they know and do not forget: the first letter of their mother's first name,
// the day of their birth, and the like. Where nobody gives an address or keeps a link,
// such a code is all by which the answers of two occasions are brought together.
//
// People mistype and misremember: between one in ten and one in three of self-made codes
// differ in some part the second time. So codes are compared part by part, and a pair
// that does not agree in all of them is judged by how much likelier its agreements and
// differences are when it is one person than when it is two (Fellegi & Sunter 1969,
// A theory for record linkage, JASA 64, 1183–1210). Each part has an m, the chance that
// one person gives the same twice, and a u, the chance that two people give the same;
// agreement weighs log₂(m/u), difference log₂((1−m)/(1−u)), and what is near (a day
// whose digits changed places, or a number one off) has a chance of its own in both. A
// part that somebody left out weighs nothing. The sum of the weights is log₂ of how much
// likelier one person is; with the odds before anything was compared, 1 to the number of
// codes compared with, it becomes a probability.
//
// Nothing here decides that two codes are one person. It names pairs for somebody to
// look at, with what agrees and what differs.
package selfcode
