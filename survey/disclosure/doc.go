// Package disclosure decides what may be told of a group's answers, and blurs it,
// so that nobody's own answer can be worked out: not from one figure, not from two
// of them, not from their change over time. Every figure of a group that a
// facilitator or a participant sees passes through it; nothing in it can be turned
// off by whoever looks.
//
// The attacker it is made for sees every figure that was ever told, knows exactly who
// is behind each one (a facilitator sees who has answered), knows the bounds of the
// scale and these rules, and can add, subtract and solve. The promise is that for
// every single person, every value that the figure is protected for stays possible.
//
// The rules:
//
//   - Enough people. A figure needs as many as the study says: [Default], never fewer
//     than [Floor].
//   - Frozen. A figure is told once and kept. It is told again only when [Fresh] people
//     or more are in it who were in no figure of the same thing before, in no run. The
//     last of any set of figures then always holds five people who stand in no earlier
//     one, and with the same weight: so no sum or difference of figures, of however
//     many, can single out fewer than five. Whoever leaves, moves to another run or is
//     erased changes nothing that was told.
//   - Rounded. Numbers of people are rounded to [CountStep]; means to a [Step] of about
//     a fiftieth of the scale; the ends of an interval outwards.
//   - No extremes. No smallest or largest value is told. A mean so near an end of the
//     scale that it would bound somebody is withheld, and so is a group of one mind; so
//     is a later figure whose difference from an earlier one would bound somebody. Why
//     is not told: each reason would say something.
//   - An interval is never drawn so narrow that the spread behind it would bound
//     somebody (Samuelson 1968: nobody is further from the mean than (n−1)/√n standard
//     deviations). A later figure of the same people has the width of their first one:
//     two spreads would have a difference as well.
//   - Of a count, few (also none) and most (also all) are told as such. Of a total, none
//     of which one person is the greater part is told (the p % rule).
//
// Whoever is erased leaves the list of the people behind a figure; the figure stays. It
// is then anonymous: a rounded number of ten people or more from which by these rules
// nothing can be said of one of them (GDPR, recital 26). Working it out anew without
// the person would tell their part by the difference.
//
// What is not promised: people of the group who pool their own answers know the more
// about the others, the more of them there are.
//
// Sources: OECD/Eurostat practice of thresholds and dominance rules as in Hundepool et
// al. 2012, Statistical Disclosure Control, Wiley, ch. 4; Washington State Department of
// Health, Standards for Working with Small Numbers, 2018 (suppresses 1–9, and what
// would tell them by subtraction); OpenSAFELY (suppresses up to 7, rounds to 5); Kenthapadi,
// Mishra & Nissim 2005, Simulatable Auditing, PODS (refusals that tell nothing);
// P. A. Samuelson 1968, How Deviant Can You Be?, JASA 63:1522–1525.
//
// The package imports only the standard library. Begin with [Mean].
package disclosure
