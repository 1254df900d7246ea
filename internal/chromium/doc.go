// Package chromium finds the browser that browser tests run in. It imports the
// standard library only, so that the test runner starts at once. See [Find].
package chromium
