// Package figure draws the pictures of a report: everyone's change between
// two surveys (Raincloud), a group's course over the waves (Trend), who changed
// by more than measurement error (ChangeBar), and two arms side by side
// (TwoArm).
//
// A figure is a plain struct of numbers and labels. Its Draw method makes a
// Drawing: a short list of marks (lines, polygons, dots, rectangles, text) in
// drawing units, coloured by Role. A renderer turns a Drawing into a file
// format; SVG is the first. Because figures know nothing of SVG, every format
// shows the same picture.
//
// Colour is never the only carrier of a meaning: labels stand at the things
// they name, there are no legends, and each figure also says its numbers in
// one sentence (Alt) and as rows (Table) for people who cannot see it.
//
// The figures draw what they are given. Hiding small groups is decided where
// the numbers are made; Trend and TwoArm take a Hidden flag, and Raincloud,
// which shows single people, must not be made at all for a group that is too
// small. Values that are NaN count as missing and are left out.
//
// The package uses the standard library only and imports nothing of Tidemark.
// Start at Raincloud and SVG.
package figure
