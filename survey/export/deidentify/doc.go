// Package deidentify makes a study's data fit for others: [Open] gives a snapshot
// under a [Profile], as a survey.DataReader, so that every table and format is made
// of it as of any other data.
//
// # What each profile does
//
// Internal is the data as they are, under codes. Shared is for colleagues who have
// agreed on how to use them: each person's times are moved by whole weeks, by a
// number of weeks of their own, so that weekdays, hours and all intervals stay;
// groups have numbers in place of names; answers in people's own words and answers
// that identify by themselves are withheld. Public is for everybody: codes are new
// and in a new order, times are whole weeks from the first meeting of the person's
// group and nothing else, answered days are years, and answers that identify
// together with others are withheld where fewer than k people gave them, or for
// numbers put into bands.
//
// Shared and public files hold nobody who has not agreed that their answers go to
// others, where the study asks for that.
//
// # The same again
//
// What is random about a file follows from a key: the same snapshot gives the same
// bytes, and whoever does not have the key cannot work it out. A person's weeks are
// the same in every snapshot, since the mean over many files would tell them
// otherwise; the codes of public files are of one snapshot, so that two files cannot
// be laid beside each other by them.
//
// # What it does not do
//
// It looks at what the definitions mark as identifying, and at the group. Whoever
// knows when one of a person's dates really was knows all of them from a shared
// file, and whoever knows how somebody answered a questionnaire may find them in any.
package deidentify
