// Package datasettest has a table of everything that is awkward, for the tests of
// file formats: what a format loses, it loses of this.
package datasettest
