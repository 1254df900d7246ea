// Package definition reads the definition files of questionnaires and courses
// strictly.
//
// A definition file is written by hand, by a psychologist or a course author,
// so one mistake at a time is a poor way to learn about ten of them. [Decode]
// therefore reads on after a mistake and returns all of them, each with its
// place in the file: unknown fields, fields given twice, wrong kinds of value,
// null where a value belongs. What the values mean is checked by the packages
// that own the types.
//
// Files may be YAML too: [FromYAML] turns one into JSON and remembers the lines.
//
// It imports the standard library and a YAML parser only.
package definition
