// Package pastwaves makes answers of a table that somebody else wrote: a past wave in
// CSV or SPSS form, or one of our own exports that comes back.
//
// [Propose] says what each column is: by the names that our own files have, by the
// codes and wordings of questions, by common words for a person's code. Somebody can
// correct that, column by column. [Check] then reads every row by that [Mapping] and
// gives the answers in it, or every fault with its row, its column and what to do.
// Nothing is guessed silently: what a column is not said to be is not read.
//
// [Variables] are the columns of a wide file, so that one name is one variable in
// whatever leaves and whatever comes back.
//
// The package imports definitions of questionnaires and tables; it knows nothing of
// what is stored.
package pastwaves
