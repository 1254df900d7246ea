// Package render turns a figure.Drawing into files for papers and slides: PNG
// and PDF. The SVG of a page is figure.SVG; all three paint the same marks.
//
// Text is set in Liberation Sans, which is part of the program: what a file
// looks like does not depend on the machine that made it. The same drawing
// gives the same bytes every time, so neither format carries a date.
//
// It is a package of its own because it needs a font, a rasterizer and a PDF
// writer, while figure needs the standard library only. It imports nothing of
// Tidemark but figure. Start at PNG.
package render
