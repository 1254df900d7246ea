// Package peoplelist reads lists of people as spreadsheets and address books write
// them: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252, with a
// row of headings or without. It finds out which column is what, which somebody can
// correct, and judges nothing: whether an address is one is decided elsewhere.
package peoplelist
