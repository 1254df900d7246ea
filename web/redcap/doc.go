// Package redcap is an address shaped like REDCap's API, so that scripts written for
// REDCap read a study unchanged: PyCap, REDCapR and redcapAPI. It reads, and it enrols
// people; what it does not support it says in the client's format and never passes over.
//
// A study is a longitudinal project: package export says how (Project). People are
// records by their codes, waves of an arm are events, questionnaires are forms, course
// runs are data access groups. Answers in people's own words are not given; their
// columns are empty and named in the header X-Tidemark-Withheld.
//
// Clients write the same thing in different ways, see [readRequest].
//
// The package knows no database. Begin with [New].
package redcap
