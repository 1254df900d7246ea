// Package paper makes the report a researcher can submit: from everything a
// study measured, at every wave, and an analysis plan, to the flow of people,
// the estimates with their sensitivity analyses, tables, figures, and the
// paragraphs on methods and results.
//
// A [Dataset] is what is analysed. It is read from a study or from a frozen
// snapshot of one ([Read]), or made from a researcher's own file. [Build]
// analyses it by a plan and gives a [Paper]; pages, documents, CSV and JSON only
// render it.
//
// Package report answers a smaller question quickly: one outcome, two waves, one
// group. Its [report.Analyse] is used here for the change within a group.
package paper
