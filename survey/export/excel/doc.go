// Package excel writes tables as Excel workbooks (.xlsx): the values as numbers and
// texts, the same in words, a codebook, and notes, a sheet each. Every text is
// written as a text, so that a spreadsheet shows it and never computes it.
package excel
