// Package document lays a report out to be read: the answer first, then section
// by section texts, figures and tables. [Sections] is what a page of the
// program shows, [WriteHTML] a file that needs nothing but itself.
package document
