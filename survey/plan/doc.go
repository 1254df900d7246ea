// Package plan holds the analysis plan of a study: what will be compared, in
// whom, by which estimator and at which level, written down before the data are
// seen. A [Plan] is a plain value. It is checked against a [Design], which is
// what of a study can be named in a plan, or by itself when it is for a file of
// data that is not a study here.
//
// # The file
//
// A plan travels as plan.json, in the form that [Plan] describes and [Schema]
// names. [Parse] reads it strictly, [Plan.WriteJSON] writes it to be read, and
// [Plan.Canonical] gives the one form that is hashed: JSON as RFC 8785 has it,
// keys sorted and without spaces, so that other programs can recompute
// [Plan.Hash] (in Python: json.dumps with sort_keys, separators (',', ':') and
// ensure_ascii=False, then SHA-256).
//
// # Planned or not
//
// [Plan.Standing] says of one result whether the plan announced it. What it did
// not announce is [Exploratory], however well it came out.
//
// The package imports the standard library and the strict reader of definition
// files. It knows no database, no page and no statistics.
package plan
