// Package browser drives a headless Chromium for the tests and for the
// screenshots: it opens pages at the width of a phone or a desk, fills in forms
// the way a person does, takes pictures, and asks axe-core for faults of
// accessibility.
//
// [Tour] is the list of every page the program has, each in the states worth
// looking at; the accessibility test and the screenshot command both walk it, so
// that a page that is looked at is also checked.
//
// No other program code imports this package. Begin with [Start] and [Tab].
package browser
