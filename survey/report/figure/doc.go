// Package figure draws the pictures of a report:
//
//   - who took part: Flow, Missingness;
//   - the answer: Forest over the outcomes, Sensitivity over the analyses;
//   - one outcome: Raincloud (everyone's change), Trend, TwoArm and Trajectory
//     (means over the waves), ReliableScatter, Responders and ChangeBar (who
//     changed by more than measurement error), ItemChange;
//   - what stands behind it: Residuals and QQ of a model, Dose, PowerCurve.
//
// A figure is a plain struct of numbers and labels. Its Draw method makes a
// Drawing: a short list of marks (lines, polygons, dots, rectangles, text) in
// drawing units, coloured by Role. A renderer turns a Drawing into a file
// format: SVG here, PNG and PDF in package render. Because figures know nothing
// of formats, every one shows the same picture.
//
// Colour is never the only carrier of a meaning: labels stand at the things
// they name, there are no legends, and each figure also says its numbers in
// one sentence (Alt) and as rows (Table) for people who cannot see it.
//
// The figures draw what they are given. Hiding small groups is decided where
// the numbers are made: a figure, a row or a count that is hidden says that it
// is of fewer people than so many, and its numbers are used nowhere. Raincloud,
// which shows single people, must not be made at all for a group that is too
// small. Values that are NaN count as missing and are left out.
//
// The package uses the standard library only and imports nothing of Tidemark.
// Start at Raincloud and SVG.
package figure
